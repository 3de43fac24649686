"""A downloaded certificate in the hands of somebody who does not trust this project."""

from __future__ import annotations

import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import zxingcpp
from django.conf import settings
from PIL import Image

from devtools.demo_keys.pki import DemoPki
from tests.certificates.ecert.independent import make_nss_database, openssl_accepts, pdfsig, validated


def expect_trusted_everywhere(file: Path) -> None:
    """Poppler, openssl and pyHanko, each told the root alone."""
    pki, signed = DemoPki(settings.DEMO_PKI), file.read_bytes()
    seen = pdfsig(file, make_nss_database(pki, file.parent / "nss"))
    assert "Signature is Valid" in seen, seen
    assert "Certificate is Trusted" in seen, seen
    assert "Total document signed" in seen, seen
    assert openssl_accepts(signed, pki, file.parent)
    assert validated(signed, pki).bottom_line


def printed_text(file: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout


def scanned_address(file: Path) -> str:
    """The path that the QR code of the printed page leads to."""
    picture = file.with_suffix("")
    subprocess.run(["pdftoppm", "-png", "-r", "150", "-singlefile", file, picture], check=True)
    with Image.open(picture.with_suffix(".png")) as page:
        (code,) = zxingcpp.read_barcodes(page)
    assert code.text.startswith(f"{settings.PUBLIC_BASE_URL}/")
    return urlsplit(code.text).path


def changed(file: Path, target: Path) -> Path:
    """The same file with one bit of its drawing turned over."""
    content = bytearray(file.read_bytes())
    place = content.index(b"stream\n") + 40
    content[place] ^= 1
    target.write_bytes(content)
    return target
