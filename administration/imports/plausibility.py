"""Stops a file in which unlikely many rows have legal consequences, until a person confirms it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from common.tabular.errors import TableError
from common.tabular.table import Table

CONFIRMATION = "在命令行加上 --confirmed、--reason（理由）和 --second（第二个核对的人）再导入"


@dataclass(frozen=True)
class Consequence:
    """More rows than `most_percent` are unlikely; nobody is asked about fewer rows than `at_least`.

    `follows` gets the parsed values of a row without problems.
    """

    title: str
    follows: Callable[[Mapping[str, object]], bool]
    effect: str
    most_percent: int
    at_least: int


@dataclass(frozen=True)
class UnlikelyShare:
    title: str
    effect: str
    rows: int
    of: int

    @property
    def percent(self) -> int:
        return round(100 * self.rows / self.of)

    @property
    def sentence(self) -> str:
        return f"{self.of} 行中有 {self.rows} 行（{self.percent}%）为“{self.title}”，多得不寻常；导入后{self.effect}。"


class ConfirmationNeeded(TableError):
    """Nothing was taken in. The shares say what a person has to look at before confirming."""

    def __init__(self, shares: Sequence[UnlikelyShare]) -> None:
        self.shares = tuple(shares)
        said = "".join(share.sentence for share in shares)
        super().__init__(f"{said}没有导入任何一行。请核对文件；确实如此的，{CONFIRMATION}。")


@dataclass
class ShareCounter:
    consequences: Sequence[Consequence]
    rows: int = 0
    followed: dict[str, int] = field(default_factory=dict)

    def count(self, values: Mapping[str, object]) -> None:
        self.rows += 1
        for one in self.consequences:
            if one.follows(values):
                self.followed[one.title] = self.followed.get(one.title, 0) + 1

    def unlikely(self) -> list[UnlikelyShare]:
        return [
            UnlikelyShare(one.title, one.effect, found, self.rows)
            for one in self.consequences
            if (found := self.followed.get(one.title, 0)) >= one.at_least and 100 * found > one.most_percent * self.rows
        ]


def unlikely_shares(table: Table, consequences: Sequence[Consequence]) -> list[UnlikelyShare]:
    """Reads the whole file. Rows with problems do not count, since they are not taken in."""
    if not consequences:
        return []
    counter = ShareCounter(consequences)
    for values in good_values(table):
        counter.count(values)
    return counter.unlikely()


def good_values(table: Table) -> Iterable[Mapping[str, object]]:
    return (row.values for row in table.rows() if not row.problems)
