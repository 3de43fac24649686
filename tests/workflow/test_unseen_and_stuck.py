"""No case is decided unseen, and one that cannot move stops no other."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from administration.enums import RouteDesk
from administration.models import Message, OfficeRoute
from enterprises.models import Enterprise
from tests.factories import make_office
from tests.worlds.base import World
from tests.worlds.employer_change import EmployerChangeWorld
from tests.worlds.employment_start import EmploymentStartWorld
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk, Status
from workflow.models import Application, BulkAct
from workflow.services import deadlines
from workflow.services.acting import MAX_COMMENT, act, act_many
from workflow.services.bulk import forget_old_bulk_acts
from workflow.services.deadlines import apply_deadlines
from workflow.services.filing import file_application, resubmit
from workflow.services.stuck import NO_OFFICE
from workflow.services.stuck_again import retry_stuck

from .browsing import NOW, browser, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

QUEUE = "/office/queue/municipal/"
CONFIRMATIONS = "/enterprise/confirmations/"
SILENT = datetime.fromisoformat("2026-12-08T10:00:00+08:00")
"""A former employer that was asked on NOW has been silent for its five working days."""


@pytest.fixture
def world() -> ExtensionWorld:
    return ExtensionWorld()


def filed(world: World) -> Application:
    return file_application(case=world.case(), actor=world.filer, now=NOW)


def at_municipal(world: World) -> Application:
    application = filed(world)
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    application.refresh_from_db()
    return application


def changed_meanwhile(world: World, application: Application) -> None:
    """Returned by the municipal desk and sent again: it stands where it stood, with other content."""
    act(application.pk, action=Action.RETURN, actor=world.province.municipal_actor, comment="请补充", now=NOW)
    resubmit(application.pk, actor=world.filer, now=NOW)
    application.refresh_from_db()


def hidden(page: Any, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]+)"', page.text)


def bulk(client: Client, address: str, page: Any, ids: list[int], **more: str) -> Any:
    """Ticks and sends a form as it came, with the answer to its question."""
    sent = {"picked": ids, "seen": hidden(page, "seen"), "attempt": hidden(page, "attempt")[0], "confirmed": "on"}
    return client.post(address, {"action": "approve", **sent, **more}, follow=True)


# --- what was seen is what is decided ---


def test_workflow_b3_an_employer_does_not_agree_to_what_it_never_saw(world: ExtensionWorld) -> None:
    application = filed(world)
    address = reverse("workflow:confirm", args=[application.number])
    client = browser(world.operator)
    (seen,) = hidden(client.get(address), "seen")
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    application.refresh_from_db()
    Application.objects.filter(pk=application.pk).update(payload_digest="other content")
    changed_meanwhile(world, application)
    assert application.desk == Desk.EMPLOYER
    answer = client.post(address, {"action": "approve", "seen": seen})
    assert answer.status_code == 409
    assert "办件在您打开页面之后有新的进展" in words(answer)
    (fresh,) = hidden(answer, "seen")
    assert client.post(address, {"action": "approve", "seen": fresh}).status_code == 302


def test_workflow_b3_a_queue_that_is_old_decides_nothing_unseen(world: ExtensionWorld) -> None:
    first, second = at_municipal(world), at_municipal(world.another())
    client = browser(world.province.reviewer)
    page = client.get(QUEUE)
    changed_meanwhile(world, first)
    assert first.desk == Desk.MUNICIPAL
    answer = bulk(client, QUEUE, page, [first.pk, second.pk])
    assert "成功1件，未办理1件" in words(answer)
    assert "有新的进展" in words(answer)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.desk, second.desk) == (Desk.MUNICIPAL, Desk.PROVINCIAL)


def test_workflow_b3_confirmations_in_bulk_carry_what_was_seen(world: ExtensionWorld) -> None:
    application = filed(world)
    client = browser(world.operator)
    page = client.get(CONFIRMATIONS)
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    Application.objects.filter(pk=application.pk).update(payload_digest="other content")
    changed_meanwhile(world, application)
    answer = bulk(client, CONFIRMATIONS, page, [application.pk])
    assert "成功0件，未办理1件" in words(answer)
    assert Application.objects.get().desk == Desk.EMPLOYER


def test_workflow_b3_the_phone_carries_what_was_seen() -> None:
    world = EmploymentStartWorld()
    application = filed(world)
    client = browser(world.person_user, verified=True)
    page = client.get(reverse("workflow:mobile_detail", args=[application.number]))
    (address,) = re.findall(r'href="([^"]+/accept/\?seen=\d+)"', page.text)
    older = re.sub(r"seen=\d+", f"seen={application.events.get().pk - 1}", address)
    answer = client.post(older, follow=True)
    assert "有新的进展" in words(answer)
    assert Application.objects.get().is_open
    assert "已同意" in words(client.post(address, follow=True))


def test_workflow_b3_a_withdrawal_carries_what_was_seen(world: ExtensionWorld) -> None:
    application = filed(world)
    address = reverse("workflow:withdraw", args=[application.number])
    client = browser(world.person_user)
    (seen,) = hidden(client.get(address), "seen")
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    answer = client.post(address, {"seen": seen}, follow=True)
    assert "有新的进展" in words(answer)
    assert Application.objects.get().is_open


def test_a_reminder_does_not_make_a_page_old(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    last = application.events.latest("pk")
    application.events.create(action=Action.REMIND, status=application.status)
    act(application.pk, action=Action.APPROVE, actor=world.province.municipal_actor, seen=last.pk, now=NOW)


# --- many at once ---


def test_many_are_asked_about_with_their_consequences_before_anything_happens(world: ExtensionWorld) -> None:
    good, bad = at_municipal(world), at_municipal(other := world.another())
    other.person.id_photo.name = ""
    other.person.save()
    client = browser(world.province.reviewer)
    page = client.get(QUEUE)
    data = {"action": "approve", "picked": [good.pk, bad.pk], "seen": hidden(page, "seen"), "comment": "一\r\n二"}
    question = client.post(QUEUE, data)
    text = words(question)
    assert "请确认：通过1件" in text
    assert "证书延续1进入下一环节：省厅审核" in text
    assert "另有1件不能一起办理" in text
    assert "未上传个人证件照" in text
    assert hidden(question, "picked") == [str(good.pk)]
    assert {one.desk for one in Application.objects.all()} == {Desk.MUNICIPAL}
    answer = bulk(client, QUEUE, question, [good.pk], comment="一\r\n二")
    assert "成功1件" in words(answer)
    assert good.events.latest("pk").comment == "一\n二"


def test_a_result_has_an_address_and_the_same_page_sent_twice_leads_to_it(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    client = browser(world.province.reviewer)
    page = client.get(QUEUE)
    first = bulk(client, QUEUE, page, [application.pk])
    again = bulk(client, QUEUE, page, [application.pk])
    assert first.redirect_chain == again.redirect_chain
    assert "成功1件" in words(again)
    assert application.events.filter(action=Action.APPROVE, desk=Desk.MUNICIPAL).count() == 1
    address = first.redirect_chain[-1][0]
    assert browser(world.province.decider).get(address).status_code == 404
    assert browser(world.operator).get(address).status_code == 404
    key = hidden(page, "attempt")[0]
    colleague = browser(world.province.decider)
    taken = colleague.post(
        "/office/queue/provincial/", {"action": "approve", "picked": [1], "attempt": key, "confirmed": 1}
    )
    assert taken.status_code == 403


def test_operations_1_a_failure_after_the_first_round_leaves_the_truth(
    world: ExtensionWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two cases of one person are two rounds; the second ends with the answer to the database lost."""
    first, second = at_municipal(world), at_municipal(world.another())
    Application.objects.filter(pk=second.pk).update(person=first.person_id)
    told: list[int] = []

    def lose(*args: object, **kwargs: object) -> int:
        told.append(1)
        if len(told) > 1:
            raise ConnectionResetError("the connection is gone")
        return 0

    client = browser(world.province.reviewer)
    page = client.get(QUEUE)
    monkeypatch.setattr("workflow.services.transitions.send", lose)
    answer = bulk(client, QUEUE, page, [first.pk, second.pk])
    text = words(answer)
    assert answer.status_code == 200
    assert "成功1件" in text
    assert "有1件还没有得到结果" in text
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.desk, second.desk) == (Desk.PROVINCIAL, Desk.MUNICIPAL)


