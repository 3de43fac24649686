"""Makes the QR code of a certificate's face as a matrix of modules."""

from __future__ import annotations

import qrcode
from qrcode.constants import ERROR_CORRECT_M

_MASK = 4
"""Any mask is valid. Trying all eight for the best takes four times as long as the rest of the code."""


def modules(text: str) -> list[list[bool]]:
    """Answers rows from the top, True is dark, without quiet zone; medium error correction."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=_MASK, border=0)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix


def bitmap(text: str) -> tuple[int, bytes]:
    """Answers pixels a side, and the rows of a 1-bit grey image (1 is light).

    A module is 8 × 8 pixels and so one byte; viewers that smooth enlarged images then leave the edges sharp.
    """
    rows = [b"".join(b"\0" if dark else b"\xff" for dark in row) * 8 for row in modules(text)]
    return len(rows) * 8, b"".join(rows)
