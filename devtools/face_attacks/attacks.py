"""Makes frames as an attacker makes them from photographs, for tests and `manage.py bench_faces`; the portal never
runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts.faces.engine import Image
from accounts.faces.light import COLOURS

from .heads import HEIGHT, WIDTH, Pose, Still, head_shape, photograph

STEPS = ("front", "turn_left", "turn_right")
_DEGREES = {"front": 0.0, "turn_left": 30.0, "turn_right": -30.0}
"""The unit is degrees. It is more than is asked for, because a smooth warp looks less turned than a head."""
_LIVE = {"front": 0.0, "turn_left": 38.0, "turn_right": -38.0}
Frames = dict[str, list[bytes]]


@dataclass(frozen=True)
class Material:
    """Holds what an attacker has: photographs of the person, and of somebody else."""

    still: Still
    second: Still
    other: Still


@dataclass(frozen=True)
class _Camera:
    """Holds what is done to every frame after it was made."""

    noise: float = 1.0
    blur: float = 0.0
    quality: int = 90
    lighter: int = 0
    moire: float = 0.0


def live(still: Still, *, seed: int = 0, frames: int = 2, colours: Mapping[str, list[str]] | None = None) -> Frames:
    """Renders a head before a room, which has to be accepted. `colours` are those of the screen, for each frame."""
    rng = np.random.default_rng(seed)
    made: Frames = {}
    for step in STEPS:
        made[step] = []
        for at in range(frames):
            x, y = (int(each) for each in rng.integers(-9, 10, 2))
            colour = colours[step][at] if colours else ""
            pose = Pose(_turned(still, step) + float(rng.uniform(-1, 1)), (x + 2 * at, y), colour)
            made[step].append(jpeg(photograph(still, pose, rng, room=seed + 1)))
    return made


def rendered(still: Still, step: str, rng: np.random.Generator) -> Image:
    """Renders one pose, without the noise of a camera."""
    return photograph(still, Pose(_turned(still, step)), rng, noise=0)


def _turned(still: Still, step: str) -> float:
    """A photograph that is itself turned a little needs less to one side and more to the other."""
    return _LIVE[step] - 1.4 * still.face.yaw if step == "front" else _LIVE[step] - 0.5 * still.face.yaw


def jpeg(image: Image, quality: int = 90) -> bytes:
    import cv2  # noqa: PLC0415  heavy library

    return bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def _made(
    change: Callable[[str, int], Image], rng: np.random.Generator, camera: _Camera = _Camera(), frames: int = 2
) -> Frames:
    return {step: [_through(change(step, at), camera, rng) for at in range(frames)] for step in STEPS}


def _through(image: Image, camera: _Camera, rng: np.random.Generator) -> bytes:
    import cv2  # noqa: PLC0415  heavy library

    frame: NDArray[Any] = image.astype(np.float32) + camera.lighter
    if camera.blur:
        frame = cv2.GaussianBlur(frame, (0, 0), camera.blur)
    if camera.moire:
        rows, columns = np.mgrid[0 : frame.shape[0], 0 : frame.shape[1]].astype(np.float32)
        turn, phase = rng.uniform(0.05, 0.2), rng.uniform(0, 6)
        frame = frame + camera.moire * np.sin(1.9 * columns + turn * rows + phase)[..., None]
    frame = frame + rng.normal(0, camera.noise, frame.shape)
    return jpeg(np.clip(frame, 0, 255).astype(np.uint8), camera.quality)


# --- one photograph ---


def _bent(still: Still, degrees: float) -> Image:
    """Makes a smooth warp as with thin plates: it moves the nose against the cheeks like a turn, and fades out in the
    background.
    """
    import cv2  # noqa: PLC0415  heavy library

    x, y, depth = head_shape(still.face)
    unit = still.face.eye_distance
    smooth = cv2.GaussianBlur(depth, (0, 0), 0.12 * unit)
    fade = np.clip((1 - np.sqrt((x / 1.9) ** 2 + (y / 2.4) ** 2)) * 3, 0, 1)
    fade = cv2.GaussianBlur(fade.astype(np.float32), (0, 0), 0.3 * unit)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    sine, cosine = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    source = x.copy()
    for _ in range(6):  # the warp is given from source to target and wanted the other way round
        here = cv2.remap(smooth, (columns + (source - x) * unit).astype(np.float32), rows, cv2.INTER_LINEAR)
        source = x - (x * (cosine - 1) * 0.9 + (here - 0.9) * sine) * fade
    moved = (columns + (source - x) * unit).astype(np.float32)
    return np.asarray(cv2.remap(still.image, moved, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _affine(still: Still, degrees: float) -> Image:
    import cv2  # noqa: PLC0415  heavy library

    share, middle = degrees / 90, WIDTH / 2
    matrix = np.array([[1 - abs(share) / 2, share, 0], [0, 1, 0]], np.float32)
    matrix[0, 2] = middle - matrix[0, 0] * middle - share * HEIGHT / 2
    warped = cv2.warpAffine(still.image, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.uint8)


def _homography(still: Still, degrees: float) -> Image:
    import cv2  # noqa: PLC0415  heavy library

    tilt = degrees / 30 * 0.0022
    middle = np.array([[1, 0, WIDTH / 2], [0, 1, HEIGHT / 2], [0, 0, 1]])
    matrix = middle @ np.array([[1, 0, 0], [0, 1, 0], [tilt, 0, 1]]) @ np.linalg.inv(middle)
    warped = cv2.warpPerspective(still.image, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.uint8)


def _mirror(image: Image) -> Image:
    return np.ascontiguousarray(image[:, ::-1])


def _collage(face: Still, ground: Still) -> Image:
    """Lays the face of one photograph upon another one."""
    x, y, _ = head_shape(ground.face)
    inside = np.clip((1.1 - np.sqrt((x / 1.15) ** 2 + (y / 1.7) ** 2)) * 10, 0, 1)[..., None]
    return np.asarray(ground.image + (face.image.astype(np.float32) - ground.image) * inside, np.uint8)


Attack = Callable[[Material, np.random.Generator], Frames]


def _warped(camera: _Camera) -> Attack:
    return lambda material, rng: _made(lambda step, at: _bent(material.still, _DEGREES[step] + at), rng, camera)


def _tinted(material: Material, rng: np.random.Generator) -> Frames:
    """Paints colours over the face of a warped photograph in an order of the attacker's own."""
    names = list(COLOURS)

    def tinted(step: str, at: int) -> Image:
        x, y, _ = head_shape(material.still.face)
        inside = np.clip((1 - np.sqrt((x / 1.3) ** 2 + (y / 1.9) ** 2)) * 6, 0, 1)[..., None]
        red, green, blue = COLOURS[names[int(rng.integers(len(names)))]]
        lamp = 1 + inside * 0.15 * (np.array([blue, green, red]) / 160 - 1)
        return np.asarray(np.clip(_bent(material.still, _DEGREES[step] + at) * lamp, 0, 255), np.uint8)

    return _made(tinted, rng)


