"""A returned entry keeps its place until it is handed in again, and ends without a bar where it is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from administration.models import AuditEntry, Message
from common.findings import Refused
from exams.enums import EntryState, ReviewAct
from exams.models import EntryReview, ExamBatch, ExamEntry
from exams.reviewing.resubmitting import resubmit_entry
from exams.reviewing.services import approve_entries, refuse_entries, return_entries
from exams.reviewing.unreviewed import end_unreviewed
from exams.sign_up.eligibility import Candidate
from exams.sign_up.services import sign_up, withdraw_entry
from tests.concurrency import at_once
from tests.exams.exam_world import NOW, ExamWorld
from tests.factories import Duty, actor, make_enterprise, make_operator, make_staff
from workflow.actors import Actor
from workflow.models import Bar

pytestmark = pytest.mark.django_db
LAST_DAY = datetime.fromisoformat("2026-12-09T20:00:00+08:00")
TOO_LATE = datetime.fromisoformat("2026-12-10T00:20:00+08:00")


def returned(world: ExamWorld) -> ExamEntry:
    (entry,) = world.entered()
    done = return_entries(
        [entry.pk], reasons=["photo", "other"], comment="请穿有领的衣服", actor=reviewer(world), now=NOW
    )
    assert done.done == [entry.pk], done.refused
    entry.refresh_from_db()
    return entry


def reviewer(world: ExamWorld) -> Actor:
    return actor(world.province.reviewer)


def test_a_returned_entry_keeps_its_place_and_is_handed_in_again(world: ExamWorld) -> None:
    entry = returned(world)
    assert (entry.state, entry.resubmit_by) == (EntryState.RETURNED, date(2026, 12, 9))
    assert ExamBatch.objects.get(pk=world.batch.pk).taken == 1
    said = Message.objects.filter(mailbox=entry.person.mailbox_id).order_by("-pk")[0]
    assert "证件照不清楚" in said.body
    assert "请穿有领的衣服" in said.body
    assert "2026年12月9日（含）前" in said.body
    # The same category cannot be entered twice meanwhile.
    again = sign_up(
        world.batch.pk, [Candidate(entry.person_id, entry.category, entry.post)], actor=world.filer, now=NOW
    )
    assert "已报名C2证考试" in next(iter(again.refused.values()))[0].message
    resubmit_entry(entry.pk, note="照片换好了", actor=world.filer, now=LAST_DAY)
    entry.refresh_from_db()
    assert (entry.state, entry.comment, entry.resubmit_by) == (EntryState.ENTERED, "", None)
    assert approve_entries([entry.pk], actor=reviewer(world), now=LAST_DAY).done == [entry.pk]
    acts = list(EntryReview.objects.filter(entry=entry).values_list("act", flat=True))
    assert acts == [ReviewAct.RETURNED, ReviewAct.RESUBMITTED, ReviewAct.APPROVED]
    audited = AuditEntry.objects.filter(action__in=["exam_entry.return", "exam_entry.resubmit"])
    assert audited.count() == 2


def test_the_person_may_hand_it_in_and_a_stranger_may_not(world: ExamWorld) -> None:
    entry = returned(world)
    stranger = actor(make_operator(make_enterprise()))
    with pytest.raises(Refused, match="由报名的企业或者本人重新提交"):
        resubmit_entry(entry.pk, actor=stranger, now=NOW)
    with pytest.raises(Refused, match="由报名的企业或者本人重新提交"):
        resubmit_entry(entry.pk, actor=reviewer(world), now=NOW)
    assert entry.person.user is not None
    resubmit_entry(entry.pk, actor=actor(entry.person.user), now=NOW)
    with pytest.raises(Refused, match="不需要重新提交"):
        resubmit_entry(entry.pk, actor=world.filer, now=NOW)


def test_conditions_that_are_not_met_are_told_all_at_once(world: ExamWorld) -> None:
    entry = returned(world)
    entry.person.employments.update(ended_at=NOW, end_reason="by_enterprise")
    type(entry.person).objects.filter(pk=entry.person_id).update(education="", professional_title="")
    with pytest.raises(Refused) as refused:
        resubmit_entry(entry.pk, actor=world.filer, now=NOW)
    assert len(refused.value.findings) >= 2
    entry.refresh_from_db()
    assert entry.state == EntryState.RETURNED


def test_what_is_not_handed_in_ends_at_night_without_a_bar(world: ExamWorld) -> None:
    entry = returned(world)
    (waiting,) = world.entered()
    Message.objects.all().delete()
    assert end_unreviewed(now=LAST_DAY) == 0
    with pytest.raises(Refused, match="补正已于2026年12月9日截止"):
        resubmit_entry(entry.pk, actor=world.filer, now=TOO_LATE)
    assert end_unreviewed(now=TOO_LATE) == 1
    entry.refresh_from_db()
    waiting.refresh_from_db()
    assert (entry.state, waiting.state) == (EntryState.WITHDRAWN, EntryState.ENTERED)
    assert "到期没有重新提交" in entry.comment
    assert ExamBatch.objects.get(pk=world.batch.pk).taken == 1
    assert not Bar.objects.exists()
    assert "到期没有重新提交" in Message.objects.get(mailbox=world.enterprise.mailbox_id).body


def test_a_returned_entry_may_be_withdrawn_after_sign_up_has_closed(world: ExamWorld) -> None:
    entry = returned(world)
    withdraw_entry(entry.pk, actor=world.filer, now=LAST_DAY)
    assert ExamBatch.objects.get(pk=world.batch.pk).taken == 0


def test_a_return_names_its_reasons_and_comes_in_time(world: ExamWorld) -> None:
    (entry,) = world.entered()
    none = return_entries([entry.pk], reasons=["nonsense"], actor=reviewer(world), now=NOW)
    assert none.refused[entry.pk][0].message == "请勾选退回的原因"
    wordless = return_entries([entry.pk], reasons=["other"], actor=reviewer(world), now=NOW)
    assert "请写明要补正什么" in wordless.refused[entry.pk][0].message
    late = return_entries([entry.pk], reasons=["photo"], actor=reviewer(world), now=LAST_DAY)
    assert "已经来不及退回补正" in late.refused[entry.pk][0].message


def test_every_reason_together_still_fits(world: ExamWorld) -> None:
    (entry,) = world.entered()
    reasons = ["photo", "education", "title", "experience", "post", "employment", "other"]
    done = return_entries([entry.pk], reasons=reasons, comment="䶮" * 120, actor=reviewer(world), now=NOW)
    assert done.done == [entry.pk]
    entry.refresh_from_db()
    assert entry.comment.endswith("䶮" * 120)


def test_whoever_comes_second_is_told_who_was_first(world: ExamWorld) -> None:
    first, second = world.entered(2)
    colleague = actor(make_staff(world.province.municipal, Duty.REVIEW, name="于先到"))
    assert approve_entries([first.pk], actor=colleague, now=NOW).done
    assert return_entries([second.pk], reasons=["photo"], actor=colleague, now=NOW).done
    resubmit_entry(second.pk, actor=world.filer, now=NOW)
    late = refuse_entries(
        [first.pk, second.pk],
        comment="社保不在本企业",
        actor=reviewer(world),
        seen={first.pk: 0, second.pk: 0},
        now=NOW,
    )
    assert not late.done
    assert "于先到处理（审核通过），您的操作没有生效" in late.refused[first.pk][0].message
    assert "补正后重新提交" in late.refused[second.pk][0].message
    last = EntryReview.objects.filter(entry=second).latest("pk").pk
    seen = {second.pk: last}
    assert refuse_entries([second.pk], comment="社保不在本企业", actor=reviewer(world), seen=seen, now=NOW).done


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_decides() -> None:
    world = ExamWorld()
    (entry,) = world.entered()
    colleague = actor(make_staff(world.province.municipal, Duty.REVIEW, name="于先到"))
    outcomes = at_once(
        [
            lambda: approve_entries([entry.pk], actor=reviewer(world), now=NOW).done,
            lambda: return_entries([entry.pk], reasons=["photo"], actor=colleague, now=NOW).done,
        ]
    )
    assert sorted(outcomes, key=len) == [[], [entry.pk]]
    assert EntryReview.objects.count() == 1


def test_an_enterprise_reads_one_summary_of_a_bulk_review(world: ExamWorld) -> None:
    entries = world.entered(18)
    Message.objects.all().delete()
    assert len(approve_entries([one.pk for one in entries], actor=reviewer(world), now=NOW).done) == 18
    (summary,) = Message.objects.filter(mailbox=world.enterprise.mailbox_id)
    assert summary.title == "18 人的报名审核通过"
    assert Message.objects.filter(mailbox=entries[0].person.mailbox_id).count() == 1


def test_many_are_returned_with_the_statements_of_one(
    world: ExamWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    costs = []
    for number in (1, 8):
        ids = [one.pk for one in world.entered(number)]
        costs.append(
            count_queries(lambda ids=ids: return_entries(ids, reasons=["photo"], actor=reviewer(world), now=NOW))
        )
    assert costs[0] == costs[1]


def test_the_record_is_never_changed_and_the_database_asks_for_the_day(world: ExamWorld) -> None:
    entry = returned(world)
    with pytest.raises(Exception, match="never changed"), transaction.atomic():
        EntryReview.objects.update(comment="")
    with pytest.raises(IntegrityError, match="exam_entry_returned_until"), transaction.atomic():
        ExamEntry.objects.filter(pk=entry.pk).update(resubmit_by=None)
    assert connection.is_usable()
