"""A decision of an office waits for a minute, in which whoever made it takes it back; nothing follows from it before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import localtime

from accounts.enums import Duty
from administration.models import AuditEntry, Message
from common.findings import Refused
from tests.clock import Clock
from tests.concurrency import at_once
from tests.factories import actor, make_staff
from workflow.enums import Action, Desk, Status
from workflow.models import Application, BulkAct, Event, HeldDecision, Letter
from workflow.services.acting import act, act_many
from workflow.services.bulk import do_list, forget_old_bulk_acts
from workflow.services.case_use import reserve
from workflow.services.undo import HIDDEN_FOR, decide, take_back

from .browsing import NOW, browser, words
from .test_handing_over import QUEUE, Section, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "minute")]
Jobs = Callable[..., list[str]]
JOB = "workflow.do_bulk_act"
MINUTE = timedelta(seconds=60)
SAID = "证书扫描件看不清（𠮷）"


@pytest.fixture
def minute(settings: Any) -> None:
    settings.UNDO_SECONDS = 60


def review_of(application: Application) -> str:
    return f"/office/applications/{application.number}/"


def press(client: Client, case: Application, action: Action, comment: str = "") -> Any:
    seen = case.events.latest("pk").pk
    return client.post(review_of(case), {"action": action.value, "comment": comment, "seen": seen}, follow=True)


def undo(client: Client, key: object) -> Any:
    return client.post(f"/office/undo/{key}/", follow=True)


def state_of(case: Application) -> tuple[str, str, int, int]:
    """What a decision would change, and what it would send."""
    case.refresh_from_db()
    sent = Message.objects.filter(link=f"/applications/{case.number}/").count()
    return case.desk, case.status, case.events.count(), sent


@pytest.mark.parametrize("action", [Action.APPROVE, Action.RETURN, Action.REJECT])
def test_a_decision_takes_effect_after_a_minute_as_of_the_moment_it_was_made(
    action: Action, clock: Clock, run_jobs: Jobs
) -> None:
    section = Section()
    before, client = state_of(section.case), browser(section.first)
    page = press(client, section.case, action, SAID)
    assert f"{localtime(NOW + MINUTE):%H:%M:%S}生效，生效前可以撤销" in words(page)
    assert JOB not in run_jobs()
    assert state_of(section.case) == before
    assert not Letter.objects.exists()
    clock.forward(MINUTE)
    assert JOB in run_jobs()
    desk, status, events, sent = state_of(section.case)
    assert (desk, status) != before[:2]
    assert events > before[2]
    assert sent > before[3]
    assert Event.objects.get(action=action, actor=section.first).at == NOW
    assert Letter.objects.count() == 1
    assert not HeldDecision.objects.exists()


@pytest.mark.parametrize("action", [Action.APPROVE, Action.RETURN, Action.REJECT])
def test_a_decision_that_is_taken_back_leaves_nothing_but_its_audit(
    action: Action, clock: Clock, run_jobs: Jobs
) -> None:
    section = Section()
    before, client = state_of(section.case), browser(section.first)
    press(client, section.case, action, SAID)
    key = BulkAct.objects.get().pk
    page = undo(client, key)
    text = words(page)
    assert page.redirect_chain[-1][0].startswith(review_of(section.case))
    assert f"已撤销：{section.case.number}" in text
    assert "证书扫描件看不清（𠮷）" in text
    assert section.case.pk in section.waits_for(section.first)
    clock.forward(MINUTE)
    run_jobs()
    assert state_of(section.case) == before
    assert not Letter.objects.exists()
    (entry,) = AuditEntry.objects.filter(action="application.undo")
    assert (entry.actor_id, entry.object_id) == (section.first.pk, str(section.case.pk))
    assert entry.detail == {"count": 1, "result": action.value, "number": section.case.number}
    # Pressed twice it is taken back once.
    assert undo(client, key).status_code == 200
    assert AuditEntry.objects.filter(action="application.undo").count() == 1


def test_only_whoever_decided_takes_it_back() -> None:
    section = Section()
    press(browser(section.first), section.case, Action.APPROVE)
    key = BulkAct.objects.get().pk
    assert undo(browser(section.second), key).status_code == 404
    assert undo(browser(section.head), key).status_code == 403
    assert undo(browser(section.first), uuid4()).status_code == 404
    assert BulkAct.objects.get().taken_back_at is None


def test_what_has_taken_effect_is_not_taken_back(clock: Clock, run_jobs: Jobs) -> None:
    section = Section()
    client = browser(section.first)
    press(client, section.case, Action.APPROVE)
    clock.forward(MINUTE)
    run_jobs()
    assert "已经生效" in words(undo(client, BulkAct.objects.get().pk))
    assert section.case.desk == Desk.PROVINCIAL


def test_meanwhile_the_case_waits_for_nobody_and_its_page_says_why() -> None:
    section = Section(cases=2)
    case, other = section.cases
    press(browser(section.first), case, Action.APPROVE)
    assert section.waits_for(section.first) == section.waits_for(section.second) == {other.pk}
    assert case.number not in words(browser(section.second).get(QUEUE))
    page = words(browser(section.second).get(review_of(case)))
    assert "甲审刚刚对这一件作出“通过”的决定" in page
    assert "作出决定" not in page
    result = act_many([case.pk], action=Action.APPROVE, actor=actor(section.second))
    assert "甲审刚刚对这一件作出" in refused(result)
    with pytest.raises(Refused, match="甲审刚刚"):
        reserve(case.pk, actor=actor(section.second), seize=True)


def test_the_next_case_and_the_queue_offer_the_button_with_the_time_that_is_left(clock: Clock) -> None:
    section = Section(cases=2)
    client = browser(section.first)
    page = press(client, section.cases[0], Action.APPROVE)
    assert page.redirect_chain[-1][0].startswith(review_of(section.cases[1]))
    assert "撤销上一件通过，还有60秒" in words(page)
    clock.forward(timedelta(seconds=20))
    assert "还有40秒" in words(client.get(QUEUE))
    assert "撤销上一件" not in words(browser(section.second).get(QUEUE))
    clock.forward(timedelta(seconds=41))
    assert "撤销上一件" not in words(client.get(QUEUE))


def test_reasons_against_a_decision_are_told_at_once_and_nothing_waits() -> None:
    section = Section()
    Application.objects.filter(pk=section.case.pk).update(assignee=section.second)
    with pytest.raises(Refused, match="乙审"):
        decide(
            section.case.pk,
            action=Action.APPROVE,
            actor=actor(section.first),
            comment="",
            detail={},
            seen=None,
            title="通过",
            back_url="/",
        )
    assert not BulkAct.objects.exists()


def test_a_case_that_is_withdrawn_within_the_minute_stays_withdrawn_and_the_office_is_told(
    clock: Clock, run_jobs: Jobs
) -> None:
    section = Section()
    press(browser(section.first), section.case, Action.APPROVE)
    act(section.case.pk, action=Action.WITHDRAW, actor=section.world.filer)
    clock.forward(MINUTE)
    run_jobs()
    assert section.case.status == Status.WITHDRAWN
    told = Message.objects.get(mailbox=section.office.mailbox_id, title__contains="决定没有生效")
    assert section.case.number in told.title
    assert "已办结" in told.body
    assert not HeldDecision.objects.exists()


def test_where_the_worker_stands_still_the_case_comes_back_into_the_queue(clock: Clock) -> None:
    section = Section()
    press(browser(section.first), section.case, Action.APPROVE)
    clock.forward(MINUTE + HIDDEN_FOR)
    assert section.case.pk in section.waits_for(section.second)
    key = BulkAct.objects.get().pk
    press(browser(section.second), section.case, Action.RETURN, SAID)
    clock.forward(MINUTE)
    for one in BulkAct.objects.exclude(pk=key):
        do_list(one.pk)
    assert section.case.status == Status.RETURNED
    # The worker is back: what was decided on an older page does not count.
    do_list(key)
    assert section.case.status == Status.RETURNED


def test_several_are_decided_together_after_the_minute(clock: Clock, run_jobs: Jobs) -> None:
    section = Section(cases=3)
    client = browser(section.first)
    data = {"action": "approve", "picked": [one.pk for one in section.cases], "confirmed": "on", "attempt": uuid4()}
    page = client.post(QUEUE, data, follow=True)
    assert "通过3件" in words(page)
    client.post(QUEUE, data)
    assert HeldDecision.objects.count() == 3
    assert section.waits_for(section.second) == set()
    clock.forward(MINUTE)
    assert run_jobs().count(JOB) == 1
    assert Application.objects.filter(desk=Desk.PROVINCIAL).count() == 3
    assert "成功3件" in words(client.get(page.redirect_chain[-1][0]))
    assert "已办理 3 件" in Message.objects.get(title__contains="批量办理已完成").body


def test_several_are_taken_back_together(clock: Clock, run_jobs: Jobs) -> None:
    section = Section(cases=3)
    client = browser(section.first)
    data = {"action": "approve", "picked": [one.pk for one in section.cases], "confirmed": "on"}
    page = client.post(QUEUE, data, follow=True)
    assert "已撤销：通过3件" in words(undo(client, BulkAct.objects.get().pk))
    clock.forward(MINUTE)
    run_jobs()
    assert Application.objects.filter(desk=Desk.MUNICIPAL).count() == 3
    text = words(client.get(page.redirect_chain[-1][0]))
    assert "已由您撤销" in text
    assert "没有得到结果" not in text
    assert AuditEntry.objects.get(action="application.undo").detail == {"count": 3, "result": "approve"}


def test_a_case_on_which_a_colleague_has_just_decided_is_left_by_a_list(clock: Clock, run_jobs: Jobs) -> None:
    section = Section(cases=2)
    press(browser(section.first), section.cases[0], Action.RETURN, SAID)
    client = browser(section.second)
    data = {"action": "approve", "picked": [one.pk for one in section.cases], "confirmed": "on"}
    page = client.post(QUEUE, data, follow=True)
    assert "甲审刚刚对这一件作出“退回补正”的决定" in words(page)
    clock.forward(MINUTE)
    run_jobs()
    assert section.case.status == Status.RETURNED
    section.cases[1].refresh_from_db()
    assert section.cases[1].desk == Desk.PROVINCIAL


def test_the_database_lets_a_decision_begin_or_be_taken_back() -> None:
    section = Section()
    press(browser(section.first), section.case, Action.APPROVE)
    with pytest.raises(IntegrityError), transaction.atomic():
        BulkAct.objects.update(begun_at=NOW, taken_back_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        HeldDecision.objects.create(application=section.case, act=BulkAct.objects.get(), until=NOW)


def test_old_decisions_are_forgotten_with_what_they_held(clock: Clock) -> None:
    section = Section()
    press(browser(section.first), section.case, Action.APPROVE)
    clock.forward(timedelta(days=31))
    assert forget_old_bulk_acts() >= 1
    assert not HeldDecision.objects.exists()


def test_a_clerk_without_a_desk_may_not_even_ask() -> None:
    clerk = make_staff(Section().office, Duty.REGISTER)
    assert undo(browser(clerk), uuid4()).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_job_and_the_taking_back_at_once_leave_one_of_them() -> None:
    section = Section(cases=6)
    for case in section.cases:
        waiting = decide(
            case.pk,
            action=Action.APPROVE,
            actor=actor(section.first),
            comment="",
            detail={},
            seen=None,
            title="通过",
            back_url="/",
        )
        assert waiting is not None
        calls: list[Callable[[], object]] = [
            partial(do_list, waiting.pk),
            partial(take_back, waiting.pk, actor=actor(section.first)),
        ]
        _, taken = at_once(calls)
        case.refresh_from_db()
        assert (case.desk == Desk.MUNICIPAL) == (not isinstance(taken, Exception)), taken
        assert not HeldDecision.objects.filter(application=case).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told_of_the_other() -> None:
    section = Section(cases=4)
    more = {"comment": "", "detail": {}, "seen": None, "title": "通过", "back_url": "/"}
    for case in section.cases:
        both = [
            partial(decide, case.pk, action=Action.APPROVE, actor=actor(user), **more)  # type: ignore[arg-type]
            for user in (section.first, section.second)
        ]
        outcomes = at_once(both)
        errors = [one for one in outcomes if isinstance(one, Exception)]
        assert len(errors) == 1
        assert isinstance(errors[0], Refused)
        assert HeldDecision.objects.filter(application=case).count() == 1
