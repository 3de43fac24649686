"""Stores sensitive data in encrypted text columns and in an encrypted file storage."""

from __future__ import annotations

import io
import json
import os
import secrets
import zipfile
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import FieldError
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, Transform
from django.utils.deconstruct import deconstructible

from common.encryption import OVERHEAD, decrypt_bytes, decrypt_text, encrypt_bytes, encrypt_text
from common.file_signs import ARCHIVE, JPEG, PDF, PNG

if TYPE_CHECKING:
    # Generic for the type checker only.
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


class EncryptedTextField(_TextField):
    """The text is encrypted in the database and plain in Python. A blind index beside it serves for searches
    (`common.encryption.blind_index`).

    An empty string is stored as it is, because it reveals nothing.
    """

    def from_db_value(self, value: str | None, expression: object, connection: BaseDatabaseWrapper) -> str | None:
        return decrypt_text(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return encrypt_text(prepared) if isinstance(prepared, str) and prepared else prepared

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]] | None:
        if lookup_name != "isnull":
            raise FieldError(
                f"{self.model.__name__}.{self.name} is encrypted and cannot be searched by {lookup_name!r}: "
                "search its blind index"
            )
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> type[Transform] | None:
        raise FieldError(f"{self.model.__name__}.{self.name} is encrypted and has no transform {lookup_name!r}")

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        errors = list(super().check(**kwargs))
        if self.unique or self.db_index:  # type: ignore[attr-defined]
            errors.append(
                checks.Error(
                    "An encrypted field cannot be unique or indexed: equal values are stored differently.",
                    hint="Put the constraint on its blind index.",
                    obj=self,
                    id="base.E001",
                )
            )
        return errors


if TYPE_CHECKING:
    _EncryptedJson = models.JSONField
else:
    _EncryptedJson = EncryptedTextField


class EncryptedJSONField(_EncryptedJson):
    """Encrypts any JSON value as one text. Its parts cannot be searched in the database."""

    def from_db_value(self, value: str | None, expression: object, connection: BaseDatabaseWrapper) -> Any:
        text = super().from_db_value(value, expression, connection)  # type: ignore[arg-type]
        return json.loads(text) if text else None

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else super().get_prep_value(json.dumps(value, ensure_ascii=False))

    def value_to_string(self, obj: models.Model) -> Any:
        return json.dumps(self.value_from_object(obj), ensure_ascii=False)


@deconstructible
class EncryptedFileSystemStorage(FileSystemStorage):
    """Stores files under `settings.PRIVATE_ROOT`, encrypted and without an address.

    The folder comes from `upload_to`; the name that an uploader gave is not used.
    """

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_ROOT)

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)

    def save(self, name: str | None, content: IO[Any], max_length: int | None = None) -> str:
        plain = content if isinstance(content, File) else File(content, name)
        token = secrets.token_hex(16)
        # The first two characters are a folder, because a directory of ten million files is slow to back up.
        path = PurePosixPath(name or "").parent / token[:2] / f"{token}{extension_by_content(plain)}"
        return super().save(str(path), plain, max_length)

    def _save(self, name: str, content: File[Any]) -> str:
        """The row that names this file is durable: so are the file and its folders. A partial file is removed."""
        content.seek(0)
        path = Path(self.path(name))
        folders = _folders_to_sync(path)
        try:
            saved = super()._save(name, ContentFile(encrypt_bytes(content.read())))  # type: ignore[misc]
            for one in (Path(self.path(saved)), *folders):
                _sync(one)
        except OSError:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            raise
        return str(saved)

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError("stored files are opened for reading only; save a new one instead")
        with open(self.path(name), "rb") as stored:
            return File(io.BytesIO(decrypt_bytes(stored.read())), name=name)

    def size(self, name: str) -> int:
        return super().size(name) - OVERHEAD

    def url(self, name: str | None) -> str:
        raise ValueError("a private file has no address: serve it by a view that checks access")


def _folders_to_sync(path: Path) -> list[Path]:
    """Answers the file's folder, and the folder of each that does not exist yet."""
    folders = [path.parent]
    while not folders[-1].exists():
        folders.append(folders[-1].parent)
    return folders


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def extension_by_content(content: IO[bytes]) -> str:
    """Answers .pdf .jpg .png .xlsx .zip, or .bin for everything else; leaves the file at its start."""
    content.seek(0)
    start = content.read(8)
    content.seek(0)
    if start.startswith(PDF):
        return ".pdf"
    if start.startswith(JPEG):
        return ".jpg"
    if start == PNG:
        return ".png"
    if start.startswith(ARCHIVE):
        return _zip_extension(content)
    return ".bin"


def _zip_extension(content: IO[bytes]) -> str:
    try:
        with zipfile.ZipFile(content) as archive:
            is_workbook = "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return ".bin"
    finally:
        content.seek(0)
    return ".xlsx" if is_workbook else ".zip"
