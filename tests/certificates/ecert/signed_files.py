"""Signed files for the tests of signing and verifying."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from certificates.ecert.signing import PdfSigner, SigningConfig
from certificates.ecert.verify_child import Trust
from certificates.ecert.verifying import VerificationConfig
from devtools.demo_keys.pki import DemoPki


def drawn_pdf(text: str = "certificate") -> bytes:
    target = BytesIO()
    canvas = Canvas(target)
    canvas.drawString(100, 700, text)
    canvas.save()
    return target.getvalue()


def signing_config(pki: DemoPki, *, tsa_url: str = "") -> SigningConfig:
    return SigningConfig(
        pki.signer_key, pki.signer_certificate, (pki.chain,), (pki.root,), tuple(pki.crls), tsa_url=tsa_url
    )


def verification_config(pki: DemoPki) -> VerificationConfig:
    return VerificationConfig((pki.signer_certificate,), (pki.chain,), (pki.root,), tuple(pki.crls))


def trust(pki: DemoPki) -> Trust:
    return Trust.load(
        {
            "signer": [str(pki.signer_certificate)],
            "chain": [str(pki.chain)],
            "roots": [str(pki.root)],
            "crls": [str(path) for path in pki.crls],
        }
    )


def signed_pdf(pki: DemoPki, *, tsa_url: str = "", pdf: bytes | None = None) -> bytes:
    signer = PdfSigner(signing_config(pki, tsa_url=tsa_url))
    return signer.sign(pdf or drawn_pdf(), reason="签发电子证照", location="江西省")


def byte_range(signed: bytes) -> tuple[int, int]:
    """Where the signature stands: everything else is covered by it."""
    start, end, rest = map(int, re.findall(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", signed)[-1])
    assert end + rest == len(signed)
    return start, end


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
