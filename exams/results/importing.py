"""Imports results that exam organisers upload."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.models import User
from accounts.people.columns import ID_NUMBER, NAME
from accounts.people.identity import id_number_index
from accounts.people.numbers import PresentNumbers
from administration.enums import OfficeKind
from administration.imports.plan import Change, changes_of
from administration.imports.plausibility import Consequence, UnlikelyShare, good_values
from administration.imports.previews import OwnPage
from administration.imports.services import CHUNK, Book, Seen, good_chunks, register_importer
from administration.parameters.book import ParameterBook
from common.dates import chinese_date
from common.tabular.cells import Cell, as_text, number, number_up_to, words_up_to
from common.tabular.column import WHOLE_ROW, Column
from common.tabular.row import Row
from common.tabular.table import Table
from exams.enums import RESULTS, BatchStatus, EntryState
from exams.models import ExamBatch, ExamEntry
from training.importing import parse_category
from workflow.actors import SYSTEM, Actor, actor_of

from .bars import PARAMETERS, free_from
from .doubts import DOUBTS, doubts_about
from .preview import BARRED, ISSUED, preview_of
from .selectors import KIND, without_result
from .services import MAX_REASON, Recorded, Result, judge, lock_all_entries, record_results
from .summaries import tell_enterprises
from .words import LONGEST, parse_absence, parse_cheating

TITLE = "考试成绩"
MOST = Decimal(100)


def parse_score(value: Cell) -> Decimal:
    score = number(value.removesuffix("分") if isinstance(value, str) else value)
    if not 0 <= score <= MOST:
        raise ValidationError(f"成绩应在0至{MOST}之间。")
    if score != score.quantize(Decimal("0.1")):
        raise ValidationError("成绩最多保留一位小数。")
    return score.quantize(Decimal("0.1"))


COLUMNS = (
    Column("ticket_number", "准考证号", parse=number_up_to(30), example="NC20260012"),
    NAME,
    ID_NUMBER,
    Column("batch", "考试批次", ("批次名称", "批次"), parse=words_up_to(100), example="2026年第五批考核"),
    Column("category", "证书类别", ("类别", "报考类别"), parse=as_text(parse_category), example="C2"),
    Column("knowledge", "成绩", ("知识考核", "知识考核成绩", "分数"), parse=parse_score, example="76.5"),
    Column("ability", "能力考核", ("能力考核成绩",), parse=parse_score),
    Column("absence", "缺考", ("是否缺考", "缺考情况"), parse=as_text(parse_absence)),
    Column(
        "cheating",
        "违纪",
        ("作弊", "违纪作弊", "是否违纪", "是否作弊", "违纪情况", "违规", "违纪违规"),
        parse=as_text(parse_cheating),
    ),
    Column("remark", "备注", ("说明",), parse=words_up_to(LONGEST)),
    Column("reason", "更正原因", ("更正理由", "更正说明"), parse=words_up_to(MAX_REASON)),
)


def import_results(table: Table, book: Book) -> None:
    """An organiser may import results of its own batches, the province of all."""
    seen = Seen(book)
    actor = _actor(book)
    parameters = ParameterBook.load()
    pass_mark = parameters.integer("exam_pass_mark", localdate())
    book.ask_about(_all_passed(table, pass_mark))
    listed, lines = Listed(), []
    for chunk in good_chunks(table, book):
        candidates = _entries_of((row.values for row in chunk), book)
        results: dict[int, tuple[Row, Result]] = {}
        for row in chunk:
            entries = candidates.get(id_number_index(str(row.values["id_number"])), [])
            result = _result(row, entries, pass_mark, book)
            if result is not None:
                listed.take(entries, result)
            if result is not None and seen.is_new(row, result.entry_id, result):
                results[result.entry_id] = row, result
        with book.writing():
            recorded = record_results(
                [result for _, result in results.values()],
                by=actor,
                import_run_id=None if book.dry_run else book.run.pk,
                is_part=True,
                is_trial=book.dry_run,
                now=timezone.now(),
            )
        lines += recorded.told
        known = {entry.pk: entry for found in candidates.values() for entry in found}
        _plan(recorded, results, known, Effects(recorded.ended, parameters), book)
        for pk, sentence in doubts_about((result for _, result in results.values()), set(recorded.done)).items():
            book.doubt(results[pk][0], known[pk].person.name, sentence)
    for start in range(0, len(book.refused), CHUNK):
        refused = [row.values for row in book.refused[start : start + CHUNK] if row.values["id_number"]]
        listed.take_refused(_entries_of(refused, book))
    for entry in without_result(batch_ids=listed.batch_ids, listed=listed.entry_ids):
        book.miss(_subject(entry), "不会当作缺考；补上成绩或登记缺考之前，一直算作没有成绩。", entry)
    if not book.dry_run:
        with book.writing():
            tell_enterprises(lines, at=timezone.now())


@dataclass
class Listed:
    """Collects which entries the file speaks of, and of which batches."""

    batch_ids: set[int] = field(default_factory=set)
    entry_ids: set[int] = field(default_factory=set)

    def take(self, entries: Sequence[ExamEntry], result: Result) -> None:
        self.entry_ids.add(result.entry_id)
        self.batch_ids |= {entry.batch_id for entry in entries if entry.pk == result.entry_id}

    def take_refused(self, found: Mapping[str, Sequence[ExamEntry]]) -> None:
        """A refused row lists all that the person has entered: it is in the file, though wrong."""
        self.entry_ids |= {entry.pk for entries in found.values() for entry in entries}


def lock_candidates(table: Table, book: Book) -> None:
    numbers = {str(values["id_number"]) for values in good_values(table)}
    lock_all_entries(list(_entries_with(_present(numbers).values(), book).values_list("pk", flat=True)))


def _actor(book: Book) -> Actor:
    """Answers who uploaded the file; on the command line it is the system."""
    user = User.objects.select_related("office").filter(pk=book.run.user_id or 0).first()
    return (actor_of(user) if user is not None else None) or SYSTEM


OF_ENTRIES = (
    "batch", "category", "state", "knowledge_score", "ability_score", "ticket_number", "remark",
    "person__name", "person__alias_names", "person__id_number_index",
)  # fmt: skip
"""A row is compared with these fields; reading all others of many people takes as long again."""


TITLES = {
    "state": "结果",
    "knowledge_score": "成绩",
    "ability_score": "能力考核",
    "ticket_number": "准考证号",
    "remark": "备注",
}


@dataclass(frozen=True)
class Effects:
    """Says what follows from a result. `ended` are the entries whose open first issue a correction ends."""

    ended: Collection[int]
    parameters: ParameterBook

    def of(self, entry: ExamEntry, result: Result) -> str:
        is_other = entry.state != result.state
        parts = [
            "原来的报名限制解除" if entry.state in PARAMETERS and is_other else "",
            "正在办理的首次发证终止" if entry.pk in self.ended else "",
            ISSUED if result.is_pass and is_other else "",
            self._barred(entry, result) if is_other else "",
        ]
        return "；".join(part for part in parts if part)

    def _barred(self, entry: ExamEntry, result: Result) -> str:
        """An absence bars from the exam day, cheating from the day of the import, which is not known yet."""
        free = free_from(entry, result.state, found_on=localdate(), parameters=self.parameters)
        if free is None:
            return ""
        if result.state == EntryState.ABSENT:
            return f"{chinese_date(free)}以前{BARRED}"
        months = int(self.parameters.row(PARAMETERS[EntryState.CHEATED], localdate()).value)
        return f"{months}个月内{BARRED}"


def _plan(
    recorded: Recorded,
    results: dict[int, tuple[Row, Result]],
    entries: dict[int, ExamEntry],
    effects: Effects,
    book: Book,
) -> None:
    """Notes rows in the order of the file. `entries` are as they were before."""
    done, changed = set(recorded.done), set(recorded.changed)
    for pk, (row, result) in results.items():
        if findings := recorded.refused.get(pk):
            words = "；".join(f"{one.message}。{one.detail}" if one.detail else one.message for one in findings)
            book.refuse_because(row, WHOLE_ROW, words)
            continue
        entry = entries[pk]
        if pk in changed:
            changes = _changes(entry, result, _said(entry))
            book.change(row, entry, _subject(entry), changes, effects.of(entry, result), recorded.traces[pk])
        elif pk in done:
            changes = _changes(entry, result, None)
            book.add(row, entry, _subject(entry), changes, effects.of(entry, result), recorded.traces[pk])
        else:
            book.keep(row, entry)


def _subject(entry: ExamEntry) -> str:
    return f"{entry.person.name}，{entry.category}证，{entry.batch.name}"


def _said(entry: ExamEntry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in TITLES} | {"state": EntryState(entry.state).label}


def _changes(entry: ExamEntry, result: Result, before: dict[str, object] | None) -> list[Change]:
    after = {name: getattr(result, name) for name in TITLES} | {"state": EntryState(result.state).label}
    after["ticket_number"] = result.ticket_number or entry.ticket_number
    return changes_of(TITLES, before, after)


def _entries_of(rows: Iterable[Mapping[str, object]], book: Book) -> dict[str, list[ExamEntry]]:
    """Maps the index of each number of the rows to the entries admitted to batches that have begun, in three queries."""
    present = _present({str(values["id_number"]) for values in rows})
    entries = _entries_with(present.values(), book).select_related("person").only(*OF_ENTRIES)
    read = list(entries.order_by("-batch__exam_from", "-pk"))
    batches = ExamBatch.objects.in_bulk({entry.batch_id for entry in read})
    found: dict[str, list[ExamEntry]] = defaultdict(list)
    for entry in read:
        entry.batch = batches[entry.batch_id]
        found[entry.person.id_number_index].append(entry)
    return {index: found[now] for index, now in present.items() if now in found}


def _present(numbers: Collection[str]) -> dict[str, str]:
    """Maps the index of each number to that of the number which the person has now."""
    known = PresentNumbers()
    return {id_number_index(one): known.index_of(one) for one in numbers}


def _entries_with(indexes: Iterable[str], book: Book) -> QuerySet[ExamEntry]:
    office = book.run.office
    own = Q(batch__organiser=office) if office is not None and office.kind == OfficeKind.ORGANISER else Q()
    return ExamEntry.objects.filter(
        own,
        person__id_number_index__in=set(indexes),
        state__in=[EntryState.APPROVED, *RESULTS],
        batch__status=BatchStatus.ANNOUNCED,
        batch__exam_from__lte=localdate(),
    )


@dataclass(frozen=True)
class _Problem:
    column: str
    sentence: str
    value: str = ""


def _result(row: Row, entries: Sequence[ExamEntry], pass_mark: int, book: Book) -> Result | None:
    values: dict[str, Any] = row.values
    entry = _the_one(values, entries)
    if isinstance(entry, _Problem):
        book.refuse_because(row, entry.column, entry.sentence, entry.value)
        return None
    problems = list(_contradictions(values))
    for problem in problems:
        book.refuse_because(row, problem.column, problem.sentence, problem.value)
    return None if problems else _read(values, entry, pass_mark)


def _the_one(values: dict[str, Any], entries: Sequence[ExamEntry]) -> ExamEntry | _Problem:
    """Answers the entry of the latest exam that fits the row."""
    if not entries:
        return _Problem("身份证号", "没有找到已审核通过、已经开考的报名，请核对身份证号码和批次。")
    person = entries[0].person
    if values["name"] not in (person.name, *person.alias_names):
        words = f"姓名与报名信息不一致，请核对：表里是“{values['name']}”，报名的是“{person.name}”。"
        return _Problem("姓名", words, values["name"])
    fitting = [
        entry
        for entry in entries
        if values["batch"] in (None, "", entry.batch.name)
        and values["category"] in (None, "", entry.category)
        and (not entry.ticket_number or values["ticket_number"] in (None, "", entry.ticket_number))
    ]
    if not fitting:
        return _Problem(WHOLE_ROW, "准考证号、考试批次或证书类别与报名信息不一致，请核对。")
    latest = [entry for entry in fitting if entry.batch_id == fitting[0].batch_id]
    if len(latest) > 1:
        words = "、".join(sorted(entry.category for entry in latest))
        return _Problem("证书类别", f"此人报考了多个类别（{words}），请填写证书类别。")
    return latest[0]


def _contradictions(values: dict[str, Any]) -> Iterator[_Problem]:
    absent, cheating, score = values["absence"], values["cheating"], values["knowledge"]
    if absent and cheating:
        yield _Problem("缺考", "缺考和违纪不能同时填写。")
    if absent and score is not None:
        yield _Problem("成绩", "缺考人员不应有成绩。", str(score))
    if not absent and not cheating and score is None:
        yield _Problem("成绩", "请填写成绩；没有参加的填写缺考。")
    if cheating and len(said := _found(cheating, values["remark"] or "")) > LONGEST:
        words = f"违纪情况和备注合起来最多 {LONGEST} 字，现在 {len(said)} 字，请缩短。"
        yield _Problem("备注", words)
    if absent == EntryState.EXCUSED and not values["remark"]:
        yield _Problem("备注", "因故缺考请在备注中写明原因。")


def _read(values: dict[str, Any], entry: ExamEntry, pass_mark: int) -> Result:
    remark, ticket_number, reason = (values[name] or "" for name in ("remark", "ticket_number", "reason"))
    if values["cheating"]:
        remark = _found(values["cheating"], remark)
        return Result(entry.pk, EntryState.CHEATED, remark=remark, ticket_number=ticket_number, reason=reason)
    if values["absence"]:
        state = EntryState(values["absence"])
        return Result(entry.pk, state, remark=remark, ticket_number=ticket_number, reason=reason)
    knowledge, ability = values["knowledge"], values["ability"]
    state = judge(knowledge, ability, pass_mark=pass_mark)
    return Result(entry.pk, state, knowledge, ability, remark, ticket_number, reason)


def _found(cheating: str, remark: str) -> str:
    return f"{cheating}；{remark}" if remark else cheating


PASSED_BY_ALL = 20
"""Nobody is asked about fewer people who all passed."""


def _all_passed(table: Table, pass_mark: int) -> list[UnlikelyShare]:
    """A file in which everybody reaches the mark is as unlikely as one full of cheaters."""
    table.read_through()
    rows = 0
    for values in good_values(table):
        if values["absence"] or values["cheating"] or not _reaches(values, pass_mark):
            return []
        rows += 1
    effect = "系统将为每个人自动提交首次发证申请"
    return [UnlikelyShare("合格", effect, rows, rows)] if rows >= PASSED_BY_ALL else []


def _reaches(values: Mapping[str, Any], pass_mark: int) -> bool:
    score = values["knowledge"]
    return score is not None and judge(score, values["ability"], pass_mark=pass_mark) == EntryState.PASSED


CONSEQUENCES = (
    Consequence(
        "违纪作弊",
        lambda values: bool(values["cheating"]),
        "这些人的成绩作废，并在一段时间内不得报考",
        most_percent=20,
        at_least=3,
    ),
    Consequence(
        "缺考",
        lambda values: values["absence"] == EntryState.ABSENT,
        "这些人在一段时间内不得报考",
        most_percent=50,
        at_least=5,
    ),
)
register_importer(
    KIND,
    TITLE,
    import_results,
    columns=COLUMNS,
    duties=("organise",),
    consequences=CONSEQUENCES,
    locks=lock_candidates,
    is_all_or_nothing=True,
    doubts=DOUBTS,
    page=OwnPage("exams/results_preview.html", preview_of),
)
