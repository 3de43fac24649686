"""Searches guides, questions and words of the trade by what somebody types, within this process.

Chinese is written without blanks, so that pairs of characters are compared: whoever types 学时不够怎么办 finds what says
学时 and 不够, whatever stands between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from django.urls import reverse

from administration.parameters.book import ParameterBook

from ..business import Business, businesses
from ..topics import TOPICS, Topic, TopicGuide
from .answers import answers_in_use
from .guides import Guide, guide_of
from .help_terms import TERMS

EMPTY_WORDS = re.compile(
    "怎么办理|怎么办|怎么样|怎么|怎样|如何|什么|为什么|为何|是不是|可不可以|能不能|哪里|请问|办理|需要|可以|我的|[吗呢啊吧]"
)
BREAKS = re.compile(r"[\W_]+")
IN_TITLE, LEAST, MOST = 3, 0.6, 20


@dataclass(frozen=True)
class Hit:
    sort: str
    title: str
    address: str
    text: str


@dataclass(frozen=True)
class Entry:
    """`text` is shown; `more` is searched too."""

    sort: str
    title: str
    address: str
    text: str
    more: str = ""


def search(words: str, *, on: date) -> list[Hit]:
    """Answers at most `MOST`, the best first, by two queries whatever there is."""
    wanted = pieces_of(words)
    if not wanted:
        return []
    found = [(score(wanted, entry), -place, entry) for place, entry in enumerate(_entries(on))]
    best = sorted((one for one in found if one[0] >= LEAST), key=lambda one: one[:2], reverse=True)
    return [Hit(entry.sort, entry.title, entry.address, entry.text) for _, _, entry in best[:MOST]]


def pieces_of(words: str) -> frozenset[str]:
    """Answers pairs of neighbouring characters; a word of Latin letters or of one character stays whole."""
    plain = normalize("NFKC", words).lower()
    meant = EMPTY_WORDS.sub(" ", plain)
    parts = [part for part in BREAKS.split(meant) if part] or [part for part in BREAKS.split(plain) if part]
    return frozenset(piece for part in parts for piece in _pairs(part))


def _pairs(part: str) -> Iterable[str]:
    if len(part) < 3 or part.isascii():
        return [part]
    return [part[place : place + 2] for place in range(len(part) - 1)]


def score(wanted: frozenset[str], entry: Entry) -> float:
    """Answers the part of what was typed that the entry says, more where its title says it."""
    title, text = _plain(entry.title), _plain(f"{entry.title} {entry.text} {entry.more}")
    said = sum(piece in text for piece in wanted) / len(wanted)
    return said + IN_TITLE * sum(piece in title for piece in wanted) / len(wanted) if said >= LEAST else 0


def _plain(text: str) -> str:
    return normalize("NFKC", text).lower()


def _entries(on: date) -> list[Entry]:
    parameters = ParameterBook.load()
    said: list[tuple[Business | Topic, str]] = [
        *((one, _of_guide(guide_of(one, parameters, on))) for one in businesses()),
        *((one, _of_topic(one.guide(parameters, on))) for one in TOPICS),
    ]
    guides = [Entry("办事指南", one.title, _place_of(one.kind), one.summary, more) for one, more in said]
    questions = [
        Entry("常见问题", one.question, f"{_place_of(one.kind)}#question-{one.pk}", one.answer, one.reason)
        for one in answers_in_use()
    ]
    terms = [Entry("名词", term, "", meaning) for term, meaning in TERMS]
    return [*guides, *questions, *terms]


def _place_of(kind: str) -> str:
    return reverse("workflow:guide", args=[kind]) if kind else reverse("workflow:guides")


def _of_guide(guide: Guide) -> str:
    business = guide.business
    uploads = (kind.title for kind in business.attachments)
    return _joined(guide.conditions, uploads, business.materials, (row.label for row in guide.rows))


def _of_topic(guide: TopicGuide) -> str:
    return _joined(guide.conditions, guide.materials, (f"{step.label} {step.remarks}" for step in guide.steps))


def _joined(*parts: Sequence[str] | Iterable[str]) -> str:
    return " ".join(str(one) for part in parts for one in part)
