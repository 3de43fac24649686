"""Takes a list of people as a clerk gives it for one page: pasted, or as a small table; larger ones are imports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import ValidationError

from common.forms import UploadField

from .column import Column
from .errors import TableError
from .row import Row
from .table import read_table

MOST_LINES = 500
MOST_BYTES = 5_000_000
LONGEST_TEXT = 60_000
TOO_MANY = f"一次最多核对 {MOST_LINES} 人，请分几次核对。"
BOTH = "上面已经粘贴了内容，一次只核对一份名单：请清空粘贴的内容再上传，或者不选文件直接核对。"

T = TypeVar("T")


def limited(lines: list[T]) -> list[T]:
    if len(lines) > MOST_LINES:
        raise ValidationError(TOO_MANY, code="too_many")
    return lines


def rows_of_table(content: bytes, name: str, columns: Sequence[Column]) -> list[Row]:
    """Raises TableError for what is no table with these columns, and ValidationError for too many rows or none."""
    with read_table(content, name, columns, max_bytes=MOST_BYTES) as table:
        rows = [row for _, row in zip(range(MOST_LINES + 1), table, strict=False)]
    if not rows:
        raise ValidationError("表格里没有人员，请填写后再上传。", code="empty")
    return limited(rows)


def text_of_file(content: bytes) -> str:
    """Answers "" for what is no text."""
    if len(content) > MOST_BYTES or b"\0" in content:
        return ""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def lines_of_table_or_text(
    content: bytes,
    name: str,
    columns: Sequence[Column],
    *,
    of_row: Callable[[Row], T],
    of_text: Callable[[str], list[T]],
    is_list: Callable[[str], bool],
) -> list[T]:
    """A file without titles is read like a pasted text, if that text is a list. Raises ValidationError with what is wrong."""
    try:
        return [of_row(row) for row in rows_of_table(content, name, columns)]
    except TableError as error:
        text = text_of_file(content)
        if is_list(text):
            return of_text(text)
        raise ValidationError(str(error), code="table") from error


class GivenListForm(forms.Form):
    """Takes either a text or a file: of both, one would be left out unseen.

    A subclass declares the field of the text, whose name is `text_field`, and says how each is read.
    """

    table = UploadField(
        label="或者上传表格",
        required=False,
        help_text="xlsx 或 csv，有“身份证号”一列就行。",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    text_field: ClassVar[str]
    both: ClassVar[str] = BOTH
    lines: list[Any]
    """They are set once the form is valid."""

    def lines_of_text(self, text: str) -> list[Any]:
        raise NotImplementedError

    def lines_of_file(self, content: bytes, name: str) -> list[Any]:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        file, text = values.get("table"), values.get(self.text_field, "")
        if file and text.strip():
            self.add_error("table", self.both)
        try:
            self.lines = (
                self.lines_of_file(file.read(MOST_BYTES + 1), file.name or "") if file else self.lines_of_text(text)
            )
        except ValidationError as error:
            self.add_error("table" if file else self.text_field, error)
        return values
