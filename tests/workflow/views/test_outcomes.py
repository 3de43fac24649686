"""A refusal is never the end of the road, and an approval begins with what it has brought."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from administration.models import Message
from certificates.documents.services import make_document
from certificates.documents.transfer_proofs import make_transfer_proof
from certificates.models import CertificateVersion, TransferProof
from tests.clock import Clock
from tests.worlds.base import NOW, World
from tests.worlds.employer_change import EmployerChangeWorld
from tests.worlds.employment_start import EmploymentStartWorld
from tests.worlds.extension import ExtensionWorld
from tests.worlds.transfer_out import TransferOutWorld
from workflow.enums import Action, Desk
from workflow.models import Application, Event
from workflow.services.acting import act
from workflow.services.deadlines import apply_deadlines

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def filer(world: World) -> Client:
    client = Client()
    client.force_login(world.person_user)
    return client


def decide(
    world: World, application: Application, action: Action = Action.APPROVE, comment: str = "劳动争议未了结"
) -> None:
    seen = world.originals(application) if action == Action.APPROVE else {}
    act(application.pk, action=action, actor=world.holder(application), comment=comment, detail=seen, now=NOW)
    application.refresh_from_db()


def approved(world: World) -> Application:
    application = world.file()
    while application.is_open:
        decide(world, application)
    return application


def page_of(world: World, application: Application) -> str:
    return filer(world).get(f"/applications/{application.number}/").text


def first_button(page: str) -> str:
    found = re.search(r'<a class="btn btn-primary" href="([^"]*)"', page[page.index('<main id="main"') :])
    return found[1] if found else ""


def told(world: World) -> Message:
    return Message.objects.filter(mailbox=world.person.mailbox_id).latest("pk")


def test_a_change_that_the_former_enterprise_refuses_leads_to_the_correction() -> None:
    world = EmployerChangeWorld()
    application = world.file()
    assert application.desk == Desk.FORMER_EMPLOYER
    decide(world, application, Action.REJECT)
    page = page_of(world, application)
    correction = f"/applications/new/correction/?certificate={world.certificate.pk}"
    assert first_button(page) == correction
    assert "“劳动争议未了结”" in page
    for words in (
        "原单位不同意，这次申请已结束",
        "裁决书、判决书或调解书",
        "劳动人事争议仲裁委员会",
        "先和单位说清楚，再重新申请",
    ):
        assert words in page
    assert f"/applications/new/employer_change/?certificate={world.certificate.pk}" in page
    client = filer(world)
    assert client.get(correction).status_code == 200
    assert client.get("/guides/correction/").status_code == 200
    assert "接下来可以怎么办" in told(world).body


def test_a_change_that_an_office_refuses_leads_to_a_new_one_and_to_the_correction() -> None:
    world = EmployerChangeWorld()
    application = world.file()
    decide(world, application)
    decide(world, application, Action.REJECT, "证书上的初次领证日期与档案不符")
    page = page_of(world, application)
    assert first_button(page) == f"/applications/new/employer_change/?certificate={world.certificate.pk}"
    assert "“证书上的初次领证日期与档案不符”" in page
    assert f"/applications/new/correction/?certificate={world.certificate.pk}" in page
    assert "/guides/correction/" in page
    assert page.index("证书上的内容有误") < page.index("可以申请行政复议")


def test_a_withdrawn_change_is_not_sent_to_the_correction() -> None:
    world = EmployerChangeWorld()
    application = world.file()
    decide(world, application)
    act(application.pk, action=Action.WITHDRAW, actor=world.filer, now=NOW)
    application.refresh_from_db()
    page = page_of(world, application)
    assert "重新申请" in page
    assert "/applications/new/correction/" not in page


def test_an_extension_that_the_employer_refuses_can_be_filed_again() -> None:
    world = ExtensionWorld()
    application = world.file()
    decide(world, application, Action.REJECT, "资料不全")
    page = page_of(world, application)
    again = f"/applications/new/extension/?certificate={world.certificate.pk}"
    assert again in page
    assert "受聘企业不同意，这次申请已结束" in page
    assert "报名考核的办法" in page
    assert filer(world).get(again).status_code == 200
    office = Client()
    office.force_login(world.province.reviewer)
    assert "接下来可以怎么办" not in office.get(f"/applications/{application.number}/").text


def test_a_refusal_by_an_office_names_the_remedies_with_their_days() -> None:
    world = ExtensionWorld()
    application = world.file()
    decide(world, application)
    decide(world, application, Action.REJECT, "材料不实")
    page = page_of(world, application)
    assert "到2027年1月22日）可以申请行政复议" in page
    assert "六个月内（到2027年5月23日）可以向人民法院起诉" in page


def test_after_approval_the_certificate_is_the_first_button() -> None:
    world = ExtensionWorld()
    application = approved(world)
    page = page_of(world, application)
    assert "电子证书签发中，完成后在这里下载" in page
    version = CertificateVersion.objects.get(application=application)
    make_document(version.pk)
    page = page_of(world, application)
    assert first_button(page) == f"/person/certificates/{world.certificate.pk}/document/"
    assert "有效期 2027年2月1日 至 2030年1月31日" in page
    assert "打开办件可以直接查看和下载结果" in told(world).body


def test_after_a_transfer_the_proof_is_the_first_button() -> None:
    world = TransferOutWorld()
    application = approved(world)
    make_transfer_proof(TransferProof.objects.get().pk)
    assert first_button(page_of(world, application)) == f"/person/certificates/{world.certificate.pk}/proof/"


def test_a_withdrawn_application_can_be_filed_again() -> None:
    world = ExtensionWorld()
    application = world.file()
    act(application.pk, action=Action.WITHDRAW, actor=world.filer, now=NOW)
    page = page_of(world, application)
    assert "已撤回" in page
    assert first_button(page) == f"/applications/new/extension/?certificate={world.certificate.pk}"


# --- asking to go on ---


def test_the_filer_asks_to_go_on_once_for_each_desk_and_day(clock: Clock) -> None:
    world = ExtensionWorld()
    application = world.file()
    client, address = filer(world), f"/applications/{application.number}/urge/"
    assert address in page_of(world, application)
    assert "已提醒对方尽快办理" in client.post(address, follow=True).text
    assert "今天已经催办过" in client.post(address, follow=True).text
    box = world.enterprise.mailbox_id
    assert Message.objects.filter(mailbox=box, title__startswith="催办：").count() == 1
    assert Event.objects.filter(application=application, action=Action.REMIND).count() == 1
    decide(world, application)
    client.post(address)
    office = world.province.municipal.mailbox_id
    assert Message.objects.filter(mailbox=office, title__startswith="催办：").count() == 1
    clock.stop_at(NOW + timedelta(days=1))
    filer(world).post(address)
    assert Message.objects.filter(mailbox=office, title__startswith="催办：").count() == 2


def test_nobody_else_asks_and_nobody_asks_himself() -> None:
    world = ExtensionWorld()
    application = world.file()
    address = f"/applications/{application.number}/urge/"
    employer = Client()
    employer.force_login(world.operator)
    assert "只有申请人可以催办" in employer.post(address, follow=True).text
    decide(world, application)
    decide(world, application, Action.RETURN, "请补充")
    assert address not in page_of(world, application)
    assert "不需要催办" in filer(world).post(address, follow=True).text
    assert not Message.objects.filter(title__startswith="催办：").exists()


# --- what is told on the way ---


def test_every_hand_over_names_who_has_it_and_until_when() -> None:
    world = ExtensionWorld()
    application = world.file()
    asked = Message.objects.filter(mailbox=world.enterprise.mailbox_id).latest("pk")
    assert re.fullmatch(rf"{world.person.name}提出，请在20\d\d年\d+月\d+日（含）前处理。", asked.body)
    decide(world, application)
    message = told(world)
    assert message.title == f"办件进展：证书延续 {application.number}"
    assert f"现在轮到{world.province.municipal.name}，" in message.body
    assert re.search(r"预计 20\d\d年\d+月\d+日前办结", page_of(world, application))


def test_whoever_is_asked_about_employment_learns_by_whom_and_until_when() -> None:
    world = EmploymentStartWorld()
    world.file()
    message = told(world)
    assert "聘用" in message.title
    assert re.fullmatch(rf"{world.enterprise.name}提出，请在20\d\d年\d+月\d+日（含）前处理。", message.body)


def test_a_silent_former_enterprise_is_told_to_the_applicant(clock: Clock) -> None:
    world = EmployerChangeWorld()
    world.file()
    later = datetime.combine(date(2027, 1, 20), NOW.timetz())
    clock.stop_at(later)
    assert apply_deadlines(now=later) == {"escalated": 1}
    assert "证书所在单位逾期未确认，转地市核实。现在轮到" in told(world).body
