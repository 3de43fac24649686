"""Keeps the scan of a document over a failed submit of its form."""

from __future__ import annotations

from typing import TypeVar

from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import Form
from django.http import HttpRequest

from accounts.access import temporary_uploads

F = TypeVar("F", bound=Form)


def bound(request: HttpRequest, form_class: type[F], slot: str) -> F:
    """A scan that can be read survives a failed submit: it is kept until the form passes."""
    files, kept = request.FILES.copy(), temporary_uploads.read(request, slot)
    if "evidence" not in files and kept is not None:
        files["evidence"] = SimpleUploadedFile("证明", kept)
    form = form_class(request.POST, files)
    form.full_clean()
    upload = form.cleaned_data.get("evidence")
    if upload is not None:
        temporary_uploads.keep(request, slot, upload.data)
    return form


def kept_scan(request: HttpRequest, slot: str) -> dict[str, object] | None:
    """Answers the values for `ui/upload.html`."""
    kept = temporary_uploads.read(request, slot)
    return {"name": "证明扫描件", "size": len(kept), "url": ""} if kept is not None else None
