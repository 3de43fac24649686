"""Every refusal that the manual shows, on its pages: what is missing, whose turn it is, the link that cures it.

Each story drafts an application while nothing stands in the way, then the reason arises: the start page shows it with
the button disabled, and neither starting nor submitting gets past it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from certificates.models import Certificate
from employment.models import Employment
from enterprises.models import ProjectInProgress
from tests.clock import Clock
from tests.factories import make_enterprise
from tests.workflow.browsing import FORM, browser, words
from tests.worlds.base import NOW, CertificateWorld
from tests.worlds.cancellation import CancellationWorld
from tests.worlds.employer_change import EmployerChangeWorld
from tests.worlds.extension import ExtensionWorld
from training.models import TrainingRecord
from workflow.enums import Status
from workflow.models import Application
from workflow.services.filing import submit

pytestmark = pytest.mark.django_db
BUTTON = re.compile(r'<button class="btn btn-primary w-100" type="submit"([^>]*)>填写申请</button>')


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def no_real_name(world: CertificateWorld) -> None:
    world.person.registered_at = None
    world.person.save()


def no_photo(world: CertificateWorld) -> None:
    world.person.id_photo.name = ""
    world.person.save()


def no_employment(world: CertificateWorld) -> None:
    Employment.objects.filter(person=world.person).update(ended_at=NOW, end_reason="by_enterprise")


def employed_elsewhere(world: CertificateWorld) -> None:
    Employment.objects.filter(person=world.person).update(enterprise=make_enterprise("江西别家建设有限公司"))


def in_progress(world: CertificateWorld) -> None:
    other = CancellationWorld.__new__(CancellationWorld)
    other.__dict__ = world.__dict__
    draft = Application.objects.filter(kind=world.kind).get()
    application = other.file()
    assert application.pk != draft.pk


def changed_lately(world: CertificateWorld) -> None:
    Certificate.objects.filter(person=world.person).update(last_change_on=date(2026, 7, 2))


def enterprise_dissolved(world: CertificateWorld) -> None:
    world.enterprise.status, world.enterprise.dissolved_on = "dissolved", date(2026, 11, 1)
    world.enterprise.save()


def enterprise_unknown(world: CertificateWorld) -> None:
    Certificate.objects.filter(person=world.person).update(enterprise=None, enterprise_name="已不存在的老公司")


def project(world: CertificateWorld) -> None:
    ProjectInProgress.objects.create(
        number="360100202600001",
        name="红谷滩中学扩建工程",
        enterprise=world.enterprise,
        id_number_index=world.person.id_number_index,
        post="项目负责人",
        started_on=date(2026, 3, 1),
    )


def no_training(world: CertificateWorld) -> None:
    TrainingRecord.objects.all().delete()


def ends(day: date) -> Callable[[CertificateWorld], None]:
    def change(world: CertificateWorld) -> None:
        Certificate.objects.filter(person=world.person).update(ends_on=day)

    return change


def suspended(world: CertificateWorld) -> None:
    Certificate.objects.filter(person=world.person).update(legal_state="02")


def cancelled(world: CertificateWorld) -> None:
    Certificate.objects.filter(person=world.person).update(legal_state="04")


@dataclass(frozen=True)
class Refusal:
    world: type[CertificateWorld]
    arises: Callable[[Any], None]
    sentences: tuple[str, ...]
    cure: str = ""
    """Beginning of the link's address; "" where only time or an authority cures it."""
    turn: str = ""


