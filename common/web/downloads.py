"""Sends a file as one to save, never as a page, and never into a shared cache."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header


def file_to_save(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """The file was uploaded by somebody."""
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def content_to_save(content: bytes | str, *, name: str, content_type: str) -> HttpResponse:
    """The content was written by the portal for this reader."""
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)


def stream_to_save(pieces: Iterator[bytes], *, name: str, content_type: str, size: int) -> StreamingHttpResponse:
    """The portal reads the pieces one by one; `size` is that of all together, in bytes."""
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Content-Length"] = str(size)
    response["Cache-Control"] = "private, no-store"
    return response
