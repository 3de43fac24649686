from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts.models import Person
from accounts.signals import person_logged_in, person_registered
from administration.imports.services import run_import
from administration.models import Message, Parameter
from certificates.enums import LegacyState, LegalState, Operation, Origin
from certificates.issuing.numbers import IDENTIFIER_FALLBACK
from certificates.legacy.codes import legal_state_of, post_of
from certificates.legacy.matching import NAME_DIFFERS, MatchReport, match_legacy
from certificates.models import Certificate, CertificateEvent, CertificateTerm, LegacyCertificate
from enterprises.models import EnterpriseName
from tests.factories import make_certificate, make_enterprise, make_person

from .legacy_files import csv_bytes, id_number, old_id_number, row

pytestmark = pytest.mark.django_db


def load(*rows: list[str]) -> None:
    book = run_import("legacy", csv_bytes(*rows), "f.csv")
    assert book.bad == 0


def register(name: str = "张三", sequence: int = 1, **fields: Any) -> Person:
    """Registered after the import, so that nothing is matched before the test asks for it."""
    return make_person(name, id_number=id_number(sequence), user=False, photo=False, **fields)


def match(person: Person) -> MatchReport:
    return match_legacy({person.pk})


def test_a_record_becomes_a_certificate_with_its_term_and_trail() -> None:
    load(row("张三", 1, 7, category="A", 职务="分管安全副总经理"))
    person = register()
    report = match(person)
    certificate = Certificate.objects.get()
    record = LegacyCertificate.objects.get()
    assert (report.matched, report.quarantined) == (1, 0)
    assert (certificate.number, certificate.category, certificate.year, certificate.serial) == (
        "赣建安A（2024）0000007",
        "A",
        2024,
        7,
    )
    assert (certificate.identifier_serial, certificate.person, certificate.post) == (7, person, "03")
    assert (certificate.origin, certificate.legal_state) == (Origin.LEGACY, LegalState.VALID)
    assert (certificate.first_issued_on, certificate.ends_on) == (date(2024, 3, 1), date(2027, 2, 28))
    assert certificate.display_at is not None, "the snapshot is computed"
    term = CertificateTerm.objects.get()
    assert (term.starts_on, term.ends_on) == (date(2024, 3, 1), date(2027, 2, 28))
    event = CertificateEvent.objects.get()
    assert (event.operation, event.state_before, event.state_after) == (Operation.OTHER, "", LegalState.VALID)
    assert event.summary == "历史数据库匹配；证书上的企业“江西甲建筑有限公司”对应不到登记的企业"
    assert (record.state, record.certificate) == (LegacyState.MATCHED, certificate)
    assert Message.objects.filter(mailbox=person.mailbox_id).count() == 1


def test_nothing_to_match_and_matching_twice_change_nothing() -> None:
    person = register()
    assert match(person).matched == 0
    load(row("张三", 1))
    assert match(person).matched == 0, "matched by the import already"
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("signal", [person_logged_in, person_registered])
def test_login_and_registration_match(signal: Any) -> None:
    load(row("张三", 1))
    person = register()
    signal.send(sender=Person, person=person, is_new=True)
    assert Certificate.objects.get().person == person


def test_a_record_of_fifteen_digits_is_matched() -> None:
    load(row("张三", 1, 身份证号=old_id_number(1)))
    assert match(register()).matched == 1


def test_names_are_compared_after_normalisation_and_with_aliases() -> None:
    load(row("阿不都•热合曼", 1, 1), row("龚龑", 2, 2))
    assert match(register("阿不都·热合曼", 1)).matched == 1
    assert match(register("龚䶮", 2, alias_names=["龚龑"])).matched == 1


def test_a_differing_name_is_set_aside_with_its_reason() -> None:
    load(row("张三", 1))
    report = match(register("章三", 1))
    record = LegacyCertificate.objects.get()
    assert (report.matched, report.quarantined) == (0, 1)
    assert (record.state, record.quarantine_reason) == (LegacyState.QUARANTINED, NAME_DIFFERS)


def test_a_person_under_question_gets_nothing() -> None:
    load(row("张三", 1))
    assert match(register(quarantined_reason="两人同号")).quarantined == 1
    assert not Certificate.objects.exists()


def test_a_record_of_somebody_who_has_died_waits() -> None:
    load(row("张三", 1))
    person = register(died_on=date(2026, 1, 5))
    assert match(person).matched == 0
    assert LegacyCertificate.objects.get().state == LegacyState.UNMATCHED
    Person.objects.filter(pk=person.pk).update(died_on=None)
    assert match(person).matched == 1, "the death was recorded in error"


# --- the enterprise ---


def test_the_enterprise_is_found_by_its_code_first() -> None:
    by_name, by_code = make_enterprise("江西甲建筑有限公司"), make_enterprise("江西乙建筑有限公司")
    load(row(统一社会信用代码=by_code.uscc))
    match(register())
    certificate = Certificate.objects.get()
    assert certificate.enterprise == by_code != by_name
    assert certificate.enterprise_name == "江西甲建筑有限公司", "as printed"


def test_the_enterprise_is_found_by_its_present_or_former_name() -> None:
    renamed, present = make_enterprise("江西新名建筑有限公司"), make_enterprise("江西乙（南昌）建筑有限公司")
    EnterpriseName.objects.create(enterprise=renamed, name="江西甲建筑有限公司")
    load(row("张三", 1, 1), row("李四", 2, 2, 企业名称="江西乙(南昌)建筑有限公司"))
    match(register("张三", 1))
    match(register("李四", 2))
    assert list(Certificate.objects.order_by("serial").values_list("enterprise", flat=True)) == [renamed.pk, present.pk]


