"""One selector says of each certificate what is so and what comes next, wherever the person looks."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from administration.models import Message
from certificates.enums import LegalState, Operation
from certificates.models import Certificate
from certificates.nightly import remind_of_ends
from certificates.pages.detail import cards_of
from certificates.pages.situations.situation import Situation
from certificates.state.services import StateChange, change_states
from employment.models import Employment
from enterprises.models import Enterprise
from tests.clock import Clock
from tests.factories import make_certificate, make_employment, make_enterprise, make_person, make_training
from tests.worlds.base import World
from tests.worlds.c3_merge import C3MergeWorld
from tests.worlds.extension import ExtensionWorld
from workflow.actors import SYSTEM
from workflow.enums import Action
from workflow.models import Application
from workflow.services.acting import act

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
HOME, LIST = "/person/", "/person/certificates/"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


class Holder:
    def __init__(self) -> None:
        self.enterprise: Enterprise = make_enterprise()
        self.person = make_person("欧阳·䶮")
        make_employment(self.person, self.enterprise, "07", "08")
        assert self.person.user is not None
        self.client = Client()
        self.client.force_login(self.person.user)

    def holds(self, category: str, ends_on: date) -> Certificate:
        return make_certificate(self.person, self.enterprise, category, ends_on=ends_on)

    def studies(self) -> None:
        make_training(self.person, ends_on=date(2026, 6, 1))

    def lines(self) -> list[Situation]:
        return [card.situation for card in cards_of(self.person)]

    def pages(self, certificate: Certificate) -> list[str]:
        return [self.client.get(address).text for address in (HOME, LIST, f"{LIST}{certificate.pk}/")]


@pytest.fixture
def holder() -> Holder:
    return Holder()


def decide(world: World, application: Application, action: Action = Action.APPROVE) -> None:
    seen = world.originals(application) if action == Action.APPROVE else {}
    act(application.pk, action=action, actor=world.holder(application), comment="请补充说明", detail=seen, now=NOW)
    application.refresh_from_db()


def primary(page: str) -> list[str]:
    content = page[page.index('<main id="main"') :]
    return re.findall(r'<a class="btn btn-primary" href="([^"]*)"', content)


def test_days_and_hours_are_told_everywhere_and_nothing_is_green(holder: Holder) -> None:
    certificate = holder.holds("B", date(2026, 12, 8))
    (line,) = holder.lines()
    assert (line.tone, line.words) == ("bad", "还有 15 天到期 · 学时 0/24 · 还不能延续")
    for page in holder.pages(certificate):
        assert '还有 <span class="days">15</span> 天到期' in page
        assert "还差 24 学时，2026年12月8日（含）前学完并提交延续" in page
        assert "/person/training/" in page
        assert "来不及怎么办" in page
        assert "可以办理业务" not in page
    assert primary(holder.client.get(HOME).text) == ["/person/training/"]
    assert 'class="truth good"' not in holder.client.get(HOME).text


def test_whoever_may_extend_has_one_button_and_the_day(holder: Holder) -> None:
    certificate = holder.holds("B", date(2026, 12, 3))
    holder.holds("C2", date(2028, 4, 30))
    holder.studies()
    first, second = holder.lines()
    assert (first.certificate, first.tone, first.mark) == (certificate, "warn", "可以延续")
    assert (second.title, second.tone) == ("正常使用", ""), "no line is green while another certificate ends"
    start = f"/applications/new/extension/?certificate={certificate.pk}"
    for page in holder.pages(certificate)[:2]:
        assert primary(page) == [start]
        assert "条件都已满足。2026年12月3日（含）前提交，办理期间证书照常使用。" in page


def test_what_ends_first_stands_first_and_what_is_in_order_is_green_only_alone(holder: Holder) -> None:
    holder.holds("C2", date(2028, 4, 30))
    assert [line.tone for line in holder.lines()] == ["good"]
    late, early = holder.holds("A", date(2026, 12, 20)), holder.holds("B", date(2026, 12, 10))
    assert [line.certificate for line in holder.lines()][:2] == [early, late]


def test_an_extension_under_way_says_whose_turn_it_is_and_until_when(holder: Holder) -> None:
    world = ExtensionWorld()
    application = world.file()
    (card,) = cards_of(world.person)
    line = card.situation
    assert (line.title, line.mark, line.tone) == ("证书延续办理中", "证书照常使用", "info")
    assert re.fullmatch(
        rf"现在轮到{world.enterprise.name}，预计 20\d\d年\d+月\d+日前办结。您不用做什么。", line.sentence
    )
    client = Client()
    client.force_login(world.person_user)
    for address in (HOME, LIST):
        page = client.get(address).text
        assert line.sentence in page
        assert f"/applications/{application.number}/" in page


def test_a_case_sent_back_is_the_first_thing_to_do() -> None:
    world = ExtensionWorld()
    application = world.file()
    decide(world, application)
    decide(world, application, Action.RETURN)
    (card,) = cards_of(world.person)
    assert card.situation.title == "证书延续被退回，等您补正"
    assert card.situation.is_pressing
    client = Client()
    client.force_login(world.person_user)
    assert primary(client.get(HOME).text) == [f"/applications/{application.number}/edit/"]


def test_merged_certificates_stand_apart_and_name_what_they_became() -> None:
    world = C3MergeWorld()
    application = world.file()
    while application.is_open:
        decide(world, application)
    merged = Certificate.objects.get(person=world.person, category="C3")
    lines = [card.situation for card in cards_of(world.person)]
    assert [line.is_ended for line in lines] == [False, True, True]
    assert {line.successor for line in lines[1:]} == {(merged.pk, merged.number)}
    client = Client()
    client.force_login(world.person_user)
    page = client.get(LIST).text
    assert "已终止的证书（2 本）" in page
    assert f'已合并为\n      <a class="num" href="/person/certificates/{merged.pk}/">{merged.number}</a>' in page
    assert "异常状态" not in page


@pytest.mark.parametrize(
    ("state", "operation", "words"),
    [
        (LegalState.CANCELLED, Operation.CANCELLATION, "已注销"),
        (LegalState.EXPIRED, Operation.EXPIRY, "过期失效"),
        (LegalState.REVOKED, Operation.OTHER, "已被撤销"),
        (LegalState.WITHDRAWN, Operation.OTHER, "已被吊销"),
        (LegalState.OTHER, Operation.OTHER, "已由主管部门终止"),
    ],
)
def test_what_has_ended_says_how_and_links_its_ground(
    holder: Holder, state: LegalState, operation: Operation, words: str
) -> None:
    certificate = holder.holds("B", date(2028, 4, 30))
    change = StateChange(certificate.pk, state, operation, summary="依据已查实", document_number="赣建〔2026〕1号")
    change_states([change], by=SYSTEM, now=NOW)
    (line,) = holder.lines()
    assert (line.title, line.tone, line.ended_on) == (words, "ended", NOW.date())
    page = holder.client.get(LIST).text
    assert "查看依据" in page
    assert "异常状态" not in page


@pytest.mark.parametrize("ends_on", [date(2026, 12, 8), date(2028, 4, 30)], ids=["ending", "in order"])
def test_a_renamed_enterprise_leads_nobody_to_a_page_that_is_closed_to_him(holder: Holder, ends_on: date) -> None:
    certificate = holder.holds("B", ends_on)
    Enterprise.objects.filter(pk=holder.enterprise.pk).update(name="江西新名建筑有限公司")
    for page in holder.pages(certificate):
        assert "提示：企业名称已变更" in page
        assert "/guides/enterprise_rename/" in page
        assert "/applications/new/enterprise_rename/" not in page
    assert holder.client.get("/guides/enterprise_rename/").status_code == 200


def test_what_cannot_be_used_names_what_else_may_be_put_right(holder: Holder) -> None:
    holder.holds("B", date(2028, 4, 30))
    Employment.objects.filter(person=holder.person).delete()
    Enterprise.objects.filter(pk=holder.enterprise.pk).update(name="江西新名建筑有限公司")
    (line,) = holder.lines()
    assert (line.title, line.act and line.act.label) == ("异常状态", "查看聘用关系")
    assert "提示：企业名称已变更" in line.sentence
    assert line.also[-1].label == "看办事指南"


def test_two_reasons_with_one_cure_make_one_button(holder: Holder) -> None:
    certificate = holder.holds("B", date(2028, 4, 30))
    holder.holds("C2", date(2028, 4, 30))
    Employment.objects.filter(person=holder.person).delete()
    make_employment(holder.person, make_enterprise("南昌红谷建筑有限公司"), "07")
    (line,) = [one for one in holder.lines() if one.certificate == certificate]
    labels = [cure.label for cure in (line.act, *line.also) if cure is not None]
    assert labels.count("办理执业企业变更") == 1


def test_the_reminder_says_what_the_page_says(holder: Holder) -> None:
    holder.holds("B", date(2026, 12, 8))
    assert remind_of_ends(now=NOW) == 1
    body = Message.objects.get(mailbox=holder.person.mailbox_id).body
    assert body == "还有 15 天到期 · 学时 0/24 · 还不能延续。还差 24 学时，2026年12月8日（含）前学完并提交延续"


def test_an_abnormal_certificate_is_framed_by_its_state_and_not_by_its_category(holder: Holder) -> None:
    certificate = make_certificate(holder.person, make_enterprise(), "B", ends_on=date(2028, 4, 30))
    cards = re.findall(rf'<li class="([^"]*)" id="certificate-{certificate.pk}"', holder.client.get(LIST).text)
    assert cards == ["truth bad"]
    looks = Path(str(finders.find("css/people.css"))).read_text(encoding="utf-8")
    of_state = looks.index(".truth.bad .letter { color: var(--muted); }")
    assert of_state > looks.index(".truth .letter.b {"), "of equally exact rules the later one holds"
