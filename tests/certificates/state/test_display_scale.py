"""1,000 certificates of one enterprise: status, holding rules and lists take the queries of 10."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial

import pytest

from accounts.models import Person
from accounts.people.identity import id_number_index
from administration.models import Mailbox
from certificates.enums import DisplayStatus, Origin
from certificates.facts.holdings import load_holdings
from certificates.models import Certificate, CertificateTerm
from certificates.state.display import answer_all
from certificates.state.snapshots import refresh_for_people
from common.findings import blocking
from common.text.certificate_number import format_number
from common.text.id_number import id_check_character
from employment.models import Employment
from enterprises.enums import QualificationKind
from enterprises.models import Enterprise, Qualification
from tests.clock import Clock
from tests.factories import Province, make_enterprise, make_operator
from tests.workflow.browsing import browser
from tests.worlds.base import NOW, TODAY
from training.models import TrainingRecord
from workflow.business import business_of
from workflow.checks import Case, Facts, evaluate

pytestmark = pytest.mark.django_db
FEW, MANY = 10, 1000
CATEGORIES = ("A", "B", "C1", "C2", "C3")
POSTS = {"A": "02", "B": "07", "C1": "08", "C2": "08", "C3": "08"}
ENDS_ON = date(2027, 1, 31)
QueryCount = Callable[[Callable[[], object]], int]


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def _id_number(serial: int) -> str:
    body = f"36010219{60 + serial // 1000:02d}0615{serial % 1000:03d}"
    return body + id_check_character(body)


class Staff:
    """One certificate for each of so many employees; every tenth also has a C2 beside the C1 (rule C-1)."""

    first = 0

    def __init__(self, size: int) -> None:
        self.enterprise = make_enterprise()
        self.operator = make_operator(self.enterprise)
        serials = range(Staff.first, Staff.first + size)
        Staff.first += size
        self.people = self._people(serials)
        self.certificates = self._certificates(serials)

    def _people(self, serials: range) -> list[Person]:
        boxes = Mailbox.objects.bulk_create(Mailbox() for _ in serials)
        people = []
        for serial, box in zip(serials, boxes, strict=True):
            number = _id_number(serial)
            person = Person(
                name=f"员工{serial:04d}",
                id_number=number,
                id_number_index=id_number_index(number),
                sex="male",
                birth_date=date(1960, 6, 15),
                registered_at=datetime.fromisoformat("2024-05-08T10:00:00+08:00"),
                mailbox=box,
            )
            person.id_photo.name = person.id_photo_small.name = "photos/drawn.jpg"
            people.append(person)
        Person.objects.bulk_create(people)
        Employment.objects.bulk_create(
            Employment(person=one, enterprise=self.enterprise, posts=["02", "07", "08"], contract_from=date(2024, 1, 1))
            for one in people
        )
        return people

    def _certificates(self, serials: range) -> list[Certificate]:
        made = []
        for position, (serial, person) in enumerate(zip(serials, self.people, strict=True)):
            category = CATEGORIES[position % len(CATEGORIES)]
            made.append(self._certificate(person, category, serial + 1))
            if position % 10 == 2:
                made.append(self._certificate(person, "C2", serial + 500_000))
        Certificate.objects.bulk_create(made)
        CertificateTerm.objects.bulk_create(
            CertificateTerm(certificate=one, starts_on=date(2024, 2, 1), ends_on=one.ends_on) for one in made
        )
        _bring_evidence(made, self.enterprise)
        return made

    def _certificate(self, person: Person, category: str, serial: int) -> Certificate:
        return Certificate(
            number=format_number(category, 2018, serial),
            category=category,
            year=2018,
            serial=serial,
            identifier_serial=serial,
            person=person,
            enterprise=self.enterprise,
            enterprise_name=self.enterprise.name,
            post=POSTS[category],
            first_issued_on=date(2018, 2, 1),
            ends_on=ENDS_ON,
            origin=Origin.LEGACY,
        )

    @property
    def ids(self) -> list[int]:
        return [person.pk for person in self.people]

    def cases(self) -> list[Case]:
        case = Case(business_of("extension"), TODAY, TODAY, enterprise_id=self.enterprise.pk)
        return [replace(case, person_id=one.person_id, subjects=(one.pk,)) for one in self.certificates]


def _bring_evidence(certificates: list[Certificate], enterprise: Enterprise) -> None:
    """Constructor's registration of the holders of B, training of everybody."""
    holders = [one.person for one in certificates if one.category == "B"]
    Qualification.objects.bulk_create(
        Qualification(
            number=f"赣2{person.pk:011d}",
            name=person.name,
            id_number_index=person.id_number_index,
            enterprise=enterprise,
            kind=QualificationKind.CONSTRUCTOR,
            specialty="建筑工程",
        )
        for person in holders
    )
    TrainingRecord.objects.bulk_create(
        TrainingRecord(
            id_number_index=person.id_number_index,
            name=person.name,
            institution_name="江西建设培训中心",
            course="安全生产继续教育",
            hours=24,
            starts_on=date(2026, 6, 1),
            ends_on=date(2026, 6, 1),
        )
        for person in {one.person_id: one.person for one in certificates}.values()
    )


