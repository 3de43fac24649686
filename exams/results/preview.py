"""Says on the preview of a file of results what the rows alone do not say: seats, who is barred, and what follows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate

from administration.enums import RowOutcome
from administration.models import ImportProblem, ImportRow, ImportRun
from administration.parameters.book import ParameterBook
from exams.models import ExamEntry, ExamSeat

from .doubts import DOUBTS

ISSUED = "系统将自动提交首次发证申请"
BARRED = "不能再报名"
CHEATED = f"月内{BARRED}"
ABSENT = f"以前{BARRED}"
"""The effects of rows hold these words: a bar for cheating runs from a day that is not known yet."""
NAMED = 20
SCORES = ("成绩", "能力考核")
KINDS = {"姓名": "姓名不一致", "身份证号": "查不到报名"}
"""Says in place of a column what is wrong there; other columns speak for themselves."""


@dataclass(frozen=True)
class Line:
    """Holds one row as the page shows it. `who` is a person, or the place of a row whose person is not known."""

    seat: str
    who: str
    about: str
    mark: str
    tone: str
    score: str
    result: str
    note: str
    then: str


def preview_of(run: ImportRun, sections: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Reads a constant number of queries, whatever the number of rows."""
    taken = ImportRow.objects.filter(run=run, outcome__in=(RowOutcome.NEW, RowOutcome.CHANGED))
    shown = [row for section in sections for row in section["rows"]]
    missing = ImportRow.objects.filter(run=run, outcome=RowOutcome.MISSING)
    named = list(missing.order_by("id")[:NAMED])
    barred = list(taken.filter(effect__contains=BARRED).order_by("position", "id")[:NAMED])
    seats = _seats({row.object_id for row in [*shown, *named, *barred] if isinstance(row, ImportRow)})
    counts = _counts(taken)
    doubts = list(ImportProblem.objects.filter(run=run, row_number__gt=0, column=DOUBTS.column)[:NAMED])
    entries = ExamEntry.objects.filter(pk__in=taken.values("object_id"))
    return counts | {
        "lines": [_line(section["name"], row, seats) for section in _in_order(sections) for row in section["rows"]],
        "more": [section for section in sections if section["has_more"]],
        "shares": _shares(run, counts),
        "kinds": _kinds(run),
        "doubts": doubts,
        "barred_people": [_line(str(row.outcome), row, seats) for row in barred],
        "missing_people": [_line(str(row.outcome), row, seats) for row in named],
        "enterprises": entries.values("enterprise").distinct().count(),
        "confirm_label": _confirm_label(run, counts["taken"]),
        "appeal_days": ParameterBook.load().integer("exam_appeal_days", localdate()),
    }


def _confirm_label(run: ImportRun, taken: int) -> str:
    if run.questions and run.answered_at is None:
        return "提交理由，请另一人确认"
    return f"确认录入 {taken:,} 人"


def _in_order(sections: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Puts what needs a look first; who is missing stands apart, unless only they are asked for."""
    order = ["problems", RowOutcome.CHANGED, RowOutcome.NEW]
    if len(sections) == 1:
        return list(sections)
    found = {section["name"]: section for section in sections}
    return [found[name] for name in order if name in found]


def _counts(taken: QuerySet[ImportRow]) -> dict[str, Any]:
    return taken.aggregate(
        taken=Count("pk"),
        passed=Count("pk", filter=Q(effect__contains=ISSUED)),
        cheated=Count("pk", filter=Q(effect__contains=CHEATED)),
        absent=Count("pk", filter=Q(effect__contains=ABSENT)),
        barred=Count("pk", filter=Q(effect__contains=BARRED)),
    )


def _seats(entry_ids: Collection[int | None]) -> dict[int, str]:
    rows = ExamSeat.objects.filter(entry__in=[pk for pk in entry_ids if pk], released_at__isnull=True)
    seats = rows.select_related("session_room__session")
    return {one.entry_id: one.place for one in seats}


def _line(section: str, row: Any, seats: Mapping[int, str]) -> Line:
    if isinstance(row, ImportProblem):
        return _problem(row)
    name, _, about = row.subject.partition("，")
    changes = {title: (before, after) for title, before, after in row.changes}
    marks = {
        RowOutcome.NEW: ("新增", "info"),
        RowOutcome.CHANGED: ("更正", "warn"),
        RowOutcome.MISSING: ("表里没有", "warn"),
    }
    mark, tone = marks[RowOutcome(section)]
    return Line(
        seats.get(row.object_id or 0, ""),
        name,
        f"{about}，{row.place}" if row.place else about,
        mark,
        tone,
        "，".join(filter(None, (_arrow(changes.get(title)) for title in SCORES))),
        _arrow(changes.get("结果")),
        "；".join(f"{title} {_arrow(changes[title])}" for title in ("准考证号", "备注") if title in changes),
        row.effect,
    )


def _problem(row: ImportProblem) -> Line:
    """A note on the whole file has no row; a row in doubt is taken in."""
    if not row.row_number:
        return Line("", "整个文件", "", "说明", "info", row.value, row.column, "", row.sentence)
    mark, tone = ("请核对", "warn") if row.column == DOUBTS.column else ("不录入", "bad")
    is_score = row.column in SCORES
    return Line(
        "",
        f"第 {row.row_number} 行",
        "",
        mark,
        tone,
        row.value if is_score else "",
        KINDS.get(row.column, row.column),
        "" if is_score or not row.value else f"表里是 {row.value}",
        row.sentence,
    )


def _arrow(change: tuple[str, str] | None) -> str:
    if change is None:
        return ""
    before, after = change
    return f"{before} → {after or '（空）'}" if before else after


def _shares(run: ImportRun, counts: Mapping[str, int]) -> list[tuple[str, str, int, int]]:
    """Answers word, class, begin and length of the parts of a bar that is as long as all people together."""
    other = run.rows_new + run.rows_changed + run.rows_known - counts["passed"] - counts["barred"]
    parts = [
        ("违纪", "c", counts["cheated"]),
        ("缺考", "c", counts["absent"]),
        ("合格", "p", counts["passed"]),
        ("其他结果", "f", max(other, 0)),
        ("有错", "m", run.rows_bad),
        ("表里没有", "m", run.rows_missing),
    ]
    found, at = [], 0
    for word, tone, number in parts:
        if number:
            found.append((word, tone, at, number))
            at += number
    return found


def _kinds(run: ImportRun) -> list[tuple[str, int]]:
    """Answers what is wrong with how many rows, most first; a row may have several faults."""
    rows = ImportProblem.objects.filter(run=run, row_number__gt=0).exclude(column=DOUBTS.column)
    counted = rows.values("column").annotate(number=Count("row_number", distinct=True)).order_by("-number", "column")
    return [(KINDS.get(one["column"], one["column"]), one["number"]) for one in counted]
