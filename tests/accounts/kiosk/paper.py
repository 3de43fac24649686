"""What stands on a receipt: its text, and its QR code, as a person's phone reads it."""

from __future__ import annotations

import re
import subprocess
from io import BytesIO

import zxingcpp
from PIL import Image


def text_of(pdf: bytes) -> str:
    answer = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return answer.stdout.decode()


def words_of(pdf: bytes) -> str:
    """Without blanks and line ends, for sentences that are broken."""
    return re.sub(r"\s", "", text_of(pdf))


def password_of(pdf: bytes) -> str | None:
    found = re.search(r"初始密码\s+([a-z2-9]{12})\b", text_of(pdf))
    return found[1] if found else None


def qr_of(pdf: bytes) -> str:
    answer = subprocess.run(["pdftoppm", "-r", "150", "-png", "-"], input=pdf, capture_output=True, check=True)
    with Image.open(BytesIO(answer.stdout)) as page:
        (code,) = zxingcpp.read_barcodes(page.convert("RGB"))
    return str(code.text)
