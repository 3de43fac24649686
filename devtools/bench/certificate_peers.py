"""Makes the same face by what others would take: plain ReportLab with pyHanko, and WeasyPrint with endesive.

The former are packages that the portal has. The latter are not installed with it, even for development: where they can be
imported (`pip install weasyprint endesive`), they are measured too.
"""

from __future__ import annotations

import base64
import importlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from certificates.ecert import guilloche, layout
from certificates.ecert.face import Face
from certificates.ecert.seal import drawn_png
from common.pki.x509_chain import load_certificates
from common.printing import fonts
from devtools.demo_keys.pki import DemoPki

Make = Callable[[Face], bytes]
_FONT, _BOLD = "PeerRegular", "PeerBold"


def peers(pki: DemoPki) -> Iterator[tuple[str, Make]]:
    files = {file.name: file.path for file in fonts.font_files()}
    pdfmetrics.registerFont(TTFont(_FONT, str(files["JxcloudSerif-Regular"]), shapable=False))
    pdfmetrics.registerFont(TTFont(_BOLD, str(files["JxcloudSerif-Bold"]), shapable=False))
    simple: Any = signers.SimpleSigner
    signer = simple.load(str(pki.signer_key), str(pki.signer_certificate), (str(pki.chain),))
    yield "plain ReportLab + pyHanko", lambda face: _signed_by_pyhanko(_reportlab(face), signer)
    try:
        weasyprint, endesive = importlib.import_module("weasyprint"), importlib.import_module("endesive.pdf")
    except (ImportError, OSError):
        return
    key = serialization.load_pem_private_key(pki.signer_key.read_bytes(), None)
    (certificate,), chain = load_certificates(pki.signer_certificate), load_certificates(pki.chain)

    def by_weasyprint(face: Face) -> bytes:
        html = _html(face, files["JxcloudSerif-Regular"])
        pdf: bytes = weasyprint.HTML(string=html).write_pdf(uncompressed_pdf=True)
        entries = {"sigflags": 3, "signingdate": f"{datetime.now(UTC):%Y%m%d%H%M%S+00'00'}", "reason": "签发"}
        signature: bytes = endesive.cms.sign(pdf, entries, key, certificate, chain, "sha256")
        return pdf + signature

    yield "WeasyPrint + endesive", by_weasyprint


def _signed_by_pyhanko(pdf: bytes, signer: Any) -> bytes:
    metadata = signers.PdfSignatureMetadata(field_name="Seal", md_algorithm="sha256")
    signed: bytes = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=signer).getvalue()
    return signed


def _reportlab(face: Face) -> bytes:
    target = BytesIO()
    canvas = Canvas(target, pagesize=(layout.PAGE_WIDTH, layout.PAGE_HEIGHT), pageCompression=1)
    _ground(canvas)
    x, y, width, height = layout.PHOTO
    canvas.drawImage(ImageReader(BytesIO(face.photo)), x, y, width, height)
    x, y, width, height = layout.QR
    code = Drawing(width, height)
    code.add(QrCodeWidget(face.qr_url, barWidth=width, barHeight=height, barBorder=0))
    renderPDF.draw(code, canvas, x, y)
    (x, y), radius = layout.SEAL_CENTRE, layout.SEAL_RADIUS
    seal = ImageReader(BytesIO(drawn_png(face.issuer_name)))
    canvas.drawImage(seal, x - radius, y - radius, 2 * radius, 2 * radius, mask="auto")
    for text in layout.texts(face):
        canvas.setFillColorRGB(*text.colour)
        font = _FONT if text.style is fonts.Style.REGULAR else _BOLD
        canvas.setFont(font, text.size)
        canvas.drawString(text.x, text.y, text.text, charSpace=text.spacing)
    canvas.save()
    return target.getvalue()


def _ground(canvas: Canvas) -> None:
    """Each ornament is a form that is placed many times, as in the portal's own drawing."""
    for motif in guilloche.motifs():
        canvas.beginForm(motif.name)
        for stroke in motif.strokes:
            path = canvas.beginPath()
            path.moveTo(*stroke.path.start)
            for first, second, end in stroke.path.curves:
                path.curveTo(*first, *second, *end)
            canvas.setStrokeColorRGB(*stroke.colour)
            canvas.setLineWidth(stroke.width)
            canvas.drawPath(path)
        canvas.endForm()
        for matrix in motif.placed:
            canvas.saveState()
            canvas.transform(*matrix)
            canvas.doForm(motif.name)
            canvas.restoreState()


def _html(face: Face, font: Path) -> str:
    """It has no ground, which is to the peer's advantage."""
    lines = "".join(
        f'<p style="left:{text.x}pt;bottom:{text.y}pt;font-size:{text.size}pt">{text.text}</p>'
        for text in layout.texts(face)
    )
    pictures = [(layout.PHOTO, "jpeg", face.photo), ((355, 110, 113, 113), "png", drawn_png(face.issuer_name))]
    images = "".join(
        f'<img style="left:{x}pt;bottom:{y}pt;width:{width}pt;height:{height}pt"'
        f' src="data:image/{kind};base64,{base64.b64encode(content).decode()}">'
        for (x, y, width, height), kind, content in pictures
    )
    return (
        f'<style>@font-face{{font-family:F;src:url("{font.as_uri()}")}}@page{{size:595pt 842pt;margin:0}}'
        f"body{{margin:0;font-family:F}}p,img{{position:absolute;margin:0;white-space:nowrap}}</style>{lines}{images}"
    )
