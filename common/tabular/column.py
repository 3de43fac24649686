"""Declares what a column of a table is called, and how its cells are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .cells import Cell, text

REASON_TITLE = "错误原因"
"""Our report of bad rows adds this column, which is ignored when the corrected file comes back."""
WHOLE_ROW = "整行"


@dataclass(frozen=True)
class Column:
    """A `required` column must exist and be filled in every row. `sensitive` masks the value in reports.

    `parse` gets a cell that is not empty and raises ValidationError; its sentence is shown to the person. It is a
    pure function with an immutable result, so that a text that comes again is not parsed again. `example` stands in the
    template that offices fill in.
    """

    key: str
    title: str
    aliases: Sequence[str] = ()
    required: bool = False
    parse: Callable[[Cell], object] = text
    sensitive: bool = False
    example: str = ""