def test_an_ambiguous_name_leaves_the_enterprise_open() -> None:
    make_enterprise("江西甲建筑有限公司")
    EnterpriseName.objects.create(enterprise=make_enterprise("江西丙建筑有限公司"), name="江西甲建筑有限公司")
    load(row())
    match(register())
    assert Certificate.objects.get().enterprise is None


# --- numbers ---


def test_records_of_one_year_and_serial_get_identifiers_of_their_own() -> None:
    make_certificate(make_person(user=False, photo=False), None, "C1", year=2024, serial=1)
    load(row("张三", 1, 1, category="A"), row("张三", 1, 1, category="B"), row("张三", 1, 2, category="B"))
    match(register())
    identifiers = list(Certificate.objects.filter(origin=Origin.LEGACY).values_list("identifier_serial", flat=True))
    assert sorted(identifiers) == [1, 2, IDENTIFIER_FALLBACK, IDENTIFIER_FALLBACK + 1]


def test_edge_21_a_number_that_a_certificate_bears_meanwhile_is_set_aside() -> None:
    load(row("张三", 1, 1, category="B"))
    make_certificate(make_person(user=False, photo=False), None, "B", year=2024, serial=1)
    report = match(register())
    assert (report.matched, report.quarantined) == (0, 1)
    assert "已有证书" in LegacyCertificate.objects.get().quarantine_reason


def test_undivided_c_becomes_what_the_policy_says_and_keeps_its_number() -> None:
    load(row(category="C"))
    match(register())
    certificate = Certificate.objects.get()
    assert (certificate.category, certificate.number, certificate.post) == ("C3", "赣建安C（2024）0000001", "08")
    assert "未分类C证" in CertificateEvent.objects.get().summary


def test_the_policy_for_undivided_c_is_a_dated_parameter() -> None:
    Parameter.objects.create(
        key="undivided_c_category", value="C2", effective_from=date(2020, 1, 1), document_number="测1号"
    )
    load(row(category="C"))
    match(register())
    assert Certificate.objects.get().category == "C2"


def test_an_undivided_and_a_divided_one_of_the_same_serial_do_not_become_one() -> None:
    load(row("张三", 1, 1, category="C"), row("张三", 1, 1, category="C3"))
    report = match(register())
    assert (report.matched, report.quarantined) == (1, 1)


# --- words ---


@pytest.mark.parametrize(
    ("word", "ends_on", "state"),
    [
        ("有效", date(2020, 1, 1), LegalState.VALID),
        ("正常", date(2027, 1, 1), LegalState.VALID),
        ("暂扣", date(2027, 1, 1), LegalState.SUSPENDED),
        ("已撤销", date(2027, 1, 1), LegalState.REVOKED),
        ("被吊销", date(2027, 1, 1), LegalState.WITHDRAWN),
        ("已注销", date(2027, 1, 1), LegalState.CANCELLED),
        ("过期", date(2020, 1, 1), LegalState.EXPIRED),
        ("", date(2026, 1, 15), LegalState.VALID),
        ("", date(2026, 1, 14), LegalState.EXPIRED),
        ("冻结", date(2027, 1, 1), None),
    ],
)
def test_states_in_words(word: str, ends_on: date, state: LegalState | None) -> None:
    assert legal_state_of(word, ends_on=ends_on, today=date(2026, 1, 15)) == state


def test_an_unknown_state_is_set_aside() -> None:
    load(row(状态="冻结"))
    assert match(register()).quarantined == 1
    assert "冻结" in LegacyCertificate.objects.get().quarantine_reason


def test_an_ended_state_is_kept_with_its_operation() -> None:
    load(row(状态="注销"))
    match(register())
    assert Certificate.objects.get().legal_state == LegalState.CANCELLED
    assert CertificateEvent.objects.get().operation == Operation.CANCELLATION


@pytest.mark.parametrize(
    ("category", "word", "post"),
    [
        ("A", "法定代表人、总经理", "01"),
        ("A", "总经理", "02"),
        ("A", "副总经理", "99"),
        ("A", "分管生产副总经理", "04"),
        ("A", "安全副总", "03"),
        ("A", "总工程师", "05"),
        ("A", "安全总监", "06"),
        ("A", "项目负责人", "99"),
        ("A", "", "99"),
        ("A", "05", "05"),
        ("A", "08", "99"),
        ("B", "总经理", "07"),
        ("C2", "", "08"),
    ],
)
def test_posts_in_words(category: str, word: str, post: str) -> None:
    assert post_of(category, word) == post


@pytest.mark.parametrize(
    ("changed", "first_issued_on", "starts_on"),
    [
        ({"有效期起": ""}, date(2024, 3, 1), date(2024, 3, 1)),
        ({"有效期起": "", "有效期止": "2024-02-29"}, date(2021, 3, 1), date(2021, 3, 1)),
        ({"有效期起": "2025-06-01"}, date(2025, 6, 1), date(2025, 6, 1)),
    ],
)
def test_missing_dates_are_derived(changed: dict[str, str], first_issued_on: date, starts_on: date) -> None:
    load(row(**changed))
    match(register())
    assert Certificate.objects.get().first_issued_on == first_issued_on
    assert CertificateTerm.objects.get().starts_on == starts_on


# --- sets ---


def test_queries_do_not_grow_with_people_and_records(count_queries: Callable[[Callable[[], object]], int]) -> None:
    rows = [row(f"张{'一二三四五六七八'[sequence]}", sequence, sequence + 1) for sequence in range(1, 8)]
    load(*rows)
    people = [register(f"张{'一二三四五六七八'[sequence]}", sequence) for sequence in range(1, 8)]
    one = count_queries(lambda: match_legacy({people[0].pk}))
    six = count_queries(lambda: match_legacy({person.pk for person in people[1:]}))
    assert Certificate.objects.count() == 7
    assert six == one
