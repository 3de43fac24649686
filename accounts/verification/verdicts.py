"""Describes what a provider finds, and decides what follows from it under the thresholds of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from accounts.enums import FaceResult
from administration.parameters.book import ParameterBook, Version


class Step(StrEnum):
    """Left and right are the person's own."""

    FRONT = "front"
    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"


@dataclass(frozen=True)
class Frame:
    """`colour` is a name of `accounts.faces.light`."""

    data: bytes
    step: Step
    colour: str = ""


@dataclass(frozen=True)
class Known:
    """Holds what the portal already has of the person, since a frame made from it does not come from a camera."""

    pictures: Sequence[bytes] = ()
    signs: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Verdict:
    """`score` is the likeness to the portrait, 0 to 1; None where no face could be compared. `problems` are codes of
    `messages` for what was wrong with frames or movements; without any, a living person is before the camera. No
    picture can be made of `signs`, by which the frames are recognised.
    """

    score: float | None
    problems: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    models: Mapping[str, str] = field(default_factory=dict)
    milliseconds: int = 0
    best_front: bytes | None = None


class ProviderFailed(Exception):
    """There was no answer, or one that cannot be trusted. It is never taken for an approval; no try is counted."""


PORTRAIT_UNUSABLE = "portrait:no_face"


@dataclass(frozen=True)
class Thresholds:
    accept: float
    review: float
    versions: Mapping[str, list[Version]]
    needs_light: bool = False

    @classmethod
    def on(cls, day: date) -> Thresholds:
        book = ParameterBook.load()
        accept = book.integer("face_accept_percent", day) / 100
        review = book.integer("face_review_percent", day) / 100
        # A review limit above the other one would let nobody be accepted or would skip the clerk, so the stricter one
        # counts.
        needs_light = book.text("face_light", day) == "required"
        return cls(max(accept, review), review, book.used_for(None), needs_light)


def decide(verdict: Verdict, thresholds: Thresholds) -> FaceResult:
    """Another face is reported before problems of the movements."""
    if verdict.score is None:
        return FaceResult.REPEAT
    if verdict.score < thresholds.review:
        return FaceResult.REJECTED
    if verdict.problems:
        return FaceResult.REPEAT
    is_sure = verdict.score >= thresholds.accept and not (verdict.doubts and thresholds.needs_light)
    return FaceResult.ACCEPTED if is_sure else FaceResult.REVIEW
