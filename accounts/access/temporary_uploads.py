"""Keeps an upload between two pages: encrypted on disk, known to this session only, deleted after a day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.http import HttpRequest
from django.utils import timezone

from common.database.fields import EncryptedFileSystemStorage
from common.web.sealed_session import SealedValue

KEPT_FOR = timedelta(days=1)
_FOLDER = "pending"


def keep(request: HttpRequest, slot: str, data: bytes) -> None:
    """Replaces the former content of the slot."""
    drop(request, slot)
    _name_of(slot).put(request, EncryptedFileSystemStorage().save(f"{_FOLDER}/upload", ContentFile(data)))


def read(request: HttpRequest, slot: str) -> bytes | None:
    name = _name_of(slot).peek(request)
    storage = EncryptedFileSystemStorage()
    if name is None or not storage.exists(name):
        return None
    with storage.open(name) as file:
        return bytes(file.read())


def drop(request: HttpRequest, slot: str) -> None:
    name = _name_of(slot).take(request)
    if name is not None:
        EncryptedFileSystemStorage().delete(name)


def purge() -> int:
    """Removes expired uploads and answers how many files it has removed."""
    storage = EncryptedFileSystemStorage()
    oldest = (timezone.now() - KEPT_FOR).timestamp()
    removed = 0
    for path in Path(storage.path(_FOLDER)).glob("*/*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _name_of(slot: str) -> SealedValue:
    """The session seals the name of the file. Where it has expired, `purge` removes the file."""
    return SealedValue(f"pending_{slot}", lifetime=KEPT_FOR)