@pytest.fixture
def staffs() -> tuple[Staff, Staff]:
    Province()
    Staff.first = 0
    return Staff(FEW), Staff(MANY)


def compare(count_queries: QueryCount, what: str, few: Callable[[], object], many: Callable[[], object]) -> None:
    """The same number of queries for both; the time is told (`-rP`), not tested: machines differ."""
    few()  # what is read once per process (the calendar) is not counted
    queries = count_queries(few)
    began = time.perf_counter()
    assert count_queries(many) == queries
    print(f"{what}: {queries} queries, {(time.perf_counter() - began) * 1000:.0f} ms for {MANY} people")


def test_the_status_of_all_certificates_of_an_enterprise(
    staffs: tuple[Staff, Staff], count_queries: QueryCount
) -> None:
    few, many = staffs
    compare(
        count_queries,
        "status",
        lambda: answer_all(load_holdings(few.ids)),
        lambda: answer_all(load_holdings(many.ids)),
    )
    answers = answer_all(load_holdings(many.ids))
    assert len(answers) == len(many.certificates) == MANY + MANY // 10
    abnormal = [answer for answer in answers.values() if answer.status == DisplayStatus.ABNORMAL]
    assert len(abnormal) == MANY // 10 * 2
    assert {finding.code for answer in abnormal for finding in answer.reasons} == {"holding.C-1"}


def test_the_snapshots_of_all_certificates_of_an_enterprise(
    staffs: tuple[Staff, Staff], count_queries: QueryCount
) -> None:
    few, many = staffs

    def refresh(staff: Staff) -> int:
        Certificate.objects.filter(enterprise=staff.enterprise).update(display_at=None)
        return refresh_for_people(staff.ids, now=NOW)

    compare(count_queries, "snapshots", lambda: refresh(few), lambda: refresh(many))
    stored = Certificate.objects.filter(enterprise=many.enterprise, display_status=DisplayStatus.ABNORMAL)
    assert stored.count() == MANY // 10 * 2


def test_the_holding_rules_and_all_other_checks_of_one_application_for_each(
    staffs: tuple[Staff, Staff], count_queries: QueryCount
) -> None:
    few, many = staffs

    def judge(staff: Staff) -> dict[str, int]:
        cases = staff.cases()
        found = evaluate(cases, Facts(cases))
        counts: dict[str, int] = {}
        for case in cases:
            for finding in blocking(found[case]):
                counts[finding.code] = counts.get(finding.code, 0) + 1
        return counts

    compare(count_queries, "checks of an extension", lambda: judge(few), lambda: judge(many))
    # What is inherited (C1 beside C2) stands in nobody's way.
    assert judge(many) == {}


def test_the_pages_of_the_enterprise(staffs: tuple[Staff, Staff], count_queries: QueryCount) -> None:
    few, many = staffs
    for staff in staffs:
        refresh_for_people(staff.ids, now=NOW)
    clients = {staff.enterprise.pk: browser(staff.operator) for staff in staffs}
    for address in ("/enterprise/staff/", "/enterprise/staff/?state=abnormal", "/enterprise/"):

        def show(staff: Staff, address: str = address) -> None:
            assert clients[staff.enterprise.pk].get(address).status_code == 200

        compare(count_queries, address, partial(show, few), partial(show, many))
