"""Counts how many made frames pass the embedded check, for `manage.py bench_faces --attacks`."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from accounts.faces import engine
from accounts.verification.local import LocalVerifier
from accounts.verification.verdicts import Frame, Known, Step, Verdict
from devtools.face_attacks import attacks, heads

_SEEDS = 2
_LIVE = "rendered head that turns (to be accepted)"
_REPLAY = "accepted frames sent again"


def attack_table(pictures: Mapping[str, Sequence[bytes]]) -> Iterator[str]:
    """Answers rows `attack | tries | accepted`. Frames are compared with the very picture they come from, so that
    likeness never refuses an attack, and that it is a picture on file is not counted against it.
    """
    stills = {owner: [still for data in held if (still := _still(data))] for owner, held in pictures.items()}
    results: dict[str, list[bool]] = {name: [] for name in (_LIVE, _REPLAY, *attacks.ATTACKS)}
    times: list[int] = []
    for owner, own in stills.items():
        others = [each for name, held in stills.items() if name != owner for each in held] or own
        for at, still in enumerate(own):
            material = attacks.Material(still, own[(at + 1) % len(own)], others[0])
            for seed in range(_SEEDS):
                _try_all(material, seed, results, times)
    yield "attack | tries | accepted"
    for name, accepted in results.items():
        yield f"{name} | {len(accepted)} | {sum(accepted)}"
    if times:
        yield f"milliseconds an attempt of 6 frames: median {statistics.median(times):.0f}, max {max(times)}"


def _try_all(material: attacks.Material, seed: int, results: dict[str, list[bool]], times: list[int]) -> None:
    judge = partial(_judge, attacks.jpeg(material.still.image, 95))
    live = attacks.live(material.still, seed=seed)
    first = judge(live)
    times.append(first.milliseconds)
    results[_LIVE].append(_is_passed(first))
    results[_REPLAY].append(_is_passed(judge(live, Known(signs=[first.signs]))))
    for name, attack in attacks.ATTACKS.items():
        results[name].append(_is_passed(judge(attack(material, np.random.default_rng(seed)))))


def _judge(portrait: bytes, made: attacks.Frames, known: Known | None = None) -> Verdict:
    sent = [Frame(data, Step(step)) for step, taken in made.items() for data in taken]
    return LocalVerifier().verify(nonce="", portrait=portrait, frames=sent, steps=list(Step), known=known or Known())


def _is_passed(verdict: Verdict) -> bool:
    return not set(verdict.problems) - {"kept_picture"}


def _still(data: bytes) -> heads.Still | None:
    try:
        return heads.still_of(engine.read(data))
    except ValueError:
        return None
