"""Makes certificates in every state, training records, and old records that wait for their people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Person
from administration.models import Office
from certificates.enums import Category, LegalState, Operation, Origin
from certificates.issuing.versions import issue_electronic
from certificates.models import (
    Certificate,
    CertificateEvent,
    CertificateTerm,
    LegacyCertificate,
    NumberCounter,
)
from certificates.state.snapshots import refresh_for_people
from common.dates import add_months, midnight, term_end
from common.findings import Refused
from common.text.certificate_number import format_number
from employment.models import Employment
from enterprises.enums import Post, QualificationKind
from enterprises.models import Enterprise, EnterpriseName, Qualification
from training.models import TrainingRecord
from workflow.actors import SYSTEM

from .builders import demo_builder
from .context import DemoContext

ELECTRONIC = 30
POSTS_OF = {Category.A: "02", Category.B: "07", Category.C1: "08", Category.C2: "08", Category.C3: "08"}
KINDS = (
    (Category.B,),
    (Category.C2,),
    (Category.C3,),
    (Category.B, Category.C2),
    (Category.A,),
    (Category.C1,),
    (Category.A, Category.C3),
    (Category.C3,),
)
STATES = (
    LegalState.SUSPENDED,
    LegalState.REVOKED,
    LegalState.CANCELLED,
    LegalState.EXPIRED,
    LegalState.TRANSFERRING,
    LegalState.WITHDRAWN,
    LegalState.OTHER,
)
OPERATION_OF = {
    LegalState.SUSPENDED: Operation.SUSPENSION,
    LegalState.CANCELLED: Operation.CANCELLATION,
    LegalState.EXPIRED: Operation.EXPIRY,
}


@dataclass
class Ledger:
    """Collects rows and writes them in sets."""

    context: DemoContext
    former_names: dict[int, str]
    serials: Counter[int] = field(default_factory=Counter)
    certificates: list[Certificate] = field(default_factory=list)
    starts: list[date] = field(default_factory=list)

    def add(
        self,
        person: Person,
        enterprise: Enterprise | None,
        category: Category,
        *,
        ends_on: date,
        state: LegalState = LegalState.VALID,
        post: str = "",
    ) -> Certificate:
        starts = _start_of(ends_on)
        first = add_months(starts, -36 * self.context.random.choice((0, 1, 2)))
        year = first.year
        self.serials[year] += 1
        serial = self.serials[year]
        printed = self.former_names.get(enterprise.pk, enterprise.name) if enterprise else "已撤并的演示企业"
        certificate = Certificate(
            number=format_number(category, year, serial),
            category=category,
            year=year,
            serial=serial,
            identifier_serial=serial,
            person=person,
            enterprise=enterprise,
            enterprise_name=printed,
            post=post or POSTS_OF[category],
            first_issued_on=first,
            ends_on=term_end(starts),
            legal_state=state,
            origin=Origin.FIRST_ISSUE,
        )
        self.certificates.append(certificate)
        self.starts.append(starts)
        return certificate

    def write(self) -> None:
        Certificate.objects.bulk_create(self.certificates)
        CertificateTerm.objects.bulk_create(
            CertificateTerm(certificate=one, starts_on=start, ends_on=one.ends_on)
            for one, start in zip(self.certificates, self.starts, strict=True)
        )
        CertificateEvent.objects.bulk_create(event for one in self.certificates for event in _trail(one))
        NumberCounter.objects.bulk_create(
            [NumberCounter(year=year, last=last) for year, last in sorted(self.serials.items())],
            update_conflicts=True,
            unique_fields=["year"],
            update_fields=["last"],
        )


def _start_of(ends_on: date) -> date:
    start = add_months(ends_on + timedelta(days=1), -36)
    return start if term_end(start) == ends_on else start + timedelta(days=1)


def _trail(certificate: Certificate) -> list[CertificateEvent]:
    first = CertificateEvent(
        certificate=certificate,
        effective_on=certificate.first_issued_on,
        operation=Operation.FIRST_ISSUE,
        state_after=LegalState.VALID,
        summary="首次发证",
    )
    if certificate.legal_state == LegalState.VALID:
        return [first]
    state = LegalState(certificate.legal_state)
    second = CertificateEvent(
        certificate=certificate,
        effective_on=timezone.localdate() - timedelta(days=20),
        operation=OPERATION_OF.get(state, Operation.OTHER),
        state_before=LegalState.VALID,
        state_after=state,
        summary=f"{state.label}（演示）",
        document_number="演示〔2026〕1号",
    )
    return [first, second]


def build(context: DemoContext, people: list[Person], enterprises: list[Enterprise]) -> None:
    """Everybody but the last twenty gets a certificate and mostly an employment."""
    former = dict(EnterpriseName.objects.filter(used_to__isnull=False).values_list("enterprise_id", "name"))
    ledger = Ledger(context, former, serials=_imported_serials())
    employments: list[Employment] = []
    holders = people[: len(people) - 20]
    for position, person in enumerate(holders):
        enterprise = enterprises[position % len(enterprises)]
        kinds = KINDS[position % len(KINDS)]
        _give(ledger, person, enterprise, kinds, position)
        employer = _employer(enterprises, enterprise, position)
        if employer is not None:
            posts = sorted({POSTS_OF[kind] for kind in kinds})
            employments.append(_employment(context, person, employer, posts))
    ledger.write()
    Employment.objects.bulk_create(employments)
    _train(context, holders)
    _qualify(context, ledger.certificates, {row.person_id: row.enterprise for row in employments})


def _imported_serials() -> Counter[int]:
    """New numbers continue after those of the old records."""
    rows = LegacyCertificate.objects.filter(number_serial__isnull=False).values_list("number_year", "number_serial")
    last: Counter[int] = Counter()
    for year, serial in rows:
        if year is None or serial is None:
            continue
        last[year] = max(last[year], serial)
    return last


def _give(ledger: Ledger, person: Person, enterprise: Enterprise, kinds: tuple[Category, ...], position: int) -> None:
    """Most certificates end later; every fifth ends within the extension window, some have expired, some are in
    another state.
    """
    today = ledger.context.today
    if position % 5 == 0:
        ends_on = today + timedelta(days=10 + position % 75)
    elif position % 14 == 1:
        ends_on = today - timedelta(days=20 + position)
    else:
        ends_on = today + timedelta(days=120 + (position * 37) % 900)
    state = STATES[(position // 25) % len(STATES)] if position % 25 == 24 else LegalState.VALID
    owner = None if position % 61 == 60 else enterprise
    for kind in kinds:
        ledger.add(person, owner, kind, ends_on=ends_on, state=state)
    if position % 90 == 89:
        ledger.add(person, enterprise, kinds[0], ends_on=ends_on + timedelta(days=40))


def _employer(enterprises: list[Enterprise], enterprise: Enterprise, position: int) -> Enterprise | None:
    if enterprise.is_gone or position % 17 == 16:
        return None
    if position % 13 == 12:
        return enterprises[(position * 3 + 1) % 40]
    return enterprise


def _employment(context: DemoContext, person: Person, enterprise: Enterprise, posts: list[str]) -> Employment:
    started = timezone.now() - timedelta(days=context.random.randrange(60, 900))
    return Employment(
        person=person,
        enterprise=enterprise,
        posts=posts,
        contract_from=started.date(),
        contract_to=started.date() + timedelta(days=1460) if context.random.random() < 0.7 else None,
        started_at=started,
    )


def _train(context: DemoContext, people: list[Person]) -> None:
    institution = Office.objects.get(kind="training")
    rows = []
    for position, person in enumerate(people):
        if position % 10 == 5:
            continue
        ends_on = context.today - timedelta(days=40 + position % 300)
        for part in range(1 if position % 7 == 3 else 2):
            day = ends_on - timedelta(days=part * 30)
            rows.append(
                TrainingRecord(
                    id_number_index=person.id_number_index,
                    name=person.name,
                    institution=institution,
                    institution_name=institution.name,
                    course=("安全生产法律法规", "施工现场安全管理")[part],
                    hours=12,
                    starts_on=day - timedelta(days=1),
                    ends_on=day,
                    created_at=midnight(day + timedelta(days=1)),
                )
            )
    TrainingRecord.objects.bulk_create(rows)


def _qualify(context: DemoContext, certificates: list[Certificate], employers: dict[int, Enterprise]) -> None:
    """Registers holders of B as constructors where they work; a few have lost their registration."""
    holders = [one for one in certificates if one.category == Category.B and one.post == Post.PROJECT_MANAGER]
    Qualification.objects.bulk_create(
        Qualification(
            kind=QualificationKind.CONSTRUCTOR,
            number=f"赣2{one.year}{one.serial:07d}",
            name=one.person.name,
            id_number_index=one.person.id_number_index,
            specialty=context.pick(["建筑工程", "市政公用工程", "机电工程"]),
            enterprise=employers.get(one.person_id, one.enterprise),
            valid_to=one.ends_on + timedelta(days=200),
            is_in_force=position % 30 != 29,
        )
        for position, one in enumerate(holders)
    )


@demo_builder("certificates", order=70)
def build_certificates(context: DemoContext) -> None:
    build(context, context.people, context.enterprises)
    refresh_for_people([person.pk for person in context.people], now=context.now)


@demo_builder("electronic certificates", order=100)
def build_electronic_certificates(context: DemoContext) -> None:
    """Orders electronic versions of certificates in use; the worker draws and signs them."""
    rows = Certificate.objects.filter(display_status="normal", latest_version=0, person__id_photo__gt="").order_by("pk")
    for pk in list(rows.values_list("pk", flat=True)[:ELECTRONIC]):
        try:
            issue_electronic(certificate_id=pk, by=SYSTEM, now=context.now)
        except Refused:
            continue
