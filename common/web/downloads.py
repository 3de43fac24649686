"""Sends a file that somebody uploaded as a file to save, never as a page, and never into a shared cache."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import FileResponse


def file_to_save(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
