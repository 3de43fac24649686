"""Reads the evidence of a case as sheets to look through: each picture, and each page of each PDF."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from common.database.fields import EncryptedFileSystemStorage
from common.encryption import DecryptionError
from common.files.pdf_pages import NotDrawn, count_pages, page_picture
from common.files.uploads import IMAGES, FileType

from ..models import Attachment
from .content import Files

MOST_SHEETS = 60
UNREADABLE = "这份文件暂时读不出来，已报告系统管理员。"
NO_PICTURE = "这种文件不能在页面上显示。"


@dataclass(frozen=True)
class Sheet:
    """`anchor` is the id by which other parts of the page lead here; the first sheet of a kind bears its name."""

    position: int
    anchor: str
    title: str
    attachment: Attachment
    page: int
    pages: int

    @property
    def words(self) -> str:
        removed = "（已由申请人撤下）" if self.attachment.removed_at else ""
        return f"第 {self.page} / {self.pages} 页{removed}" if self.pages > 1 else removed


def sheets_of(groups: Iterable[Files]) -> list[Sheet]:
    """A very long file is shown by its first pages; all of it can be downloaded."""
    found: list[Sheet] = []
    for group in groups:
        first = f"file-{group.kind.key}"
        for kept in group.kept:
            pages = pages_of(kept)
            for page in range(1, min(pages, MOST_SHEETS) + 1):
                position = len(found) + 1
                anchor, first = first or f"sheet-{position}", ""
                found.append(Sheet(position, anchor, group.kind.title, kept, page, pages))
    return found[:MOST_SHEETS]


def pages_of(attachment: Attachment) -> int:
    """A file that cannot be counted has one sheet, which says why."""
    if attachment.content_type != FileType.PDF:
        return 1
    try:
        return _counted(attachment.file.name or "")
    except (NotDrawn, OSError, DecryptionError):
        return 1


@lru_cache(maxsize=4096)
def _counted(name: str) -> int:
    """A stored file never changes, so that it is counted once."""
    with EncryptedFileSystemStorage().open(name) as stored:
        return count_pages(stored.read())


def sheet_picture(attachment: Attachment, page: int) -> bytes:
    """Answers JPEG or PNG. Raises NotDrawn with a sentence for the reader."""
    try:
        with attachment.file.open("rb") as stored:
            data: bytes = stored.read()
    except (OSError, DecryptionError) as error:
        raise NotDrawn(UNREADABLE, is_passing=True) from error
    if attachment.content_type in IMAGES:
        return data
    if attachment.content_type != FileType.PDF:
        raise NotDrawn(NO_PICTURE)
    return page_picture(data, page)
