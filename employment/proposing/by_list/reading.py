"""Reads a list of people to employ as clerks paste or upload it: a table with titles, or cells in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from common.dates import parse_date
from common.tabular.cells import Cell, as_text, day, text, without_id_numbers
from common.tabular.column import Column
from common.tabular.errors import TableError
from common.tabular.given_lists import limited, lines_of_table_or_text, rows_of_table
from common.tabular.row import ROWS_OF_SHEET, Row
from common.text.id_number import normalise_id_number
from common.text.names import normalise_name
from common.text.signs import half_width

from .post_names import posts_in, posts_of_words

OPEN_END = "无固定期限"
_OPEN_ENDS = frozenset({OPEN_END, "无固定", "无限期", "长期", "长期有效", "无期限"})
_LONGEST_CELL = 60


def _day_or_text(value: Cell) -> str:
    """Days of a spreadsheet become texts; what is no day stays as it was given, and is told later with the others."""
    try:
        return day(value).isoformat()
    except ValidationError:
        return text(value)


COLUMNS = (
    Column("name", "姓名", ("人员姓名", "员工姓名"), required=True, parse=as_text(str), example="张三"),
    Column(
        "number",
        "身份证号",
        ("身份证号码", "公民身份号码", "证件号码", "证件号", "身份证"),
        required=True,
        parse=as_text(str),
        sensitive=True,
        example="360102199001010011",
    ),
    Column("posts", "职务", ("岗位", "聘用职务"), parse=as_text(str), example="项目负责人、安全总监"),
    Column(
        "starts",
        "合同期起",
        ("合同开始日期", "合同起始日期", "合同开始", "合同起", "合同起始"),
        parse=_day_or_text,
        example="2026-01-01",
    ),
    Column(
        "ends",
        "合同期止",
        ("合同结束日期", "合同终止日期", "合同到期日期", "合同结束", "合同止", "合同终止"),
        parse=_day_or_text,
        example="2028-12-31",
    ),
)
TITLES = tuple(column.title for column in COLUMNS)


@dataclass(frozen=True)
class GivenLine:
    """Is one row. `said` are its cells as they were given, in the order of the columns; `problems` say what is wrong.

    `ends` is a day, `OPEN_END`, or "" where the row says nothing. `person_id` is known of whoever may be proposed to,
    `verdict` is what the look for the person found otherwise.
    """

    place: int
    said: tuple[str, ...]
    name: str = ""
    number: str = ""
    posts: tuple[str, ...] = ()
    starts: str = ""
    ends: str = ""
    problems: tuple[str, ...] = ()
    person_id: int | None = None
    verdict: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> GivenLine:
        lists = {name: tuple(kept[name]) for name in ("said", "posts", "problems")}
        return cls(**{**kept, **lists})

    @property
    def where(self) -> str:
        return f"名单第 {self.place % ROWS_OF_SHEET} 行"

    @property
    def payload(self) -> dict[str, Any]:
        """Answers the terms as the form of a single proposal writes them."""
        ends = self.ends if self.ends not in ("", OPEN_END) else None
        return {"posts": list(self.posts), "contract_from": self.starts, "contract_to": ends}


@dataclass(frozen=True)
class Terms:
    """Are given beside the list, for rows that say nothing of their own."""

    posts: tuple[str, ...] = ()
    starts: date | None = None
    ends: date | None = None


def lines_of_text(pasted: str) -> list[GivenLine]:
    """Raises ValidationError for too many rows, or for a text in which there is nothing."""
    if _has_titles(pasted):
        try:
            return [_of_row(row) for row in rows_of_table(pasted.encode(), "名单.csv", COLUMNS)]
        except TableError:
            pass  # a title is missing or odd: the cells tell by themselves what they are
    found = list(_lines(pasted))
    if not found:
        raise ValidationError("请粘贴名单，或者选择要上传的表格。", code="empty")
    return limited(found)


def lines_of_file(content: bytes, name: str) -> list[GivenLine]:
    return lines_of_table_or_text(content, name, COLUMNS, of_row=_of_row, of_text=lines_of_text, is_list=_has_numbers)


def completed(line: GivenLine, given: Terms) -> GivenLine:
    """Takes what the row lacks from the terms beside the list, and says what is missing or wrong then."""
    ends = line.ends or (given.ends.isoformat() if given.ends else OPEN_END)
    starts = line.starts or (given.starts.isoformat() if given.starts else "")
    whole = replace(line, posts=line.posts or given.posts, starts=starts, ends=ends)
    problems = list(line.problems)
    if not whole.posts and not any(problem.startswith("职务") for problem in problems):
        problems.append("没有写职务：请在名单里补上，或者在页面上选一个给没有写的人。")
    if not whole.starts and not any(problem.startswith("合同期起") for problem in problems):
        problems.append("没有写合同开始日期：请在名单里补上，或者在页面上填一个给没有写的人。")
    if whole.starts and whole.ends != OPEN_END and whole.ends < whole.starts:
        problems.append("合同结束日期早于开始日期。")
    return replace(whole, problems=tuple(problems))


def _of_row(row: Row) -> GivenLine:
    cells = [str(row.values[column.key] or "") for column in COLUMNS]
    unread = [f"{problem.column_title}：{problem.sentence}" for problem in row.problems if problem.sentence]
    return _line(row.number, cells, unread)


def _has_numbers(pasted: str) -> bool:
    return any(line.number for line in _lines(pasted))


def _has_titles(pasted: str) -> bool:
    first = next((line for line in pasted.splitlines() if line.strip()), "")
    return "姓名" in first and len(re.findall("[0-9]", half_width(first))) < 6


def _lines(pasted: str) -> Iterator[GivenLine]:
    for place, written in enumerate(pasted.splitlines(), 1):
        if written.strip() and not (place == 1 and _has_titles(written)):
            sorted_out = _SortedCells.of(written)
            yield _line(place, sorted_out.cells, sorted_out.problems)


_TABLE_SEPARATORS = re.compile(r"\t|[,，;；|]|\s{2,}")
_ALL_SEPARATORS = re.compile(r"[\t,，;；|\s]+")
_PERIOD = re.compile("[至~～]")
_NUMBER = re.compile(r"[0-9A-Za-zХхⅩⅹ]{13,20}")
_SERIAL = re.compile(r"[0-9]{1,4}[.、）)]?|1[3-9][0-9]{9}")
"""Serial numbers and telephone numbers stand beside names and say nothing here."""
_LABELS = re.compile("^(姓名|身份证号码?|身份证|职务|岗位|合同期?)[:：]")


@dataclass
class _SortedCells:
    """Sorts the cells of a row by what they look like."""

    cells: list[str] = field(default_factory=lambda: [""] * len(COLUMNS))
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, written: str) -> _SortedCells:
        sorted_out = cls()
        wide = _TABLE_SEPARATORS.search(written.strip())
        # Names of people may have blanks inside, so a blank separates only where nothing else does.
        separators = _TABLE_SEPARATORS if wide else _ALL_SEPARATORS
        for cell in separators.split(half_width(written)):
            bare = _LABELS.sub("", cell.strip()).strip(" \"'")
            if bare and not _SERIAL.fullmatch(bare):
                sorted_out._take(bare)
        return sorted_out

    def _take(self, cell: str) -> None:
        if _NUMBER.fullmatch(cell.replace("-", "").replace(" ", "")) and not self.cells[1]:
            self.cells[1] = cell
        elif posts_in(cell):
            self.cells[2] = "、".join(filter(None, (self.cells[2], cell)))
        elif cell in _OPEN_ENDS:
            self.cells[4] = cell
        elif days := _days(cell):
            for one in days:
                self.cells[4 if self.cells[3] else 3] = one
        elif not self.cells[0] and not re.search("[0-9]", cell):
            self.cells[0] = cell
        else:
            self.problems.append(f"认不出“{without_id_numbers(cell)[:20]}”是什么。")


def _days(cell: str) -> list[str]:
    try:
        return [parse_date(part).isoformat() for part in _PERIOD.split(cell) if part.strip()]
    except ValidationError:
        return []


def _line(place: int, cells: list[str], problems: list[str]) -> GivenLine:
    found = list(problems)
    name, number, posts, starts, ends = cells
    line = GivenLine(
        place,
        tuple(cell[:_LONGEST_CELL] for cell in cells),
        normalise_name(name)[:_LONGEST_CELL],
        _read(number, "身份证号", normalise_id_number, found) or "",
        _read(posts, "职务", posts_of_words, found) or (),
        _day_of(starts, "合同期起", found),
        OPEN_END if ends in _OPEN_ENDS else _day_of(ends, "合同期止", found),
    )
    if not name and not any("姓名" in problem for problem in found):
        found.append("没有写姓名：号码和姓名对得上，才不会发给别人。")
    if not number and not any("身份证号" in problem for problem in found):
        found.append("没有写身份证号。")
    return replace(line, problems=tuple(dict.fromkeys(found)))


def _day_of(said: str, title: str, problems: list[str]) -> str:
    read = _read(said, title, parse_date, problems)
    return read.isoformat() if read else ""


def _read(said: str, title: str, parse: Any, problems: list[str]) -> Any:
    """Answers None for what is not there or cannot be read; the reason is added to the problems."""
    if not said:
        return None
    try:
        return parse(said)
    except ValidationError as error:
        problems.append(without_id_numbers(f"{title}：{''.join(error.messages)}"))
        return None
