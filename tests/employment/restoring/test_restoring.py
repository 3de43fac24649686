"""Employments given back to an enterprise that was called dissolved by mistake."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Duty
from administration.models import AuditEntry, Message
from common.findings import Refused
from employment.models import Employment
from employment.restoring.services import restore_employments
from enterprises.enums import EnterpriseStatus
from enterprises.models import Enterprise
from enterprises.register.dissolution import dissolve
from tests.clock import Clock
from tests.enterprises.ca_login.keys import answer, issue
from tests.enterprises.register.test_imports import enterprise_row, load
from tests.factories import (
    Province,
    make_employment,
    make_enterprise,
    make_office,
    make_operator,
    make_person,
    make_staff,
    make_uscc,
)
from tests.workflow.browsing import NOW, browser, words

pytestmark = pytest.mark.django_db
REASON = "市场监督管理局更正证明 洪市监更〔2026〕7号"


class Mistake:
    """Four people: one to be restored, one employed elsewhere, one whose contract is over, one who left before."""

    def __init__(self) -> None:
        Province()
        self.enterprise = make_enterprise("江西误销建设有限公司")
        self.clerk = make_staff(make_office("登记处", region="360000"), Duty.REGISTRY, name="登记员")
        self.back, self.elsewhere, self.over, self.left = [
            make_person(name) for name in ("甲一", "乙二", "丙三", "丁四")
        ]
        for person in (self.back, self.elsewhere, self.over):
            make_employment(person, self.enterprise, "08")
        gone = make_employment(self.left, self.enterprise, "08")
        Employment.objects.filter(pk=gone.pk).update(ended_at=NOW - timedelta(9), end_reason="by_enterprise")
        dissolve({self.enterprise.pk: ("dissolved", NOW.date())})
        make_employment(self.elsewhere, make_enterprise("江西新单位建设有限公司"), "08")
        over = Employment.objects.filter(person=self.over)
        over.update(contract_from=NOW.date() - timedelta(400), contract_to=NOW.date() - timedelta(1))

    def exists_again(self) -> None:
        Enterprise.objects.filter(pk=self.enterprise.pk).update(status=EnterpriseStatus.EXISTING, dissolved_on=None)

    @property
    def page(self) -> str:
        return f"/office/employment/restore/{self.enterprise.pk}/"

    @property
    def door(self) -> Client:
        return browser(self.clerk)


@pytest.fixture
def mistake(clock: Clock) -> Mistake:
    clock.stop_at(NOW)
    return Mistake()


def test_workflow_b9_after_a_dissolution_in_error_the_employments_are_restored(mistake: Mistake) -> None:
    mistake.exists_again()
    assert mistake.enterprise.name in words(mistake.door.get("/office/employment/restore/"))
    assert "可以恢复" in words(mistake.door.get(mistake.page))
    Message.objects.all().delete()
    report = words(mistake.door.post(mistake.page, {"reason": REASON}))
    for part in ("已恢复", "此人现受聘于江西新单位建设有限公司", "劳动合同已到期，不恢复", "甲一", "乙二", "丙三"):
        assert part in report
    assert "丁四" not in report
    (active,) = Employment.objects.active().filter(enterprise=mistake.enterprise)
    assert (active.person, active.end_reason, active.posts) == (mistake.back, "", ["08"])
    boxes = set(Message.objects.values_list("mailbox_id", flat=True))
    assert boxes == {mistake.back.mailbox_id, mistake.enterprise.mailbox_id}
    entry = AuditEntry.objects.get(action="restore_employments")
    assert (entry.detail["reason"], entry.detail["employments"]) == (REASON, [active.pk])
    assert mistake.enterprise.name not in words(mistake.door.get("/office/employment/restore/"))


def test_workflow_b9_restoring_is_refused_with_every_reason(mistake: Mistake) -> None:
    with pytest.raises(Refused) as refused:
        restore_employments(enterprise_id=mistake.enterprise.pk, reason=" ", by=mistake.clerk)
    assert [one.code for one in refused.value.findings] == ["restore.gone", "restore.reason"]
    page = words(mistake.door.get(mistake.page))
    assert "企业在台账中已注销" in page
    answer = mistake.door.post(mistake.page, {"reason": REASON})
    assert answer.status_code == 409
    assert "先在“工商登记查询”中" in words(answer)
    mistake.exists_again()
    assert mistake.door.post(mistake.page, {"reason": ""}).status_code == 400
    assert not Employment.objects.active().filter(enterprise=mistake.enterprise).exists()


def test_workflow_b9_a_second_tab_restores_nothing_twice(mistake: Mistake) -> None:
    mistake.exists_again()
    assert mistake.door.post(mistake.page, {"reason": REASON}).status_code == 200
    second = mistake.door.post(mistake.page, {"reason": REASON})
    assert second.status_code == 409
    assert "没有可以恢复的聘用关系" in words(second)
    assert AuditEntry.objects.filter(action="restore_employments").count() == 1


def test_workflow_b9_only_the_registry_restores(mistake: Mistake) -> None:
    mistake.exists_again()
    assert browser(Province().reviewer).get(mistake.page).status_code == 403
    assert browser(make_operator(mistake.enterprise)).get(mistake.page).status_code in (302, 403)
    assert mistake.door.get("/office/employment/restore/999999/").status_code == 404


def test_the_advice_at_the_login_of_an_unknown_and_of_a_dissolved_enterprise_can_be_followed() -> None:
    Province()
    clerk = browser(make_staff(make_office("登记处", region="360000"), Duty.REGISTRY))
    uscc, name = make_uscc(), "江西复业建设有限公司"
    key = issue(uscc)

    def refused() -> str:
        page = answer(Client(), key)
        assert page.status_code == 403
        assert "/person/registration-points/" in page.content.decode()
        return words(page)

    assert "企业未登记" in refused()
    assert Client().get("/person/registration-points/").status_code == 200
    assert "数据导入" in words(clerk.get("/office/imports/"))
    assert load("enterprises", enterprise_row(uscc, name)).new == 1
    assert answer(Client(), key).status_code == 302
    enterprise = Enterprise.objects.get(uscc=uscc)
    make_employment(make_person(), enterprise, "08")
    dissolve({enterprise.pk: ("dissolved", timezone.localdate())})
    assert "当时解除的聘用关系由登记人员核对后恢复" in refused()
    assert load("enterprises", enterprise_row(uscc, name)).changed == 1
    # Whoever corrected the register, the keeper sees on every page that people still wait, and in the opened group where.
    assert "企业登记事项有1件" in words(clerk.get("/office/imports/"))
    assert "恢复聘用关系有1件" in words(clerk.get("/office/enterprises/registry/"))
    page = clerk.post(f"/office/employment/restore/{enterprise.pk}/", {"reason": REASON})
    assert "已恢复" in words(page)
    assert answer(Client(), key).status_code == 302
    assert "企业登记事项有" not in words(clerk.get("/office/imports/"))
    assert "恢复聘用关系有" not in words(clerk.get("/office/enterprises/registry/"))
