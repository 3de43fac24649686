"""Checks faces. Frames are examined in memory and never written, except one for a clerk's case."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.access import audit
from accounts.enums import FaceCapture, FacePurpose, FaceResult
from accounts.faces.engine import UnreadableImage
from accounts.models import FaceCheck, Person, User
from accounts.photo import framing
from accounts.verification.configured import verifier
from accounts.verification.contract import FramesVerifier
from accounts.verification.verdicts import (
    PORTRAIT_UNUSABLE,
    Frame,
    Known,
    ProviderFailed,
    Step,
    Thresholds,
    Verdict,
    decide,
)
from common.files.images import clean_image
from common.files.picture_headers import check_header
from common.findings import Finding, Refused

from . import messages
from .available_methods import available_methods_of
from .challenges import COLOURS_PER_STEP, take_challenge
from .face_signs import keep_signs, signs_of, were_sent_before
from .reviews import open_review

LARGEST_FRAME = 1024 * 1024
"""The unit is bytes. It is not above FILE_UPLOAD_MAX_MEMORY_SIZE, so that no accepted frame ever touches the disk."""
FRAMES_PER_STEP = 6
FRAME_PIXELS = 2_000_000
FRAMES_BYTES = 6 * 1024 * 1024
"""The unit is bytes of all frames of one request; a page's camera sends a tenth of it."""
_PHOTO_SIDE = 1600
_ADVISORY_LOCK = 4_004

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Attempt:
    purpose: FacePurpose
    capture: FaceCapture
    nonce: str
    now: datetime
    ask: Callable[[], Verdict]
    frames: Sequence[Frame] = ()


@dataclass(frozen=True)
class LoginAnswer:
    accepted: bool
    findings: Sequence[Finding] = ()
    counts: bool = False


def check_face(person: Person, *, nonce: str, frames: Sequence[Frame], by: User, now: datetime) -> FaceCheck:
    """Compares camera frames with the portrait. Raises Refused where there is nothing to decide on."""
    steps, frames = _asked(nonce, frames, FacePurpose.VERIFY, person, now)
    ask = _question(nonce, person, frames, steps, now)
    return _check(person, _Attempt(FacePurpose.VERIFY, FaceCapture.CAMERA, nonce, now, ask, frames), by=by)


def check_photo(person: Person, data: bytes, *, by: User, now: datetime) -> FaceCheck:
    """Compares one picture without movements, which only a clerk can accept."""
    try:
        upright = framing.upright(clean_image(data, max_side=_PHOTO_SIDE))
    except ValidationError as error:
        raise Refused(Finding("face.unreadable", error.messages[0])) from error
    except UnreadableImage as error:
        raise Refused(Finding("face.unreadable", str(error))) from error
    frames = [Frame(upright.data, Step.FRONT)]
    nonce = secrets.token_urlsafe(32)
    ask = _question(nonce, person, frames, [Step.FRONT], now)
    return _check(person, _Attempt(FacePurpose.VERIFY, FaceCapture.PHOTO, nonce, now, ask, frames), by=by)


def check_page(person: Person, verdict: Callable[[], Verdict], *, nonce: str, by: User, now: datetime) -> FaceCheck:
    """Stores the result of a provider's own page. The challenge has been taken; `verdict` may raise ProviderFailed."""
    return _check(person, _Attempt(FacePurpose.VERIFY, FaceCapture.PROVIDER, nonce, now, verdict), by=by)


def check_login(
    person: Person | None, *, purpose: FacePurpose, nonce: str, frames: Sequence[Frame], now: datetime
) -> LoginAnswer:
    """An unknown number, a missing portrait and another face get one answer, after the same work."""
    steps, frames = _asked(nonce, frames, purpose, None, now)
    attempt = _Attempt(purpose, FaceCapture.CAMERA, nonce, now, _question(nonce, person, frames, steps, now), frames)
    thresholds = Thresholds.on(timezone.localdate(now))
    verdict, result = _ask(attempt, thresholds)
    if person is not None:
        _record(person, attempt, verdict, result, thresholds)
    if result == FaceResult.ACCEPTED:
        return LoginAnswer(True)
    if result == FaceResult.UNAVAILABLE:
        return LoginAnswer(False, [messages.UNAVAILABLE])
    wrong_frames = [code for code in verdict.problems if code != PORTRAIT_UNUSABLE]
    if result == FaceResult.REPEAT and wrong_frames:
        return LoginAnswer(False, messages.findings_of(wrong_frames), counts=verdict.score is not None)
    if result == FaceResult.REVIEW and verdict.doubts:
        return LoginAnswer(False, messages.findings_of(verdict.doubts), counts=True)
    return LoginAnswer(False, [messages.LOGIN_FAILED], counts=True)


@transaction.atomic
def _check(person: Person, attempt: _Attempt, *, by: User) -> FaceCheck:
    _take_turn(person)
    _refuse_if_closed(person, now=attempt.now)
    thresholds = Thresholds.on(timezone.localdate(attempt.now))
    verdict, result = _ask(attempt, thresholds)
    check = _record(person, attempt, verdict, result, thresholds)
    audit.record("face_check", by=by, about=person, detail={"check": check.pk, "result": str(result)})
    if result == FaceResult.REVIEW:
        open_review(check, frame=verdict.best_front, now=attempt.now)
    return check


