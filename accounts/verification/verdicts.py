"""What a provider finds, and what follows from it under the thresholds of the day."""

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
    data: bytes
    step: Step
    colour: str = ""
    """Of the screen when it was taken, by the order of the challenge; a name of `accounts.faces.light`."""


@dataclass(frozen=True)
class Known:
    """What the portal already has of the person: a frame made from it is no camera's."""

    pictures: Sequence[bytes] = ()
    """Beside the portrait."""
    signs: Sequence[Sequence[str]] = ()
    """Of the frames of earlier accepted attempts, as `Verdict.signs` gave them."""


@dataclass(frozen=True)
class Verdict:
    score: float | None
    """Likeness to the portrait, 0 to 1; None where no face could be compared."""
    problems: tuple[str, ...] = ()
    """Codes of what was wrong with the frames or the movements; see `words`. Empty: a living person before the camera."""
    doubts: tuple[str, ...] = ()
    """Codes of what could not be told either way."""
    signs: tuple[str, ...] = ()
    """By which the frames are known again; no picture can be made of them."""
    models: Mapping[str, str] = field(default_factory=dict)
    milliseconds: int = 0
    best_front: bytes | None = None
    """The frame that a clerk would look at."""


class ProviderFailed(Exception):
    """No answer, or one that cannot be trusted. Never taken for a yes; no try is counted."""


PORTRAIT_UNUSABLE = "portrait:no_face"
"""Not the person's fault: the portrait has to be taken again."""


@dataclass(frozen=True)
class Thresholds:
    accept: float
    review: float
    versions: Mapping[str, list[Version]]
    needs_light: bool = False
    """Whether the colours of the screen must be seen on the face."""

    @classmethod
    def on(cls, day: date) -> Thresholds:
        book = ParameterBook.load()
        accept = book.integer("face_accept_percent", day) / 100
        review = book.integer("face_review_percent", day) / 100
        # A review limit above the other one would let nobody be accepted or would skip the clerk: the stricter wins.
        needs_light = book.text("face_light", day) == "required"
        return cls(max(accept, review), review, book.used_for(None), needs_light)


def decide(verdict: Verdict, thresholds: Thresholds) -> FaceResult:
    """Another face is told before anything that was wrong with the movements."""
    if verdict.score is None:
        return FaceResult.REPEAT
    if verdict.score < thresholds.review:
        return FaceResult.REJECTED
    if verdict.problems:
        return FaceResult.REPEAT
    is_sure = verdict.score >= thresholds.accept and not (verdict.doubts and thresholds.needs_light)
    return FaceResult.ACCEPTED if is_sure else FaceResult.REVIEW