def test_results_of_bulk_acts_are_forgotten_after_a_month(world: ExtensionWorld) -> None:
    at_municipal(world)
    client = browser(world.province.reviewer)
    bulk(client, QUEUE, client.get(QUEUE), [Application.objects.get().pk])
    assert forget_old_bulk_acts(now=NOW + timedelta(days=29)) == 0
    kept = BulkAct.objects.count()
    assert kept
    assert forget_old_bulk_acts(now=NOW + timedelta(days=31)) == kept


# --- a comment is never cut ---


@pytest.mark.parametrize(("text", "fits"), [("字" * 1000, True), ("行\r\n" * 500, True), ("字" * 1001, False)])
def test_workflow_b13_line_breaks_count_once_and_nothing_is_cut(
    world: ExtensionWorld, text: str, *, fits: bool
) -> None:
    application = at_municipal(world)
    address = reverse("workflow:review", args=[application.number])
    answer = browser(world.province.reviewer).post(address, {"action": "return", "comment": text})
    assert answer.status_code == (302 if fits else 400)
    if not fits:
        assert "最多1000字，现在1001字" in words(answer)
        assert text in answer.text
    else:
        assert application.events.latest("pk").comment == text.replace("\r\n", "\n").strip()
    result = act_many([application.pk], action=Action.REJECT, actor=world.province.municipal_actor, comment="长" * 1001)
    assert [one.code for one in result.refused[application.pk]] == ["workflow.comment_too_long"]
    assert MAX_COMMENT == 1000