def _ask(attempt: _Attempt, thresholds: Thresholds) -> tuple[Verdict, FaceResult]:
    try:
        verdict = attempt.ask()
    except ProviderFailed as error:
        _log.warning("face verification failed: %s", error)
        return Verdict(None, ("provider",)), FaceResult.UNAVAILABLE
    result = decide(verdict, thresholds)
    if result == FaceResult.ACCEPTED and attempt.capture == FaceCapture.PHOTO:
        result = FaceResult.REVIEW
    return verdict, result


def _record(
    person: Person, attempt: _Attempt, verdict: Verdict, result: FaceResult, thresholds: Thresholds
) -> FaceCheck:
    if result == FaceResult.ACCEPTED:
        keep_signs(person, verdict.signs, now=attempt.now)
    return FaceCheck.objects.create(
        person=person,
        purpose=attempt.purpose,
        capture=attempt.capture,
        result=result,
        score=verdict.score,
        problems=[*verdict.problems, *(verdict.doubts if result == FaceResult.REVIEW else ())],
        provider=verifier().name,
        models_used=dict(verdict.models),
        frame_hashes=[_sha256(frame) for frame in attempt.frames],
        thresholds=dict(thresholds.versions),
        nonce=attempt.nonce,
        milliseconds=verdict.milliseconds,
        at=attempt.now,
    )


def _question(
    nonce: str, person: Person | None, frames: Sequence[Frame], steps: Sequence[Step], now: datetime
) -> Callable[[], Verdict]:
    def ask() -> Verdict:
        provider = verifier()
        if not isinstance(provider, FramesVerifier):
            raise ProviderFailed("the configured provider takes no frames")
        portrait = portrait_of(person) if person is not None else None
        known = _known(person, now) if person is not None else Known()
        verdict = provider.verify(nonce=nonce, portrait=portrait, frames=frames, steps=steps, known=known)
        if person is not None and were_sent_before(person, [_sha256(frame) for frame in frames]):
            return replace(verdict, problems=tuple(dict.fromkeys([*verdict.problems, "replayed"])))
        return verdict

    return ask


def _known(person: Person, now: datetime) -> Known:
    """The ID photo is also the picture of the electronic certificates, which employers download."""
    pictures = []
    if person.id_photo:
        with person.id_photo.open("rb") as stored:
            pictures.append(bytes(stored.read()))
    return Known(pictures, signs_of(person, now=now))


def _sha256(frame: Frame) -> str:
    return hashlib.sha256(frame.data).hexdigest()


def portrait_of(person: Person) -> bytes | None:
    if not person.portrait:
        return None
    with person.portrait.open("rb") as stored:
        return bytes(stored.read())


def _asked(
    nonce: str, frames: Sequence[Frame], purpose: FacePurpose, person: Person | None, now: datetime
) -> tuple[list[Step], list[Frame]]:
    """Uses the challenge up and answers its steps, and the frames with the colours it put on the screen."""
    challenge = take_challenge(nonce, purpose=purpose, person=person, now=now)
    steps = [Step(step) for step in challenge.steps]
    _refuse_unusable(frames, steps)
    return steps, _coloured(frames, steps, challenge.colours)


def _coloured(frames: Sequence[Frame], steps: Sequence[Step], colours: Sequence[str]) -> list[Frame]:
    """The page shows each colour of a step for an equal part of its frames, which come in the order they were taken
    in.
    """
    found: list[Frame] = []
    for step in Step:
        taken = [frame for frame in frames if frame.step == step]
        own = colours[COLOURS_PER_STEP * steps.index(step) :] if step in steps else []
        for at, frame in enumerate(taken):
            part = at * COLOURS_PER_STEP // len(taken)
            found.append(replace(frame, colour=own[part] if part < len(own) else ""))
    return found


def _refuse_unusable(frames: Sequence[Frame], steps: Sequence[Step]) -> None:
    """Is called before any provider is asked."""
    problems = []
    if (
        len(frames) > FRAMES_PER_STEP * len(steps)
        or any(len(frame.data) > LARGEST_FRAME for frame in frames)
        or sum(len(frame.data) for frame in frames) > FRAMES_BYTES
    ):
        problems.append("oversize")
    if any(not _has_frame_header(frame) for frame in frames):
        problems.append("unreadable")
    if len({hashlib.sha256(frame.data).digest() for frame in frames}) < len(frames):
        problems.append("duplicate_frame")
    if set(steps) - {frame.step for frame in frames}:
        problems.append("missing")
    if problems:
        raise Refused(*messages.findings_of(problems))


def _has_frame_header(frame: Frame) -> bool:
    try:
        check_header(frame.data, FRAME_PIXELS)
    except ValidationError:
        return False
    return True


def _take_turn(person: Person) -> None:
    """Otherwise two checks at once would both see the last try as free. The lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_ADVISORY_LOCK, person.pk % 2**31])
        if not cursor.fetchone()[0]:
            raise Refused(messages.BUSY)


def _refuse_if_closed(person: Person, *, now: datetime) -> None:
    methods = available_methods_of(person, now=now)
    findings = [methods.no_face] if methods.no_face else []
    if not methods.has_consent:
        findings.append(messages.NO_CONSENT)
    if methods.waiting is not None:
        findings.append(messages.REVIEW_WAITS)
    if findings:
        raise Refused(*findings)
