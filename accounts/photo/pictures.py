"""Sends a private picture only to those who may see it, and never into a shared cache."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse


def picture(file: FieldFile) -> HttpResponse:
    if not file:
        raise Http404("没有图片")
    with file.open("rb") as stored:
        return jpeg(stored.read())


def jpeg(data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = "inline"
    # The browser may show nothing but the picture, even if somebody opens it as a page.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def png(data: bytes) -> HttpResponse:
    response = jpeg(data)
    response["Content-Type"] = "image/png"
    return response
