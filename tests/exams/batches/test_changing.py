"""An announced batch is changed: who is told what, and who may withdraw."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from administration.models import AuditEntry, Message
from common.findings import Refused
from exams.batches.changing import change_batch
from exams.enums import EntryState
from exams.models import BatchChange, ExamEntry, SessionRoom
from exams.sign_up.services import withdraw_entry
from exams.sites.sessions.services import create_session
from tests.clock import Clock
from tests.exams.exam_world import (
    EXAM_DAY,
    NOW,
    ExamWorld,
    make_batch,
    make_candidate,
    make_entry,
    make_session,
    make_site,
    planned,
    rooms_in,
    text,
)
from tests.factories import actor, make_enterprise, make_office
from tests.workflow.browsing import browser

pytestmark = pytest.mark.django_db
LATER = date(2026, 12, 20)
CLOSED = NOW + timedelta(days=10)
"""Sign-up has ended, and the exam has not begun."""


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def test_everybody_signed_up_is_told_once_what_was_and_what_is(world: ExamWorld) -> None:
    first, second, third = world.approved(3)
    both = make_entry(first.person, world.enterprise, world.batch, category="C1")
    other = make_enterprise()
    foreign = make_entry(make_candidate(other, "䶮𠮷·买买提"), other, world.batch)
    gone = make_entry(make_candidate(other), other, world.batch, state="withdrawn")
    before = Message.objects.count()
    change_batch(
        world.batch.pk, by=world.province.provincial_actor, reason="考点停电", now=NOW, exam_from=LATER, exam_to=LATER
    )
    assert Message.objects.count() - before == 4 + 2, "four persons and two enterprises"
    own = Message.objects.get(mailbox=first.person.mailbox)
    assert "考试日期由“2026年12月12日”改为“2026年12月20日”" in own.body
    assert "C2证、C1证" in own.body
    assert "考点停电" in own.body
    assert "不算缺考" in own.body
    firm = Message.objects.get(mailbox=other.mailbox)
    assert "䶮𠮷·买买提（C2证）" in firm.body
    assert not Message.objects.filter(mailbox=gone.person.mailbox).exists()
    change = BatchChange.objects.get()
    assert (change.told, change.moves, change.reason) == (4, True, "考点停电")
    assert AuditEntry.objects.get(action="exam_batch.change").detail["told"] == 4
    assert {second.state, third.state, both.state, foreign.state} == {EntryState.APPROVED}
    page = text(browser(world.province.decider), f"/office/exams/{world.batch.pk}/")
    assert "公布后的变更" in page
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        BatchChange.objects.update(reason="别的")


def test_who_was_signed_up_before_a_move_may_withdraw_until_the_exam_begins(world: ExamWorld) -> None:
    mine, firms, kept, begun = world.approved(4)
    people = {entry.pk: actor(entry.person.user) for entry in (mine, kept, begun)}
    with pytest.raises(Refused, match="报名截止后不能取消"):
        withdraw_entry(firms.pk, actor=world.filer, now=CLOSED)
    with pytest.raises(Refused, match="由该企业取消"):
        withdraw_entry(mine.pk, actor=people[mine.pk], now=CLOSED)
    by = world.province.provincial_actor
    change_batch(world.batch.pk, by=by, reason="扩大规模", now=NOW, quota=200)
    with pytest.raises(Refused, match="由该企业取消"):
        withdraw_entry(mine.pk, actor=people[mine.pk], now=CLOSED)
    change_batch(world.batch.pk, by=by, reason="换考点", now=NOW + timedelta(minutes=1), site="另一考点")
    later = make_entry(make_candidate(world.enterprise), world.enterprise, world.batch, entered_at=CLOSED)
    with pytest.raises(Refused, match="由该企业取消"):
        withdraw_entry(later.pk, actor=actor(later.person.user), now=CLOSED)
    ExamEntry.objects.filter(pk__in=[mine.pk, firms.pk, kept.pk, begun.pk]).update(entered_at=NOW)
    withdraw_entry(firms.pk, actor=world.filer, now=CLOSED)
    assert withdraw_entry(mine.pk, actor=people[mine.pk], now=CLOSED).comment == "由本人取消报名：考试时间或地点有变。"
    world.batch.refresh_from_db()
    assert world.batch.taken == 3
    on_the_day = NOW.replace(month=12, day=12)
    with pytest.raises(Refused):
        withdraw_entry(begun.pk, actor=people[begun.pk], now=on_the_day)


def test_the_person_and_the_enterprise_see_that_they_may(world: ExamWorld, clock: Clock) -> None:
    (entry,) = world.approved(1)
    clock.stop_at(CLOSED)
    client = browser(entry.person.user)
    assert "取消报名" not in text(client, "/person/exams/")
    change_batch(world.batch.pk, by=world.province.provincial_actor, reason="换考点", now=CLOSED, site="另一考点")
    for page in (text(client, "/person/exams/"), text(browser(world.operator), "/enterprise/exams/entries/")):
        assert "考试时间或地点有变" in page
        assert "取消报名" in page


def test_what_cannot_be_is_refused_with_every_reason_at_its_field(world: ExamWorld) -> None:
    world.approved(3)
    by = world.province.provincial_actor
    yesterday = NOW.date() - timedelta(days=1)
    with pytest.raises(Refused) as caught:
        change_batch(
            world.batch.pk, by=by, now=NOW, exam_from=NOW.date(), exam_to=yesterday, quota=2, sign_up_to=yesterday
        )
    said = {(finding.facts.get("field"), finding.message) for finding in caught.value.findings}
    assert said == {
        ("exam_from", "新的考试日期应在今天之后"),
        ("exam_to", "考试结束日期不能早于考试日期。"),
        ("sign_up_to", "报名截止不能改到今天以前"),
        ("quota", "名额不能少于已报名人数"),
        ("reason", "请写明变更的原因"),
    }
    with pytest.raises(Refused, match="最多 300 字"):
        change_batch(world.batch.pk, by=by, now=NOW, quota=120, reason="长" * 301)
    with pytest.raises(Refused, match="考试已经开始"):
        change_batch(
            world.batch.pk, by=by, now=NOW.replace(month=12, day=12), reason="停电", exam_from=LATER, exam_to=LATER
        )
    # What nobody is told of needs no reason.
    change_batch(world.batch.pk, by=by, now=NOW, note="请带身份证")
    assert not BatchChange.objects.exists()


def test_sessions_and_their_rooms_move_with_the_exam_day(world: ExamWorld) -> None:
    by, site = world.province.provincial_actor, make_site(world.organiser_office, 40)
    (room,) = rooms_in(site)
    change_batch(world.batch.pk, by=by, reason="考两天", now=NOW, exam_to=EXAM_DAY + timedelta(days=1))
    make_session(world.batch, site, by)
    create_session(
        world.batch.pk, planned(EXAM_DAY + timedelta(days=1), "09:00", "10:30", {room.pk: 5}), by=by, now=NOW
    )
    change_batch(
        world.batch.pk,
        by=by,
        reason="停电",
        now=NOW,
        exam_from=EXAM_DAY + timedelta(days=1),
        exam_to=EXAM_DAY + timedelta(days=2),
    )
    days = [str(use.starts_at.date()) for use in SessionRoom.objects.order_by("starts_at")]
    assert days == ["2026-12-13", "2026-12-14"]
    assert {use.starts_at - use.session.starts_at for use in SessionRoom.objects.all()} == {timedelta(0)}
    with pytest.raises(Refused, match="没有包括全部场次"):
        change_batch(world.batch.pk, by=by, reason="考一天", now=NOW, exam_to=EXAM_DAY + timedelta(days=1))
    other = make_batch(organiser=world.organiser_office, exam_from=LATER, exam_to=LATER)
    create_session(other.pk, planned(LATER, "10:00", "11:00", {room.pk: 5}), by=by, now=NOW)
    with pytest.raises(Refused, match="改期后有房间已被占用") as caught:
        change_batch(world.batch.pk, by=by, reason="停电", now=NOW, exam_from=LATER, exam_to=LATER + timedelta(days=1))
    assert other.name in caught.value.findings[0].detail
    with pytest.raises(Refused, match="不能更换考试机构"):
        change_batch(
            world.batch.pk, by=by, now=NOW, organiser=make_office("另一中心", kind="organiser", region="360100")
        )
