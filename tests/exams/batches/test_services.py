"""Batches as services make, announce and call them off."""

from __future__ import annotations

from datetime import date

import pytest

from common.findings import Refused
from exams.batches.changing import change_batch
from exams.batches.services import MAX_REASON, announce_batch, call_off_batch, create_batch
from exams.enums import EntryState
from exams.models import ExamBatch, ResultChange
from exams.results.selectors import history_of
from exams.results.services import Result, record_results
from tests.clock import Clock
from tests.exams.exam_world import AFTER, EXAM_DAY, NOW, ExamWorld, make_batch, make_candidate, make_entry
from tests.factories import actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(AFTER)


def drafted(**fields: object) -> ExamBatch:
    """As the form makes it, not saved."""
    made = make_batch()
    kept = ("region", "categories", "sign_up_from", "sign_up_to", "exam_from", "exam_to", "site", "quota")
    return ExamBatch(**{"name": f"{made.name}草稿"} | {name: getattr(made, name) for name in kept} | fields)


def test_a_batch_is_drafted_announced_and_then_keeps_its_terms(world: ExamWorld) -> None:
    by = world.province.provincial_actor
    batch = create_batch(drafted(), by=by, now=NOW)
    change_batch(batch.pk, by=by, sign_up_to=date(2026, 12, 1))
    announce_batch(batch.pk, by=by, now=NOW)
    change_batch(batch.pk, by=by, site="新考点", quota=300, reason="考点装修", now=NOW)
    with pytest.raises(Refused, match="批次已公布"):
        change_batch(batch.pk, by=by, categories=["A"], reason="考点装修", now=NOW)
    with pytest.raises(Refused, match="不需要再次公布"):
        announce_batch(batch.pk, by=by, now=NOW)
    batch.refresh_from_db()
    assert (batch.status, batch.site, batch.quota, batch.exam_from) == ("announced", "新考点", 300, EXAM_DAY)


def test_a_batch_that_makes_no_sense_is_refused_with_every_sentence(world: ExamWorld) -> None:
    by = world.province.provincial_actor
    with pytest.raises(Refused) as caught:
        create_batch(drafted(exam_from=date(2026, 11, 1), exam_to=date(2026, 10, 1), quota=0), by=by, now=NOW)
    said = str(caught.value)
    for words in ("考试日期应在报名截止之后", "考试结束日期不能早于考试日期", "名额至少为1"):
        assert words in said, words
    with pytest.raises(Refused, match="省厅"):
        create_batch(drafted(), by=world.province.municipal_actor, now=NOW)
    create_batch(drafted(name="同名批次"), by=by, now=NOW)
    with pytest.raises(Refused, match="同名"):
        create_batch(drafted(name="同名批次"), by=by, now=NOW)


def test_places_are_not_taken_from_who_has_entered(world: ExamWorld) -> None:
    world.approved(3)
    with pytest.raises(Refused, match="名额不能少于"):
        change_batch(world.batch.pk, by=world.province.provincial_actor, quota=2)


def test_a_batch_with_results_is_not_called_off(world: ExamWorld) -> None:
    make_entry(make_candidate(world.enterprise), world.enterprise, world.batch, state="passed")
    by = world.province.provincial_actor
    with pytest.raises(Refused, match="已登记成绩"):
        call_off_batch(world.batch.pk, reason="疫情", by=by, now=AFTER)
    with pytest.raises(Refused, match="原因"):
        call_off_batch(world.batch.pk, reason=" ", by=by, now=AFTER)
    with pytest.raises(Refused):
        call_off_batch(world.batch.pk, reason="疫情", by=actor(world.organiser), now=AFTER)


def test_calling_off_takes_recorded_absences_back_and_the_history_says_why(world: ExamWorld) -> None:
    absent, waiting = world.approved(2)
    record_results([Result(absent.pk, EntryState.ABSENT)], by=actor(world.organiser), now=AFTER)
    by = world.province.provincial_actor
    call_off_batch(world.batch.pk, reason="考点停电", by=by, now=AFTER)
    absent.refresh_from_db()
    latest = history_of(absent)[0]
    assert latest["title"] == "撤回：无故缺考 → 没有成绩"
    assert latest["comment"] == "批次取消：考点停电"
    assert ResultChange.objects.filter(entry=absent).latest("pk").changed_by_id == by.user_id
    assert not ResultChange.objects.filter(entry=waiting).exists()


def test_the_reason_of_calling_off_fits_into_the_history(world: ExamWorld) -> None:
    (absent,) = world.approved()
    record_results([Result(absent.pk, EntryState.ABSENT)], by=actor(world.organiser), now=AFTER)
    by = world.province.provincial_actor
    with pytest.raises(Refused, match="取消原因"):
        call_off_batch(world.batch.pk, reason="停" * (MAX_REASON + 1), by=by, now=AFTER)
    call_off_batch(world.batch.pk, reason="停" * MAX_REASON, by=by, now=AFTER)
    assert history_of(absent)[0]["comment"] == "批次取消：" + "停" * MAX_REASON
