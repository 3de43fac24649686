"""What is true after every step, whoever did what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

from accounts.merging.parts import PARTS
from accounts.models import FormerIdNumber, Person, RegisterCorrection
from certificates.enums import IN_FORCE_STATES
from certificates.facts.holdings import Holdings, load_holdings
from certificates.holding import Violation, newly_caused
from certificates.models import (
    Certificate,
    CertificateEvent,
    CertificateItem,
    CertificateTerm,
    CertificateVersion,
    Document,
    DocumentOrder,
    LegacyCertificate,
    NumberCounter,
)
from certificates.state.display import answer_all
from certificates.state.legal import state_from_events
from employment.models import Employment, EmploymentItem
from enterprises.enums import EnterpriseStatus
from enterprises.register.codes import ids_by_code
from workflow.actors import actor_of
from workflow.business import business_of
from workflow.enums import FINAL_STATUSES, Action, Desk, Status
from workflow.models import Application, Bar, Event
from workflow.permissions import awaiting, holds, why_not, why_not_assignee

from .machine import Machine


class Watcher:
    """Compares the province with what it was one step ago."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        machine.before_a_decision = self.before
        self.violations: list[Violation] = []
        self.facts: Holdings | None = None
        self.events: Mapping[int, tuple[object, ...]] = {}
        self.trail: set[int] = set()
        self.finals: dict[int, str] = {}
        self.bars: Mapping[int, tuple[object, ...]] = {}
        self.settled = 0
        self.numbers: dict[str, int] = {}
        self.steps = 0

    def before(self) -> None:
        """Reads what a decision of the coming step is compared with; what was inherited is no decision's fault."""
        if self.facts is None:
            self.facts = self._load()
        self.violations = self.facts.violations()
        self.facts = None

    def check(self) -> None:
        self.steps += 1
        if not self._has_grown() and self.steps % 10:
            # Nothing was recorded: looked at now and then only.
            self.facts = None
            return
        self.facts = self._load()
        self._check_holding_rules(self.facts)
        self._check_records()
        check_items()
        check_terms()
        check_numbers()
        check_versions()
        check_states(self.machine.today)
        self._check_turns()
        self._check_bars()
        self._check_people()
        check_holders()
        check_clerks()
        self._check_codes()
        self._check_snapshots(self.facts)
        assert not _doubles(Employment.objects.active().values_list("person_id", flat=True))

    def _has_grown(self) -> bool:
        before, self.settled = self.settled, RegisterCorrection.objects.exclude(outcome="").count()
        grown = (Event.objects.count(), CertificateEvent.objects.count()) != (len(self.events), len(self.trail))
        return grown or self.settled != before

    def _load(self) -> Holdings:
        return load_holdings([person.pk for person in self.machine.people], on=self.machine.today)

    def _check_holding_rules(self, facts: Holdings) -> None:
        """Decisions never newly break one; authority acts, expiry and time may."""
        if not self.machine.decided:
            return
        before = self.violations
        caused = newly_caused(before, facts.violations())
        if "late_entry" in self.machine.decided:
            # It records what exists: where that certificate stands is inherited.
            caused = [one for one in caused if one.code in ("B-1", "C-1", "C-2")]
        # A C3 takes the place of what was merged into it: its group is the old one by other ids.
        assert not [one for one in caused if not _is_inherited(one, before)], caused

    def _check_records(self) -> None:
        """Events stay as they are and only grow; what is closed stays closed."""
        rows = {row[0]: row for row in Event.objects.values_list("pk", "application_id", "action", "comment", "at")}
        assert {pk: rows.get(pk) for pk in self.events} == self.events
        self.events = rows
        trail = set(CertificateEvent.objects.values_list("pk", flat=True))
        assert trail >= self.trail
        self.trail = trail
        finals = dict(Application.objects.filter(status__in=FINAL_STATUSES).values_list("pk", "status"))
        assert {pk: finals.get(pk) for pk in self.finals} == self.finals
        self.finals = finals

    def _check_bars(self) -> None:
        """A bar stays with its person, whatever number or employer the person has now; overturned ones are lifted.

        It goes with the record that was merged into another one, and back.
        """
        rows = Bar.objects.order_by("pk").values_list("pk", "person_id", "scope", "starts_on", "ends_on")
        bars = {row[0]: row[1:] for row in rows}
        moved, self.machine.register.new_owners = self.machine.register.new_owners, {}
        expected = {pk: (moved.get(pk, person), *more) for pk, (person, *more) in self.bars.items()}
        assert {pk: bars.get(pk) for pk in expected} == expected
        self.bars = bars

    def _check_people(self) -> None:
        present = _owners_of_numbers()
        for number, owner in self.numbers.items():
            assert number in present, ("a number is nobody's any more", owner)
            assert present[number] == owner or _are_one(present[number], owner), (owner, present[number])
        self.numbers = present
        check_merged()
        check_dead()

    def _check_codes(self) -> None:
        """Present and former codes find the enterprise, and no other."""
        codes = self.machine.register.codes
        assert ids_by_code(codes) == codes

    def _check_turns(self) -> None:
        """Permission and queue are twins, and what is open waits for somebody."""
        actors = self.machine.actors()
        rows = list(Application.objects.filter(is_open=True))
        waiting: Counter[int] = Counter()
        for one in actors:
            queued = set(Application.objects.filter(awaiting(one)).values_list("pk", flat=True))
            for row in rows:
                action = Action.ANSWER if row.asked_from else Action.APPROVE
                action = action if row.status == Status.IN_REVIEW else Action.RESUBMIT
                allowed = why_not(one, action, row, today=self.machine.today) is None
                assert allowed == (row.pk in queued) == holds(one, row), (one.name, row.number, row.desk)
                waiting[row.pk] += allowed
        assert all(waiting[row.pk] for row in rows), [row.number for row in rows if not waiting[row.pk]]
        for row in rows:
            step = business_of(row.kind).step_at(row.desk)
            assert row.desk == Desk.FILER or step in business_of(row.kind).steps_of(row), (row.number, row.desk)

    def _check_snapshots(self, facts: Holdings) -> None:
        """Stored as computed, at every moment."""
        for pk, answer in answer_all(facts).items():
            stored = facts.certificates[pk]
            found = (stored.display_status, stored.display_codes)
            codes = [finding.code for finding in answer.findings]
            assert found == (answer.status, codes), ("snapshot", stored.number, found, codes)


