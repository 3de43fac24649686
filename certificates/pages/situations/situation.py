"""Holds what is so with one certificate today, and the one thing that its holder does next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from certificates.enums import Category
from certificates.models import Certificate
from certificates.state.display import StatusAnswer
from common.findings import Cure, Finding
from training.hours import Count
from workflow.models import Application

SHORT = {
    Category.A: "企业主要负责人",
    Category.B: "项目负责人",
    Category.C1: "机械类专职安全员",
    Category.C2: "土建类专职安全员",
    Category.C3: "综合类专职安全员",
}


@dataclass(frozen=True)
class Situation:
    """`tone` is bad, warn, info or good, and ended for a certificate that needs nothing any more; `rank` orders lines,
    the most urgent first. `days` are those left, where they are what matters. `hours` is told where the hours decide.
    `act` is the next step and `also` are others; `missing` says what stands against it.
    """

    certificate: Certificate
    answer: StatusAnswer
    tone: str
    rank: int
    title: str
    mark: str = ""
    sentence: str = ""
    days: int | None = None
    hours: Count | None = None
    hours_note: str = ""
    act: Cure | None = None
    also: tuple[Cure, ...] = ()
    missing: tuple[Finding, ...] = ()
    case: Application | None = None
    successor: tuple[int, str] | None = None
    ended_on: date | None = None
    is_pressing: bool = field(default=False)
    """The act of the first pressing one is the primary button of a page."""

    @property
    def is_ended(self) -> bool:
        return self.tone == "ended"

    @property
    def mark_tone(self) -> str:
        """The mark of what can be done today is blue, also where the certificate ends soon."""
        return "info" if self.tone == "warn" else self.tone

    @property
    def short_category(self) -> str:
        return SHORT[Category(self.certificate.category)]

    @property
    def letter(self) -> str:
        return self.certificate.category[0].lower()

    @property
    def words(self) -> str:
        """Says the situation in one line, for messages and for those who hear it."""
        parts = [self.title, f"学时 {self.hours.words}/{self.hours.needed}" if self.hours else "", self.mark]
        return " · ".join(filter(None, parts))

    @property
    def order(self) -> tuple[int, date, int]:
        return self.rank, self.certificate.ends_on, self.certificate.pk
