"""Takes only so many files of a request: of the others only the names are kept, so that the page that was filled in answers.

Without this a form with too many files, or with too large ones, would be refused whole, and what was typed with it.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

if TYPE_CHECKING:
    Upload = UploadedFile[Any]
else:  # at run time it takes no type
    Upload = UploadedFile


class RefusedFile(Upload):
    """A file whose bytes were not kept. Fields and `check_upload` refuse it with its sentence."""

    def __init__(self, name: str | None, field: str, refusal: str) -> None:
        super().__init__(BytesIO(), name, size=0)
        self.field_name = field
        self.refusal = refusal


class CountedFiles(FileUploadHandler):
    """Stands before the handlers that keep files, and lets no more than `most` reach them."""

    def __init__(self, request: Any = None, *, most: int | None = None, refusal: str = "") -> None:
        super().__init__(request)
        self.most = settings.UPLOAD_FILES_AT_ONCE if most is None else most
        self.refusal = refusal or (
            f"没有收到这个文件：一次最多上传 {self.most} 个文件。请再选择它上传一次，已收到的文件不用再选。"
        )
        self.count = 0

    @property
    def refuses(self) -> bool:
        return self.count > self.most

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.count += 1
        if self.refuses:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None if self.refuses else raw_data

    def file_complete(self, file_size: int) -> Upload | None:
        return RefusedFile(self.file_name, str(self.field_name), self.refusal) if self.refuses else None