def _is_inherited(violation: Violation, before: list[Violation]) -> bool:
    merged = Certificate.objects.filter(pk__in=violation.certificate_ids, origin="merge")
    return bool(merged) and any(one.code == violation.code for one in before)


def check_items() -> None:
    """One open application per thing."""
    for model, field in ((CertificateItem, "certificate_id"), (EmploymentItem, "employment_id")):
        rows = model._default_manager.filter(application__status__in=[Status.IN_REVIEW, Status.RETURNED])
        assert not _doubles(rows.filter(**{f"{field}__isnull": False}).values_list(field, flat=True))
        assert not _doubles(rows.exclude(claim_key="").values_list("claim_key", flat=True))
        closed = model._default_manager.filter(application__is_open=False, is_open=True)
        assert not closed.exists()


def _owners_of_numbers() -> dict[str, int]:
    """A number, present or former, is one person's; a record that was merged keeps none of its own."""
    found = dict(Person.objects.filter(merged_into=None).values_list("id_number_index", "pk"))
    former = dict(FormerIdNumber.objects.values_list("id_number_index", "person_id"))
    assert not [index for index in former if found.get(index, former[index]) != former[index]]
    return found | former


def _are_one(first: int, second: int) -> bool:
    """Answers whether clerks have called both records one person; a merge may be one of several."""
    group, merges = {first}, RegisterCorrection.objects.filter(kind="merge", outcome="done")
    pairs = list(merges.values_list("person_id", "other_id"))
    for _ in pairs:
        group |= {one for pair in pairs if group & set(pair) for one in pair if one is not None}
    return second in group


def check_merged() -> None:
    """What was merged holds nothing that could follow, and nobody logs in by it."""
    for gone in Person.objects.filter(merged_into__isnull=False).select_related("user", "merged_into").order_by("pk"):
        kept = gone.merged_into
        assert kept is not None
        left = [part.key for part in PARTS if part.following(gone, kept).exists()]
        assert not left, (gone.pk, left)
        assert gone.user is None or not gone.user.is_active


def check_dead() -> None:
    """Nobody who has died is employed, has an open case or a certificate in force, or can log in; others can."""
    people = list(Person.objects.select_related("user").order_by("pk"))
    for person in people:
        if person.died_on is None and person.merged_into_id is None:
            assert person.user is not None
            assert person.user.is_active, person.pk
            assert person.user.login == f"p:{person.id_number_index}", person.pk
    dead = [person.pk for person in people if person.died_on is not None]
    if not dead:
        return
    assert not Employment.objects.active().filter(person__in=dead).exists()
    assert not Application.objects.filter(person__in=dead, is_open=True).exists()
    in_force = Certificate.objects.filter(person__in=dead, legal_state__in=IN_FORCE_STATES)
    assert not in_force.exists(), list(in_force.values_list("number", "legal_state"))
    assert not [person.pk for person in people if person.pk in dead and person.user and person.user.is_active]


