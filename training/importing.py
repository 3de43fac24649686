"""Imports continuing-education records that training institutions upload."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from accounts.people.columns import ID_NUMBER, NAME
from accounts.people.numbers import PresentNumbers
from administration.enums import OfficeKind
from administration.imports.plan import Change, Trace, changes_of
from administration.imports.services import Book, Seen, good_chunks, one_import_at_a_time, register_importer
from administration.models import Office
from common.tabular.cells import Cell, as_text, day, number, words_up_to
from common.tabular.column import Column
from common.tabular.row import Row
from common.tabular.table import Table
from common.text.certificate_number import CATEGORIES
from common.text.chinese import half_width, without_blanks
from common.text.lengths import up_to
from common.text.organisations import normalise_organisation_name, parse_organisation_name

from .enums import Source
from .overlaps import in_words
from .selectors import Course, course_of, others_on_record
from .services import KIND, MISNAMED, UNIQUE, NewRecord, add_records

MOST_HOURS = Decimal(999)
MAX_REASON = 200
OVERLAP_TITLE = "日期重叠说明"
SOURCE_WORDS = {
    Source.INSTITUTION: ("面授", "机构培训"),
    Source.ENTERPRISE: ("企业", "企业培训"),
    Source.ONLINE: ("网络", "线上", "在线学习"),
}


def parse_hours(value: Cell) -> Decimal:
    hours = number(value.removesuffix("学时") if isinstance(value, str) else value)
    if not 0 < hours <= MOST_HOURS:
        raise ValidationError(f"学时应大于0，不超过{MOST_HOURS}。")
    if hours != hours.quantize(Decimal("0.1")):
        raise ValidationError("学时最多保留一位小数。")
    return hours.quantize(Decimal("0.1"))


def parse_category(text: str) -> str:
    plain = without_blanks(half_width(text)).upper().rstrip("类证")
    if plain not in CATEGORIES:
        raise ValidationError("证书类别应为 A、B、C1、C2、C3；对全部证书有效时请留空。")
    return plain


def parse_source(text: str) -> Source:
    plain = without_blanks(half_width(text))
    for source in Source:
        if plain in (source.label, *SOURCE_WORDS[source]):
            return source
    raise ValidationError(f"培训方式应为{'、'.join(Source.labels)}；由培训机构培训的可以留空。")


def parse_institution(text: str) -> str:
    return up_to(100, parse_organisation_name(text))


COLUMNS = (
    NAME,
    ID_NUMBER,
    Column("institution", "培训机构", ("培训单位",), parse=as_text(parse_institution)),
    Column(
        "course", "课程", ("培训内容", "课程名称"), required=True, parse=words_up_to(200), example="安全生产法律法规"
    ),
    Column("hours", "学时", required=True, parse=parse_hours, example="12"),
    Column("starts_on", "开始日期", required=True, parse=day, example="2026-03-02"),
    Column("ends_on", "结束日期", required=True, parse=day, example="2026-03-03"),
    Column("category", "证书类别", ("类别",), parse=as_text(parse_category)),
    Column("source", "培训方式", ("学习方式",), parse=as_text(parse_source), example="培训机构"),
    Column("overlap_reason", OVERLAP_TITLE, ("重叠说明",), parse=words_up_to(MAX_REASON)),
)


def import_training(table: Table, book: Book) -> None:
    """An institution may upload only its own records, a registry clerk those of any institution."""
    institutions = Institutions(book.run.office)
    seen, listed = Seen(book), Listed()
    for chunk in good_chunks(table, book):
        rows, numbers = {}, PresentNumbers()
        for row in chunk:
            record = _record(row, institutions, numbers, book)
            listed.index_of(row, numbers)
            if record is not None and seen.is_new(row, record.key, (record.hours, record.name, record.source)):
                rows[record.key] = row, record
        with book.writing():
            one_import_at_a_time(KIND)
            added = add_records(
                [record for _, record in rows.values()],
                by_user_id=book.run.user_id,
                import_run_id=book.run.pk,
            )
        for made in added.records:
            row, record = rows[tuple(getattr(made, name) for name in UNIQUE)]
            trace = Trace({}, {name: getattr(made, name) for name in TRACED})
            book.add(row, made, f"{record.name}，{record.course}", _changes(record), trace=trace)
        listed.courses |= {course_of(record) for record, _ in [*added.known, *added.differing]}
        for record, present in added.known:
            book.keep(rows[record.key][0], present)
        for record, _ in added.differing:
            words = "这门课程已有记录，学时、姓名或培训方式不同；请在“继续教育记录”中更正或撤回原记录。"
            book.refuse_because(rows[record.key][0], "学时", words, str(record.hours))
        for record in added.misnamed:
            book.refuse_because(rows[record.key][0], "姓名", f"{MISNAMED.message}。{MISNAMED.detail}", record.name)
        for record, other in added.overlapping:
            words = f"与{in_words(other)}日期重叠。确实都参加了的，请在“{OVERLAP_TITLE}”一列写明后重新上传；填错日期的请改正。"
            book.refuse_because(rows[record.key][0], OVERLAP_TITLE, words)
    listed.take_refused(book.refused)
    for left_out in others_on_record(listed.courses, listed.people):
        subject = f"{left_out.name}，{left_out.course}（{left_out.starts_on} 至 {left_out.ends_on}）"
        book.miss(subject, "以前登记的记录不变；没有参加培训的，请撤回那条记录。")


@dataclass
class Listed:
    """Collects whom the file names, and the courses of which it repeats records.

    A file that repeats a part of a course is its whole list, so that whoever is missing may have been left out. A file
    with new people only is an addition, from which nobody is missing.
    """

    people: set[str] = field(default_factory=set)
    courses: set[Course] = field(default_factory=set)

    def index_of(self, row: Row, numbers: PresentNumbers) -> None:
        self.people.add(numbers.index_of(str(row.values["id_number"])))

    def take_refused(self, rows: Iterable[Row]) -> None:
        """A refused row names somebody too, though wrongly."""
        numbers = PresentNumbers()
        for row in rows:
            if row.values["id_number"]:
                self.index_of(row, numbers)


TITLES = {
    "institution_name": "培训机构",
    "category": "证书类别",
    "hours": "学时",
    "starts_on": "开始日期",
    "ends_on": "结束日期",
    "source_label": "培训方式",
    "overlap_reason": OVERLAP_TITLE,
}


TRACED = ("name", "course", "hours", "starts_on", "ends_on", "withdrawn_at")


def _changes(record: NewRecord) -> list[Change]:
    # The common source is not named in every row of a preview.
    label = "" if record.source == Source.INSTITUTION else Source(record.source).label
    values = {name: getattr(record, name, label) for name in TITLES}
    return changes_of(TITLES, None, values)


class Institutions:
    """Decides which institution a row belongs to: the one that uploads, or else the one that the row names."""

    def __init__(self, uploader: Office | None) -> None:
        self.own = uploader if uploader is not None and uploader.kind == OfficeKind.TRAINING else None
        offices = Office.objects.filter(kind=OfficeKind.TRAINING).order_by("-pk")
        self._by_name = {normalise_organisation_name(office.name): office for office in offices}

    def why_not(self, named: str) -> str | None:
        if self.own is None:
            return None if named else "请填写培训机构。"
        return None if named in ("", normalise_organisation_name(self.own.name)) else "只能上传本机构的培训记录。"

    def of(self, named: str) -> tuple[int | None, str]:
        """`named` is normalised. Answers (id, name); the id is None for an institution that is not registered here."""
        office = self.own or self._by_name.get(named)
        return (None, named) if office is None else (office.pk, office.name)


def _record(row: Row, institutions: Institutions, numbers: PresentNumbers, book: Book) -> NewRecord | None:
    values: dict[str, Any] = row.values
    named = values["institution"] or ""
    if values["starts_on"] > values["ends_on"]:
        book.refuse_because(row, "结束日期", "结束日期不能早于开始日期。", str(values["ends_on"]))
        return None
    if values["ends_on"] > localdate():
        book.refuse_because(row, "结束日期", "培训还没有结束，结束后才能上传。", str(values["ends_on"]))
        return None
    if reason := institutions.why_not(named):
        book.refuse_because(row, "培训机构", reason, named[:40])
        return None
    institution_id, institution_name = institutions.of(named)
    return NewRecord(
        id_number_index=numbers.index_of(values["id_number"]),
        name=values["name"],
        institution_name=institution_name,
        course=values["course"],
        hours=values["hours"],
        starts_on=values["starts_on"],
        ends_on=values["ends_on"],
        category=values["category"] or "",
        institution_id=institution_id,
        source=values["source"] or Source.INSTITUTION,
        overlap_reason=values["overlap_reason"] or "",
    )


register_importer(KIND, "继续教育记录", import_training, columns=COLUMNS, duties=("registry", "training"))