def _own_mirror(material: Material, rng: np.random.Generator) -> Frames:
    """Uses two photographs of the person in one room; the turned one serves for both sides."""
    turned = rendered(material.still, "turn_right", rng)
    pictures = {"front": rendered(material.still, "front", rng), "turn_right": turned, "turn_left": _mirror(turned)}
    return _made(lambda step, at: np.roll(pictures[step], at, 1), rng)


def _of_two(one: Callable[[Material], Still], other: Callable[[Material], Still]) -> Attack:
    def attack(material: Material, rng: np.random.Generator) -> Frames:
        pictures = {
            "front": one(material).image,
            "turn_left": _bent(other(material), 30),
            "turn_right": _bent(other(material), -34),
        }
        return _made(lambda step, at: np.roll(pictures[step], 2 * at, 1), rng)

    return attack


def _collaged(material: Material, rng: np.random.Generator) -> Frames:
    """Lays the person's face upon the frames of somebody else who turns the head."""
    pictures = {
        step: _collage(Still(_bent(material.still, _DEGREES[step]), material.still.face), material.other)
        for step in STEPS
    }
    return _made(lambda step, at: np.roll(pictures[step], at, 1), rng)


ATTACKS: Mapping[str, Attack] = {
    "still repeated": lambda material, rng: _made(lambda step, at: material.still.image, rng),
    "still made lighter": lambda material, rng: {
        step: [_through(material.still.image, _Camera(lighter=9 * number + 4 * at), rng) for at in range(2)]
        for number, step in enumerate(STEPS)
    },
    "mirrored turn": _own_mirror,
    "affine warp": lambda material, rng: _made(lambda step, at: _affine(material.still, _DEGREES[step] + at), rng),
    "homography": lambda material, rng: _made(lambda step, at: _homography(material.still, _DEGREES[step] + at), rng),
    "smooth warp": _warped(_Camera()),
    "smooth warp, lighter": _warped(_Camera(lighter=25)),
    "smooth warp, noise 6": _warped(_Camera(noise=6)),
    "smooth warp, JPEG 50": _warped(_Camera(quality=50)),
    "smooth warp, print blur": _warped(_Camera(blur=1.3)),
    "smooth warp, moiré": _warped(_Camera(moire=9)),
    "smooth warp, tinted": _tinted,
    "two stills": _of_two(lambda material: material.still, lambda material: material.second),
    "two persons": _of_two(lambda material: material.still, lambda material: material.other),
    "collage": _collaged,
}