def test_workflow_b17_a_form_names_its_fields_in_chinese(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    answer = browser(world.province.reviewer).post(QUEUE, {"picked": [application.pk], "comment": "长" * 1500})
    text = words(answer)
    assert "请选择一种处理结果。" in text
    assert "批量意见：最多1000字，现在1500字" in text
    assert "Comment" not in text
    assert "Action" not in text


# --- each row on its own ---


def movers_without_and_with_an_office() -> tuple[EmployerChangeWorld, Application, Application]:
    world = EmployerChangeWorld()
    stuck, good = filed(world), filed(world.another())
    assert stuck.desk == good.desk == Desk.FORMER_EMPLOYER
    Application.objects.filter(pk=stuck.pk).update(region="360323")
    return world, stuck, good


def province_messages(world: World) -> list[Message]:
    return list(Message.objects.filter(mailbox=world.province.provincial.mailbox_id, title__contains="不能继续"))


def test_workflow_b1_a_region_without_an_office_stops_no_other_case() -> None:
    world, stuck, good = movers_without_and_with_an_office()
    assert apply_deadlines(now=SILENT) == {"escalated": 1, "stuck": 1}
    good.refresh_from_db()
    stuck.refresh_from_db()
    assert (good.desk, good.stuck) == (Desk.MUNICIPAL, "")
    assert (stuck.desk, stuck.flags) == (Desk.FORMER_EMPLOYER, [])
    assert "芦溪县没有设置" in stuck.stuck
    assert [message.title for message in province_messages(world)] == ["有 1 件办件不能继续，需要省厅处理"]
    assert apply_deadlines(now=SILENT) == {}
    assert len(province_messages(world)) == 1
    decider = browser(world.province.decider)
    assert "停住的办件1件" in words(decider.get("/office/"))
    page = words(decider.get("/office/stuck/"))
    assert stuck.number in page
    assert "芦溪县没有设置" in page
    assert "萍乡市：地市受理" in page
    assert browser(world.province.reviewer).get("/office/stuck/").status_code == 403
    assert "暂时不能继续" in words(browser(world.person_user).get(reverse("workflow:detail", args=[stuck.number])))
    OfficeRoute.objects.create(
        region_id="360300", desk="municipal", office=make_office("萍乡市住建局", region="360300")
    )
    assert apply_deadlines(now=SILENT) == {"escalated": 1}
    stuck.refresh_from_db()
    assert (stuck.desk, stuck.stuck) == (Desk.MUNICIPAL, "")


def test_workflow_b1_dissolved_enterprises_are_handled_one_by_one() -> None:
    world, stuck, good = movers_without_and_with_an_office()
    Enterprise.objects.filter(pk=world.enterprise.pk).update(status="dissolved", dissolved_on=NOW.date())
    counts = apply_deadlines(now=NOW)
    assert (counts["skipped"], counts["stuck"]) == (1, 1)
    good.refresh_from_db()
    assert good.desk == Desk.MUNICIPAL
    stuck.refresh_from_db()
    assert stuck.desk == Desk.FORMER_EMPLOYER


def test_workflow_b1_an_agreement_in_bulk_names_the_case_without_an_office() -> None:
    world, stuck, good = movers_without_and_with_an_office()
    client = browser(world.operator)
    answer = bulk(client, CONFIRMATIONS, client.get(CONFIRMATIONS), [stuck.pk, good.pk])
    assert answer.status_code == 200
    assert "成功1件，未办理1件" in words(answer)
    assert "芦溪县没有设置" in words(answer)
    stuck.refresh_from_db()
    assert "芦溪县没有设置" in stuck.stuck
    assert len(province_messages(world)) == 1


def test_workflow_b1_a_defect_in_one_case_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    _, broken, good = movers_without_and_with_an_office()
    Application.objects.filter(pk=broken.pk).update(region=good.region_id)
    escalate = deadlines._escalate

    def fail(application: Application, *args: Any) -> str:
        if application.pk == broken.pk:
            raise ValueError("a defect")
        return escalate(application, *args)

    monkeypatch.setattr(deadlines, "_escalate", fail)
    assert apply_deadlines(now=SILENT) == {"escalated": 1, "stuck": 1}
    broken.refresh_from_db()
    assert broken.stuck == "系统没有办成这一件"
    assert broken.status == Status.IN_REVIEW


def test_cases_that_go_on_at_many_offices_are_told_in_as_many_queries_as_one(
    world: ExtensionWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    """Their next desk has an office now, so that their holders can decide again."""
    counts: list[int] = []
    told: list[int] = []
    for number in (1, 4):
        for _ in range(number):
            Application.objects.filter(pk=at_municipal(world.another()).pk).update(
                stuck="没有设置办理部门",
                stuck_codes=[NO_OFFICE[RouteDesk.PROVINCIAL]],
                holder_office=make_office(),
            )
        counts.append(count_queries(lambda: told.append(retry_stuck(now=NOW)["told"])))
    assert told == [1, 4]
    assert counts[0] == counts[1]
