"""复核: approved cases are drawn by a dated share, and looked at by another natural person of the office."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.enums import Duty
from accounts.models import User
from administration.models import AuditEntry, Message, Parameter
from common.findings import Refused
from tests.factories import actor, make_staff
from tests.worlds.correction import CorrectionWorld
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk, LookOutcome
from workflow.models import Application, SecondLook
from workflow.selectors.second_looks import looks_waiting
from workflow.services.acting import act
from workflow.services.second_looks import look_again

from .browsing import NOW, browser, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/office/second-looks/"
TODAY = NOW.date()
ONE_PERSON = "ab" * 32


def share(percent: int, key: str = "second_look_percent", *, since: date = TODAY) -> None:
    Parameter.objects.create(key=key, value=percent, effective_from=since, document_number="赣建〔2026〕1号")


def decided(world: ExtensionWorld | CorrectionWorld) -> Application:
    application = world.file()
    while application.is_open:
        detail = world.originals(application)
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), detail=detail, now=NOW)
        application.refresh_from_db()
    return application


def colleague_of(world: ExtensionWorld, name: str = "甘同事") -> User:
    return make_staff(world.province.provincial, Duty.DECIDE, name=name)


def test_nothing_is_drawn_until_the_day_of_the_parameter() -> None:
    world = ExtensionWorld()
    share(100, since=NOW.date() + timedelta(days=1))
    decided(world)
    assert not SecondLook.objects.exists()
    share(100)
    drawn = decided(world.another())
    look = SecondLook.objects.get()
    assert (look.application, look.desk) == (drawn, Desk.PROVINCIAL)
    assert look.decided_by == world.province.decider
    # It is no part of the record that the applicant reads.
    assert "second_look_percent" not in str([event.parameters for event in drawn.events.order_by("pk")])


def test_corrections_have_a_share_of_their_own() -> None:
    share(100, "second_look_entries_percent")
    world = ExtensionWorld()
    decided(world)
    assert not SecondLook.objects.exists()
    corrected = decided(CorrectionWorld(world.province))
    assert SecondLook.objects.get().application == corrected


def test_another_natural_person_looks_whatever_the_login() -> None:
    share(100)
    world = ExtensionWorld()
    decided(world)
    look = SecondLook.objects.get()
    decider, colleague = world.province.decider, colleague_of(world)
    again = colleague_of(world, "换号")
    User.objects.filter(pk__in=[decider.pk, again.pk]).update(identity_index=ONE_PERSON)
    look.application.approvers = [*look.application.approvers, f"provincial:{ONE_PERSON}"]
    look.application.save()
    for user in (User.objects.get(pk=decider.pk), User.objects.get(pk=again.pk)):
        assert not looks_waiting(actor(user)).exists()
        with pytest.raises(Refused, match="须由另一人复核"):
            look_again(look.pk, actor=actor(user), outcome=LookOutcome.AGREES, words="", now=NOW)
    for stranger in (world.province.reviewer, world.province.stranger):
        with pytest.raises(Refused, match="由作出决定的部门"):
            look_again(look.pk, actor=actor(stranger), outcome=LookOutcome.AGREES, words="", now=NOW)
    assert looks_waiting(actor(colleague)).get() == look
    look_again(look.pk, actor=actor(colleague), outcome=LookOutcome.AGREES, words="", now=NOW)
    with pytest.raises(Refused, match="已由同事复核"):
        look_again(look.pk, actor=actor(colleague), outcome=LookOutcome.DOUBTS, words="晚了", now=NOW)
    assert AuditEntry.objects.get(action="application.second_look").actor_id == colleague.pk


def test_the_database_refuses_the_decider_and_a_doubt_without_words() -> None:
    share(100)
    world = ExtensionWorld()
    decided(world)
    rows = SecondLook.objects.order_by("pk")
    done = {"looked_at": NOW, "outcome": "doubts", "words": "x"}
    with pytest.raises(IntegrityError, match="second_look_by_another"), transaction.atomic():
        rows.update(looked_by=world.province.decider, **done)
    with pytest.raises(IntegrityError, match="doubts_of_a_second_look_have_words"), transaction.atomic():
        rows.update(looked_by=colleague_of(world), **(done | {"words": ""}))


def test_a_doubt_is_told_to_the_office_and_stays_on_the_page() -> None:
    share(100)
    world = ExtensionWorld()
    application = decided(world)
    client = browser(colleague_of(world))
    assert application.number in words(client.get(PAGE))
    empty = client.post(PAGE, {"number": application.number, "outcome": "doubts", "words": " "})
    assert empty.status_code == 409
    assert "请写明疑问" in words(empty)
    said = "学时证明与培训机构的记录不一致𠮷"
    strange = client.post(PAGE, {"number": application.number, "outcome": "x", "words": said})
    assert strange.status_code == 409
    assert said in strange.content.decode()
    client.post(PAGE, {"number": application.number, "outcome": "doubts", "words": said})
    assert Message.objects.filter(title=f"复核有疑问：{application.number}").exists()
    assert said in words(client.get(f"{PAGE}?show=done"))
    assert "没有需要您复核的办件" in words(client.get(PAGE))
    assert client.post(PAGE, {"number": "x" * 500, "outcome": "agrees"}).status_code == 404
    assert browser(world.province.stranger).post(PAGE, {"number": application.number}).status_code == 404


def test_the_page_costs_the_same_with_one_case_and_with_many() -> None:
    share(100)
    world = ExtensionWorld()
    client, counted = browser(colleague_of(world)), []
    for more in (1, 2):
        for _ in range(more):
            decided(world.another())
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counted.append(len(queries))
    assert counted[0] == counted[1]
