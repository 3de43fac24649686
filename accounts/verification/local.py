"""Implements the embedded provider with the models of `accounts.faces`: the turning of a head, traces of computed
frames, and the light of the screen. It does not detect a replayed video.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from accounts.faces import engine, light, model_files
from accounts.faces.geometry import Face

from . import presence
from .contract import NOTHING_KNOWN, FramesVerifier
from .presence import Look
from .verdicts import PORTRAIT_UNUSABLE, Frame, Known, ProviderFailed, Step, Verdict

FRONT_WITHIN = 10.0
TURNED_BEYOND = 12.0
"""The unit is degrees; the measured yaw is within 6.7° of the true one in 95 of 100 pictures."""
SAME_POSE = 6.0
SAME_PERSON = 0.30
"""The value is the likeness of a turned face to the frontal one of the same minute; it is lower than for two
photographs because of the turn.
"""
BYSTANDER = 0.3
"""The value is the share of the largest face's area from which another face counts."""


@dataclass(frozen=True)
class _Seen:
    frame: Frame
    image: engine.Image
    found: list[Face]

    @property
    def face(self) -> Face:
        return self.found[0]

    @property
    def look(self) -> Look:
        return Look(self.image, self.face)

    @property
    def is_crowded(self) -> bool:
        return len(self.found) > 1 and self.found[1].area > BYSTANDER * self.found[0].area

    def turned(self, step: Step) -> float:
        """Answers how far the head is turned in the asked direction; for the front, how little to any side."""
        return {Step.FRONT: -abs(self.face.yaw), Step.TURN_LEFT: self.face.yaw, Step.TURN_RIGHT: -self.face.yaw}[step]


class LocalVerifier(FramesVerifier):
    name = "embedded-opencv"

    def verify(
        self,
        *,
        nonce: str,
        portrait: bytes | None,
        frames: Sequence[Frame],
        steps: Sequence[Step],
        known: Known = NOTHING_KNOWN,
    ) -> Verdict:
        started = time.perf_counter()
        problems: list[str] = []
        seen = _look(frames, problems)
        ranked = {step: _ranked(step, seen, problems) for step in steps}
        chosen = {step: each[0] for step, each in ranked.items() if each}
        front = chosen.get(Step.FRONT)
        score: float | None = None
        doubts: tuple[str, ...] = ()
        signs: tuple[str, ...] = ()
        if front is not None:
            own = engine.embed(front.image, front.face)
            # Without a portrait the work takes the same time, so that a login does not tell which numbers are
            # registered.
            pictures = _pictures([portrait, *known.pictures] if portrait is not None else [front.frame.data] * 2)
            score = _likeness(own, pictures[0], problems)
            looks = {step: _pair(each, seen) for step, each in chosen.items()}
            found, signs = _presence_and_signs(looks, pictures, known, is_whole=len(chosen) == len(steps))
            problems += found if portrait is not None else []
            score = score if portrait is not None else 0.0
            _compare_turned(own, [each for step, each in chosen.items() if step != Step.FRONT], problems)
            doubts = _light(seen, problems) if len(steps) > 1 else ()
        return Verdict(
            score=score,
            problems=tuple(dict.fromkeys(problems)),
            doubts=doubts,
            signs=signs,
            models={model.name: model.sha256 for model in model_files.MODELS},
            milliseconds=round(1000 * (time.perf_counter() - started)),
            best_front=front.frame.data if front is not None else None,
        )


def _read(data: bytes) -> engine.Image:
    """Raises UnreadableImage, or ProviderFailed where nobody has looked at the picture."""
    try:
        return engine.read(data)
    except engine.NotLookedAt as error:
        raise ProviderFailed(str(error)) from error


def _look(frames: Sequence[Frame], problems: list[str]) -> list[_Seen]:
    """The same picture twice is a photograph and not a camera, because the noise of a sensor never repeats."""
    known: set[bytes] = set()
    seen: list[_Seen] = []
    for frame in frames:
        try:
            image = _read(frame.data)
        except engine.UnreadableImage:
            problems.append("unreadable")
            continue
        pixels = hashlib.sha256(image.tobytes()).digest()
        if pixels in known:
            problems.append("duplicate_frame")
            continue
        known.add(pixels)
        seen.append(_Seen(frame, image, engine.detect(image)))
    return seen