def check_clerks() -> None:
    """Whoever is named as the clerk of a case serves its desk, in the office that holds it."""
    for row in Application.objects.filter(is_open=True, assignee__isnull=False).select_related("assignee__office"):
        assert row.assignee is not None
        clerk = actor_of(row.assignee)
        assert clerk is not None, (row.number, row.assignee.name)
        if row.holder_office_id is not None:
            assert why_not_assignee(clerk, row) is None, (row.number, row.desk, row.assignee.name)
    closed = Application.objects.filter(is_open=False, asked_from__gt="")
    assert not closed.exists(), list(closed.values_list("number", "status"))


def check_holders() -> None:
    """Whoever has to act exists: an office that is switched off, and an enterprise that is gone, hold nothing."""
    rows = Application.objects.filter(is_open=True)
    assert not rows.filter(holder_office__is_active=False).exists()
    gone = rows.filter(holder_enterprise__isnull=False).exclude(holder_enterprise__status=EnterpriseStatus.EXISTING)
    assert not gone.exists(), list(gone.values_list("number", "kind", "desk", "stuck"))
    assert not rows.filter(holder_office=None, holder_enterprise=None, holder_person=None).exists()


def check_terms() -> None:
    """Terms follow one another without overlap, and the certificate ends with the last of them."""
    terms: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for row in CertificateTerm.objects.filter(reversed_at__isnull=True).order_by("certificate", "starts_on"):
        terms[row.certificate_id].append((row.starts_on, row.ends_on))
    for certificate in Certificate.objects.all():
        own = terms[certificate.pk]
        assert all(first[1] + timedelta(days=1) == second[0] for first, second in pairwise(own)), own
        assert certificate.ends_on == own[-1][1], ("end", certificate.number, certificate.ends_on, own)


def check_numbers() -> None:
    """No gap in a year, imported numbers included; no identifier twice."""
    for counter in NumberCounter.objects.all():
        used = set(Certificate.objects.filter(year=counter.year).values_list("serial", flat=True))
        used |= set(Certificate.objects.filter(year=counter.year).values_list("identifier_serial", flat=True))
        used |= set(LegacyCertificate.objects.filter(number_year=counter.year).values_list("number_serial", flat=True))
        assert set(range(1, counter.last + 1)) <= used, counter.year
    assert not _doubles(CertificateVersion.objects.values_list("identifier", flat=True))


def check_versions() -> None:
    """Counted without gap, each with its document or the order for it, on a term of its own certificate."""
    versions: dict[int, list[int]] = defaultdict(list)
    for version in CertificateVersion.objects.select_related("term", "certificate").order_by("certificate", "version"):
        versions[version.certificate_id].append(version.version)
        assert version.term.certificate_id == version.certificate_id
        assert version.photo
    for certificate in Certificate.objects.all():
        assert versions[certificate.pk] == list(range(1, certificate.latest_version + 1)), (
            "versions",
            certificate.number,
        )
    served = set(Document.objects.values_list("version_id", flat=True))
    served |= set(DocumentOrder.objects.values_list("version_id", flat=True))
    assert set(CertificateVersion.objects.values_list("pk", flat=True)) == served


def check_states(today: date) -> None:
    """The stored legal state is the one that trail and dates tell; an expiry may wait for the night."""
    trails: dict[int, list[CertificateEvent]] = defaultdict(list)
    terms: dict[int, list[CertificateTerm]] = defaultdict(list)
    for event in CertificateEvent.objects.order_by("pk"):
        trails[event.certificate_id].append(event)
    for term in CertificateTerm.objects.all():
        terms[term.certificate_id].append(term)
    for certificate in Certificate.objects.all():
        told = {
            state_from_events(trails[certificate.pk], terms[certificate.pk], today, in_grace=in_grace)
            for in_grace in (False, True)
        }
        assert certificate.legal_state in told, (certificate.number, certificate.legal_state, told)


def _doubles(values: object) -> list[object]:
    return [value for value, times in Counter(values).items() if times > 1]  # type: ignore[call-overload]
