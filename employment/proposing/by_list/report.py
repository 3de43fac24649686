"""Says of each row of a list what would come of it: proposed, here already, or refused with all reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from accounts.models import Person
from accounts.people.findings import UNKNOWN_NUMBER
from common.findings import Finding, Level, blocking
from common.tabular.row import ROWS_OF_SHEET
from common.text.masking import mask_id_number
from employment.models import ProposalList
from employment.proposing.proposals import business, new_case
from employment.proposing.selectors import proposals_of
from employment.terms_in_words import contract_text, post_words
from enterprises.models import Enterprise
from workflow.checks import Case, Facts, evaluate

from .matching import AGAIN, LATER, OTHER_NAME
from .reading import GivenLine

HERE_CODE = "employment.already_here"


class Standing(StrEnum):
    """In the order of the report: problems first."""

    BAD = "bad"
    LATER = "later"
    HERE = "here"
    WAITING = "waiting"
    AGAIN = "again"
    FIT = "fit"
    SENT = "sent"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def tone(self) -> str:
        return {Standing.BAD: "bad", Standing.LATER: "warn", Standing.FIT: "good", Standing.SENT: "good"}.get(
            self, "info"
        )


_LABELS = {
    Standing.BAD: "不能发起",
    Standing.LATER: "还没有核对",
    Standing.HERE: "已在本企业",
    Standing.WAITING: "等本人确认",
    Standing.AGAIN: "重复",
    Standing.FIT: "可以发起",
    Standing.SENT: "已发起",
}
TO_MEND = (Standing.BAD, Standing.LATER)
"""Rows in the file of those that the clerk has to mend or send again."""


@dataclass(frozen=True)
class Item:
    """`number` is that of the application that came of the row."""

    line: GivenLine
    standing: Standing
    findings: list[Finding] = field(default_factory=list)
    case: Case | None = None
    number: str = ""

    @property
    def shown_number(self) -> str:
        """A number that can be read is masked; another is shown as it was given, since the clerk has to mend it."""
        return mask_id_number(self.line.number) if self.line.number else self.line.said[1]

    @property
    def posts(self) -> str:
        return post_words(self.line.posts) if self.line.posts else self.line.said[2]

    @property
    def contract(self) -> str:
        return contract_text(self.line.payload)

    @property
    def told(self) -> str:
        return "；".join(
            f"{one.message}（{one.detail.rstrip('。')}）" if one.detail else one.message for one in self.findings
        )


def lines_of(kept: ProposalList) -> list[GivenLine]:
    return [GivenLine.from_json(line) for line in kept.lines]


def items_of(kept: ProposalList, enterprise: Enterprise, *, today: date) -> list[Item]:
    """Answers the rows in the order of the list. The number of queries is constant."""
    lines = lines_of(kept)
    people = Person.objects.in_bulk({line.person_id for line in lines if line.person_id is not None})
    cases = {line.place: _case(line, enterprise, today) for line in lines if line.person_id in people}
    if kept.sent_at is not None:
        return [_sent(line, kept) for line in lines]
    found = evaluate(list(cases.values()), Facts(list(cases.values()))) if cases else {}
    waiting, first = _waiting(enterprise, people), _first_places(lines)
    return [_item(line, cases.get(line.place), found, waiting, first) for line in lines]


def _first_places(lines: Sequence[GivenLine]) -> dict[str, int]:
    first: dict[str, int] = {}
    for line in lines:
        if line.number and not line.problems:
            first.setdefault(line.number, line.place)
    return first


def _case(line: GivenLine, enterprise: Enterprise, today: date) -> Case:
    if line.person_id is None:
        raise TypeError("only for a row with a person")
    return new_case(
        business(),
        person_id=line.person_id,
        enterprise_id=enterprise.pk,
        region_id=enterprise.region_id,
        payload=line.payload,
        today=today,
    )


def _waiting(enterprise: Enterprise, people: Mapping[int, Person]) -> dict[int, str]:
    """Maps a person to the number of the proposal that waits for the answer."""
    rows = proposals_of(enterprise.pk, is_open=True).filter(person__in=people).order_by("pk")
    return {row.person_id: row.number for row in rows if row.person_id is not None}


def _item(
    line: GivenLine,
    case: Case | None,
    found: Mapping[Case, list[Finding]],
    waiting: Mapping[int, str],
    first: Mapping[str, int],
) -> Item:
    if line.problems:
        return Item(line, Standing.BAD, [Finding("list.unread", said) for said in line.problems])
    if case is None or case.person_id is None:
        return _nobody(line, first.get(line.number, line.place))
    if case.person_id in waiting:
        return Item(line, Standing.WAITING, number=waiting[case.person_id])
    stops = blocking(found[case])
    if any(stop.code == HERE_CODE for stop in stops):
        here = [replace(stop, level=Level.ADVISORY) for stop in stops if stop.code == HERE_CODE]
        return Item(line, Standing.HERE, here)
    return Item(line, Standing.BAD, stops) if stops else Item(line, Standing.FIT, case=case)


def _nobody(line: GivenLine, first: int) -> Item:
    if line.verdict == AGAIN:
        stop = Finding(
            "list.again", f"与第 {first % ROWS_OF_SHEET} 行是同一个人", "只发起一次，这一行不用处理。", Level.ADVISORY
        )
        return Item(line, Standing.AGAIN, [stop])
    if line.verdict == LATER:
        detail = (
            "已经核对的可以先发起；一小时后再把余下的人上传一次，下载的表格里就是这些人。今天的次数用完的，明天再办。"
        )
        stop = Finding("list.later", "按身份证号查找人员的次数已用完，这一行还没有核对", detail, turn="企业")
        return Item(line, Standing.LATER, [stop])
    if line.verdict == OTHER_NAME:
        detail = "号码登记在另一个姓名之下。请核对姓名和号码，改正名单后再上传。"
        return Item(line, Standing.BAD, [Finding("list.name", "姓名与身份证号不是同一个人", detail, turn="企业")])
    if line.person_id is not None:
        detail = "此人的登记已经更改。请把这一行重新核对一次。"
        return Item(line, Standing.BAD, [Finding("list.gone", "核对结果已失效", detail, turn="企业")])
    return Item(line, Standing.BAD, [UNKNOWN_NUMBER])


def _sent(line: GivenLine, kept: ProposalList) -> Item:
    """Answers what became of the row when the list was sent; cures are not kept."""
    place = str(line.place)
    if place in kept.filed:
        return Item(line, Standing.SENT, number=kept.filed[place])
    said = kept.refused.get(place, {"standing": Standing.BAD, "findings": []})
    findings = [Finding.from_json(one) for one in said["findings"]]
    return Item(line, Standing(said["standing"]), findings, number=said.get("number", ""))
