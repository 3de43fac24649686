"""A whole list is asked about, ordered once, done by a job in slices, and told case by case."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from accounts.enums import Duty
from administration.models import AuditEntry, Message
from tests.factories import make_staff
from tests.workflow.browsing import NOW, InspectionWorld, browser, words
from tests.workflow.views.test_office import at_counter, at_municipal, reviewer_of
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk
from workflow.models import Application, BulkAct, Event
from workflow.services import bulk as bulk_services
from workflow.services.acting import act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
QUEUE = "/office/queue/municipal/"
ORDER = {"action": "approve", "whole": "on"}
Jobs = Callable[..., list[str]]
CASES = 24
"""More than a page of the queue has."""


@pytest.fixture
def world() -> ExtensionWorld:
    return ExtensionWorld()


@pytest.fixture
def cases(world: ExtensionWorld) -> list[Application]:
    return [at_municipal(one) for one in (world, *(world.another() for _ in range(CASES - 1)))]


def ask(client: Client, address: str = QUEUE, **data: str) -> str:
    """Answers the address to which the question's answer goes."""
    page = client.post(address, ORDER | data)
    assert page.status_code == 200, words(page)
    found = re.search(r'action="(/applications/bulk/[^"]+/order/)"', page.text)
    assert found is not None
    return found[1]


def test_a_whole_list_is_asked_about_then_done_and_told(
    world: ExtensionWorld, cases: list[Application], run_jobs: Jobs
) -> None:
    client = reviewer_of(world)
    assert f"期限在前的{CASES}件一起办理" in words(client.get(QUEUE))
    page = client.post(QUEUE, ORDER)
    assert f"请确认：通过{CASES}件" in words(page)
    assert "证书延续" in words(page)
    assert Application.objects.filter(desk=Desk.MUNICIPAL).count() == CASES
    order = ask(client)
    result = client.post(order, follow=True)
    assert f"0/{CASES}" in words(result)
    assert "处理中" in words(result)
    client.post(order)
    entry = AuditEntry.objects.get(action="application.order_list")
    assert entry.detail == {"count": CASES, "result": "approve"}
    assert run_jobs().count("workflow.do_bulk_act") == 1
    text = words(client.get(result.redirect_chain[-1][0]))
    assert f"{CASES}/{CASES}" in text
    assert f"成功{CASES}件" in text
    assert Application.objects.filter(desk=Desk.PROVINCIAL).count() == CASES
    assert Event.objects.filter(action=Action.APPROVE, desk=Desk.MUNICIPAL).count() == CASES
    message = Message.objects.get(title__contains="批量办理已完成")
    assert message.mailbox_id == world.province.municipal.mailbox_id
    assert f"已办理 {CASES} 件，未办理 0 件" in message.body


def test_what_changed_between_question_and_work_is_left_and_told(
    world: ExtensionWorld, cases: list[Application], run_jobs: Jobs
) -> None:
    client = reviewer_of(world)
    order = ask(client)
    colleague = world.holder(cases[0])
    act(cases[0].pk, action=Action.RETURN, actor=colleague, comment="请补充照片", now=NOW)
    result = client.post(order, follow=True)
    run_jobs()
    text = words(client.get(result.redirect_chain[-1][0]))
    assert f"成功{CASES - 1}件，未办理1件" in text
    # The one that needs a look comes first.
    assert text.index("未办理") < text.index("已办理")
    cases[0].refresh_from_db()
    assert cases[0].desk != Desk.PROVINCIAL


def test_a_killed_worker_goes_on_where_it_was(
    world: ExtensionWorld, cases: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = reviewer_of(world)
    key = ask(client).split("/")[-3]
    client.post(f"/applications/bulk/{key}/order/")
    monkeypatch.setattr(bulk_services, "SLICE", 10)
    act_many, calls = bulk_services.act_many, []

    def killed_in_the_second_slice(ids: list[int], **more: object) -> object:
        calls.append(len(ids))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return act_many(ids, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk_services, "act_many", killed_in_the_second_slice)
    bulk = BulkAct.objects.get()
    with pytest.raises(KeyboardInterrupt):
        bulk_services.do_list(bulk.key)
    bulk.refresh_from_db()
    assert len(bulk.outcomes) == 10
    assert "10/24" in words(client.get(f"/applications/bulk/{key}/"))
    bulk_services.do_list(bulk.key)
    bulk_services.do_list(bulk.key)
    bulk.refresh_from_db()
    assert len(bulk.outcomes) == CASES
    assert calls == [10, 10, 10, 4]
    assert Event.objects.filter(action=Action.APPROVE, desk=Desk.MUNICIPAL).count() == CASES
    assert Message.objects.filter(title__contains="批量办理已完成").count() == 1


def test_the_filters_of_the_page_bound_the_list(world: ExtensionWorld, cases: list[Application]) -> None:
    """The form goes to the page's own address, filters included."""
    ask(reviewer_of(world), f"{QUEUE}?q={cases[3].number}")
    assert BulkAct.objects.get().picked == [cases[3].pk]


def test_nothing_is_done_for_others_or_unasked(world: ExtensionWorld, cases: list[Application], run_jobs: Jobs) -> None:
    order = ask(reviewer_of(world))
    stranger = browser(make_staff(world.province.municipal, Duty.REVIEW))
    assert stranger.post(order).status_code == 404
    assert stranger.get(order.removesuffix("order/")).status_code == 404
    assert reviewer_of(world).post(f"/applications/bulk/{uuid4()}/order/").status_code == 404
    # What was only asked about has no result yet.
    assert reviewer_of(world).get(order.removesuffix("order/")).status_code == 404
    assert "workflow.do_bulk_act" not in run_jobs()
    assert Application.objects.filter(desk=Desk.MUNICIPAL).count() == CASES


def test_an_account_that_was_closed_meanwhile_does_nothing(
    world: ExtensionWorld, cases: list[Application], run_jobs: Jobs
) -> None:
    client = reviewer_of(world)
    client.post(ask(client))
    world.province.reviewer.is_active = False
    world.province.reviewer.save(update_fields=["is_active"])
    run_jobs()
    bulk = BulkAct.objects.get()
    assert {one[0]["code"] for one in bulk.outcomes.values()} == {"workflow.no_login"}
    assert Application.objects.filter(desk=Desk.MUNICIPAL).count() == CASES


def test_a_list_of_cases_with_originals_is_never_decided_whole(inspection: InspectionWorld) -> None:
    application = at_counter(inspection)
    client = browser(inspection.province.reviewer)
    answer = client.post("/office/queue/counter/", ORDER)
    assert answer.status_code == 400
    assert "请先勾选" in words(answer)
    application.refresh_from_db()
    assert application.desk == Desk.COUNTER


def test_a_return_of_a_whole_list_says_why(world: ExtensionWorld, cases: list[Application], run_jobs: Jobs) -> None:
    client = reviewer_of(world)
    answer = client.post(QUEUE, ORDER | {"action": "return"})
    assert answer.status_code == 400
    assert "请写明原因" in words(answer)
    assert 'name="whole" checked' in answer.text
    client.post(ask(client, action="return", comment="请补充说明"))
    run_jobs()
    assert set(Event.objects.filter(action=Action.RETURN).values_list("comment", flat=True)) == {"请补充说明"}
