"""Loads facts about certificates, for whole sets of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.timezone import localdate

from accounts.enums import Duty
from accounts.models import Person
from administration.calendar.working_days import WorkingDays, load_working_days
from administration.offices.selectors import reach_of
from certificates.enums import IN_FORCE_STATES, Category
from certificates.holding import Held, Violation, violations
from certificates.models import Certificate, OutOfProvinceCertificate
from employment.models import Employment
from employment.selectors import WorksFor
from enterprises.enums import Post
from enterprises.models import Qualification
from workflow.actors import Actor
from workflow.checks import Case
from workflow.models import Application
from workflow.permissions import visible

from .grace_period import GracePeriod, grace_periods_of, last_filing_day
from .printed_identity import PrintedIdentity
from .reading import Finder, Read, find_and_read, read

# --- certificates that an office may read ---

READERS = frozenset({Duty.COUNTER, Duty.REVIEW, Duty.DECIDE, Duty.REGISTRY})


def readable(actor: Actor) -> Q:
    """Filters Certificate: those of the region, those of people who work there, and those of people with a case here."""
    reach = reach_of(actor.office_id or 0)
    if reach is None:
        return Q()
    return Q(enterprise__region__in=reach) | _of_people(actor, reach, "person")


def readable_declarations(actor: Actor) -> Q:
    """Filters OutOfProvinceCertificate: declared by a person whose page the office reads; keep it equal to `readable`."""
    declared = Q(declared_by__isnull=False)
    reach = reach_of(actor.office_id or 0)
    if reach is None:
        return declared
    holders = Certificate.objects.filter(enterprise__region__in=reach).values("person_id")
    return declared & (Q(declared_by__in=holders) | _of_people(actor, reach, "declared_by"))


def _of_people(actor: Actor, reach: Collection[str], field: str) -> Q:
    employed = Employment.objects.active().filter(enterprise__region__in=reach).values("person_id")
    with_a_case = Application.objects.filter(visible(actor)).values("person_id")
    return Q(**{f"{field}__in": employed}) | Q(**{f"{field}__in": with_a_case})


@dataclass(frozen=True)
class Holdings:
    """Holds everything that status and holding rules ask about a set of people's certificates, at one day.

    `open_applications`, `grace_periods`, `in_grace` and `printed` have certificates as keys. `grace_periods` covers every
    certificate past its end; `in_grace` only those that an application filed in time holds open, or whose extension may
    still be filed. `constructors` maps an ID number index to the registrations as constructor in force, of those who
    hold a B (rule B-1). `all_out_of_province` maps a person to certificates of other provinces, registered or declared,
    ended ones included.
    """

    on: date
    certificates: dict[int, Certificate]
    held: tuple[Held, ...]
    open_applications: dict[int, Application]
    works_for: WorksFor
    grace_periods: dict[int, GracePeriod]
    in_grace: dict[int, GracePeriod]
    constructors: dict[str, list[Qualification]] = field(default_factory=dict)
    all_out_of_province: dict[int, list[OutOfProvinceCertificate]] = field(default_factory=dict)
    printed: dict[int, PrintedIdentity] = field(default_factory=dict)

    def of_person(self, person_id: int) -> list[Certificate]:
        return [certificate for certificate in self.certificates.values() if certificate.person_id == person_id]

    def concerned(self, person_id: int) -> list[Held]:
        """A decision about one person can concern their own certificates, and those of other legal representatives."""
        others = (one for one in self._representatives if one.person_id != person_id)
        return [*self._held_by_person.get(person_id, []), *others]

    def violations(self, held: Iterable[Held] | None = None) -> list[Violation]:
        return violations(self.held if held is None else held, self._employers)

    def last_day_to_extend(self, certificate: Certificate) -> date:
        over = self.grace_periods.get(certificate.pk)
        return over.last_day if over else last_filing_day(certificate.ends_on, self.working_days)

    @cached_property
    def working_days(self) -> WorkingDays:
        """The calendar is only read where an end falls on a day that may be none."""
        return load_working_days()

    @cached_property
    def out_of_province(self) -> dict[int, list[OutOfProvinceCertificate]]:
        """Maps a person to the certificates in force in other provinces (rule X-1)."""
        found = {
            person_id: [one for one in rows if is_in_force(one, self.on)]
            for person_id, rows in self.all_out_of_province.items()
        }
        return {person_id: rows for person_id, rows in found.items() if rows}

    # Grouped once, because a batch asks for each of its people.

    @cached_property
    def _employers(self) -> dict[int, int | None]:
        return {person_id: row.enterprise_id for person_id, row in self.works_for.employment.items()}

    @cached_property
    def _held_by_person(self) -> dict[int, list[Held]]:
        grouped: dict[int, list[Held]] = defaultdict(list)
        for one in self.held:
            grouped[one.person_id].append(one)
        return dict(grouped)

    @cached_property
    def _representatives(self) -> list[Held]:
        return [one for one in self.held if one.category == Category.A and one.post == Post.LEGAL_REPRESENTATIVE]


def load_holdings(
    person_ids: Collection[int], *, on: date | None = None, enterprise_ids: Collection[int] = ()
) -> Holdings:
    """Takes one statement, and one or two more where certificates are past their end.

    Besides the people's certificates it loads those of legal representatives at the enterprises concerned (rule A-2).
    """
    on = on or localdate()
    return _holdings(read(person_ids, enterprise_ids, on), on)


def find_holdings(finder: Finder, values: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, Holdings]:
    """Finds a person and loads the holdings by one statement; answers the found row, or None with no holdings."""
    on = localdate()
    found, known = find_and_read(finder, values, on)
    return found, _holdings(known, on)


def _holdings(known: Read, on: date) -> Holdings:
    everyone = [*known.own.values(), *known.others]
    grace_periods = grace_periods_of(everyone, known.open_applications, known.decided, on=on)
    in_grace = {pk: over for pk, over in grace_periods.items() if over.is_open(on)}
    return Holdings(
        on=on,
        certificates=known.own,
        held=tuple(_held(one, on, in_grace) for one in everyone),
        open_applications=known.open_applications,
        works_for=WorksFor(known.jobs, known.represented),
        grace_periods=grace_periods,
        in_grace=in_grace,
        constructors=known.constructors,
        all_out_of_province=_without_doubles(known.elsewhere),
        printed=known.printed,
    )


def load_out_of_province(person_ids: Collection[int]) -> dict[int, list[OutOfProvinceCertificate]]:
    """Searches by the present ID number, in one query. A declaration of a registered certificate is left out."""
    people = Person.objects.filter(pk__in=person_ids)
    of_number = Person.objects.filter(id_number_index=OuterRef("id_number_index")).values("pk")
    rows = OutOfProvinceCertificate.objects.filter(id_number_index__in=people.values("id_number_index"))
    return _without_doubles(
        [(row.person_id, row) for row in rows.annotate(person_id=Subquery(of_number)).order_by("pk")]
    )


def _without_doubles(
    known: Iterable[tuple[int, OutOfProvinceCertificate]],
) -> dict[int, list[OutOfProvinceCertificate]]:
    known = list(known)
    registered = {(person_id, row.number) for person_id, row in known if row.declared_by_id is None}
    found: dict[int, list[OutOfProvinceCertificate]] = defaultdict(list)
    for person_id, row in known:
        if row.declared_by_id is None or (person_id, row.number) not in registered:
            found[person_id].append(row)
    return dict(found)


def is_in_force(other: OutOfProvinceCertificate, on: date) -> bool:
    return other.settled_at is None and other.valid_to >= on


def _held(certificate: Certificate, on: date, in_grace: Collection[int]) -> Held:
    return Held(
        certificate_id=certificate.pk,
        person_id=certificate.person_id,
        enterprise_id=certificate.enterprise_id,
        category=certificate.category,
        post=certificate.post,
        number=certificate.number,
        in_force=certificate.legal_state in IN_FORCE_STATES
        and (certificate.ends_on >= on or certificate.pk in in_grace),
    )


def holdings(cases: Sequence[Case]) -> Holdings:
    """Loads for `Facts` the holdings of all people of the cases, and of the enterprises they move to."""
    enterprises = {case.enterprise_id for case in cases if case.enterprise_id is not None}
    return load_holdings(
        {case.person_id for case in cases if case.person_id is not None},
        on=cases[0].on if cases else None,
        enterprise_ids=enterprises,
    )


def certificates_by_person(certificates: Iterable[Certificate]) -> dict[int, list[Certificate]]:
    grouped: dict[int, list[Certificate]] = defaultdict(list)
    for certificate in certificates:
        grouped[certificate.person_id].append(certificate)
    return grouped
