"""The embedded provider: the models of `accounts.faces` and the turning of a head. A replayed video beats it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts import faces

from .provider import FramesVerifier
from .verdicts import PORTRAIT_UNUSABLE, Frame, Step, Verdict

FRONT_WITHIN = 10.0
TURNED_BEYOND = 12.0
"""Degrees; the measured yaw is within 6.7° of the true one in 95 of 100 pictures."""
SAME_PERSON = 0.30
"""Likeness of a turned face to the frontal one of the same minute; lower than for two photographs, as profiles are."""
BYSTANDER = 0.3
"""Share of the largest face's area from which another face counts."""


@dataclass(frozen=True)
class _Seen:
    frame: Frame
    image: faces.Image
    found: list[faces.Face]

    @property
    def face(self) -> faces.Face:
        return self.found[0]

    @property
    def is_crowded(self) -> bool:
        return len(self.found) > 1 and self.found[1].area > BYSTANDER * self.found[0].area

    def turned(self, step: Step) -> float:
        """How far into the asked direction; for the front, how little to any side."""
        return {Step.FRONT: -abs(self.face.yaw), Step.TURN_LEFT: self.face.yaw, Step.TURN_RIGHT: -self.face.yaw}[step]


class LocalVerifier(FramesVerifier):
    name = "embedded-opencv"

    def verify(self, *, nonce: str, portrait: bytes | None, frames: Sequence[Frame], steps: Sequence[Step]) -> Verdict:
        started = time.perf_counter()
        problems: list[str] = []
        seen = _look(frames, problems)
        chosen = {step: _best(step, seen, problems) for step in steps}
        front = chosen.get(Step.FRONT)
        score = None
        if front is not None:
            own = faces.embed(front.image, front.face)
            score = _likeness(own, portrait if portrait is not None else front.frame.data, problems)
            # Nobody to compare with costs the same time, so that a login does not tell which numbers are registered.
            score = score if portrait is not None else 0.0
            _compare_turned(own, [each for step, each in chosen.items() if step != Step.FRONT], problems)
        return Verdict(
            score=score,
            problems=tuple(dict.fromkeys(problems)),
            models={model.name: model.sha256 for model in faces.MODELS},
            milliseconds=round(1000 * (time.perf_counter() - started)),
            best_front=front.frame.data if front is not None else None,
        )


def _look(frames: Sequence[Frame], problems: list[str]) -> list[_Seen]:
    """The same picture twice is a photograph held before the page, not a camera: a sensor's noise never repeats."""
    known: set[bytes] = set()
    seen: list[_Seen] = []
    for frame in frames:
        try:
            image = faces.read(frame.data)
        except faces.UnreadableImage:
            problems.append("unreadable")
            continue
        pixels = hashlib.sha256(image.tobytes()).digest()
        if pixels in known:
            problems.append("duplicate_frame")
            continue
        known.add(pixels)
        seen.append(_Seen(frame, image, faces.detect(image)))
    return seen


def _best(step: Step, seen: Iterable[_Seen], problems: list[str]) -> _Seen | None:
    """The frame that does best what was asked; a stranger beside the person spoils the step."""
    with_face = [each for each in seen if each.frame.step == step and each.found]
    if not with_face:
        problems.append(f"{step}:no_face")
        return None
    if any(each.is_crowded for each in with_face):
        problems.append(f"{step}:many_faces")
        return None
    best = max(with_face, key=lambda each: each.turned(step))
    if step == Step.FRONT and abs(best.face.yaw) > FRONT_WITHIN:
        problems.append("front:not_frontal")
    if step != Step.FRONT and best.turned(step) < TURNED_BEYOND:
        problems.append(f"{step}:not_turned")
    return best


def _likeness(own: faces.Embedding, portrait: bytes, problems: list[str]) -> float | None:
    image = faces.read(portrait)
    found = faces.detect(image)
    if not found:
        problems.append(PORTRAIT_UNUSABLE)
        return None
    return max(0.0, faces.similarity(own, faces.embed(image, found[0])))


def _compare_turned(own: faces.Embedding, turned: Iterable[_Seen | None], problems: list[str]) -> None:
    """All frames show one person: nobody lends their face for a part of it."""
    for each in turned:
        if each is not None and faces.similarity(own, faces.embed(each.image, each.face)) < SAME_PERSON:
            problems.append(f"{each.frame.step}:other_person")
