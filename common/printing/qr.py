"""Makes the QR code of a certificate's face as a matrix of modules."""

from __future__ import annotations

import math
from typing import Any

import zxingcpp

_DARK = 0


def _cells(text: str) -> tuple[int, bytes]:
    """Answers modules a side, and a byte for each, row by row from the top; medium error correction."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = code.to_image(scale=1, add_quiet_zones=False)
    cells = bytes(memoryview(image))
    return math.isqrt(len(cells)), cells


def modules(text: str) -> list[list[bool]]:
    """Answers rows from the top, True is dark, without quiet zone; medium error correction."""
    side, cells = _cells(text)
    return [[cell == _DARK for cell in cells[start : start + side]] for start in range(0, side * side, side)]


def bitmap(text: str) -> tuple[int, bytes]:
    """Answers pixels a side, and the rows of a 1-bit grey image (1 is light).

    A module is 8 × 8 pixels and so one byte; viewers that smooth enlarged images then leave the edges sharp.
    """
    side, cells = _cells(text)  # a dark module is the byte 0, a light one 255
    return side * 8, b"".join(cells[start : start + side] * 8 for start in range(0, side * side, side))


def svg_path(text: str) -> tuple[str, int]:
    """Answers the dark modules as the path of an SVG whose unit is a module, and modules a side."""
    rows = modules(text)
    cells = ((column, line) for line, row in enumerate(rows) for column, is_dark in enumerate(row) if is_dark)
    return "".join(f"M{column} {line}h1v1h-1z" for column, line in cells), len(rows)
