"""Gives `collectstatic` the PDFs of the manual, drawn from the texts and pictures at that moment.

So no PDF has to be kept in the repository, none is ever older than its text, and no request draws one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage
from django.utils import timezone

from .booklet import draw_booklet
from .chapters import TEXTS, Reader, chapters_for


class BookletFinder(BaseFinder):
    """Keeps what it has drawn below VAR and draws anew what is older than a text or a picture."""

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        folder = Path(settings.VAR) / "booklets"
        for reader in Reader:
            if chapters_for(reader):
                drawn(reader, folder)
                yield reader.booklet, FileSystemStorage(location=folder)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The development server asks for one file; a deployment has all of them from `list`."""
        known = {reader.booklet: reader for reader in Reader if chapters_for(reader)}
        reader = known.get(path)
        if reader is None:
            return [] if find_all else None
        found = str(drawn(reader, Path(settings.VAR) / "booklets"))
        return [found] if find_all else found


def drawn(reader: Reader, folder: Path) -> Path:
    target = folder / reader.booklet
    chapters = chapters_for(reader)
    parts = [TEXTS / f"{chapter.code}.toml" for chapter in chapters]
    parts += [step.file for chapter in chapters for step in chapter.steps]
    parts += sorted(Path(__file__).parent.glob("*.py"))
    if not target.exists() or target.stat().st_mtime < max(part.stat().st_mtime for part in parts):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(draw_booklet(reader, timezone.localdate()))
    return target
