"""Cuts an ID photo out of a larger picture; each press of a button moves the box, so that no JavaScript is needed."""

from __future__ import annotations

from dataclasses import dataclass

from common.files.images import ASPECT, MASTER_SIZE, Box

_STEP = 0.05
_ZOOM = 0.9


@dataclass(frozen=True)
class Crop:
    """A box of 25:35 inside a picture is given by its middle and its height, in pixels."""

    width: int
    height: int
    centre_x: float
    centre_y: float
    box_height: float

    @classmethod
    def centred(cls, width: int, height: int) -> Crop:
        return cls(width, height, width / 2, height / 2, min(height, width / ASPECT))

    @classmethod
    def around(cls, width: int, height: int, centre_x: float, centre_y: float, box_height: float) -> Crop:
        """Answers the box that comes nearest to the wish: inside the picture, never smaller than an ID photo must be."""
        box_height = min(max(box_height, MASTER_SIZE[1]), height, width / ASPECT)
        return cls.centred(width, height)._at(centre_x, centre_y, box_height)

    @property
    def box(self) -> Box:
        box_height = round(self.box_height)
        box_width = min(round(self.box_height * ASPECT), self.width)
        left = min(max(round(self.centre_x - box_width / 2), 0), self.width - box_width)
        top = min(max(round(self.centre_y - box_height / 2), 0), self.height - box_height)
        return left, top, left + box_width, top + box_height

    def moved(self, action: str) -> Crop:
        """`action` is one of `ACTIONS`. The box never leaves the picture and never gets smaller than an ID photo must
        be.
        """
        height = self.box_height
        if action == "closer":
            height = max(height * _ZOOM, MASTER_SIZE[1])
        elif action == "wider":
            height = height / _ZOOM
        height = min(height, self.height, self.width / ASPECT)
        right, down = _DIRECTIONS.get(action, (0, 0))
        return self._at(self.centre_x + right * _STEP * height * ASPECT, self.centre_y + down * _STEP * height, height)

    def _at(self, centre_x: float, centre_y: float, box_height: float) -> Crop:
        half_width, half_height = box_height * ASPECT / 2, box_height / 2
        return Crop(
            self.width,
            self.height,
            min(max(centre_x, half_width), self.width - half_width),
            min(max(centre_y, half_height), self.height - half_height),
            box_height,
        )


# The directions are those of the box as the reader sees them: "up" shows more of what is above the head.
_DIRECTIONS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
ACTIONS = (
    ("up", "向上"),
    ("down", "向下"),
    ("left", "向左"),
    ("right", "向右"),
    ("closer", "放大"),
    ("wider", "缩小"),
)
