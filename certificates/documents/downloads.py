"""Handing out signed files and their pictures. Nothing is drawn for a download; the picture is drawn once and kept."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from certificates.ecert.preview import preview_png
from certificates.models import Certificate, Document, TransferProof
from common.encryption import decrypt_bytes, encrypt_bytes
from common.web.ids import id_of

from .services import face_of, seal_image

PRIVATE = "private, no-store"
PICTURES = "pictures"


def document_of(certificate: Certificate, request: HttpRequest) -> Document | None:
    """`?version=n`, else the latest version's; None while that one is still being signed."""
    wanted = request.GET.get("version", "")
    number = (id_of(wanted) or 0) if wanted else certificate.latest_version
    if not 1 <= number <= certificate.latest_version:
        raise Http404("没有这个版本")
    rows = Document.objects.select_related("version__certificate")
    return rows.filter(version__certificate=certificate, version__version=number).first()


def proof_response(proof: TransferProof) -> FileResponse:
    """The signed 调出证明."""
    name = f"调出证明-{proof.certificate.number}.pdf"
    response = FileResponse(proof.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
    response["Cache-Control"] = PRIVATE
    return response


def pdf_response(document: Document) -> FileResponse:
    """The stored file as it was signed; an old version says so in its name."""
    certificate, version = document.version.certificate, document.version.version
    old = "" if version == certificate.latest_version else f"-第{version}版-已被取代"
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=f"{certificate.number}{old}.pdf",
        content_type="application/pdf",
    )
    response["Content-Length"] = str(document.size)
    response["Cache-Control"] = PRIVATE
    return response


def picture_response(document: Document) -> HttpResponse:
    response = HttpResponse(picture_of(document), content_type="image/png")
    response["Cache-Control"] = PRIVATE
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def picture_of(document: Document) -> bytes:
    """Drawn at the first request and kept, encrypted, under the document's hash: a version's face never changes."""
    path = Path(settings.PRIVATE_ROOT) / PICTURES / document.sha256[:2] / f"{document.sha256}.png"
    if path.exists():
        return decrypt_bytes(path.read_bytes())
    png = preview_png(face_of(document.version), seal_image())
    _keep(path, encrypt_bytes(png))
    return png


def _keep(path: Path, content: bytes) -> None:
    """Renamed into place: whoever reads meanwhile sees the whole file or none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)
