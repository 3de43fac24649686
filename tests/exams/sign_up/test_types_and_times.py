"""补考 and 重新考核 are for whom they say, and nobody is signed up for two exams at one time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from certificates.models import Certificate
from common.findings import Finding
from exams.enums import EntryState
from exams.models import ExamBatch, ExamEntry
from exams.sign_up.eligibility import Candidate
from exams.sign_up.services import sign_up
from exams.sites.sessions.services import create_session
from tests.clock import Clock
from tests.concurrency import at_once
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
)
from tests.factories import make_certificate

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def refusals(world: ExamWorld, batch: ExamBatch, person_id: int, category: str = "C2") -> list[Finding]:
    """Empty where the person is signed up."""
    one = Candidate(person_id, category, "08")
    return sign_up(batch.pk, [one], actor=world.filer, now=NOW).refused.get(one, [])


def past_batch(days_ago: int) -> ExamBatch:
    day = NOW.date() - timedelta(days=days_ago)
    return make_batch(sign_up_from=day - 20 * DAY, sign_up_to=day - 10 * DAY, exam_from=day, exam_to=day)


@pytest.mark.django_db
def test_a_resit_is_for_who_failed_or_was_excused_a_while_ago(world: ExamWorld) -> None:
    resit, before, long_ago = make_batch(exam_type="resit"), past_batch(60), past_batch(400)
    first = make_candidate(world.enterprise)
    (refused,) = refusals(world, resit, first.pk)
    assert refused.message == "没有可以补考的C2证考试"
    assert refused.cure is not None
    for batch, state, extra, words in (
        (before, EntryState.FAILED, {}, ""),
        (before, EntryState.EXCUSED, {"remark": "住院", "settled_at": NOW}, ""),
        (before, EntryState.FAILED, {"category": "C1"}, "没有可以补考的C2证考试"),
        (before, EntryState.WITHDRAWN, {}, "没有可以补考的C2证考试"),
        (long_ago, EntryState.FAILED, {}, "已超过补考期限 12 个月"),
    ):
        person = make_candidate(world.enterprise)
        make_entry(person, world.enterprise, batch, state=state, **extra)
        assert [one.message for one in refusals(world, resit, person.pk)] == ([words] if words else []), (state, words)


@pytest.mark.django_db
def test_a_renewed_exam_is_for_whose_certificate_ended(world: ExamWorld) -> None:
    renewal = make_batch(exam_type="renewal")
    never, expired, valid, other = (make_candidate(world.enterprise) for _ in range(4))
    gone = {"first_issued_on": date(2020, 5, 1), "starts_on": date(2020, 5, 1), "ends_on": date(2023, 4, 30)}
    make_certificate(expired, world.enterprise, category="C1", **gone)
    make_certificate(valid, world.enterprise, category="C2")
    make_certificate(other, world.enterprise, category="B", post="07", **gone)
    Certificate.objects.filter(person__in=[expired, other]).update(legal_state="05")
    assert [one.code for one in refusals(world, renewal, never.pk)] == ["exam.type"]
    assert [one.code for one in refusals(world, renewal, other.pk)] == ["exam.type"]
    assert {one.code for one in refusals(world, renewal, valid.pk)} == {"exam.type", "exam.held"}
    assert refusals(world, renewal, expired.pk) == []


@pytest.mark.django_db
def test_two_exams_on_one_day_are_refused_with_both_named(world: ExamWorld) -> None:
    person = make_candidate(world.enterprise)
    there = make_batch()
    assert refusals(world, world.batch, person.pk, "C1") == []
    (refused,) = refusals(world, there, person.pk)
    assert refused.message == "与已报名的另一场考试时间冲突"
    assert world.batch.name in refused.detail
    assert there.name in refused.detail
    assert "2026年12月12日" in refused.detail
    next_day = make_batch(exam_from=EXAM_DAY + DAY, exam_to=EXAM_DAY + DAY)
    assert refusals(world, next_day, person.pk) == []


@pytest.mark.django_db
def test_the_times_of_sessions_decide_where_they_are_known(world: ExamWorld) -> None:
    by, site = world.province.provincial_actor, make_site(world.organiser_office, 40, 40)
    room, second = rooms_in(site)
    there = make_batch(organiser=world.organiser_office)
    make_session(world.batch, make_site(world.organiser_office, 40), by, "C1")
    morning = planned(EXAM_DAY, "10:00", "11:30", {room.pk: 40}, "C2")
    create_session(there.pk, morning, by=by, now=NOW)
    early, late = make_candidate(world.enterprise), make_candidate(world.enterprise)
    assert refusals(world, world.batch, early.pk, "C1") == []
    (refused,) = refusals(world, there, early.pk)
    assert "2026年12月12日 09:00" in refused.detail
    assert "2026年12月12日 10:00" in refused.detail
    create_session(there.pk, planned(EXAM_DAY, "14:00", "15:30", {second.pk: 40}, "C2"), by=by, now=NOW)
    assert refusals(world, world.batch, late.pk, "C1") == []
    assert refusals(world, there, late.pk) == [], "there is a session in the afternoon"


@pytest.mark.django_db
def test_two_categories_of_one_batch_collide_only_in_its_sessions(world: ExamWorld) -> None:
    person, other = make_candidate(world.enterprise), make_candidate(world.enterprise)
    assert refusals(world, world.batch, person.pk, "C1") == []
    assert refusals(world, world.batch, person.pk, "C2") == []
    make_session(world.batch, make_site(world.organiser_office, 40), world.province.provincial_actor)
    assert refusals(world, world.batch, other.pk, "C1") == []
    assert [one.code for one in refusals(world, world.batch, other.pk, "C2")] == ["exam.time"]


@pytest.mark.django_db
def test_two_categories_of_one_submission_are_compared_with_each_other(world: ExamWorld) -> None:
    person, site = make_candidate(world.enterprise), make_site(world.organiser_office, 40, 40)
    both = [Candidate(person.pk, "C1", "08"), Candidate(person.pk, "C2", "08")]
    by = world.province.provincial_actor
    make_session(world.batch, site, by, "C1", "C2")
    result = sign_up(world.batch.pk, both, actor=world.filer, now=NOW)
    assert list(result.entered) == both[:1]
    (refused,) = result.refused[both[1]]
    assert (refused.code, "2026年12月12日 09:00" in refused.detail) == ("exam.time", True)
    room = rooms_in(site)[0]
    create_session(world.batch.pk, planned(EXAM_DAY, "14:00", "15:30", {room.pk: 40}, "C2"), by=by, now=NOW)
    other = make_candidate(world.enterprise)
    apart = [Candidate(other.pk, category, "08") for category in ("C1", "C2")]
    assert list(sign_up(world.batch.pk, apart, actor=world.filer, now=NOW).entered) == apart


@pytest.mark.django_db(transaction=True)
def test_of_two_sign_ups_at_once_for_one_day_one_is_refused() -> None:
    world = ExamWorld()
    person, there = make_candidate(world.enterprise), make_batch()
    calls = [
        lambda batch=batch, category=category: sign_up(
            batch.pk, [Candidate(person.pk, category, "08")], actor=world.filer, now=NOW
        )
        for batch, category in ((world.batch, "C1"), (there, "C2"))
    ]
    results = at_once(calls)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert ExamEntry.objects.filter(person=person).count() == 1
