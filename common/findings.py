"""Gives every rule that a user can meet one structured answer: what is missing, why, whose turn it is, and what cures
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    MET = "met"
    ADVISORY = "advisory"
    BLOCKING = "blocking"


@dataclass(frozen=True)
class Cure:
    """A cure is what the reader can do about a finding: a named URL or a kind of business.

    It is resolved only when rendered (`{% cure finding.cure %}`), because packages to the left may point to pages to
    their right.
    """

    label: str
    url_name: str = ""
    business: str = ""
    kwargs: Mapping[str, object] = field(default_factory=dict)
    query: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """Is the answer of one rule. `facts` never holds an ID number in clear."""

    code: str
    message: str
    detail: str = ""
    level: Level = Level.BLOCKING
    turn: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    cure: Cure | None = None

    @property
    def blocking(self) -> bool:
        return self.level is Level.BLOCKING

    @property
    def met(self) -> bool:
        return self.level is Level.MET

    def as_json(self) -> dict[str, object]:
        """Events and snapshots keep it as what the reader was told then."""
        return {
            "code": self.code,
            "message": self.message,
            "detail": self.detail,
            "level": self.level.value,
            "turn": self.turn,
            "facts": {key: str(value) for key, value in self.facts.items()},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Finding:
        """Reads what `as_json` wrote; a cure is not kept, since its address may have changed."""
        return cls(kept["code"], kept["message"], kept["detail"], Level(kept["level"]), kept["turn"], kept["facts"])


def satisfied(code: str, message: str, detail: str = "") -> Finding:
    return Finding(code, message, detail, Level.MET)


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.blocking]


class Refused(Exception):
    """A rule does not allow the write. It carries all reasons at once; views show them, bulk results list them."""

    def __init__(self, *findings: Finding) -> None:
        if not findings:
            raise ValueError("a refusal names at least one finding")
        self.findings = findings
        super().__init__("；".join(finding.message for finding in findings))

    @property
    def in_words(self) -> str:
        """Answers all reasons in one line, for a page that has no room for a list."""
        return "；".join(f"{finding.message}。{finding.detail}" for finding in self.findings)
