"""Reviewers reserve cases: one at a time, for some minutes, told to colleagues, and refused with a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.enums import Duty
from administration.models import AuditEntry, Parameter
from common.findings import Refused
from tests.clock import Clock
from tests.concurrency import at_once
from tests.factories import actor, make_staff
from workflow.enums import Action, Desk, Status
from workflow.models import Application, CaseUse
from workflow.selectors.case_use import uses_of
from workflow.services.acting import act, act_many
from workflow.services.case_use import forget_old_uses, release, reserve, stay

from .browsing import NOW, browser, words
from .test_handing_over import QUEUE, Section, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def review_of(application: Application) -> str:
    return f"/office/applications/{application.number}/"


def test_a_reserved_case_is_decided_by_whoever_reserved_it() -> None:
    section = Section()
    first, second = actor(section.first), actor(section.second)
    kept = reserve(section.case.pk, actor=first, now=NOW)
    assert kept.until == NOW + timedelta(minutes=15)
    with pytest.raises(Refused) as told:
        act(section.case.pk, action=Action.RETURN, actor=second, comment="缺材料", now=NOW)
    assert "甲审正在办理这一件，占用到" in str(told.value)
    with pytest.raises(Refused, match="甲审"):
        reserve(section.case.pk, actor=second, now=NOW)
    act(section.case.pk, action=Action.APPROVE, actor=first, now=NOW)
    assert section.case.desk == Desk.PROVINCIAL
    assert not CaseUse.objects.exists()


def test_it_runs_out_by_itself_after_the_minutes_of_that_day() -> None:
    section = Section()
    Parameter.objects.create(
        key="reservation_minutes", value="5", effective_from=NOW.date(), document_number="赣建〔2026〕1号"
    )
    reserve(section.case.pk, actor=actor(section.first), now=NOW)
    late = NOW + timedelta(minutes=5)
    kept = reserve(section.case.pk, actor=actor(section.second), now=late)
    assert kept.user == section.second
    assert CaseUse.objects.filter(is_reserved=True).count() == 1
    assert not AuditEntry.objects.filter(action="application.seize").exists()
    act(section.case.pk, action=Action.APPROVE, actor=actor(section.second), now=late)


def test_taking_over_is_audited_with_the_former_holder() -> None:
    section = Section()
    reserve(section.case.pk, actor=actor(section.first), now=NOW)
    reserve(section.case.pk, actor=actor(section.second), seize=True, now=NOW)
    (entry,) = AuditEntry.objects.filter(action="application.seize")
    assert (entry.actor_id, entry.object_id, entry.detail["former"]) == (
        section.second.pk,
        str(section.case.pk),
        "甲审",
    )
    with pytest.raises(Refused, match="乙审正在办理"):
        act(section.case.pk, action=Action.APPROVE, actor=actor(section.first), now=NOW)
    assert release(section.case.pk, actor=actor(section.first)) is False
    assert release(section.case.pk, actor=actor(section.second)) is True
    act(section.case.pk, action=Action.APPROVE, actor=actor(section.first), now=NOW)


def test_only_whom_the_case_waits_for_reserves_it() -> None:
    section = Section()
    stranger = make_staff(section.province.provincial, Duty.DECIDE)
    for user in (stranger, section.head):
        with pytest.raises(Refused):
            reserve(section.case.pk, actor=actor(user), now=NOW)
    section.give(section.first)
    with pytest.raises(Refused, match="由甲审承办"):
        reserve(section.case.pk, actor=actor(section.second), now=NOW)
    reserve(section.case.pk, actor=actor(section.first), now=NOW)
    section.give(section.second)
    reserve(section.case.pk, actor=actor(section.second), now=NOW)


def test_many_at_once_leave_what_colleagues_have_reserved() -> None:
    section = Section(cases=3)
    reserve(section.cases[1].pk, actor=actor(section.first), now=NOW)
    done = act_many([one.pk for one in section.cases], action=Action.APPROVE, actor=actor(section.second), now=NOW)
    assert sorted(done.done) == sorted([section.cases[0].pk, section.cases[2].pk])
    assert "甲审正在办理这一件" in refused(done)
    client = browser(section.second)
    data = {"action": "approve", "picked": [section.cases[1].pk]}
    assert "甲审正在办理这一件" in words(client.post(QUEUE, data))


def test_the_database_holds_one_reservation_of_a_case_at_a_desk() -> None:
    section = Section()
    rows = [
        CaseUse(application=section.case, desk=Desk.MUNICIPAL, user=user, is_reserved=True, until=NOW)
        for user in (section.first, section.second)
    ]
    rows[0].save()
    with pytest.raises(IntegrityError, match="one_reservation_of_a_case_at_a_desk"), transaction.atomic():
        rows[1].save()


def test_an_open_page_keeps_the_own_reservation_only_while_something_is_done(clock: Clock) -> None:
    section = Section()
    first = actor(section.first)
    reserve(section.case.pk, actor=first, now=NOW)
    later = NOW + timedelta(minutes=10)
    stay(section.case, actor=first, is_active=False, now=later)
    assert CaseUse.objects.get().until == NOW + timedelta(minutes=15)
    stay(section.case, actor=first, is_active=True, now=later)
    assert CaseUse.objects.get().until == later + timedelta(minutes=15)
    stay(section.case, actor=actor(section.second), is_active=True, now=later)
    shown = uses_of([section.case], first, now=later)[section.case.pk]
    assert (shown.whose, shown.readers) == ("mine", ("乙审",))
    stay(section.case, actor=actor(make_staff(section.province.provincial, Duty.DECIDE)), is_active=True, now=later)
    assert CaseUse.objects.count() == 2
    assert forget_old_uses(now=later + timedelta(days=2)) == 2


# --- pages ---


def test_buttons_of_the_review_reserve_and_keep_what_was_typed() -> None:
    section = Section()
    client, address = browser(section.second), review_of(section.case)
    assert 'value="reserve">占用' in client.get(address).content.decode()
    page = client.post(address, {"use": "reserve", "comment": "写到一半𠮷"})
    assert page.status_code == 200
    assert "您占用到" in words(page)
    assert "写到一半𠮷" in page.content.decode()
    other = browser(section.first)
    assert "乙审占用到" in words(other.get(address))
    told = other.post(address, {"action": "return", "comment": "请补正照片", "seen": ""})
    assert told.status_code == 409
    assert "乙审正在办理这一件" in words(told)
    assert "请补正照片" in told.content.decode()
    taken = other.post(address, {"use": "seize", "comment": "请补正照片"})
    assert "您占用到" in words(taken)
    assert "请补正照片" in taken.content.decode()
    assert "甲审占用到" in words(client.get(address))


def test_a_reason_is_not_lost_when_a_colleague_was_faster() -> None:
    section = Section()
    client, address = browser(section.first), review_of(section.case)
    act(section.case.pk, action=Action.APPROVE, actor=actor(section.second), now=NOW)
    page = client.post(address, {"action": "return", "comment": "请上传清晰的照片，谢谢"})
    assert page.status_code == 409
    assert "您写的意见没有提交请上传清晰的照片，谢谢" in words(page)


def test_after_a_decision_the_next_free_case_is_open_and_reserved() -> None:
    section = Section(cases=3)
    reserve(section.cases[1].pk, actor=actor(section.second), now=NOW)
    client = browser(section.first)
    answer = client.post(review_of(section.cases[0]), {"action": "approve"})
    assert answer["Location"] == review_of(section.cases[2])
    assert CaseUse.objects.get(user=section.first).application == section.cases[2]
    last = client.post(review_of(section.cases[2]), {"action": "approve"})
    assert last["Location"] == QUEUE


def test_the_queue_says_who_is_at_a_case_and_opens_the_next_free_one() -> None:
    section = Section(cases=3)
    reserve(section.cases[0].pk, actor=actor(section.second), now=NOW)
    stay(section.cases[1], actor=actor(section.second), is_active=True, now=NOW)
    client = browser(section.first)
    page = client.get(QUEUE)
    assert "乙审，到" in words(page)
    assert "乙审在看" in words(page)
    opened = client.post(QUEUE + "?kind=extension", {"next": "free"})
    assert opened["Location"] == f"{review_of(section.cases[1])}?kind=extension"
    mine = client.get(QUEUE + "?used=mine").content.decode()
    assert re.findall(r'name="picked" value="(\d+)"', mine) == [str(section.cases[1].pk)]
    free = client.get(QUEUE + "?used=free").content.decode()
    assert str(section.cases[0].pk) not in re.findall(r'name="picked" value="(\d+)"', free)
    client.post(QUEUE, {"release": section.cases[1].number})
    client.post(QUEUE, {"reserve": section.cases[2].number})
    assert CaseUse.objects.get(user=section.first).application == section.cases[2]
    said = words(client.post(QUEUE, {"reserve": section.cases[0].number}, follow=True))
    assert "乙审正在办理这一件" in said
    assert "已不在您的待办中" in words(client.post(QUEUE, {"reserve": "9999-x" * 50}, follow=True))


def test_nothing_is_opened_where_colleagues_are_at_everything() -> None:
    section = Section()
    reserve(section.case.pk, actor=actor(section.second), now=NOW)
    assert "没有可以占用的办件" in words(browser(section.first).post(QUEUE, {"next": "free"}, follow=True))


def test_an_open_page_is_told_of_colleagues_and_of_their_decisions() -> None:
    section = Section()
    client, address = browser(section.first), f"{review_of(section.case)}open/"
    seen = section.case.events.latest("pk").pk

    def told(**data: Any) -> dict[str, Any]:
        answer: dict[str, Any] = client.post(address, {"event": seen, **data}).json()
        return answer

    assert told() == {"whose": "", "words": "", "readers": "", "changed": ""}
    browser(section.second).post(review_of(section.case), {"use": "reserve"})
    assert told()["words"].startswith("乙审占用到")
    act(section.case.pk, action=Action.APPROVE, actor=actor(section.second), now=NOW)
    assert "乙审处理（同意）" in told(event="x" * 2000)["changed"]
    assert "已不在您的待办中" in told()["changed"]
    assert client.get(address).status_code == 405


def test_the_page_of_a_queue_costs_the_same_however_many_are_reserved() -> None:
    section = Section(cases=3)
    client = browser(section.first)
    counted = []
    for number in (1, 3):
        for case in section.cases[:number]:
            reserve(case.pk, actor=actor(section.second), now=NOW)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(QUEUE)
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_reserve_at_once_one_is_told_the_name_of_the_other() -> None:
    section = Section(cases=4)
    people = [actor(section.first), actor(section.second)]
    for case in section.cases:
        outcomes = at_once([partial(reserve, case.pk, actor=one, now=NOW) for one in people])
        errors = [one for one in outcomes if isinstance(one, Exception)]
        assert len(errors) == 1
        assert isinstance(errors[0], Refused)
        assert "正在办理这一件" in str(errors[0])
        assert CaseUse.objects.filter(application=case, is_reserved=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_decision_and_a_seizure_at_once_leave_one_of_them() -> None:
    section = Section(cases=6)
    first, second = actor(section.first), actor(section.second)
    for case in section.cases:
        reserve(case.pk, actor=first, now=NOW)
        calls: list[Callable[[], object]] = [
            partial(act, case.pk, action=Action.APPROVE, actor=first, now=NOW),
            partial(reserve, case.pk, actor=second, seize=True, now=NOW),
        ]
        decided, seized = at_once(calls)
        assert isinstance(decided, Exception) != isinstance(seized, Exception), (decided, seized)
        case.refresh_from_db()
        assert (case.desk == Desk.MUNICIPAL) == isinstance(decided, Refused)
        assert case.status == Status.IN_REVIEW
