"""主管部门处理 on the office's page: form, confirmation, result, and what others see of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Duty
from administration.models import AuditEntry
from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate, CertificateEvent
from tests.clock import Clock
from tests.factories import make_certificate, make_enterprise, make_staff
from tests.workflow.browsing import browser, words
from tests.worlds.extension import ExtensionWorld
from tests.worlds.transfer_out import TransferOutWorld
from workflow.actors import SYSTEM
from workflow.enums import Action, Status
from workflow.models import Bar
from workflow.services.acting import act

from .authority_world import DOCUMENT, NOW, TODAY, Bench

pytestmark = pytest.mark.django_db
FORM = {"document_number": DOCUMENT, "reason": "未履行安全生产管理职责"}


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def address(certificate: Certificate, action: str) -> str:
    return f"/office/certificates/{certificate.pk}/actions/{action}/"


def decide(client: Client, url: str, **more: str) -> Any:
    """The form, then the press on the page that asks once more."""
    asked = client.post(url, FORM | more)
    assert asked.status_code == 200, words(asked)
    return client.post(url, FORM | more | {"confirmed": "1"}, follow=True)


def panel(client: Client, certificate: Certificate) -> str:
    return words(client.get(f"/office/certificates/{certificate.pk}/"))


def test_the_panel_offers_what_is_possible_and_says_why_not() -> None:
    bench = Bench()
    page = panel(browser(bench.province.decider), bench.certificate)
    for offered in ("暂扣", "撤销", "吊销", "注销（依职权）"):
        assert offered in page.split("现在不能作出的决定和原因")[0]
    assert "只有“暂扣”的证书可以暂扣发还" in page
    assert "只有“办理转出”的证书可以取消跨省调出" in page


def test_readers_without_the_duty_see_no_panel_and_cannot_open_the_forms() -> None:
    bench = Bench()
    reader = browser(make_staff(bench.province.provincial, Duty.REGISTRY))
    assert "主管部门处理" not in panel(reader, bench.certificate)
    (event,) = bench.act("suspend")
    for url in (address(bench.certificate, "revoke"), address(bench.certificate, f"overturn/{event.pk}")):
        assert reader.get(url).status_code == 403
        assert reader.post(url, FORM | {"confirmed": "1"}).status_code == 403
    assert bench.state() == "02"


def test_a_suspension_from_the_form_to_the_trail() -> None:
    bench = Bench()
    client = browser(bench.province.decider)
    url = address(bench.certificate, "suspend")
    assert "填写决定" in words(client.get(url))
    asked = words(client.post(url, FORM | {"until": "2027-05-22"}))
    assert "法定状态由“有效”变为“暂扣”" in asked
    assert "暂扣至2027年5月22日，期满次日系统自动发还" in asked
    assert bench.state() == "01"
    answer = client.post(url, FORM | {"until": "2027-05-22", "confirmed": "1"}, follow=True)
    page = words(answer)
    assert f"已暂扣，{bench.certificate.number}的法定状态为“暂扣”" in page
    assert f"暂扣至2027年5月22日：未履行安全生产管理职责，法定状态：暂扣，文号：{DOCUMENT}" in page
    assert "暂扣至2027年5月22日，期满次日系统自动发还" in page
    entry = AuditEntry.objects.get(action="authority_suspend")
    assert (entry.actor_id, entry.detail["document_number"]) == (bench.province.decider.pk, DOCUMENT)


def test_going_back_keeps_what_was_typed() -> None:
    bench = Bench()
    client = browser(bench.province.decider)
    answer = client.post(address(bench.certificate, "revoke"), FORM | {"ground": "fraud", "back": "1"})
    page = answer.content.decode()
    assert DOCUMENT in page
    assert "未履行安全生产管理职责" in page
    assert "填写决定" in page
    assert bench.state() == "01"


@pytest.mark.parametrize(
    ("action", "data", "sentences"),
    [
        ("revoke", {}, ["请填写文号", "请填写事由", "请选择情形"]),
        ("revoke", {"ground": "death", **FORM}, ["选择一个有效的选项"]),
        ("suspend", {"until": "2026-11-23", **FORM}, ["暂扣期限应晚于今天"]),
        ("suspend", {"until": "明年", **FORM}, ["暂扣至"]),
        (
            "withdraw",
            {"ground": "accident", "document_number": "文" * 101, "reason": "由" * 201},
            ["最多80个字", "最多200个字"],
        ),
    ],
)
def test_a_bad_form_says_so_at_the_field(action: str, data: dict[str, str], sentences: list[str]) -> None:
    bench = Bench()
    answer = browser(bench.province.decider).post(address(bench.certificate, action), data | {"confirmed": "1"})
    assert answer.status_code == 400
    for sentence in sentences:
        assert sentence in words(answer)
    assert bench.state() == "01"


def test_the_confirmation_names_everything_that_follows() -> None:
    world = ExtensionWorld()
    application = world.file(NOW)
    client = browser(world.province.decider)
    asked = words(client.post(address(world.certificate, "revoke"), FORM | {"ground": "fraud"}))
    assert f"在办的证书延续（{application.number}）随之终止" in asked
    assert "持证人2029年11月22日（含）前不得申请安全生产考核合格证书" in asked
    assert "在公告栏公告" in asked
    suspending = words(client.post(address(world.certificate, "suspend"), FORM))
    assert f"在办的证书延续（{application.number}）保留，暂扣期间不能通过" in suspending
    decide(client, address(world.certificate, "revoke"), ground="fraud")
    application.refresh_from_db()
    assert application.status == Status.CLOSED


def test_additional_certificates_are_named_before_and_after() -> None:
    bench = Bench("A")
    added = make_certificate(bench.person, make_enterprise(), "A", post="01", additional_to=bench.certificate)
    client = browser(bench.province.decider)
    url = address(bench.certificate, "withdraw")
    assert f"依附的增发A证{added.number}" in words(client.post(url, FORM | {"ground": "accident"}))
    decide(client, url, ground="accident")
    assert bench.state(added) == "04"
    event = CertificateEvent.objects.get(certificate=bench.certificate)
    asked = words(client.post(address(bench.certificate, f"overturn/{event.pk}"), FORM))
    assert f"依附的增发A证{added.number}同时恢复" in asked
    assert "解除限制：2031年11月22日（含）前不得担任企业主要负责人" in asked


def test_the_same_press_twice_decides_once_and_says_so() -> None:
    bench = Bench()
    client = browser(bench.province.decider)
    url = address(bench.certificate, "revoke")
    decide(client, url, ground="other")
    again = client.post(url, FORM | {"ground": "other", "confirmed": "1"}, follow=True)
    assert "这项决定刚才已经登记，没有重复办理" in words(again)
    assert CertificateEvent.objects.count() == 1
    other = client.post(url, FORM | {"ground": "other", "document_number": "别的文号", "confirmed": "1"})
    assert other.status_code == 409
    assert "现在的法定状态是“撤销”" in words(other)


def test_the_forms_ask_for_a_token() -> None:
    bench = Bench()
    client = browser(bench.province.decider, csrf=True)
    sent = FORM | {"confirmed": "1"}
    foreign = client.post(address(bench.certificate, "suspend"), sent, headers={"Origin": "http://evil.example"})
    assert foreign.status_code == 403
    answer = client.post(address(bench.certificate, "suspend"), sent)
    assert answer["Location"].startswith("/resume/")
    assert bench.state() == "01"


def test_an_adverse_decision_is_taken_back_from_the_page() -> None:
    bench = Bench()
    issue_electronic(certificate_id=bench.certificate.pk, by=SYSTEM, now=NOW)
    client = browser(bench.province.decider)
    decide(client, address(bench.certificate, "revoke"), ground="fraud")
    assert "持证人在限制期内" in panel(client, bench.certificate)
    event = CertificateEvent.objects.get(kind="revoke")
    assert f"/actions/overturn/{event.pk}/" in client.get(f"/office/certificates/{bench.certificate.pk}/").text
    url = address(bench.certificate, f"overturn/{event.pk}")
    assert "原决定" in words(client.get(url))
    asked = words(client.post(url, FORM))
    assert "由“撤销”变为“有效”" in asked
    page = words(decide(client, url))
    assert f"已撤回原决定，{bench.certificate.number}的法定状态为“有效”" in page
    assert "该决定已撤回" in page
    assert "持证人在限制期内" not in page
    assert "可以撤回的决定" not in page
    assert bench.state() == "01"
    repeated = client.get(url)
    assert repeated.status_code == 409
    assert "不能再次撤回" in words(repeated)


def test_a_transfer_is_undone_from_the_page() -> None:
    world = TransferOutWorld()
    application = world.file(NOW)
    for _ in range(2):
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        application.refresh_from_db()
    client = browser(world.province.decider)
    url = address(world.certificate, "undo_transfer_out")
    asked = words(client.post(url, FORM))
    assert "由“办理转出”变为“有效”" in asked
    assert "已出具的调出证明作废" in asked
    page = words(decide(client, url))
    assert "法定状态为“有效”" in page
    restoring = address(world.certificate, "restore")
    assert client.get(restoring).status_code == 409


def test_a_restoration_foresees_that_it_has_expired() -> None:
    bench = Bench()
    bench.act("suspend")
    Certificate.objects.filter(pk=bench.certificate.pk).update(ends_on="2026-11-01")
    bench.certificate.terms.update(ends_on="2026-11-01")
    client = browser(bench.province.decider)
    assert "由“暂扣”变为“失效”" in words(client.post(address(bench.certificate, "restore"), FORM))
    assert "法定状态为“失效”" in words(decide(client, address(bench.certificate, "restore")))


def test_unknown_things_are_not_found() -> None:
    bench, other = Bench(), Bench()
    (event,) = other.act("suspend")
    client = browser(other.province.decider)
    assert client.get(address(bench.certificate, "destroy")).status_code == 404
    assert client.get(address(bench.certificate, "overturn")).status_code == 404
    assert client.get("/office/certificates/999999/actions/suspend/").status_code == 404
    assert client.get(address(bench.certificate, f"overturn/{event.pk}")).status_code == 404
    (legacy,) = [
        CertificateEvent.objects.create(
            certificate=bench.certificate, effective_on=TODAY, operation="05", state_after="04", kind="legacy"
        )
    ]
    assert client.get(address(bench.certificate, f"overturn/{legacy.pk}")).status_code == 409


def test_the_holder_sees_the_bar_with_its_end() -> None:
    bench = Bench()
    assert bench.person.user is not None
    mine = browser(bench.person.user)
    assert "不得申请" not in words(mine.get("/person/certificates/"))
    bench.act("revoke", ground="false_material")
    for page in ("/person/certificates/", "/person/"):
        text = words(mine.get(page))
        assert "2027年11月22日（含）前不得申请安全生产考核合格证书" in text
        assert f"{bench.certificate.number}被撤销：隐瞒有关情况或者提供虚假材料" in text
    Bar.objects.update(lifted_at=NOW)
    assert "不得申请" not in words(mine.get("/person/"))


def test_the_holder_reads_the_decision_in_the_trail_but_not_who_took_it() -> None:
    bench = Bench()
    bench.act("revoke")
    assert bench.person.user is not None
    page = words(browser(bench.person.user).get(f"/person/certificates/{bench.certificate.pk}/"))
    assert f"文号：{DOCUMENT}" in page
    assert bench.province.decider.name not in page
    assert "主管部门处理" not in page


def test_the_page_takes_the_same_queries_for_a_long_trail(count_queries: Callable[[Callable[[], object]], int]) -> None:
    bench = Bench()
    client = browser(bench.province.decider)
    counts = []
    for rounds in (1, 6):
        for _ in range(rounds):
            bench.act("suspend")
            bench.act("restore")
        counts.append(count_queries(lambda: panel(client, bench.certificate)))
    assert counts[0] == counts[1]
