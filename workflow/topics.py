"""Declares guides to what is no kind of application, such as continuing education; each follows from rules and parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from administration.parameters.book import ParameterBook
from common.registry import Registry


@dataclass(frozen=True)
class TopicStep:
    label: str
    clock: str
    remarks: str


@dataclass(frozen=True)
class TopicGuide:
    """Holds what the guide says on a day."""

    who: str
    conditions: Sequence[str]
    steps: Sequence[TopicStep]
    materials: Sequence[str] = ()
    legal_basis: Sequence[str] = ()


@dataclass(frozen=True)
class Topic:
    """`kind` stands in the address beside the kinds of application, so that no business may have it."""

    kind: str
    title: str
    summary: str
    section: str
    guide: Callable[[ParameterBook, date], TopicGuide]


TOPICS: Registry[Topic] = Registry("topic of a guide")
"""Modules named `guide_topics` fill it and are found by themselves."""


def declare_topic(topic: Topic, *, order: int = 100) -> Topic:
    return TOPICS.register(topic.kind, topic, order=order)
