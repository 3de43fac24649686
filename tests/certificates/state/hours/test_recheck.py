"""An open extension that lacks hours since a record was corrected or withdrawn is flagged, and unflagged once they suffice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from administration.models import Message
from certificates.state.hours.selectors import kinds_that_ask
from certificates.state.hours.services import TOPIC, recheck_hours
from common.findings import Refused
from tests.clock import Clock
from tests.factories import Province, make_training
from tests.worlds.base import NOW
from tests.worlds.extension import ExtensionWorld
from training.models import TrainingRecord
from training.services import NewRecord, add_record, correct_record, withdraw_record
from workflow.enums import Action, Desk, Status
from workflow.models import Application, Event
from workflow.services.acting import act

pytestmark = pytest.mark.django_db
Jobs = Callable[..., list[str]]
Count = Callable[[Callable[[], Any]], int]
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def record_of(world: ExtensionWorld) -> TrainingRecord:
    standing = TrainingRecord.objects.filter(id_number_index=world.person.id_number_index, withdrawn_at__isnull=True)
    return standing.order_by("pk")[0]


def right(record: TrainingRecord, hours: int) -> NewRecord:
    return NewRecord(
        id_number_index=record.id_number_index,
        name=record.name,
        institution_name=record.institution_name,
        course=record.course,
        hours=Decimal(hours),
        starts_on=record.starts_on,
        ends_on=record.ends_on,
    )


def correct(world: ExtensionWorld, hours: int, clock: Clock, jobs: Jobs) -> None:
    clock.stop_at(LATER)
    record = record_of(world)
    correct_record(record_id=record.pk, right=right(record, hours), reason="学时录入有误", by=None)
    jobs()


def flags(application: Application) -> list[str]:
    application.refresh_from_db()
    return application.flags


def add_missing(world: ExtensionWorld, jobs: Jobs, hours: int = 12) -> None:
    day = date(2026, 7, 1)
    old = record_of(world)
    add_record(
        NewRecord(old.id_number_index, old.name, old.institution_name, "补训", Decimal(hours), day, day), by=None
    )
    jobs()


def messages(mailbox_id: int | None) -> list[str]:
    return list(Message.objects.filter(mailbox=mailbox_id, title__contains="学时").values_list("title", flat=True))


def test_only_kinds_that_ask_for_hours_are_looked_at() -> None:
    assert kinds_that_ask() == ["extension"]


def test_a_corrected_record_flags_the_case_and_tells_person_and_enterprise(clock: Clock, run_jobs: Jobs) -> None:
    world = ExtensionWorld()
    application = world.file()
    correct(world, 12, clock, run_jobs)
    (flag,) = flags(application)
    assert flag == "继续教育学时不足：申请时 24 学时，现在 12 学时，需要 24 学时。"
    event = Event.objects.get(application=application, action=Action.FLAG)
    assert "24 学时更正为 12 学时（原因：学时录入有误）" in event.comment
    title = f"继续教育学时不足：证书延续 {application.number}"
    person, firm = world.person.mailbox_id, world.enterprise.mailbox_id
    assert messages(person) == messages(firm) == [title]
    told = Message.objects.get(mailbox=person, title=title)
    assert "还差 12 学时" in told.body
    assert told.link == "/person/training/"
    told = Message.objects.get(mailbox=firm, title=title)
    assert told.body.startswith(f"{world.person.name}：")
    assert told.link == "/enterprise/training/"


def test_the_flag_goes_when_the_hours_suffice_again(clock: Clock, run_jobs: Jobs) -> None:
    world = ExtensionWorld()
    application = world.file()
    correct(world, 12, clock, run_jobs)
    add_missing(world, run_jobs, hours=6)
    assert flags(application) == ["继续教育学时不足：申请时 24 学时，现在 18 学时，需要 24 学时。"]
    day = date(2026, 7, 9)
    old = record_of(world)
    add_record(NewRecord(old.id_number_index, old.name, old.institution_name, "再补", Decimal(6), day, day), by=None)
    run_jobs()
    assert flags(application) == []
    assert Event.objects.filter(application=application, action=Action.UNFLAG).count() == 1
    assert f"继续教育学时已满足：证书延续 {application.number}" in messages(world.person.mailbox_id)
    assert f"继续教育学时已满足：证书延续 {application.number}" in messages(world.enterprise.mailbox_id)


def test_a_withdrawal_flags_and_a_second_look_changes_nothing(clock: Clock, run_jobs: Jobs) -> None:
    world = ExtensionWorld()
    application = world.file()
    clock.stop_at(LATER)
    withdraw_record(record_id=record_of(world).pk, reason="没有参加培训", by=None)
    run_jobs()
    assert flags(application) == ["继续教育学时不足：申请时 24 学时，现在 0 学时，需要 24 学时。"]
    told = len(messages(world.person.mailbox_id))
    assert recheck_hours([world.person.pk]) == 0
    assert len(messages(world.person.mailbox_id)) == told == 1
    assert "已撤回（原因：没有参加培训）" in Event.objects.get(application=application, action=Action.FLAG).comment


def test_a_correction_that_leaves_enough_flags_nothing(clock: Clock, run_jobs: Jobs) -> None:
    world = ExtensionWorld()
    application = world.file()
    make_training(world.person, hours=30, ends_on=date(2026, 5, 5))
    correct(world, 12, clock, run_jobs)
    assert flags(application) == []
    assert messages(world.person.mailbox_id) == []


def test_a_case_that_is_over_and_other_people_s_are_left_alone(clock: Clock, run_jobs: Jobs) -> None:
    world = ExtensionWorld()
    application, other = world.file(), world.another()
    theirs = other.file()
    for _ in range(3):
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        application.refresh_from_db()
    assert application.status == Status.APPROVED
    run_jobs()
    correct(world, 12, clock, run_jobs)
    assert flags(application) == flags(theirs) == []
    assert messages(world.person.mailbox_id) == []


def test_a_flagged_case_cannot_be_approved_and_one_whose_page_is_older_is_told(clock: Clock, run_jobs: Jobs) -> None:
    world = ExtensionWorld()
    application = world.file()
    seen = Event.objects.filter(application=application).order_by("-pk")[0].pk
    correct(world, 12, clock, run_jobs)
    with pytest.raises(Refused, match="不足"):
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=LATER)
    add_missing(world, run_jobs)
    with pytest.raises(Refused):
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=LATER, seen=seen)
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=LATER)


def test_reviewers_see_the_flag_in_the_queue_and_on_the_page(client: Client, clock: Clock, run_jobs: Jobs) -> None:
    province = Province()
    world = ExtensionWorld(province)
    application = world.file()
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    correct(world, 12, clock, run_jobs)
    application.refresh_from_db()
    assert application.desk == Desk.MUNICIPAL
    client.force_login(province.reviewer)
    for address in ("/office/queue/municipal/", f"/office/applications/{application.number}/"):
        page = client.get(address).text
        assert "继续教育学时不足：申请时 24 学时，现在 12 学时，需要 24 学时。" in page, address
    assert "学时录入有误" in page
    assert "条件变化" in page


def test_a_case_of_another_topic_keeps_its_other_flags(clock: Clock, run_jobs: Jobs) -> None:
    world = ExtensionWorld()
    application = world.file()
    Application.objects.filter(pk=application.pk).update(flags=["别的提示。"])
    correct(world, 12, clock, run_jobs)
    assert [flag.partition("：")[0] for flag in flags(application)] == ["别的提示。", TOPIC]
    add_missing(world, run_jobs)
    assert flags(application) == ["别的提示。"]


def test_many_cases_are_looked_at_by_a_constant_number_of_queries(
    clock: Clock, run_jobs: Jobs, count_queries: Count
) -> None:
    def lacking(worlds: list[ExtensionWorld]) -> list[int]:
        for world in worlds:
            world.file()
            record = record_of(world)
            correct_record(record_id=record.pk, right=right(record, 12), reason="学时有误", by=None)
        return [world.person.pk for world in worlds]

    first = ExtensionWorld()
    clock.stop_at(NOW)
    one = lacking([first])
    three = lacking([first.another() for _ in range(3)])
    clock.stop_at(LATER)
    cost = count_queries(lambda: recheck_hours(one))
    assert count_queries(lambda: recheck_hours(three)) == cost
