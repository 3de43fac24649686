"""Decides whether the frames of one attempt were taken of a head that moved, or computed from pictures.

It looks for traces of computing: a frame that repeats another one, or a picture the portal keeps, under a warp; a
flat movement; another place. It cannot detect a recording of the person, nor a head rendered with new light.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from accounts.faces import engine, registration, scenes
from accounts.faces.geometry import Face
from accounts.faces.registration import Grey, Overlay

from .verdicts import Step

FEWEST_FRAMES = 2
"""Each pose needs so many frames, because the noise of a camera can only be measured with two of them."""
_REPEATS = 0.978
"""The value is the likeness of a turned face to the frontal one; of real heads the median is 0.955, of smooth warps
0.992.
"""
_NOISE_FACTOR = 1.6
"""A computed frame differs from its source by hardly more than two frames of one pose differ from each other."""
_ROUNDING = 0.003
_TOO_NOISY = 0.90
"""Frames of one pose with a lower likeness are too noisy to tell anything, in the dark or after manipulation."""
_MIRROR = 0.965
_FLAT = 0.7
"""The unit is pixels of a face 160 wide; a real head that turns moves at least 0.87 off the best plane."""
_KEPT_PICTURE = 0.93
"""The value is the likeness to a picture on file; another photograph of the same person stays below 0.75."""
_STILL = 0.05
"""The unit is pixels of movement between two frames; every living person moves more."""


@dataclass(frozen=True)
class Look:
    """Holds a frame with the face that was found in it."""

    image: engine.Image
    face: Face

    @property
    def cut(self) -> Grey:
        return registration.crop(self.image, self.face)


def problems_of(looks: Mapping[Step, Sequence[Look]], kept: Sequence[Look]) -> list[str]:
    """Answers codes for `messages`. `looks` are the best frames of each movement, the best first; `kept` are pictures
    on file.
    """
    if any(len(looks.get(step, ())) < FEWEST_FRAMES for step in Step):
        return ["few_frames"]
    cuts = {step: [look.cut for look in looks[step][:FEWEST_FRAMES]] for step in Step}
    found = [*_computed(cuts), *of_kept_pictures([looks[step][0] for step in Step], kept)]
    if _is_frozen(looks[Step.FRONT]):
        found.append("frozen")
    found += _elsewhere(looks)
    return list(dict.fromkeys(found))


def _computed(cuts: Mapping[Step, Sequence[Grey]]) -> list[str]:
    alike = {step: _most_alike(combinations(cuts[step], 2)).likeness for step in Step}
    found = ["noisy"] if min(alike.values()) < _TOO_NOISY else []
    for step in (Step.TURN_LEFT, Step.TURN_RIGHT):
        pairs = [registration.overlay(one, other) for one, other in zip(cuts[Step.FRONT], cuts[step], strict=True)]
        if is_repeated(max(pair.likeness for pair in pairs), of_one_pose=min(alike[Step.FRONT], alike[step])):
            found.append("computed_frame")
        if min(pair.off_plane for pair in pairs) < _FLAT:
            found.append("flat_face")
    mirrored = [(registration.mirrored(cuts[Step.TURN_LEFT][0]), other) for other in cuts[Step.TURN_RIGHT]]
    if _most_alike(mirrored).likeness > _MIRROR:
        found.append("mirrored_frame")
    return found


def is_repeated(likeness: float, *, of_one_pose: float) -> bool:
    """Takes the noise of the frames themselves into account; otherwise noise laid over a computed frame would hide
    it.
    """
    difference, noise = 1 - likeness, 1 - of_one_pose + _ROUNDING
    return likeness >= _REPEATS or difference < _NOISE_FACTOR * noise


def of_kept_pictures(shown: Sequence[Look], kept: Sequence[Look]) -> list[str]:
    """Looks for frames that were made from the portrait, an ID photo or a certificate, the first one mirrored too."""
    cuts = [look.cut for look in shown]
    pairs = list(product([look.cut for look in kept], [*cuts, registration.mirrored(cuts[0])]))
    return ["kept_picture"] if pairs and _most_alike(pairs).likeness > _KEPT_PICTURE else []


def signs_of(looks: Mapping[Step, Sequence[Look]]) -> dict[Step, list[str]]:
    """Takes the best frames of each movement."""
    return {step: [scenes.signs(look.image) for look in taken] for step, taken in looks.items()}


def is_known(own: Mapping[Step, Sequence[str]], earlier: Iterable[Sequence[str]]) -> bool:
    """Tells whether every movement comes again as in one accepted attempt: encoded anew, lighter or scaled, but not
    from a camera.
    """
    return any(
        all(any(scenes.are_same_signs(one, each) for one, each in product(signs, kept)) for signs in own.values())
        for kept in earlier
    )


def _is_frozen(looks: Sequence[Look]) -> bool:
    """Answers whether nothing moves between frames that are cut at one place; in frames of a camera something always does."""
    cuts = [registration.crop(look.image, looks[0].face) for look in looks[:FEWEST_FRAMES]]
    return max(registration.motion(one, other) for one, other in combinations(cuts, 2)) < _STILL


def _elsewhere(looks: Mapping[Step, Sequence[Look]]) -> list[str]:
    ahead, *others = (scenes.scene(looks[step][0].image, looks[step][0].face) for step in Step)
    return ["scene_changed"] if any(scenes.is_another_place(ahead, each) for each in others) else []


def _most_alike(pairs: Iterable[tuple[Grey, Grey]]) -> Overlay:
    return max((registration.overlay(one, other) for one, other in pairs), key=lambda found: found.likeness)
