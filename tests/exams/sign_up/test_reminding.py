"""Reminders of what only the person can add, the question before a withdrawal, and one summary for the enterprise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from administration.models import AuditEntry, Message
from employment.models import Employment
from exams.models import ExamBatch, ExamEntry
from exams.sign_up.leaving import withdraw_left
from tests.clock import Clock
from tests.exams.exam_world import NOW, ExamWorld, make_batch, make_candidate, make_entry, text
from tests.factories import make_enterprise
from tests.workflow.browsing import browser
from workflow.models import Bar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def press(client: Client, world: ExamWorld, go: str, query: str = "") -> str:
    answer: Any = client.post(f"/enterprise/exams/{world.batch.pk}/?category=C2{query}", {"go": go}, follow=True)
    return str(answer.content.decode())


def told(*people: Any) -> list[str]:
    boxes = [one.mailbox_id for one in people]
    return list(Message.objects.filter(mailbox__in=boxes).order_by("pk").values_list("title", flat=True))


def test_all_who_lack_something_are_reminded_once_a_day(world: ExamWorld, clock: Clock) -> None:
    bare = make_candidate(world.enterprise, "甲无照", photo=False)
    blank = make_candidate(world.enterprise, "乙无学历", education="", professional_title="")
    barred = make_candidate(world.enterprise, "丙禁考", photo=False)
    Bar.objects.create(
        person=barred, scope="exam", source="缺考", starts_on=NOW.date(), ends_on=NOW.date() + timedelta(days=9)
    )
    fit = make_candidate(world.enterprise, "丁可报")
    client = browser(world.operator)
    assert "给这 2 人发提醒" in text(client, f"/enterprise/exams/{world.batch.pk}/?category=C2")
    assert "已提醒 1 人" in press(client, world, f"remind:{bare.pk}")
    assert "已提醒 1 人补齐材料。1 人今天已经提醒过，没有重复发送。" in press(client, world, "remind")
    assert "没有发出新的提醒" in press(client, world, "remind")
    assert told(bare) == ["请补齐证件照，单位才能为您报名考试"]
    assert told(blank) == ["请补齐学历，单位才能为您报名考试"]
    assert told(barred, fit) == []
    assert AuditEntry.objects.filter(action="exam_entry.remind").count() == 2
    clock.stop_at(NOW + timedelta(days=1))
    assert "已提醒 2 人" in press(browser(world.operator), world, "remind")


def test_nobody_of_others_is_reminded(world: ExamWorld) -> None:
    stranger = make_candidate(make_enterprise(), "外人", photo=False)
    assert "没有需要提醒的人员" in press(browser(world.operator), world, f"remind:{stranger.pk}")
    assert told(stranger) == []


def test_withdrawing_asks_first_and_says_what_follows(world: ExamWorld, clock: Clock) -> None:
    (entry,) = world.entered()
    client = browser(world.operator)
    address = f"/enterprise/exams/entries/{entry.pk}/withdraw/"
    assert f'href="{address}"' in text(client, "/enterprise/exams/entries/")
    page = text(client, address)
    for said in ("确定取消这条报名吗", "名额当时退回", "可以重新报名", world.batch.name):
        assert said in page, said
    entry.refresh_from_db()
    assert entry.state == "entered"
    client.post(address)
    assert told(entry.person)[-1] == f"报名已取消：李安全，{world.batch.name}"
    assert told(world.enterprise) == []
    assert "不能取消" in text(client, address)


def test_a_person_who_has_left_is_asked_too(world: ExamWorld) -> None:
    batch = make_batch(sign_up_to=NOW.date() - timedelta(days=1))
    entry = make_entry(make_candidate(world.enterprise), world.enterprise, batch)
    client = browser(entry.person.user)
    address = f"/person/exams/{entry.pk}/withdraw/"
    assert "报名由该企业取消" in text(client, address)
    Employment.objects.filter(person=entry.person).update(ended_at=NOW, end_reason="by_enterprise")
    assert "不算缺考" in text(client, address)
    assert f'href="{address}"' in text(client, "/person/exams/")
    client.post(address)
    entry.refresh_from_db()
    assert entry.state == "withdrawn"


def test_an_enterprise_hears_once_of_many_who_have_left(world: ExamWorld) -> None:
    entries = world.entered(3)
    Employment.objects.update(ended_at=NOW, end_reason="by_enterprise")
    assert withdraw_left([entry.person_id for entry in entries], now=NOW) == 3
    assert told(world.enterprise) == ["报名已取消：3 人"]
    assert all(len(told(entry.person)) == 2 for entry in entries)


def test_entries_are_filtered_by_batch_and_bars_show_their_end(world: ExamWorld) -> None:
    other = make_batch(name="下一批")
    first = make_entry(make_candidate(world.enterprise, "甲"), world.enterprise, world.batch)
    make_entry(make_candidate(world.enterprise, "乙"), world.enterprise, other)
    make_batch(name="没有报过的批次")
    client = browser(world.operator)
    page = text(client, f"/enterprise/exams/entries/?batch={other.pk}")
    assert ("乙</span>" in page, "甲</span>" in page, "没有报过的批次" in page) == (True, False, False)
    ExamEntry.objects.filter(pk=first.pk).update(state="absent", settled_at=NOW)
    Bar.objects.create(
        person=first.person,
        scope="exam",
        source="缺考",
        cause=f"exam_entry:{first.pk}",
        starts_on=NOW.date(),
        ends_on=NOW.date().replace(year=2027),
    )
    page = text(client, f"/enterprise/exams/entries/?batch={world.batch.pk}")
    assert "2027年11月23日（含）前不得参加考试报名" in page
    assert ExamBatch.objects.count() == 3
    assert "甲</span>" in text(client, "/enterprise/exams/entries/?batch=999999")
