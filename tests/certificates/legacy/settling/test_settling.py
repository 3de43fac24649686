"""Old records that were set aside: who decides, what each decision does, and who was faster."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.enums import Duty
from accounts.models import Person, User
from administration.enums import OfficeKind
from administration.imports.services import run_import
from administration.models import AuditEntry, LookupCount, Message
from certificates.enums import LegacyDecision, LegacyState, LegalState
from certificates.legacy.matching import match_legacy
from certificates.legacy.settling.selectors import matter_of
from certificates.legacy.settling.services import Settlement, settle
from certificates.models import Certificate, CertificateEvent, LegacyCertificate, LegacySettlement
from common.findings import Refused
from tests.certificates.legacy.legacy_files import csv_bytes, id_number, row
from tests.factories import actor, make_office, make_person, make_staff
from tests.worlds.base import NOW

pytestmark = pytest.mark.django_db
BASIS = "档案馆 2018 年发证清册第 14 页"


@pytest.fixture
def clerk() -> User:
    office = make_office("江西省住房和城乡建设厅登记处", kind=OfficeKind.PROVINCIAL, region="360000")
    return make_staff(office, Duty.REGISTRY, name="项暮云")


@pytest.fixture
def holder() -> Person:
    return make_person("张三", id_number=id_number(1))


def load(*rows: list[str], name: str = "旧证.csv") -> None:
    run_import("legacy", csv_bytes(*rows), name, by="测试")


def waiting() -> list[LegacyCertificate]:
    return list(LegacyCertificate.objects.filter(state=LegacyState.QUARANTINED).order_by("pk"))


def pair() -> tuple[LegacyCertificate, LegacyCertificate]:
    load(row("张三", 1, 7), row("张三", 1, 7, 企业名称="江西乙建筑有限公司"))
    first, second = waiting()
    return first, second


def chosen(record: LegacyCertificate, decision: LegacyDecision, **more: object) -> Settlement:
    matter = matter_of(LegacyCertificate.objects.get(pk=record.pk))
    other = matter.others[0].pk if matter.others else None
    return Settlement(decision, BASIS, matter.seen, **({"other_id": other} | more))  # type: ignore[arg-type]


def decide(record: LegacyCertificate, decision: LegacyDecision, by: User, **more: object) -> LegacySettlement:
    return settle(record.pk, chosen(record, decision, **more), by=actor(by), now=NOW)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.code for finding in refused.value.findings}


def states() -> list[str]:
    return list(LegacyCertificate.objects.order_by("pk").values_list("state", flat=True))


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(user: User, record: LegacyCertificate, **fields: str):
    page = browser(user).get(f"/office/settling/{record.pk}/").text
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    return browser(user).post(f"/office/settling/{record.pk}/", {"seen": seen[1], "basis": BASIS} | fields)


# --- decisions ---


def test_this_one_becomes_a_certificate_and_the_other_is_kept_for_reference(clerk: User, holder: Person) -> None:
    first, second = pair()
    settlement = decide(first, LegacyDecision.THIS, clerk)
    certificate = Certificate.objects.get()
    assert (certificate.person, certificate.enterprise_name) == (holder, "江西甲建筑有限公司")
    assert states() == [LegacyState.MATCHED, LegacyState.DISCARDED]
    second.refresh_from_db()
    assert BASIS in second.quarantine_reason
    assert (settlement.by, settlement.basis, settlement.at, settlement.other) == (clerk, BASIS, NOW, second)
    entry = AuditEntry.objects.get(action="settle_legacy")
    assert (entry.actor_id, entry.detail["decision"]) == (clerk.pk, "this")
    assert "360102" not in str(entry.detail)
    assert Message.objects.filter(mailbox=holder.mailbox, title__contains="历史数据库匹配").exists()


def test_the_other_one(clerk: User, holder: Person) -> None:
    first, _ = pair()
    decide(first, LegacyDecision.OTHER, clerk)
    assert Certificate.objects.get().enterprise_name == "江西乙建筑有限公司"
    assert states() == [LegacyState.DISCARDED, LegacyState.MATCHED]


def test_whoever_is_not_registered_yet_has_the_certificate_later(clerk: User) -> None:
    first, _ = pair()
    decide(first, LegacyDecision.THIS, clerk)
    assert states() == [LegacyState.UNMATCHED, LegacyState.DISCARDED]
    match_legacy([make_person("张三", id_number=id_number(1)).pk])
    assert Certificate.objects.count() == 1


def test_neither_makes_no_certificate(clerk: User, holder: Person) -> None:
    first, second = pair()
    decide(first, LegacyDecision.NEITHER, clerk)
    decide(second, LegacyDecision.NEITHER, clerk)
    assert states() == [LegacyState.DISCARDED] * 2
    assert not Certificate.objects.exists()


def test_two_persons_with_one_id_number_are_both_kept(clerk: User, holder: Person) -> None:
    load(row("张三", 1, 7), row("李四", 1, 8))
    first, _ = waiting()
    decide(first, LegacyDecision.BOTH, clerk)
    assert list(Certificate.objects.values_list("person__name", "number")) == [("张三", "赣建安A（2024）0000007")]
    assert states() == [LegacyState.MATCHED, LegacyState.UNMATCHED]
    match_legacy([holder.pk])
    assert states() == [LegacyState.MATCHED, LegacyState.UNMATCHED]


def test_one_number_is_never_two_certificates(clerk: User, holder: Person) -> None:
    first, _ = pair()
    with pytest.raises(Refused) as refused:
        decide(first, LegacyDecision.BOTH, clerk)
    assert codes(refused) == {"legacy.one_number"}
    assert states() == [LegacyState.QUARANTINED] * 2


def test_days_that_a_clerk_has_verified_are_not_doubted_again(clerk: User, holder: Person) -> None:
    load(row("张三", 1, 7, 有效期止="2031-02-28"))
    (record,) = waiting()
    decide(record, LegacyDecision.THIS, clerk)
    assert Certificate.objects.get().ends_on == date(2031, 2, 28)


def test_a_corrected_row_becomes_the_certificate(clerk: User, holder: Person) -> None:
    load(row("张三", 1, 7, 有效期止="2092-02-28"))
    (record,) = waiting()
    answer = post(clerk, record, decision="correct", **corrected(record, valid_to="2027-02-28"))
    assert answer.status_code == 302
    assert Certificate.objects.get().ends_on == date(2027, 2, 28)
    settlement = LegacySettlement.objects.get()
    assert settlement.replacement
    assert (settlement.record.valid_to, settlement.replacement.valid_to) == (date(2092, 2, 28), date(2027, 2, 28))
    assert states() == [LegacyState.DISCARDED, LegacyState.MATCHED]
    # The corrected file brings nothing twice.
    load(row("张三", 1, 7, 有效期止="2027-02-28"), name="改正.csv")
    assert len(states()) == 2


def test_a_correction_of_an_id_number_is_a_counted_lookup(clerk: User, holder: Person) -> None:
    """Who the number belongs to shows by what becomes of the record."""
    load(row("张三", 1, 7, 有效期止="2092-02-28"))
    (record,) = waiting()
    kept = corrected(record, valid_to="2027-02-28", id_number="")
    post(clerk, record, decision="correct", basis="", **kept)
    assert LookupCount.objects.count() == 0
    post(clerk, record, decision="correct", **{**kept, "id_number": id_number(2)})
    assert LookupCount.objects.get().asked == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"valid_to": "2092-02-28"}, "超过 6 年"),
        ({"valid_to": "2027"}, "请写到日"),
        ({"valid_to": ""}, "此项必填"),
        ({"number": "赣建安B（2024）0000007"}, "类别与证书编号中的类别不一致"),
        ({"id_number": "360102198001010011"}, "身份证号码"),
        ({"source_state": "不知道"}, "无法识别的状态"),
    ],
)
def test_a_correction_is_read_like_an_import(
    clerk: User, holder: Person, changed: dict[str, str], sentence: str
) -> None:
    load(row("张三", 1, 7, 有效期止="2092-02-28"))
    (record,) = waiting()
    answer = post(clerk, record, decision="correct", **corrected(record, **({"valid_to": "2027-02-28"} | changed)))
    assert answer.status_code == 400
    assert sentence in answer.text
    assert BASIS in answer.text
    assert states() == [LegacyState.QUARANTINED]


def test_a_correction_to_a_row_that_exists_is_refused(clerk: User, holder: Person) -> None:
    first, _ = pair()
    answer = post(clerk, first, decision="correct", **corrected(first, enterprise_name="江西乙建筑有限公司"))
    assert answer.status_code == 409
    assert "已经有一条" in answer.text


def corrected(record: LegacyCertificate, **changed: str) -> dict[str, str]:
    values = {
        "name": record.name,
        "id_number": "",
        "number": record.number,
        "category": record.category,
        "enterprise_name": record.enterprise_name,
        "post": record.post,
        "first_issued_on": "",
        "issued_on": "",
        "valid_from": str(record.valid_from),
        "valid_to": str(record.valid_to),
        "source_state": record.source_state,
    }
    return values | changed


# --- what is a certificate already ---


def made_and_contradicted(holder: Person) -> tuple[Certificate, LegacyCertificate]:
    load(row("张三", 1, 7))
    load(row("张三", 1, 7, 企业名称="江西乙建筑有限公司"), name="又一批.csv")
    (record,) = waiting()
    return Certificate.objects.get(), record


def test_a_certificate_on_which_nothing_was_built_is_made_anew(clerk: User, holder: Person) -> None:
    certificate, record = made_and_contradicted(holder)
    decide(record, LegacyDecision.THIS, clerk)
    again = Certificate.objects.get()
    assert (again.pk, again.enterprise_name) == (certificate.pk, "江西乙建筑有限公司")
    assert (again.legal_state, again.taken_back_at) == (LegalState.VALID, None)
    trail = CertificateEvent.objects.filter(certificate=again).order_by("pk")
    assert [one.kind for one in trail] == ["legacy", "legacy_taken_back", "legacy"]
    assert again.terms.filter(reversed_at__isnull=True).count() == 1


def test_a_certificate_with_later_business_is_not_replaced(clerk: User, holder: Person) -> None:
    certificate, record = made_and_contradicted(holder)
    CertificateEvent.objects.create(
        certificate=certificate,
        effective_on=NOW.date(),
        operation="09",
        state_before="01",
        state_after="01",
        kind="employer_change",
        summary="变更单位",
    )
    with pytest.raises(Refused) as refused:
        decide(record, LegacyDecision.THIS, clerk)
    assert codes(refused) == {"legacy.built_upon"}
    assert "变更单位" in refused.value.findings[0].detail
    decide(record, LegacyDecision.NEITHER, clerk)
    assert Certificate.objects.get().enterprise_name == "江西甲建筑有限公司"


def test_what_would_be_set_aside_again_is_refused_with_the_reason(clerk: User) -> None:
    make_person("王五", id_number=id_number(1))
    load(row("张三", 1, 7))
    (record,) = waiting()
    with pytest.raises(Refused) as refused:
        decide(record, LegacyDecision.OTHER, clerk)
    assert codes(refused) == {"legacy.no_other"}
    load(row("赵六", 2, 9, number="浙建安A（2024）0000009"))
    with pytest.raises(Refused) as refused:
        decide(waiting()[1], LegacyDecision.THIS, clerk)
    assert "legacy.not_local" in codes(refused)


# --- two clerks ---


def test_the_second_clerk_reads_who_was_faster(clerk: User, holder: Person) -> None:
    first, _ = pair()
    late = chosen(first, LegacyDecision.NEITHER)
    decide(first, LegacyDecision.THIS, clerk)
    colleague = make_staff(clerk.office, Duty.REGISTRY, name="温知夏")
    with pytest.raises(Refused) as refused:
        settle(first.pk, late, by=actor(colleague), now=NOW)
    assert codes(refused) == {"legacy.settled"}
    assert "项暮云已于" in refused.value.findings[0].detail
    assert LegacySettlement.objects.count() == 1


def test_a_double_click_changes_nothing(clerk: User, holder: Person) -> None:
    first, _ = pair()
    page = browser(clerk).get(f"/office/settling/{first.pk}/").text
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]  # type: ignore[index]
    fields = {"seen": seen, "basis": BASIS, "decision": "this"}
    answers = [browser(clerk).post(f"/office/settling/{first.pk}/", fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 409]
    assert "没有重复办理" in answers[1].text
    assert (LegacySettlement.objects.count(), Certificate.objects.count()) == (1, 1)


def test_a_page_that_is_no_longer_true_decides_nothing(clerk: User, holder: Person) -> None:
    first, _ = pair()
    old = chosen(first, LegacyDecision.THIS)
    load(row("张三", 1, 7, 企业名称="江西丙建筑有限公司"), name="第三份.csv")
    with pytest.raises(Refused) as refused:
        settle(first.pk, old, by=actor(clerk), now=NOW)
    assert codes(refused) == {"legacy.changed"}


# --- who, and how it is found ---


def test_only_the_registry_of_the_province_settles(clerk: User, holder: Person) -> None:
    first, _ = pair()
    elsewhere = make_staff(make_office("九江市住房和城乡建设局", region="360400"), Duty.REGISTRY, name="陈九")
    reviewer = make_staff(clerk.office, Duty.DECIDE, name="刘洋")
    for user in (elsewhere, reviewer):
        for address in ("/office/settling/", f"/office/settling/{first.pk}/"):
            assert browser(user).get(address).status_code == 403
            assert browser(user).post(address, {"decision": "this", "basis": BASIS}).status_code == 403
        with pytest.raises(Refused) as refused:
            decide(first, LegacyDecision.THIS, user)
        assert codes(refused) == {"legacy.not_yours"}
    assert states() == [LegacyState.QUARANTINED] * 2


def test_a_basis_is_needed(clerk: User, holder: Person) -> None:
    first, _ = pair()
    answer = post(clerk, first, decision="this", basis="  ")
    assert answer.status_code == 400
    assert "请填写依据" in answer.text


def test_the_list_is_searched_and_narrowed(clerk: User) -> None:
    pair()
    load(row("李四", 2, 9, 有效期止="2092-02-28"), name="另一份.csv")
    last = waiting()[-1]
    client = browser(clerk)

    def shown(query: str) -> int:
        return client.get(f"/office/settling/?{query}").text.count('href="/office/settling/')

    everything = shown("")
    assert shown("q=李四") < everything
    assert "李四" in client.get("/office/settling/?q=赣建安A（2024）0000009").text
    assert "李四" in client.get("/office/settling/?reason=other").text
    assert "李四" not in client.get("/office/settling/?reason=number").text
    assert "张三" not in client.get(f"/office/settling/?run={last.import_run_id}").text
    assert client.get("/office/settling/?run=x&reason=y&q=%00").status_code in (200, 400)
    found = client.post("/office/settling/", {"id_number": id_number(2)})
    assert "李四" in found.text
    assert id_number(2) not in found.text
    assert "张三" not in found.text


def test_queries_do_not_grow(clerk: User, django_assert_max_num_queries) -> None:
    first, _ = pair()
    client = browser(clerk)
    client.get("/office/settling/")
    with django_assert_max_num_queries(14):
        client.get("/office/settling/")
    for serial in range(10, 20):
        load(row("李四", 2, serial, 有效期止="2092-02-28"), name=f"{serial}.csv")
    with django_assert_max_num_queries(14):
        client.get("/office/settling/")
    with django_assert_max_num_queries(24):
        client.get(f"/office/settling/{first.pk}/")


def test_settlements_are_never_changed(clerk: User, holder: Person) -> None:
    first, _ = pair()
    settlement = decide(first, LegacyDecision.NEITHER, clerk)
    with pytest.raises(DatabaseError), transaction.atomic():
        LegacySettlement.objects.filter(pk=settlement.pk).update(basis="别的")
