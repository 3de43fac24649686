"""Declares what is counted: each subject with its rows, its columns and what its figures mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from certificates.enums import Category, LegalState
from common.dates import add_months
from exams.enums import EntryState
from workflow.business import businesses
from workflow.enums import Status

MONTHS = 12
AGES = ((0, "25 岁以下"), (25, "25–34 岁"), (35, "35–44 岁"), (45, "45–54 岁"), (55, "55–59 岁"), (60, "60 岁以上"))
SIZES = ((0, "10 本以下"), (10, "10–49 本"), (50, "50–299 本"), (300, "300 本以上"))
TIMES = ((0, "5 天以内"), (6, "6–10 天"), (11, "11–20 天"), (21, "20 天以上"))
"""Each band begins at its number; the unit of times is calendar days."""
OPEN = "open"
UNKNOWN = ""

Labelled = Sequence[tuple[str, str]]
Rows = Callable[[date], Labelled]


def band_of(number: int, bands: Sequence[tuple[int, str]]) -> str:
    """Answers the place of the band as a key."""
    return str(max(place for place, (least, _) in enumerate(bands) if number >= least))


def _bands(bands: Sequence[tuple[int, str]]) -> Labelled:
    return [(str(place), label) for place, (_, label) in enumerate(bands)]


def month_key(day: date) -> str:
    return day.strftime("%Y-%m")


def months_until(today: date) -> list[date]:
    """Answers the first days of the last months, this one last."""
    return [add_months(today.replace(day=1), place - MONTHS + 1) for place in range(MONTHS)]


def months_from(today: date) -> list[date]:
    return [add_months(today.replace(day=1), place) for place in range(MONTHS)]


def _months(days: Sequence[date]) -> Labelled:
    return [(month_key(day), f"{day.year}年{day.month}月") for day in days]


CATEGORIES: Labelled = [("A", "A"), ("B", "B"), ("C", "C")]
STATES: Labelled = [(state.value, state.label) for state in LegalState]
OUTCOMES: Labelled = [
    (OPEN, "办理中"),
    (Status.APPROVED.value, "通过"),
    (Status.REJECTED.value, "不予通过"),
    (Status.WITHDRAWN.value, "撤回"),
    (Status.CLOSED.value, "终止"),
]
EXAM_OUTCOMES: Labelled = [
    ("passed", "合格"),
    ("failed", "不合格"),
    ("absent", "缺考"),
    ("waiting", "还没有结果"),
    ("none", "没有参加"),
]
OUTCOME_OF_ENTRY = {
    EntryState.PASSED: "passed",
    EntryState.FAILED: "failed",
    EntryState.CHEATED: "failed",
    EntryState.ABSENT: "absent",
    EntryState.EXCUSED: "absent",
    EntryState.ENTERED: "waiting",
    EntryState.RETURNED: "waiting",
    EntryState.APPROVED: "waiting",
}
"""Other states: refused, withdrawn, or the batch was called off."""


def _kinds(today: date) -> Labelled:
    return [(business.kind, business.title) for business in businesses()]


def _exam_categories(today: date) -> Labelled:
    return [(category.value, f"{category.value} 证") for category in Category]


@dataclass(frozen=True)
class Subject:
    """`rows` are looked up by the part where `by_part`, else by the key; the columns by the other one.

    Without `rows` they are the cities. `letters` are drawn on the bars, so that colour alone tells nothing.
    """

    name: str
    title: str
    unit: str
    meaning: str
    first: str
    columns: Labelled
    rows: Rows | None = None
    by_part: bool = False
    stands: bool = False
    only_key: str = ""


_ISSUED = "证书按初次领证的月份，近十二个月，撤回导入的不算。"
SUBJECTS = (
    Subject(
        "state", "各设区市有效证书数", "本", "法定状态为有效的证书，按证书所在企业注册地的设区市。一人有几本证书的，每本各算一次。",
        "设区市", CATEGORIES, only_key=LegalState.VALID.value,
    ),
    Subject("states", "证书状态", "本", "全部证书按法定状态。", "状态", CATEGORIES, lambda today: STATES),
    Subject("issued", "近十二个月领证", "本", _ISSUED, "月份", CATEGORIES, lambda today: _months(months_until(today)), stands=True),
    Subject(
        "ends", "今后十二个月到期", "本", "有效证书按有效期届满的月份，从本月起十二个月。", "月份", CATEGORIES,
        lambda today: _months(months_from(today)), stands=True,
    ),
    Subject(
        "age", "持证人年龄", "本", "有效证书按持证人统计当天的周岁。", "年龄", CATEGORIES, lambda today: _bands(AGES),
        stands=True,
    ),
    Subject(
        "size", "企业规模", "本", "有效证书按所在企业名下有效证书的本数分组。", "企业有效证书", CATEGORIES,
        lambda today: _bands(SIZES), stands=True,
    ),
    Subject("outcome", "各业务办理结果", "件", "提交过的全部办件按现在的状态，草稿不算。", "业务", OUTCOMES, _kinds, by_part=True),
    Subject(
        "time", "各业务办理用时", "件", "近十二个月通过或不予通过的办件，从首次提交到办结的日历天数，含企业确认和补正的时间。", "业务",
        _bands(TIMES), _kinds, by_part=True,
    ),
    Subject(
        "exam", "近十二个月考试", "人次", "考试日期在近十二个月内的报名，按考试结果。违纪的算不合格；审核不通过、取消报名、批次取消的算没有参加。",
        "证书类别", EXAM_OUTCOMES, _exam_categories, by_part=True,
    ),
    Subject(
        "training", "近十二个月继续教育", "人次", "结束日期在近十二个月内、没有撤回的继续教育记录，按证书类别；没有注明类别的不列。",
        "月份", CATEGORIES, lambda today: _months(months_until(today)), stands=True,
    ),
)  # fmt: skip
