"""Hours are counted for a term by one function; limits of a source and overlapping days are the province's rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.people.identity import id_number_index
from administration.models import AuditEntry, Parameter
from administration.parameters.book import ParameterBook
from common.findings import Refused
from tests.factories import make_id_number
from tests.training.test_training import load, new_record, training_row
from training.enums import Source
from training.hours import Count, Rules, count_hours, standing_at
from training.models import TrainingRecord
from training.services import add_record, correct_record, withdraw_record
from training.terms import Held

pytestmark = pytest.mark.django_db
ENDS = date(2027, 3, 31)
ON = date(2026, 11, 1)


def counted(*, category: str = "C3") -> Count:
    records = TrainingRecord.objects.filter(withdrawn_at__isnull=True)
    held = Held(id_number_index="", number="", category=category, ends_on=ENDS, certificate_id=0)
    return count_hours(held, records, Rules(ParameterBook.load(), ON))


def taken(day: date, *, hours: int = 24, source: str = Source.INSTITUTION, category: str = "") -> TrainingRecord:
    record = new_record(starts_on=day, ends_on=day, hours=Decimal(hours), source=source, category=category)
    return add_record(record, by=None)


def limit(source: Source, hours: int, *, since: date) -> None:
    key = f"training_year_{source}"
    Parameter.objects.create(key=key, value=hours, effective_from=since, document_number="赣建办〔2026〕9号")


def test_the_first_day_of_the_term_counts_and_the_day_before_does_not() -> None:
    taken(date(2024, 3, 31))
    first = taken(date(2024, 4, 1), hours=7)
    found = counted()
    assert ([line.record for line in found.lines], found.since) == ([first], date(2024, 4, 1))
    assert (found.words, found.missing, found.is_enough) == ("7", 17, False)


def test_hours_for_another_certificate_do_not_count() -> None:
    taken(date(2026, 1, 5), category="B")
    assert counted().hours == 0
    assert counted(category="B").is_enough


def test_no_source_is_limited_by_default() -> None:
    for day in range(1, 6):
        taken(date(2026, 1, day), source=Source.ONLINE, hours=100)
    assert counted().hours == 500


def test_a_limit_counts_for_its_source_and_year_from_the_year_of_its_effect() -> None:
    limit(Source.ONLINE, 8, since=date(2026, 7, 1))
    taken(date(2025, 5, 5), source=Source.ONLINE, hours=20)
    taken(date(2026, 1, 5), source=Source.ONLINE, hours=5)
    taken(date(2026, 2, 5), source=Source.ONLINE, hours=5)
    taken(date(2026, 3, 5), source=Source.ONLINE, hours=5)
    taken(date(2026, 3, 6), source=Source.ENTERPRISE, hours=4)
    found = counted()
    assert [line.hours for line in found.lines] == [4, 0, 3, 5, 20]
    assert found.lines[2].note == "网络学习每年最多计入 8 学时，本条计入 3 学时"
    assert found.hours == 32


def test_what_counted_at_a_moment_is_known_after_a_correction() -> None:
    wrong = taken(date(2026, 1, 5))
    before = wrong.created_at
    right = correct_record(
        record_id=wrong.pk,
        right=new_record(starts_on=wrong.starts_on, ends_on=wrong.ends_on, hours=Decimal(12)),
        reason="学时有误",
        by=None,
    )
    records = list(TrainingRecord.objects.order_by("pk"))
    assert standing_at(records, before) == [records[0]]
    assert standing_at(records, right.created_at) == [right]
    withdraw_record(record_id=right.pk, reason="没有参加", by=None)
    records = list(TrainingRecord.objects.order_by("pk"))
    assert standing_at(records, records[1].withdrawn_at or before) == []


# --- overlapping days ---


def test_another_course_on_the_same_days_needs_a_reason_that_stays() -> None:
    taken(date(2026, 1, 5))
    other = {"course": "应急处置", "starts_on": date(2026, 1, 4), "ends_on": date(2026, 1, 5)}
    with pytest.raises(Refused, match="这几天已有另一门课程的记录"):
        add_record(new_record(**other), by=None)
    assert TrainingRecord.objects.count() == 1
    made = add_record(new_record(**other, overlap_reason="5日上午、下午各一门"), by=None)
    assert made.overlap_reason == "5日上午、下午各一门"
    detail = AuditEntry.objects.get(action="training.added", object_id=str(made.pk)).detail
    assert detail["overlap_reason"] == "5日上午、下午各一门"


def test_days_next_to_each_other_and_courses_for_different_certificates_do_not_overlap() -> None:
    taken(date(2026, 1, 5), category="A")
    taken(date(2026, 1, 6), category="A")
    taken(date(2026, 1, 5), category="B")
    with pytest.raises(Refused, match="另一门课程"):
        add_record(new_record(course="应急处置", starts_on=date(2026, 1, 6), ends_on=date(2026, 1, 6)), by=None)


def test_a_withdrawn_course_occupies_no_day() -> None:
    withdraw_record(record_id=taken(date(2026, 1, 5)).pk, reason="没有参加", by=None)
    add_record(new_record(course="应急处置", starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 5)), by=None)


def test_a_correction_into_the_days_of_another_course_is_asked_about() -> None:
    taken(date(2026, 1, 5))
    wrong = taken(date(2026, 2, 5))
    right = new_record(course="应急处置", starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 5))
    with pytest.raises(Refused, match="另一门课程"):
        correct_record(record_id=wrong.pk, right=right, reason="日期有误", by=None)
    wrong.refresh_from_db()
    assert wrong.withdrawn_at is None


def test_rows_of_a_file_on_the_same_days_come_back_until_they_say_why() -> None:
    rows = training_row(), training_row(课程="应急处置", 开始日期="2026-01-07", 结束日期="2026-01-08")
    book = load(*rows)
    assert (book.new, book.bad) == (1, 1)
    (problem,) = book.problems
    assert (problem.column_title, "安全生产继续教育" in problem.sentence) == ("日期重叠说明", True), (
        "it names the other course"
    )
    again = load(*({**row, "日期重叠说明": why} for row, why in zip(rows, ("", "7日下午另上一门"), strict=True)))
    assert (again.new, again.known, again.bad) == (1, 1, 0)
    reasons = TrainingRecord.objects.order_by("starts_on").values_list("overlap_reason", flat=True)
    assert list(reasons) == ["", "7日下午另上一门"]


def test_a_file_names_the_source() -> None:
    rows = [
        training_row(培训方式=words, 身份证号=make_id_number(number))
        for number, words in ((1, ""), (2, "网络"), (3, "企业组织"), (4, "电视"))
    ]
    book = load(*rows)
    assert (book.new, book.bad) == (3, 1)
    sources = {row.id_number_index: row.source for row in TrainingRecord.objects.all()}
    assert [sources[id_number_index(make_id_number(number))] for number in (1, 2, 3)] == [
        "institution",
        "online",
        "enterprise",
    ]
