"""Signed files for the tests of signing and verifying."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
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


def signed_as_it_is(signer: PdfSigner, pdf: bytes, *, field_name: str = "Seal") -> bytes:
    """Our signature by another program on any file at all; the portal itself signs only files that it has drawn."""
    embedding = PdfCMSEmbedder(SigFieldSpec(field_name)).write_cms(field_name, IncrementalPdfFileWriter(BytesIO(pdf)))
    next(embedding)
    embedding.send(SigObjSetup(SignatureObject(subfilter=SigSeedSubFilter.PADES, bytes_reserved=16384)))
    prepared, output = embedding.send(SigIOSetup(md_algorithm="sha256"))
    embedding.send(signer._cms(prepared.document_digest, datetime.now(UTC)))
    signed: bytes = output.getvalue()
    return signed


def byte_range(signed: bytes) -> tuple[int, int]:
    """Where the signature stands: everything else is covered by it."""
    start, end, rest = map(int, re.findall(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", signed)[-1])
    assert end + rest == len(signed)
    return start, end


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