REFUSALS = {
    "未完成实名制登记": Refusal(
        ExtensionWorld, no_real_name, ("未完成实名制登记", "携带身份证原件"), "/person/registration-points/", "本人"
    ),
    "未上传证件照": Refusal(
        ExtensionWorld, no_photo, ("未上传个人证件照", "无法签发电子证书"), "/person/photo/", "本人"
    ),
    "未登记聘用关系": Refusal(
        ExtensionWorld, no_employment, ("未登记聘用关系", "由受聘企业"), "/person/employment/", "受聘企业"
    ),
    "聘用单位不一致": Refusal(
        ExtensionWorld,
        employed_elsewhere,
        ("聘用单位与证书所在单位不一致", "江西别家建设有限公司", "请先办理执业企业变更"),
        "/applications/new/employer_change/?certificate=",
        "本人",
    ),
    "未与新单位登记聘用关系": Refusal(
        EmployerChangeWorld, no_employment, ("未与新单位登记聘用关系",), "/person/employment/", "新单位"
    ),
    "有在办业务": Refusal(ExtensionWorld, in_progress, ("有在办业务", "办结或撤回后"), "/applications/2026-", "本人"),
    "变更间隔": Refusal(
        EmployerChangeWorld, changed_lately, ("距上次变更不满6个月", "2027年1月2日起可再次申请"), turn="本人"
    ),
    "企业已注销": Refusal(ExtensionWorld, enterprise_dissolved, ("已注销", "不能再办理业务"), "/person/employment/"),
    "原单位信息缺失": Refusal(
        EmployerChangeWorld,
        enterprise_unknown,
        ("证书所在单位无法确认申请", "登记信息中没有已不存在的老公司", "选择企业信息纠错"),
        "/applications/new/correction/?certificate=",
        "本人",
    ),
    "有在建项目": Refusal(
        CancellationWorld, project, ("有在建项目：红谷滩中学扩建工程", "360100202600001"), turn="企业"
    ),
    "继续教育不足": Refusal(
        ExtensionWorld, no_training, ("继续教育学时不足", "需要24学时，已记录0学时"), "/person/training/", "培训机构"
    ),
    "未到办理时间": Refusal(
        ExtensionWorld,
        ends(date(2027, 5, 31)),
        ("还没有到办理时间", "2027年2月28日至2027年5月31日"),
        turn="本人",
    ),
    "已过办理时间": Refusal(
        ExtensionWorld, ends(date(2026, 11, 20)), ("已过办理时间", "需要重新参加考核"), turn="本人"
    ),
    "证书被暂扣": Refusal(ExtensionWorld, suspended, ("被暂扣", "期满发还后再申请"), turn="暂扣机关"),
    "变更时证书被暂扣": Refusal(EmployerChangeWorld, suspended, ("被暂扣", "期满发还后再申请"), turn="暂扣机关"),
    "证书已注销": Refusal(ExtensionWorld, cancelled, ("已注销", "已终止的证书不能再办理业务")),
}


@pytest.fixture(params=REFUSALS.values(), ids=list(REFUSALS))
def refusal(request: pytest.FixtureRequest) -> Refusal:
    answer: Refusal = request.param
    return answer


def drafted(refusal: Refusal) -> tuple[CertificateWorld, Client, str, Application]:
    world = refusal.world()
    client = browser(world.person_user)
    start = f"/applications/new/{world.kind}/?certificate={world.certificate.pk}"
    button = BUTTON.search(client.get(start).content.decode())
    assert button is not None
    assert "disabled" not in button[1]
    assert client.post(start).status_code == 302
    return world, client, start, Application.objects.get()


def check_page(answer: Any, refusal: Refusal) -> None:
    text, page = words(answer), answer.content.decode()
    for sentence in refusal.sentences:
        assert sentence in text, sentence
    if refusal.cure:
        assert re.search(f'<a [^>]*href="{re.escape(refusal.cure)}', page), refusal.cure
    if refusal.turn:
        # The holder is asked by the sentence itself; whose turn it is stands only where it is somebody else's.
        assert (f"由{refusal.turn}办理。" in text) is (refusal.turn != "本人")


def test_the_start_page_tells_the_reason_and_lets_nobody_past_it(refusal: Refusal) -> None:
    world, client, start, _ = drafted(refusal)
    refusal.arises(world)
    before = Application.objects.count()
    answer = client.get(start)
    assert answer.status_code == 200
    check_page(answer, refusal)
    button = BUTTON.search(answer.content.decode())
    assert button is not None
    assert "disabled" in button[1]
    assert "aria-describedby" in button[1]
    answer = client.post(start)
    assert answer.status_code == 409
    check_page(answer, refusal)
    assert Application.objects.count() == before


def test_a_draft_of_better_days_is_refused_at_submission_and_kept(refusal: Refusal) -> None:
    world, client, _, draft = drafted(refusal)
    refusal.arises(world)
    answer = client.post(f"/applications/{draft.number}/edit/", FORM | {"reason": "leaving"})
    assert answer.status_code == 409
    check_page(answer, refusal)
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT
    assert draft.payload["note"] == FORM["note"]


def test_the_same_draft_is_submitted_once_the_reason_is_gone() -> None:
    refusal = REFUSALS["未上传证件照"]
    world, client, _, draft = drafted(refusal)
    photo = world.person.id_photo.name
    refusal.arises(world)
    assert client.post(f"/applications/{draft.number}/edit/", FORM).status_code == 409
    world.person.id_photo.name = photo
    world.person.save()
    submit(draft.pk, actor=world.filer, now=NOW)
    draft.refresh_from_db()
    assert draft.status == Status.IN_REVIEW
