"""Checks a list of ID numbers that a clerk gave: each row is ticked, or told why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.timezone import now as utc_now

from accounts.people.numbers import PresentNumbers
from common.findings import Cure, Finding
from common.tabular.problem_file import write_guarded_workbook
from common.text.masking import mask_id_number
from employment.selectors import people_of
from enterprises.models import Enterprise
from exams.models import CandidateList, ExamBatch

from .candidates import CandidateRow, Standing, rows_for
from .pasted import Line
from .picking import locked_list, picks_in


@dataclass(frozen=True)
class Item:
    """One row of the page: somebody of the enterprise, or a row of the list that names nobody there."""

    row: CandidateRow | None = None
    line: Line | None = None
    mark: str = ""
    stops: list[Finding] = field(default_factory=list)

    @property
    def standing(self) -> Standing:
        return Standing.UNFIT if self.row is None or self.mark else self.row.standing

    @property
    def words(self) -> str:
        if self.mark or self.row is None:
            return self.mark
        return {
            Standing.FIT: "符合条件",
            Standing.ENTERED: "已报名",
            Standing.LACKING: self.row.lacks_words,
            Standing.UNFIT: "不能报名",
        }[self.standing]

    @property
    def tone(self) -> str:
        tones = {Standing.FIT: "good", Standing.ENTERED: "info", Standing.LACKING: "warn", Standing.UNFIT: "bad"}
        return tones[self.standing]

    @property
    def is_fit(self) -> bool:
        return self.standing == Standing.FIT

    @property
    def shown_number(self) -> str:
        """A number that can be read is masked; another is shown as it was given, since the clerk has to mend it."""
        if self.line is None:
            return ""
        return mask_id_number(self.line.number) if self.line.number else self.line.text

    def has_post(self, post: str) -> bool:
        return not post or (self.row is not None and post in dict(self.row.posts))


def checked_lines(kept: CandidateList) -> list[Line]:
    return [Line(**line) for line in kept.checked or []]


def items_of(
    lines: Sequence[Line],
    batch: ExamBatch,
    enterprise: Enterprise,
    category: str,
    *,
    on: date,
    chosen: Mapping[int, str] | None = None,
) -> list[Item]:
    """Whoever is not of the enterprise is answered alike, registered with the portal or not. The number of queries is
    constant.
    """
    present = PresentNumbers()
    indexes = [present.index_of(line.number) if line.number else "" for line in lines]
    people = list(people_of(enterprise).filter(id_number_index__in=set(indexes) - {""}).order_by("pk"))
    known = rows_for(batch, enterprise, people, category, on=on, chosen=chosen)
    rows = {row.person.id_number_index: row for row in known}
    first: dict[str, int] = {}
    items = []
    for line, index in zip(lines, indexes, strict=True):
        if index and index in first:
            items.append(_again(line, first[index]))
        else:
            first.setdefault(index, line.place)
            items.append(_item(line, rows.get(index)))
    return items


def _item(line: Line, row: CandidateRow | None) -> Item:
    if line.problem:
        stop = Finding("list.malformed", "号码读不出来", line.problem, turn="企业")
        return Item(line=line, mark="号码不对", stops=[stop])
    if row is None:
        cure = Cure("发起聘用", url_name="employment:propose")
        detail = "请核对号码；确是本企业人员的，先发起聘用，本人在手机端确认后即可报名。"
        stop = Finding("employment.none", "没有与本企业登记聘用关系", detail, turn="企业和本人", cure=cure)
        return Item(line=line, mark="不在本企业", stops=[stop])
    if line.name and line.name != row.person.name:
        detail = f"名单上写的是{line.name}，这个号码登记的是{row.person.name}。请核对后改正名单，或者从在聘人员里勾选。"
        stop = Finding("list.name", "姓名与号码不是同一个人", detail, turn="企业")
        return Item(row=row, line=line, mark="姓名不符", stops=[stop])
    return Item(row=row, line=line, stops=row.stops)


def _again(line: Line, first: int) -> Item:
    stop = Finding("list.again", f"与第 {first} 行是同一个号码", "只报名一次，这一行不用处理。", turn="企业")
    return Item(line=line, mark="重复", stops=[stop])


@transaction.atomic
def keep_lines(kept: CandidateList, lines: Sequence[Line], items: Sequence[Item]) -> CandidateList:
    """A new list replaces the former one; whoever of it may be entered is ticked, and earlier ticks stay."""
    row = locked_list(kept)
    fit = {item.row.person.pk: item.row.post for item in items if item.row and item.standing == Standing.FIT}
    row.checked = [line.as_json() for line in lines]
    row.picked = {str(pk): post for pk, post in (picks_in(row) | fit).items()}
    row.updated_at = utc_now()
    row.save(update_fields=["checked", "picked", "updated_at"])
    return row


TITLES = ("名单行号", "姓名", "身份证号", "结果", "原因和办法")
WIDTHS = (10, 14, 24, 14, 80)


def write_report(items: Sequence[Item]) -> bytes:
    """Answers a workbook with the rows in the order of the list, each with the number as the clerk gave it."""
    return write_guarded_workbook([TITLES, *map(_told, items)], name="核对结果", widths=WIDTHS)


def _told(item: Item) -> list[str]:
    line = item.line
    name = line.name if line and line.name else item.row.person.name if item.row else ""
    number = (line.number or line.text) if line else ""
    said = "；".join(f"{stop.message}（{stop.detail.rstrip('。')}）" for stop in item.stops)
    if item.standing == Standing.ENTERED and item.row and item.row.entry:
        said = f"{item.row.entry.batch.name}，{item.row.entry.get_state_display()}"
    return [str(line.place) if line else "", name, number, item.words, said]