def _ranked(step: Step, seen: Iterable[_Seen], problems: list[str]) -> list[_Seen]:
    """The frame that best shows what was asked comes first; another person beside this one spoils the step."""
    with_face = [each for each in seen if each.frame.step == step and each.found]
    if not with_face:
        problems.append(f"{step}:no_face")
        return []
    if any(each.is_crowded for each in with_face):
        problems.append(f"{step}:many_faces")
        return []
    ranked = sorted(with_face, key=lambda each: each.turned(step), reverse=True)
    if step == Step.FRONT and abs(ranked[0].face.yaw) > FRONT_WITHIN:
        problems.append("front:not_frontal")
    if step != Step.FRONT and ranked[0].turned(step) < TURNED_BEYOND:
        problems.append(f"{step}:not_turned")
    return ranked


def _pair(best: _Seen, seen: Iterable[_Seen]) -> list[Look]:
    """Answers the frame of a movement and the one of nearly the same pose, whichever movement was asked for then."""
    others = [each for each in seen if each is not best and each.found and not each.is_crowded]
    near = min(others, key=lambda each: abs(each.face.yaw - best.face.yaw), default=None)
    is_near = near is not None and abs(near.face.yaw - best.face.yaw) <= SAME_POSE
    return [best.look, near.look] if near is not None and is_near else [best.look]


def _presence_and_signs(
    looks: Mapping[Step, Sequence[Look]], pictures: Sequence[Look | None], known: Known, *, is_whole: bool
) -> tuple[list[str], tuple[str, ...]]:
    """Answers problems and the signs to remember; a sign that is remembered already shows frames that are sent again."""
    signs = presence.signs_of(looks)
    found = _presence(looks, pictures) if is_whole else []
    if presence.is_known(signs, known.signs):
        found.append("replayed")
    return found, tuple(each for of_step in signs.values() for each in of_step)


def _presence(looks: Mapping[Step, Sequence[Look]], pictures: Sequence[Look | None]) -> list[str]:
    kept = [picture for picture in pictures if picture is not None]
    if len(looks) == 1:  # a single picture for a clerk
        return presence.of_kept_pictures([looks[Step.FRONT][0]], kept)
    return presence.problems_of(looks, kept)


def _light(seen: Iterable[_Seen], problems: list[str]) -> tuple[str, ...]:
    """Answers doubts about the face's reaction to the colours of the screen; a wrong reaction joins the problems."""
    lit = [
        light.Lit(each.frame.colour, str(each.frame.step), light.tint(each.image, each.face))
        for each in seen
        if each.found
    ]
    answer = light.answer(lit)
    if answer == light.Answer.CONTRARY:
        problems.append("light_contrary")
    return ("light_unclear",) if answer == light.Answer.UNCLEAR else ()


def _pictures(held: Iterable[bytes]) -> list[Look | None]:
    return [_picture(data) for data in held]


def _picture(data: bytes) -> Look | None:
    """Answers None where no face can be found in it."""
    try:
        image = _read(data)
    except engine.UnreadableImage:
        return None
    found = engine.detect(image)
    return Look(image, found[0]) if found else None


def _likeness(own: engine.Embedding, portrait: Look | None, problems: list[str]) -> float | None:
    if portrait is None:
        problems.append(PORTRAIT_UNUSABLE)
        return None
    return max(0.0, engine.similarity(own, engine.embed(portrait.image, portrait.face)))


def _compare_turned(own: engine.Embedding, turned: Iterable[_Seen | None], problems: list[str]) -> None:
    """All frames must show one person, so that nobody can stand in for a part of them."""
    for each in turned:
        if each is not None and engine.similarity(own, engine.embed(each.image, each.face)) < SAME_PERSON:
            problems.append(f"{each.frame.step}:other_person")
