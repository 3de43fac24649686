"""An enterprise gets another code (三证合一, conversion): it stays the same enterprise, and both codes find it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.enums import Duty
from accounts.models import User
from administration.models import AuditEntry, Message
from certificates.legacy.matching import _Employers
from certificates.models import LegacyCertificate
from common.files.uploads import check_upload
from common.findings import Refused
from enterprises.ca_login.key_services import PresentedKey, renewable
from enterprises.code_change.services import NewCode, change_code
from enterprises.enums import CodeKind
from enterprises.models import CaKey, CodeChange, CodeChangeRequest, Enterprise, FormerCode
from enterprises.register.services import EnterpriseFacts, save_enterprise
from tests.clock import Clock
from tests.concurrency import at_once
from tests.enterprises.ca_login.keys import answer, issue
from tests.enterprises.register.test_imports import enterprise_row, load
from tests.factories import (
    make_employment,
    make_enterprise,
    make_office,
    make_operator,
    make_person,
    make_staff,
    make_uscc,
    photo_jpeg,
)
from tests.workflow.browsing import browser, words

OLD_LICENCE = "360100210012345"
WHY = "旧营业执照正本，2009年核发，未换照"


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("证明.jpg", photo_jpeg(), content_type="image/jpeg")


@pytest.fixture
def clerk(db: None) -> User:
    return make_staff(make_office(), Duty.REGISTRY)


def typed(enterprise: Enterprise, code: str, **changed: Any) -> dict[str, Any]:
    return {
        "code": code,
        "document": "南昌市市场监督管理局《变更登记通知书》（洪市监变〔2026〕12号）",
        "document_on": "2026年1月5日",
        "reason": "三证合一换发执照。\r\n与旧执照、公示系统核对一致。",
        "evidence": scan(),
        "same": "on",
        "seen": enterprise.uscc,
    } | changed


def address(enterprise: Enterprise) -> str:
    return f"/office/enterprises/{enterprise.pk}/code/"


def changed(enterprise: Enterprise, code: str, by: User, **options: Any) -> CodeChange:
    enterprise.refresh_from_db()
    new = NewCode(code, "变更通知书", date(2026, 1, 5), "三证合一", check_upload(scan()), **options)
    return change_code(enterprise_id=enterprise.pk, new=new, seen=enterprise.uscc, by=by, now=timezone.now())


def refusals(enterprise: Enterprise, code: str, by: User, **options: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        changed(enterprise, code, by, **options)
    return [finding.code for finding in refused.value.findings]


@pytest.fixture
def old_licence(db: None) -> Enterprise:
    return make_enterprise("江西赣水建设有限公司", uscc=OLD_LICENCE, code_kind=CodeKind.REGISTRATION, code_reason=WHY)


def test_the_journey_from_an_old_licence_to_a_valid_code_and_what_follows(clerk: User, old_licence: Enterprise) -> None:
    enterprise, code = old_licence, make_uscc()
    operator = make_operator(enterprise)
    employment = make_employment(make_person(), enterprise, "08")
    desk = browser(clerk)
    assert address(enterprise) in desk.get("/office/enterprises/code/", {"q": "赣水"}).content.decode()
    assert "15位注册号" in words(desk.get(address(enterprise)))
    for bad, sentence in (
        ({"code": "91360102MA"}, "应为18位"),
        ({"document_on": "2099-01-01"}, "不能晚于今天"),
        ({"reason": "字" * 501}, "最多500字，现在501字"),
        ({"same": ""}, "确认是同一家企业后才能变更"),
        ({"seen": "别的号码"}, "已把号码变更为"),
    ):
        page = desk.post(address(enterprise), typed(enterprise, code) | bad)
        assert page.status_code in (400, 409)
        assert sentence in words(page)
    # The scan is kept from the failed attempts.
    without_scan = typed(enterprise, code, reason="行\r\n" * 249 + "行")
    del without_scan["evidence"]
    page = desk.post(address(enterprise), without_scan, follow=True)
    assert "等待另一名登记人员复核" in words(page)
    enterprise.refresh_from_db()
    assert enterprise.uscc == OLD_LICENCE
    second = make_staff(make_office(), Duty.REGISTRY)
    asked = CodeChangeRequest.objects.get()
    page = browser(second).post(f"/office/enterprises/code-requests/{asked.pk}/", {"code": code}, follow=True)
    assert f"号码已变更为{code}" in words(page)
    assert all(one in words(page) for one in (OLD_LICENCE, code, "洪市监变〔2026〕12号", clerk.name))
    enterprise.refresh_from_db()
    assert (enterprise.uscc, enterprise.code_kind, enterprise.code_reason) == (code, "uscc", "")
    former, change = FormerCode.objects.get(), CodeChange.objects.get()
    assert (former.code, former.code_kind, former.code_reason) == (OLD_LICENCE, "registration", WHY)
    assert change.reason.count("\n") == 249
    employment.refresh_from_db()
    assert (employment.enterprise, employment.is_active) == (enterprise, True)
    for wanted in (OLD_LICENCE, code):
        assert enterprise.name in words(desk.get("/office/enterprises/code/", {"q": wanted}))
        assert enterprise.name in words(desk.get("/office/registry/enterprises/enterprise/", {"q": wanted}))
    assert OLD_LICENCE in words(browser(operator).get("/enterprise/profile/"))
    assert Message.objects.filter(mailbox=enterprise.mailbox, title__contains=code).exists()
    entry = AuditEntry.objects.get(action="enterprise.code_changed")
    assert (entry.actor_id, entry.detail["former"], entry.detail["code"]) == (second.pk, OLD_LICENCE, code)
    assert AuditEntry.objects.get(action="enterprise.ask_code_change").actor_id == clerk.pk
    assert desk.get(f"/office/enterprises/code-changes/{change.pk}/evidence/").status_code == 200


def test_imports_and_old_certificates_find_it_by_both_codes(clerk: User, old_licence: Enterprise) -> None:
    enterprise, code = old_licence, make_uscc()
    changed(enterprise, code, clerk)
    book = load("enterprises", enterprise_row(OLD_LICENCE, enterprise.name, 法定代表人="李四"))
    assert (book.new, book.changed, book.bad) == (0, 1, 0)
    assert code in book.notes[0].sentence
    book = load("enterprises", enterprise_row(OLD_LICENCE, enterprise.name, 状态="注销", 注销日期="2026-01-04"))
    assert (book.bad, "请按现用号码导入" in book.problems[0].sentence) == (1, True)
    for number, wanted in (("P1", OLD_LICENCE), ("P2", code)):
        row = {"项目名称": "桥", "项目编号": number, "统一社会信用代码": wanted}
        assert load("projects", row | {"身份证号": str(make_person().id_number)}).bad == 0
    assert enterprise.projects.count() == 2
    records = [LegacyCertificate(uscc=one, enterprise_name="另一名称有限公司") for one in (OLD_LICENCE, code)]
    employers = _Employers.load(records)
    assert [employers.of(record) for record in records] == [enterprise, enterprise]


def test_a_former_code_belongs_to_nobody_else(clerk: User, old_licence: Enterprise) -> None:
    enterprise, code = old_licence, make_uscc()
    changed(enterprise, code, clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_enterprise(uscc=OLD_LICENCE, code_kind=CodeKind.REGISTRATION, code_reason=WHY)
    given = {"code": OLD_LICENCE, "name": "江西另一有限公司", "region": "360102", "reason": WHY, "seen": "on"}
    page = words(browser(clerk).post("/office/enterprises/old-code/", given))
    assert f"这是{enterprise.name}的曾用号码" in page
    other = make_enterprise()
    changed(enterprise, make_uscc(), clerk)
    assert refusals(other, code, clerk) == ["code.former"]
    assert refusals(other, other.uscc, clerk) == ["code.same"]
    assert refusals(other, "91360102MA7000431Z", clerk) == ["code.form"]


def test_a_code_in_use_is_refused_with_the_way_and_an_empty_entry_is_taken_over(clerk: User) -> None:
    enterprise, other = make_enterprise(), make_enterprise("江西空壳有限公司")
    employment = make_employment(make_person(), other, "08")
    page = words(browser(clerk).post(address(enterprise), typed(enterprise, other.uscc)))
    assert "名下有聘用关系" in page
    assert "不在本页合并" in page
    employment.delete()
    change = changed(enterprise, other.uscc, clerk)
    assert (change.took_over, change.code) == ("江西空壳有限公司", other.uscc)
    assert not Enterprise.objects.filter(pk=other.pk).exists()


def test_a_mistake_is_put_right_by_the_same_business_while_nothing_was_built_on_it(clerk: User) -> None:
    enterprise, wrong = make_enterprise(), make_uscc()
    first = enterprise.uscc
    changed(enterprise, wrong, clerk)
    changed(enterprise, first, clerk, keeps_former=False)
    enterprise.refresh_from_db()
    assert (enterprise.uscc, FormerCode.objects.count(), CodeChange.objects.count()) == (first, 0, 2)
    assert make_enterprise(uscc=wrong).uscc == wrong
    second = make_uscc()
    changed(enterprise, second, clerk)
    make_operator(enterprise)
    assert refusals(enterprise, first, clerk, keeps_former=False) == ["code.used"]
    changed(enterprise, first, clerk)
    assert FormerCode.objects.get().code == second


def test_a_code_that_came_back_is_no_mistake_if_it_was_used_before(clerk: User) -> None:
    enterprise = make_enterprise()
    first, wrong = enterprise.uscc, make_uscc()
    make_operator(enterprise)
    changed(enterprise, wrong, clerk)
    changed(enterprise, first, clerk, keeps_former=False)
    assert refusals(enterprise, make_uscc(), clerk, keeps_former=False) == ["code.used"]


def test_a_key_with_the_new_code_opens_it_and_one_with_the_old_code_for_a_while(clerk: User, clock: Clock) -> None:
    enterprise, code = make_enterprise(), make_uscc()
    now = timezone.now()
    old_key = issue(enterprise.uscc, not_before=now - timedelta(days=9), not_after=now + timedelta(days=200))
    new_key = issue(code, not_before=now - timedelta(days=1))
    assert answer(Client(), old_key).status_code == 302
    first = CaKey.objects.get()
    changed(enterprise, code, clerk)
    assert answer(Client(), old_key).status_code == 302
    entered = Client()
    assert answer(entered, new_key)["Location"] == "/enterprise/login/operator/"
    assert "接替" in words(entered.get("/enterprise/login/operator/"))
    clock.stop_at(timezone.now() + timedelta(days=31))
    page = answer(Client(), old_key)
    assert page.status_code == 403
    assert f"已变更为{code}" in words(page)
    presented = PresentedKey(
        uscc=code,
        certificate_name=first.certificate_name,
        fingerprint="ef" * 32,
        serial_number="2f",
        issuer="CN=演示",
        valid_from=first.valid_from + timedelta(days=1),
        valid_to=first.valid_to + timedelta(days=1),
    )
    assert renewable(Enterprise.objects.get(), presented, now=first.bound_at) == [first]


@pytest.mark.django_db(transaction=True)
def test_a_change_and_an_import_at_the_same_moment_leave_one_owner_of_each_code() -> None:
    clerk, enterprise = make_staff(make_office(), Duty.REGISTRY), make_enterprise()
    former, code = enterprise.uscc, make_uscc()

    def take(wanted: str) -> Callable[[], object]:
        return lambda: save_enterprise(EnterpriseFacts(uscc=wanted, name="江西新有限公司", region_code="360102"))

    at_once([lambda: changed(enterprise, code, clerk), take(code), take(former)])
    owners = [
        set(Enterprise.objects.filter(uscc=one).values_list("pk", flat=True))
        | set(FormerCode.objects.filter(code=one).values_list("enterprise", flat=True))
        for one in (former, code)
    ]
    assert all(len(found) <= 1 for found in owners), owners
    enterprise.refresh_from_db()
    assert owners[0] == {enterprise.pk}


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_the_same_moment_make_one_change(clock: Clock) -> None:
    clock.stop_at(datetime.fromisoformat("2026-11-23T10:00:00+08:00"))
    clerk, enterprise = make_staff(make_office(), Duty.REGISTRY), make_enterprise()
    seen, codes = enterprise.uscc, [make_uscc(), make_uscc()]

    def change(code: str) -> Callable[[], object]:
        new = NewCode(code, "变更通知书", date(2026, 1, 5), "三证合一", check_upload(scan()))
        return lambda: change_code(enterprise_id=enterprise.pk, new=new, seen=seen, by=clerk, now=timezone.now())

    done = at_once([change(code) for code in codes])
    assert sum(isinstance(one, CodeChange) for one in done) == 1, done
    assert [one.findings[0].code for one in done if isinstance(one, Refused)] == ["code.changed_meanwhile"]
