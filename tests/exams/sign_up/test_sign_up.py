"""考试报名: every condition with both outcomes, places, and who gets them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person
from certificates.models import OutOfProvinceCertificate
from common.findings import Refused, blocking
from employment.models import Employment
from exams.enums import EntryState
from exams.models import ExamBatch, ExamEntry
from exams.reviewing.services import approve_entries, refuse_entries
from exams.sign_up.eligibility import Candidate, of_candidates
from exams.sign_up.services import SignUpResult, sign_up, withdraw_entry
from tests.clock import Clock
from tests.concurrency import at_once
from tests.exams.exam_world import EXAM_DAY, NOW, TODAY, ExamWorld, make_batch, make_candidate, make_entry
from tests.factories import (
    actor,
    make_certificate,
    make_constructor,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
)
from workflow.models import Bar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def codes(world: ExamWorld, person: Person, category: str = "C2", post: str = "08", on: date = TODAY) -> set[str]:
    one = Candidate(person.pk, category, post)
    batch = ExamBatch.objects.select_related("region").get(pk=world.batch.pk)
    found = of_candidates(batch, [one], enterprise_id=world.enterprise.pk, on=on)
    return {finding.code for finding in blocking(found[one])}


def fit(world: ExamWorld, *posts: str, **fields: Any) -> Person:
    return make_candidate(world.enterprise, "李安全", *posts, **fields)


def test_who_meets_every_condition_may_be_entered(world: ExamWorld) -> None:
    assert codes(world, fit(world)) == set()
    assert codes(world, fit(world, "02"), "A", "02") == set()
    builder = fit(world, "07")
    make_constructor(builder, world.enterprise)
    assert codes(world, builder, "B", "07") == set()


def test_all_reasons_come_at_once_each_with_its_turn(world: ExamWorld) -> None:
    person = make_person(registered=False, photo=False)
    one = Candidate(person.pk, "C2", "08")
    found = blocking(of_candidates(world.batch, [one], enterprise_id=world.enterprise.pk, on=TODAY)[one])
    assert {finding.code for finding in found} == {
        "person.not_registered",
        "person.no_id_photo",
        "employment.none",
        "exam.education",
    }
    assert all(finding.turn and finding.detail for finding in found)
    assert next(one for one in found if one.code == "person.no_id_photo").message == "未上传个人证件照"


@pytest.mark.parametrize(
    ("birth", "category", "expected"),
    [
        (date(2008, 11, 22), "C2", set()),
        (date(2008, 11, 23), "C2", {"exam.too_young"}),  # the birthday itself does not count yet
        (date(1966, 11, 23), "C2", set()),
        (date(1966, 11, 22), "C2", {"exam.too_old"}),
        (date(1950, 1, 1), "A", set()),
    ],
)
def test_age_counts_from_the_day_after_the_birthday(
    world: ExamWorld, birth: date, category: str, expected: set[str]
) -> None:
    person = fit(world, "02" if category == "A" else "08", birth_date=birth)
    assert codes(world, person, category, "02" if category == "A" else "08") == expected


@pytest.mark.parametrize(
    ("category", "post", "education", "title", "expected"),
    [
        ("C2", "08", "senior_middle", "", set()),
        ("C2", "08", "junior_middle", "junior", set()),
        ("C2", "08", "junior_middle", "", {"exam.education"}),
        ("C2", "08", "", "", {"exam.education"}),
        ("A", "02", "junior_college", "intermediate", set()),
        ("A", "02", "secondary_vocational", "junior", {"exam.education", "exam.title"}),
        ("A", "01", "", "", set()),
    ],
)
def test_education_and_title(
    world: ExamWorld, category: str, post: str, education: str, title: str, expected: set[str]
) -> None:
    person = fit(world, post, education=education, professional_title=title)
    assert codes(world, person, category, post) == expected


def test_a_b_needs_a_constructor_of_the_same_enterprise(world: ExamWorld) -> None:
    person = fit(world, "07")
    assert codes(world, person, "B", "07") == {"qualification.constructor"}
    make_constructor(person, make_enterprise())
    assert codes(world, person, "B", "07") == {"qualification.constructor"}
    make_constructor(person, world.enterprise, valid_to=TODAY)
    assert codes(world, person, "B", "07") == set()


def test_the_post_fits_the_category_and_is_registered(world: ExamWorld) -> None:
    person = fit(world, "08")
    assert codes(world, person, "C2", "02") == {"exam.post"}
    assert codes(world, person, "A", "02") == {"exam.post"}
    elsewhere = make_candidate(make_enterprise())
    assert codes(world, elsewhere) == {"employment.none"}


def test_a_legal_representative_needs_no_employment_here(world: ExamWorld) -> None:
    person = make_candidate(make_enterprise(), "法人", "02")
    world.enterprise.legal_representative_index = person.id_number_index
    world.enterprise.save()
    assert codes(world, person, "A", "01") == set()


@pytest.mark.parametrize(
    ("held", "wanted", "expected"),
    [("C2", "C2", {"exam.held"}), ("C3", "C2", {"exam.held"}), ("C1", "C3", {"exam.held"}), ("C1", "C2", set())],
)
def test_what_is_held_already_is_not_entered_for(world: ExamWorld, held: str, wanted: str, expected: set[str]) -> None:
    person = fit(world)
    certificate = make_certificate(person, world.enterprise, held, ends_on=date(2028, 4, 30))
    assert codes(world, person, wanted) == expected
    certificate.ends_on = date(2026, 4, 30)
    certificate.save()
    assert codes(world, person, wanted) == set()


def test_bars_and_certificates_elsewhere_stop(world: ExamWorld) -> None:
    person = fit(world)
    bar = Bar.objects.create(
        person=person, scope="exam", source="缺考", starts_on=date(2026, 6, 1), ends_on=date(2026, 11, 23)
    )
    assert codes(world, person) == {"bar.exam"}
    assert codes(world, person, on=TODAY + timedelta(days=1)) == set()
    bar.delete()
    OutOfProvinceCertificate.objects.create(
        id_number_index=person.id_number_index,
        number="浙建安C2（2024）0000001",
        province="浙江省",
        category="C2",
        name=person.name,
        valid_to=date(2027, 1, 1),
    )
    assert codes(world, person) == {"holding.X-1"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"sign_up_from": TODAY + timedelta(days=1)}, "exam.window"),
        ({"sign_up_to": TODAY - timedelta(days=1)}, "exam.window"),
        ({"region_id": "360400"}, "exam.region"),
        ({"categories": ["A"]}, "exam.category"),
        ({"quota": 1, "taken": 1}, "exam.full"),
        ({"status": "draft", "announced_at": None}, "exam.not_announced"),
        ({"status": "called_off", "called_off_at": NOW, "called_off_reason": "台风"}, "exam.called_off"),
    ],
)
def test_the_batch_has_to_be_open(world: ExamWorld, fields: dict[str, Any], code: str) -> None:
    ExamBatch.objects.filter(pk=world.batch.pk).update(**fields)
    assert codes(world, fit(world)) == {code}


def test_batches_of_county_city_and_province_are_open_to_an_enterprise(world: ExamWorld) -> None:
    for region in ("360102", "360100", "360000"):
        ExamBatch.objects.filter(pk=world.batch.pk).update(region_id=region)
        assert codes(world, fit(world)) == set()


def test_one_pending_entry_for_a_category_whatever_the_batch(world: ExamWorld) -> None:
    person = fit(world)
    another_day = EXAM_DAY + timedelta(days=1)
    entry = make_entry(person, world.enterprise, make_batch(exam_from=another_day, exam_to=another_day))
    assert codes(world, person) == {"exam.entered"}
    assert codes(world, person, "C1") == set()
    ExamEntry.objects.filter(pk=entry.pk).update(state="withdrawn")
    assert codes(world, person) == set()
    make_entry(person, world.enterprise, make_batch(), state="passed")
    assert codes(world, person) == {"exam.passed"}


# --- many at once ---


def test_several_are_entered_and_one_refused_never_blocks_the_others(world: ExamWorld) -> None:
    good = world.candidates(2)
    bad = Candidate(make_candidate(world.enterprise, photo=False).pk, "C2", "08")
    result = sign_up(world.batch.pk, [good[0], bad, good[1]], actor=world.filer, now=NOW)
    assert list(result.entered) == good
    assert [finding.code for finding in result.refused[bad]] == ["person.no_id_photo"]
    world.batch.refresh_from_db()
    assert world.batch.taken == 2
    entry = ExamEntry.objects.get(pk=result.entered[good[0]])
    assert (entry.state, entry.office, entry.enterprise) == ("entered", world.province.municipal, world.enterprise)


def test_one_person_with_two_categories_and_never_twice_with_one(world: ExamWorld) -> None:
    person = fit(world, "02", "03")
    both = [Candidate(person.pk, "A", "02"), Candidate(person.pk, "A", "03")]
    result = sign_up(world.batch.pk, both, actor=world.filer, now=NOW)
    assert list(result.entered) == both[:1]
    assert [one.code for one in result.refused[both[1]]] == ["exam.entered"]


def test_fifty_take_the_queries_of_one(world: ExamWorld, count_queries: Callable[[Callable[[], object]], int]) -> None:
    counts = []
    for number in (1, 50):
        candidates = world.candidates(number)

        def enter(candidates: list[Candidate] = candidates) -> SignUpResult:
            return sign_up(world.batch.pk, candidates, actor=world.filer, now=NOW)

        counts.append(count_queries(enter))
    assert counts[0] == counts[1]
    assert ExamEntry.objects.count() == 51


def test_only_enterprises_enter_people(world: ExamWorld) -> None:
    with pytest.raises(Refused):
        sign_up(world.batch.pk, world.candidates(1), actor=world.province.provincial_actor, now=NOW)
    with pytest.raises(Refused):
        sign_up(world.batch.pk, [], actor=world.filer, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_for_the_last_ten_places_fill_exactly_ten() -> None:
    world = ExamWorld()
    ExamBatch.objects.filter(pk=world.batch.pk).update(quota=20, taken=10)
    calls = []
    for _ in range(100):
        enterprise = make_enterprise()
        one = Candidate(make_candidate(enterprise).pk, "C2", "08")
        calls.append(partial(sign_up, world.batch.pk, [one], actor=actor(make_operator(enterprise)), now=NOW))
    outcomes = at_once(calls)
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    results = [one for one in outcomes if isinstance(one, SignUpResult)]
    assert sum(len(one.entered) for one in results) == 10
    refusals = [finding for one in results for found in one.refused.values() for finding in found]
    assert (len(refusals), {finding.code for finding in refusals}) == (90, {"exam.full"})
    world.batch.refresh_from_db()
    assert (world.batch.taken, ExamEntry.objects.count()) == (20, 10)


@pytest.mark.django_db(transaction=True)
def test_one_person_entered_in_two_batches_at_once_is_in_one() -> None:
    world = ExamWorld()
    other = make_batch()
    (one,) = world.candidates(1)
    outcomes = at_once([partial(sign_up, pk, [one], actor=world.filer, now=NOW) for pk in (world.batch.pk, other.pk)])
    assert sum(len(result.entered) for result in outcomes if isinstance(result, SignUpResult)) == 1
    assert ExamEntry.objects.count() == 1


def test_the_database_itself_keeps_the_quota_and_one_entry(world: ExamWorld) -> None:
    (entry,) = world.entered()
    with pytest.raises(IntegrityError, match="exam_quota_not_overrun"), transaction.atomic():
        ExamBatch.objects.filter(pk=world.batch.pk).update(taken=101)
    with pytest.raises(IntegrityError, match="one_"), transaction.atomic():
        ExamEntry.objects.create(
            batch=world.batch,
            person=entry.person,
            enterprise=world.enterprise,
            category="C2",
            post="08",
            office=entry.office,
        )
    for values in ({"state": "passed"}, {"state": "refused"}, {"knowledge_score": 3}, {"state": "unknown"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ExamEntry.objects.filter(pk=entry.pk).update(**values)


# --- taking back, review ---


def test_withdrawing_frees_the_place_until_sign_up_closes(world: ExamWorld) -> None:
    first, second = world.entered(2)
    withdraw_entry(first.pk, actor=world.filer, now=NOW)
    world.batch.refresh_from_db()
    assert world.batch.taken == 1
    for by, when in (
        (actor(make_operator(make_enterprise())), NOW),
        (world.filer, NOW + timedelta(days=8)),
    ):
        with pytest.raises(Refused):
            withdraw_entry(second.pk, actor=by, now=when)
    with pytest.raises(Refused):
        withdraw_entry(first.pk, actor=world.filer, now=NOW)


def test_review_of_many_asks_the_rules_again(world: ExamWorld) -> None:
    entries = world.entered(3)
    Employment.objects.filter(person=entries[1].person).update(ended_at=NOW, end_reason="by_enterprise")
    ids = [entry.pk for entry in entries]
    stranger = approve_entries(ids, actor=actor(world.province.stranger), now=NOW)
    assert (stranger.done, set(stranger.refused)) == ([], set(ids))
    later = NOW + timedelta(days=10)  # sign-up has closed, the review goes on
    result = approve_entries(ids, actor=world.province.municipal_actor, now=later)
    assert result.done == [ids[0], ids[2]]
    assert [one.code for one in result.refused[ids[1]]] == ["employment.none"]
    again = approve_entries(ids[:1], actor=world.province.municipal_actor, now=later)
    assert [one.code for one in again.refused[ids[0]]] == ["exam.not_now"]


def test_refusing_needs_a_reason_frees_the_place_and_allows_another_try(world: ExamWorld) -> None:
    (entry,) = world.entered()
    reviewer = world.province.municipal_actor
    assert refuse_entries([entry.pk], comment=" ", actor=reviewer, now=NOW).done == []
    assert refuse_entries([entry.pk], comment="职务与合同不符", actor=reviewer, now=NOW).done == [entry.pk]
    entry.refresh_from_db()
    world.batch.refresh_from_db()
    assert (entry.state, entry.comment, world.batch.taken) == (EntryState.REFUSED, "职务与合同不符", 0)
    again = sign_up(world.batch.pk, [Candidate(entry.person_id, "C2", "08")], actor=world.filer, now=NOW)
    assert len(again.entered) == 1
    assert entry.person.mailbox is not None
    assert "职务与合同不符" in [message.body for message in entry.person.mailbox.messages.order_by("pk")]


def test_review_takes_the_same_queries_for_one_and_ten(
    world: ExamWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    counts = []
    for number in (1, 10):
        ids = [entry.pk for entry in world.entered(number)]

        def review(ids: list[int] = ids) -> None:
            assert approve_entries(ids, actor=world.province.municipal_actor, now=NOW).done == ids

        counts.append(count_queries(review))
    assert counts[0] == counts[1]


def test_employment_of_two_posts_may_enter_for_both(world: ExamWorld) -> None:
    person = make_person(education="bachelor", professional_title="intermediate")
    make_employment(person, world.enterprise, "02", "07")
    make_constructor(person, world.enterprise)
    both = [Candidate(person.pk, "A", "02"), Candidate(person.pk, "B", "07")]
    assert len(sign_up(world.batch.pk, both, actor=world.filer, now=NOW).entered) == 2
