"""历史数据库匹配: makes old records into certificates once their person is known.

It may run twice at once: the people are locked first, and a record is checked again under its own lock. Old records are
locked after certificates and before the counters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from accounts.models import Person
from administration.messages.services import OutgoingMessage, send
from administration.parameters.book import ParameterBook
from certificates.bulk_extension.services import apply_policies
from certificates.enums import Category, LegacyState, LegalState, Origin
from certificates.issuing.numbers import identifier_serials, lock_counters
from certificates.models import Certificate, CertificateEvent, CertificateTerm, LegacyCertificate
from certificates.plausibility import Days, Limits, implausible
from certificates.renaming.services import replay_renames
from certificates.state.snapshots import refresh_for_people
from common.database.set_updates import update_rows
from common.dates import add_months
from common.text.names import normalise_name
from common.text.organisations import normalise_organisation_name
from enterprises.models import Enterprise
from enterprises.register.codes import former_codes_among
from enterprises.register.selectors import enterprises_by_name
from workflow.services.locking import lock_rows

from .codes import legal_state_of, operation_of, post_of
from .columns import UNDIVIDED

CHUNK = 500
RENEWED = (
    "category", "person", "enterprise", "enterprise_name", "post", "first_issued_on", "ends_on", "legal_state",
    "origin", "taken_back_at",
)  # fmt: skip
"""These change when another record makes a certificate anew; its number, year and serial stay."""
NAME_DIFFERS = "姓名与实名登记不一致"
NOT_LOCAL = "外省证书编号，请持证人办理进赣换证。"
NUMBER_TAKEN = "该编号已有证书，请核对是否为同一本。"
SERIAL_TAKEN = "同类别、同年份、同序号的证书已存在，请核对。"


@dataclass
class MatchReport:
    quarantined: int = 0
    certificate_ids: list[int] = field(default_factory=list)

    @property
    def matched(self) -> int:
        return len(self.certificate_ids)


@dataclass(frozen=True)
class _Match:
    """Joins an old record to its registered person, and to its values in terms of a certificate."""

    record: LegacyCertificate
    person: Person
    category: str
    year: int
    serial: int
    state: LegalState
    enterprise: Enterprise | None


def match_legacy(person_ids: Collection[int], *, now: datetime | None = None) -> MatchReport:
    """Takes every unmatched record with the ID number of one of these people: it is matched, or set aside with a
    reason. What belongs to somebody who has died waits; nobody holds a certificate then.

    The number of queries is constant; where nothing matches, it is two.
    """
    now = now or utc_now()
    indexes = Person.objects.filter(pk__in=person_ids).values("id_number_index")
    waiting = LegacyCertificate.objects.filter(state=LegacyState.UNMATCHED, id_number_index__in=indexes)
    if not waiting.exists():
        return MatchReport()
    with transaction.atomic():
        people = [person for person in lock_rows(Person, person_ids) if person.died_on is None]
        return _match({person.id_number_index: person for person in people}, now)


def match_import(run_id: int) -> MatchReport:
    """Matches the records of one import whose people are registered already, a chunk of people per transaction."""
    total = MatchReport()
    records = LegacyCertificate.objects.filter(import_run_id=run_id, state=LegacyState.UNMATCHED)
    people = list(
        Person.objects.filter(registered_at__isnull=False, id_number_index__in=records.values("id_number_index"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for start in range(0, len(people), CHUNK):
        report = match_legacy(people[start : start + CHUNK])
        total.quarantined += report.quarantined
        total.certificate_ids += report.certificate_ids
    return total


def _match(people: dict[str, Person], now: datetime) -> MatchReport:
    waiting = LegacyCertificate.objects.filter(state=LegacyState.UNMATCHED, id_number_index__in=people)
    records = [
        record
        for record in lock_rows(LegacyCertificate, waiting.values_list("pk", flat=True))
        if record.state == LegacyState.UNMATCHED
    ]
    refused: dict[int, str] = {}
    matches = _judged(records, people, refused, localdate(now))
    # This is the last lock: from here on the numbers that others draw or take are visible.
    lock_counters(match.year for match in matches)
    matches = _without_taken(matches, refused)
    certificates = _create(matches, now)
    _close(records, {match.record.pk: one for match, one in zip(matches, certificates, strict=True)}, refused)
    if certificates:
        _tell(matches)
        _catch_up([one.pk for one in certificates])
        refresh_for_people({match.person.pk for match in matches}, now=now)
    return MatchReport(len(refused), [one.pk for one in certificates])


def _catch_up(certificate_ids: Collection[int]) -> None:
    """Applies extensions by policy and renames that were decided before the certificates existed here."""
    apply_policies(certificate_ids)
    replay_renames(certificate_ids)


def _judged(
    records: Sequence[LegacyCertificate], people: dict[str, Person], refused: dict[int, str], today: date
) -> list[_Match]:
    parameters = ParameterBook.load()
    undivided, limits = parameters.text("undivided_c_category", today), Limits.load(today, parameters)
    employers = _Employers.load(records)
    matches = []
    for record in records:
        person = people[record.id_number_index]
        state = legal_state_of(record.source_state, ends_on=record.valid_to, today=today)
        if not _is_same_name(record.name, person):
            # A clerk has found that two people have this ID number: the record waits for its own person.
            if not record.is_verified:
                refused[record.pk] = NAME_DIFFERS
        elif person.quarantined_reason:
            refused[record.pk] = f"人员信息待核实：{person.quarantined_reason}"
        elif record.number_year is None or record.number_serial is None:
            refused[record.pk] = NOT_LOCAL
        elif not record.is_verified and (doubts := implausible(days_of(record, person.birth_date), limits)):
            refused[record.pk] = "".join(doubts)
        elif state is None:
            refused[record.pk] = f"原状态“{record.source_state}”无法识别，请核实后修改。"
        else:
            category = undivided if record.category == UNDIVIDED else record.category
            matches.append(
                _Match(record, person, category, record.number_year, record.number_serial, state, employers.of(record))
            )
    return matches


def days_of(record: LegacyCertificate, birth_date: date | None) -> Days:
    return Days(
        valid_to=record.valid_to,
        valid_from=record.valid_from,
        issued_on=record.issued_on,
        first_issued_on=record.first_issued_on,
        birth_date=birth_date,
        number_year=record.number_year,
    )


def _is_same_name(name: str, person: Person) -> bool:
    return normalise_name(name) in {normalise_name(known) for known in (person.name, *person.alias_names)}


@dataclass(frozen=True)
class _Employers:
    by_uscc: dict[str, Enterprise]
    by_name: dict[str, Enterprise]

    @classmethod
    def load(cls, records: Iterable[LegacyCertificate]) -> _Employers:
        records = list(records)
        codes = {record.uscc for record in records if record.uscc}
        named = enterprises_by_name(
            normalise_organisation_name(record.enterprise_name) for record in records if record.enterprise_name
        )
        found = Enterprise.objects.in_bulk(set(named.values()))
        by_uscc = {former.code: former.enterprise for former in former_codes_among(codes)}
        by_uscc |= {enterprise.uscc: enterprise for enterprise in Enterprise.objects.filter(uscc__in=codes)}
        return cls(by_uscc, {name: found[pk] for name, pk in named.items()})

    def of(self, record: LegacyCertificate) -> Enterprise | None:
        """Searches by the code, else by a present or former name of one enterprise only."""
        if record.uscc in self.by_uscc:
            return self.by_uscc[record.uscc]
        return self.by_name.get(normalise_organisation_name(record.enterprise_name))


def _without_taken(matches: list[_Match], refused: dict[int, str]) -> list[_Match]:
    """Leaves out numbers that a certificate has already, and `C` beside `C3` of one serial, which are the same
    category.
    """
    numbers = [match.record.number for match in matches]
    serials = {match.serial for match in matches}
    years = {match.year for match in matches}
    free_again = Q(number__in=numbers, taken_back_at__isnull=False)
    taken_numbers = set(
        Certificate.objects.filter(number__in=numbers).exclude(free_again).values_list("number", flat=True)
    )
    taken = set(
        Certificate.objects.filter(year__in=years, serial__in=serials)
        .exclude(free_again)
        .values_list("category", "year", "serial")
    )
    left = []
    for match in matches:
        key = (match.category, match.year, match.serial)
        if match.record.number in taken_numbers:
            refused[match.record.pk] = NUMBER_TAKEN
        elif key in taken:
            refused[match.record.pk] = SERIAL_TAKEN
        else:
            taken.add(key)
            left.append(match)
    return left


def _create(matches: Sequence[_Match], now: datetime) -> list[Certificate]:
    numbers = [match.record.number for match in matches]
    again = {one.number: one for one in Certificate.objects.filter(number__in=numbers, taken_back_at__isnull=False)}
    before = {number: one.legal_state for number, one in again.items()}
    identifiers = _identifiers([match for match in matches if match.record.number not in again])
    certificates = []
    for match in matches:
        values = _values(match)
        known = again.get(match.record.number)
        if known is None:
            certificates.append(Certificate(identifier_serial=identifiers[match.record.pk], **values))
        else:
            certificates.append(_renewed(known, values))
    Certificate.objects.bulk_create(one for one in certificates if one.pk is None)
    update_rows(again.values(), RENEWED)
    CertificateTerm.objects.bulk_create(
        CertificateTerm(certificate=one, starts_on=_starts_on(match.record), ends_on=match.record.valid_to)
        for match, one in zip(matches, certificates, strict=True)
    )
    CertificateEvent.objects.bulk_create(
        CertificateEvent(
            certificate=one,
            at=now,
            effective_on=localdate(now),
            operation=operation_of(match.state),
            state_before=before.get(one.number, ""),
            state_after=match.state,
            kind="legacy",
            summary=_summary(match),
        )
        for match, one in zip(matches, certificates, strict=True)
    )
    return certificates


def _renewed(certificate: Certificate, values: dict[str, Any]) -> Certificate:
    """A certificate that was taken back is made anew by another record of its number."""
    for name, value in values.items():
        setattr(certificate, name, value)
    return certificate


def _identifiers(matches: Sequence[_Match]) -> dict[int, int]:
    """Maps an old record to the serial of its identifier; one query a year."""
    by_year: dict[int, list[_Match]] = defaultdict(list)
    for match in matches:
        by_year[match.year].append(match)
    found: dict[int, int] = {}
    for year, group in by_year.items():
        free = identifier_serials(year, [match.serial for match in group])
        for match in group:
            found[match.record.pk] = free[match.serial].pop(0)
    return found


def _values(match: _Match) -> dict[str, Any]:
    record = match.record
    return {
        "number": record.number,
        "category": match.category,
        "year": match.year,
        "serial": match.serial,
        "person": match.person,
        "enterprise": match.enterprise,
        "enterprise_name": record.enterprise_name,
        "post": post_of(match.category, record.post),
        "first_issued_on": record.first_issued_on or record.issued_on or record.valid_from or _starts_on(record),
        "ends_on": record.valid_to,
        "legal_state": match.state,
        "origin": Origin.LEGACY,
        "taken_back_at": None,
    }


def _starts_on(record: LegacyCertificate) -> date:
    """Where the record does not say, the term was three years, whatever the policy is today."""
    return record.valid_from or add_months(record.valid_to + timedelta(days=1), -36)


def _summary(match: _Match) -> str:
    parts = ["历史数据库匹配"]
    if match.record.category == UNDIVIDED:
        parts.append(f"原为未分类C证，按政策归入{Category(match.category).value}")
    if match.enterprise is None and match.record.enterprise_name:
        parts.append(f"证书上的企业“{match.record.enterprise_name}”对应不到登记的企业")
    return "；".join(parts)


def _close(records: Sequence[LegacyCertificate], certificates: dict[int, Certificate], refused: dict[int, str]) -> None:
    for record in records:
        if record.pk in certificates:
            record.state, record.certificate = LegacyState.MATCHED, certificates[record.pk]
        elif record.pk in refused:
            record.state, record.quarantine_reason = LegacyState.QUARANTINED, refused[record.pk]
    update_rows(records, ["state", "certificate", "quarantine_reason"])


def _tell(matches: Sequence[_Match]) -> None:
    counts: dict[int, int] = defaultdict(int)
    people = {match.person.pk: match.person for match in matches}
    for match in matches:
        counts[match.person.pk] += 1
    send(
        OutgoingMessage(
            people[pk].mailbox_id,
            f"已从历史数据库匹配到您的 {count} 本证书",
            link="/person/certificates/",
            event="certificate_record",
        )
        for pk, count in counts.items()
    )
