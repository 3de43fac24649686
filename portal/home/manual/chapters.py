"""Reads the chapters of the manual from `texts/`, one file each: `title`, `readers`, words, steps and notes.

`entry` says where one clicks first, as menus name it; `needs` what must be there beforehand; `after` what happens then
and whose turn it is.

A step has a code (chapter and number), a sentence, and what its picture shows, for whoever cannot see it. Words in “ ”
are on the page at that step: the browser story that takes the picture looks for them, so a sentence cannot outlive
its button. Words of another page stand in 【 】.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from PIL import Image

TEXTS = Path(__file__).parent / "texts"
STATIC = Path(__file__).resolve().parents[3] / "static"
SIDES = Path(__file__).parent / "sides.json"
"""Says for each picture where its marked control is; `manage.py build_manual` writes it with the pictures."""
QUOTED = re.compile(r"“([^”]+)”")


class Reader(StrEnum):
    """Says for whom a chapter is written; the order is that of the contents."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    REVIEWER = "reviewer"
    ORGANISER = "organiser"
    INSTITUTION = "institution"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def booklet(self) -> str:
        """Answers the name of the PDF among the static files."""
        return f"manual/{self.value}.pdf"


_LABELS = {
    Reader.PERSON: "个人",
    Reader.ENTERPRISE: "企业",
    Reader.REVIEWER: "窗口和审核人员",
    Reader.ORGANISER: "考试组织人员",
    Reader.INSTITUTION: "培训机构",
    Reader.ADMINISTRATOR: "系统管理人员",
}


@dataclass(frozen=True)
class Step:
    code: str
    text: str
    shows: str

    @property
    def number(self) -> int:
        return int(self.code.rpartition("-")[2])

    @property
    def picture(self) -> str:
        """Answers the name of the picture among the static files."""
        return f"manual/{self.code}.webp"

    @property
    def file(self) -> Path:
        return STATIC / self.picture

    @property
    def size(self) -> tuple[int, int]:
        """Answers width and height in pixels, so that a page keeps the room of a picture that comes late."""
        return _size(self.file)

    @property
    def side(self) -> str:
        """Says where the marked control is on a wide picture: a phone shows this side of it, large enough to be read."""
        return _sides()[self.code]

    @property
    def quoted(self) -> list[str]:
        return QUOTED.findall(self.text)


@dataclass(frozen=True)
class Chapter:
    code: str
    title: str
    readers: tuple[Reader, ...]
    words: tuple[str, ...]
    entry: tuple[str, ...]
    needs: tuple[str, ...]
    steps: tuple[Step, ...]
    after: tuple[str, ...]
    notes: tuple[str, ...]
    businesses: tuple[str, ...]
    """The kinds of application whose guides lead here."""

    @property
    def heading(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def beforehand(self) -> list[tuple[str, tuple[str, ...]]]:
        """Answers what is read before the steps: headings and sentences."""
        return [one for one in (("从这里进", self.entry), ("办理前", self.needs)) if one[1]]

    @property
    def afterwards(self) -> list[tuple[str, tuple[str, ...]]]:
        return [one for one in (("办完以后", self.after), ("注意", self.notes)) if one[1]]

    @property
    def order(self) -> tuple[int, ...]:
        return tuple(map(int, self.code.split(".")))


@cache
def _sides() -> dict[str, str]:
    return dict(json.loads(SIDES.read_text(encoding="utf-8")))


@cache
def _size(file: Path) -> tuple[int, int]:
    with Image.open(file, formats=["WEBP"]) as picture:
        return picture.size


def _read(file: Path) -> Chapter:
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    steps = tuple(
        Step(f"{file.stem}-{number:02d}", step["text"], step["shows"])
        for number, step in enumerate(told.get("steps", ()), start=1)
    )
    return Chapter(
        code=file.stem,
        title=told["title"],
        readers=tuple(map(Reader, told["readers"])),
        words=tuple(told.get("words", ())),
        entry=tuple(told.get("entry", ())),
        needs=tuple(told.get("needs", ())),
        steps=steps,
        after=tuple(told.get("after", ())),
        notes=tuple(told.get("notes", ())),
        businesses=tuple(told.get("businesses", ())),
    )


@cache
def chapters() -> tuple[Chapter, ...]:
    """Answers all chapters in the order of their numbers."""
    return tuple(sorted(map(_read, TEXTS.glob("*.toml")), key=lambda one: one.order))


@cache
def steps() -> dict[str, Step]:
    return {step.code: step for chapter in chapters() for step in chapter.steps}


def chapters_for(reader: Reader) -> list[Chapter]:
    return [chapter for chapter in chapters() if reader in chapter.readers]


def find(code: str) -> Chapter | None:
    return next((chapter for chapter in chapters() if chapter.code == code), None)


def chapter_of_business(kind: str) -> Chapter | None:
    return next((chapter for chapter in chapters() if kind in chapter.businesses), None)


def neighbours(chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
    """Answers the chapters before and after this one for its first reader."""
    known: Sequence[Chapter] = chapters_for(chapter.readers[0])
    place = known.index(chapter)
    before = known[place - 1] if place else None
    return before, known[place + 1] if place + 1 < len(known) else None
