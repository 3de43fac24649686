"""Hands out signed files and their pictures: a file as it was signed, a picture drawn once and stored."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from certificates.ecert.preview import preview_png
from certificates.models import Certificate, Document, TransferProof
from common.encryption import DecryptionError, decrypt_bytes, encrypt_bytes
from common.web.ids import id_of

from .services import face_of, seal_image

logger = logging.getLogger(__name__)
PRIVATE = "private, no-store"
PICTURES = "pictures"


View = Callable[[HttpRequest, int], HttpResponseBase]
UNREADABLE = "这份文件暂时读不出来，已报告系统管理员。证书的效力不受影响，请稍后再试；急用请联系发证机关。"


def readable_or_told(back: str) -> Callable[[View], View]:
    """A stored file that is gone or damaged is logged as an error, and told in a sentence on the page `back`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, pk: int) -> HttpResponseBase:
            try:
                return view(request, pk)
            except (OSError, DecryptionError) as error:
                logger.exception("a stored document of certificate %s cannot be read", pk)
                if not back:
                    raise Http404(UNREADABLE) from error
                messages.error(request, UNREADABLE)
                return redirect(back) if back == "certificates:staff" else redirect(back, pk=pk)

        return guarded

    return decorate


def document_of(certificate: Certificate, request: HttpRequest) -> Document | None:
    """Takes `?version=n`, else the latest version; answers None while that one is still being signed."""
    wanted = request.GET.get("version", "")
    number = (id_of(wanted) or 0) if wanted else certificate.latest_version
    if not 1 <= number <= certificate.latest_version:
        raise Http404("没有这个版本")
    rows = Document.objects.select_related("version__certificate")
    return rows.filter(version__certificate=certificate, version__version=number).first()


def proof_response(proof: TransferProof) -> FileResponse:
    name = f"调出证明-{proof.certificate.number}.pdf"
    response = FileResponse(proof.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
    response["Cache-Control"] = PRIVATE
    return response


def pdf_response(document: Document) -> FileResponse:
    """Sends the stored file as it was signed; the name of a former version says so."""
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
    """Draws the picture at the first request and stores it encrypted under the document's hash: a version never
    changes.
    """
    path = Path(settings.PRIVATE_ROOT) / PICTURES / document.sha256[:2] / f"{document.sha256}.png"
    if path.exists():
        return decrypt_bytes(path.read_bytes())
    png = preview_png(face_of(document.version), seal_image())
    _keep(path, encrypt_bytes(png))
    return png


def _keep(path: Path, content: bytes) -> None:
    """The file is renamed into place, so that a reader sees the whole file or none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)
