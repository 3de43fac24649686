"""Makes the QR code of a certificate's face as a matrix of modules."""

from __future__ import annotations

import zxingcpp

_DARK = 0


def _matrix(text: str) -> memoryview:
    """Answers one byte a module, without quiet zone; medium error correction."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return memoryview(code.to_image(scale=1, add_quiet_zones=False))


def modules(text: str) -> list[list[bool]]:
    """Answers rows from the top, True is dark, without quiet zone; medium error correction."""
    return [[module == _DARK for module in row] for row in _matrix(text).tolist()]


def bitmap(text: str) -> tuple[int, bytes]:
    """Answers pixels a side, and the rows of a 1-bit grey image (1 is light).

    A module is 8 × 8 pixels and so one byte; viewers that smooth enlarged images then leave the edges sharp.
    """
    matrix = _matrix(text)
    side, cells = matrix.shape[0], bytes(matrix)  # a dark module is the byte 0, a light one 255
    return side * 8, b"".join(cells[start : start + side] * 8 for start in range(0, side * side, side))
