"""Results by form and file, the bars that follow from them, and calling a batch off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError

from administration.imports.services import Book, execute, run_import
from administration.models import ImportRun, Message, Parameter
from common.findings import Refused
from exams.enums import EntryState
from exams.models import ExamBatch, ExamEntry, ResultChange
from exams.results.correcting import correct_result
from exams.results.selectors import KIND
from exams.results.services import Result, record_results
from tests.clock import Clock
from tests.exams.exam_world import AFTER, EXAM_DAY, NOW, ExamWorld, make_batch, make_candidate, make_entry
from tests.factories import actor, make_enterprise
from workflow.models import Application, Bar

pytestmark = pytest.mark.django_db

HEADER = "准考证号,姓名,身份证号,成绩,能力考核,缺考,违纪,备注"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(AFTER)


def line(entry: ExamEntry, rest: str, ticket: str = "") -> str:
    return f"{ticket},{entry.person.name},{entry.person.id_number},{rest}"


def upload(*lines: str, header: str = HEADER) -> Book:
    return run_import(KIND, "\n".join([header, *lines]).encode(), "成绩.csv")


def states(*entries: ExamEntry) -> list[str]:
    found = dict(ExamEntry.objects.values_list("pk", "state"))
    return [found[entry.pk] for entry in entries]


# --- bars ---


def test_absence_without_cause_bars_six_months_from_the_exam_day(world: ExamWorld) -> None:
    (entry,) = world.approved()
    recorded = record_results([Result(entry.pk, EntryState.ABSENT)], by=actor(world.organiser), now=AFTER)
    assert recorded.done == [entry.pk]
    bar = Bar.objects.get()
    # On 12 June the six months are over: sign-up is allowed on that very day.
    assert (bar.scope, bar.starts_on, bar.ends_on) == ("exam", EXAM_DAY, date(2027, 6, 11))
    assert world.batch.name in bar.source


def test_cheating_bars_a_year_from_the_finding(world: ExamWorld) -> None:
    (entry,) = world.approved()
    cheated = Result(entry.pk, EntryState.CHEATED, remark="携带手机")
    record_results([cheated], by=actor(world.organiser), found_on=date(2026, 12, 14), now=AFTER)
    bar = Bar.objects.get()
    assert (bar.starts_on, bar.ends_on) == (date(2026, 12, 14), date(2027, 12, 13))


def test_the_months_are_those_of_the_day_the_bar_starts(world: ExamWorld) -> None:
    Parameter.objects.create(key="bar_absence_months", value=3, effective_from=EXAM_DAY, document_number="测1号")
    Parameter.objects.create(
        key="bar_cheating_months", value=24, effective_from=date(2027, 1, 1), document_number="测2号"
    )
    first, second = world.approved(2)
    results = [Result(first.pk, EntryState.ABSENT), Result(second.pk, EntryState.CHEATED, remark="替考")]
    record_results(results, by=actor(world.organiser), now=AFTER)
    ends = dict(Bar.objects.values_list("person_id", "ends_on"))
    assert ends == {first.person_id: date(2027, 3, 11), second.person_id: date(2027, 12, 14)}


def test_a_corrected_result_lifts_its_bar(world: ExamWorld) -> None:
    (entry,) = world.approved()
    record_results([Result(entry.pk, EntryState.ABSENT)], by=actor(world.organiser), now=AFTER)
    excused = Result(entry.pk, EntryState.EXCUSED, remark="住院证明", reason="补交了住院证明")
    recorded = record_results([excused], by=actor(world.organiser), now=AFTER)
    assert recorded.changed == [entry.pk]
    assert Bar.objects.get().lifted_at == AFTER
    assert record_results([excused], by=actor(world.organiser), now=AFTER).known == [entry.pk]


def test_results_are_for_who_was_admitted_and_by_who_holds_the_exam(world: ExamWorld) -> None:
    (entry,) = world.approved()
    waiting = make_entry(make_candidate(world.enterprise), world.enterprise, world.batch, state="entered")
    absent = [Result(pk, EntryState.ABSENT) for pk in (entry.pk, waiting.pk)]
    recorded = record_results(absent, by=actor(world.organiser), now=AFTER)
    assert (recorded.done, recorded.refused[waiting.pk][0].code) == ([entry.pk], "exam.not_admitted")
    for by, when in ((world.filer, AFTER), (world.province.municipal_actor, AFTER), (actor(world.organiser), NOW)):
        again = record_results([Result(entry.pk, EntryState.EXCUSED, remark="住院")], by=by, now=when)
        assert again.refused[entry.pk][0].code == "exam.not_now"
    ExamBatch.objects.update(organiser=None)
    other = record_results([Result(entry.pk, EntryState.EXCUSED, remark="住院")], by=actor(world.organiser), now=AFTER)
    assert other.refused[entry.pk][0].code == "exam.not_now"


def test_results_of_twenty_take_the_queries_of_one(
    world: ExamWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    counts = []
    for number in (1, 20):
        results = [
            Result(
                entry.pk,
                EntryState.PASSED if position % 2 else EntryState.ABSENT,
                Decimal(80) if position % 2 else None,
            )
            for position, entry in enumerate(world.approved(number + 1))
        ]

        def record(results: list[Result] = results) -> None:
            assert len(record_results(results, by=actor(world.organiser), now=AFTER).done) == len(results)

        counts.append(count_queries(record))
        Message.objects.update(read_at=AFTER)  # or else the enterprise's own would be replaced
    assert counts[0] == counts[1]


# --- the file ---


def test_a_file_records_every_sort_of_result_and_twice_changes_nothing(
    world: ExamWorld, run_jobs: Callable[..., list[str]]
) -> None:
    passed, failed, half, absent, excused, cheated = entries = world.approved(6)
    lines = [
        line(passed, "88.5,90,否,,", "NC001"),
        line(failed, "59,,,,"),
        line(half, "90,59.5,,,"),
        line(absent, ",,是,,"),
        line(excused, ",,因故,,突发疾病住院"),
        line(cheated, ",,,夹带资料,"),
    ]
    book = upload(*lines)
    assert (book.new, book.bad, book.problems) == (6, 0, [])
    assert states(*entries) == ["passed", "failed", "failed", "absent", "excused", "cheated"]
    passed.refresh_from_db()
    assert (passed.knowledge_score, passed.ability_score, passed.ticket_number) == (Decimal("88.5"), 90, "NC001")
    assert set(Bar.objects.values_list("person", flat=True)) == {absent.person_id, cheated.person_id}
    run_jobs()
    assert [one.person_id for one in Application.objects.all()] == [passed.person_id]
    again = upload(*lines)
    assert (again.new, again.changed, again.known, again.bad) == (0, 0, 6, 0)
    assert (Bar.objects.count(), Application.objects.count()) == (2, 1)


def test_every_bad_row_is_reported_and_holds_up_no_other(world: ExamWorld) -> None:
    good, odd, other, twice = world.approved(4)
    stranger = make_candidate(make_enterprise(), "王陌生")
    make_entry(twice.person, world.enterprise, world.batch, category="C1")
    book = upload(
        line(good, "70,,,,"),
        line(odd, "101,,,,"),
        line(odd, ",,,,"),
        line(odd, "60,,是,,"),
        line(odd, ",,是,作弊,"),
        line(odd, ",,因故,,"),
        line(odd, "60,,可能,,"),
        f",错名字,{other.person.id_number},60,,,,",
        f",{stranger.name},{stranger.id_number},60,,,,",
        line(twice, "60,,,,"),
    )
    assert (book.new, book.bad) == (1, 9)
    assert states(good, odd, other) == ["passed", "approved", "approved"]
    said = "".join(problem.sentence for problem in book.problems)
    for words in (
        "0至100",
        "请填写成绩",
        "不应有成绩",
        "不能同时",
        "写明原因",
        "因故",
        "姓名与报名信息",
        "没有找到",
        "多个类别",
    ):
        assert words in said, words
    shown = "".join(problem.value_masked for problem in book.problems)
    assert good.person.id_number not in shown
    assert other.person.id_number not in shown
    book = upload(line(twice, "60,,,,,C1"), header=f"{HEADER},证书类别")
    assert (book.new, states(twice)) == (1, ["approved"])


def test_an_organiser_uploads_its_own_batches_only(world: ExamWorld, run_jobs: Callable[..., list[str]]) -> None:
    (own,) = world.approved()
    foreign = make_entry(make_candidate(world.enterprise), world.enterprise, make_batch())
    content = "\n".join([HEADER, line(own, "80,,,,"), line(foreign, "80,,,,")]).encode()
    run = ImportRun.objects.create(
        kind=KIND, file_name="成绩.csv", by="考务员", user_id=world.organiser.pk, office=world.organiser_office
    )
    book = execute(run, content)
    assert (book.new, book.bad, states(own, foreign)) == (1, 1, ["passed", "approved"])


# --- corrections and their history ---


def test_a_correction_says_why_and_is_kept(world: ExamWorld) -> None:
    (entry,) = world.approved()
    by = actor(world.organiser)
    record_results([Result(entry.pk, EntryState.FAILED, Decimal(58))], by=by, now=AFTER)
    better = Result(entry.pk, EntryState.PASSED, Decimal(85))
    with pytest.raises(Refused) as refused:
        correct_result(result=better, reason=" \n", by=by, now=AFTER)
    assert refused.value.findings[0].code == "exam.no_reason"
    assert "不合格，知识考核 58" in refused.value.findings[0].detail
    correct_result(result=better, reason="漏加一题的分", by=by, now=AFTER)
    with pytest.raises(Refused) as refused:
        correct_result(result=better, reason="再来一次", by=by, now=AFTER)
    assert refused.value.findings[0].code == "exam.same_result"
    lines = list(ResultChange.objects.filter(entry=entry).order_by("pk"))
    assert [(one.former_state, one.former_knowledge, one.state, one.knowledge, one.reason) for one in lines] == [
        ("approved", None, "failed", 58, ""),
        ("failed", 58, "passed", 85, "漏加一题的分"),
    ]
    assert {one.changed_by_id for one in lines} == {world.organiser.pk}
    told = Message.objects.filter(mailbox=entry.person.mailbox_id).latest("pk")
    assert told.title.startswith("考试结果更正")
    assert "由“不合格，知识考核 58”更正为“合格，知识考核 85”。原因：漏加一题的分。" in told.body


def test_no_correction_without_a_reason_comes_into_the_history(world: ExamWorld) -> None:
    (entry,) = world.approved()
    with pytest.raises(IntegrityError, match="exam_correction_has_a_reason"):
        ResultChange.objects.create(entry=entry, former_state="failed", state="passed", knowledge=90)


def test_a_ticket_number_alone_is_no_correction(world: ExamWorld) -> None:
    (entry,) = world.approved()
    by = actor(world.organiser)
    record_results([Result(entry.pk, EntryState.CHEATED, remark="替考")], by=by, found_on=EXAM_DAY, now=AFTER)
    told = Message.objects.count()
    again = Result(entry.pk, EntryState.CHEATED, remark="替考", ticket_number="NC007")
    assert record_results([again], by=by, now=AFTER).done == [entry.pk]
    assert ResultChange.objects.count() == 1
    assert Message.objects.count() == told
    assert Bar.objects.get().starts_on == EXAM_DAY


def test_whoever_was_never_told_of_the_admission_is_not_absent_without_cause(world: ExamWorld) -> None:
    (entry,) = world.approved()
    ExamEntry.objects.update(notified_at=None)
    recorded = record_results([Result(entry.pk, EntryState.ABSENT)], by=actor(world.organiser), now=AFTER)
    assert [one.code for one in recorded.refused[entry.pk]] == ["exam.not_notified"]
    assert not Bar.objects.exists()
    with pytest.raises(IntegrityError, match="exam_absence_needs_a_notice"):
        ExamEntry.objects.update(state=EntryState.ABSENT, settled_at=AFTER)


# --- messages ---


def test_each_person_hears_once_and_each_enterprise_once_of_all(
    world: ExamWorld, run_jobs: Callable[..., list[str]]
) -> None:
    passed, absent = world.approved(2)
    other = make_enterprise()
    third = make_entry(make_candidate(other, "王𠮷·䶮"), other, world.batch)
    upload(line(passed, "88.5,,,,"), line(absent, ",,是,,"), line(third, "40,,,,"))
    assert Message.objects.filter(title__startswith="考试结果").count() == 5
    told = Message.objects.get(mailbox=world.enterprise.mailbox_id, title__startswith="考试结果")
    assert told.title == f"考试结果：{world.batch.name}，2 人"
    assert told.body == (
        f"合格 1 人：{passed.person.name}（C2证，知识考核 88.5）。无故缺考 1 人：{absent.person.name}（C2证）。"
    )
    barred = Message.objects.get(mailbox=absent.person.mailbox_id, title__startswith="考试结果")
    assert "2027年6月12日起可以再报名" in barred.body
    assert Message.objects.filter(mailbox=other.mailbox_id, title__endswith="1 人").count() == 1
