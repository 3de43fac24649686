"""Says which browser story takes which picture of the manual, and what became of each sentence of the manual of 2019."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from portal.home.manual.chapters import SIDES, chapters, steps

ROOT = Path(__file__).resolve().parent.parent
STORIES = ROOT / "tests" / "e2e"
PICTURES = ROOT / "static" / "manual"
CODE = re.compile(r"\d+(\.\d+)*-\d\d")
MARK, NEAR = (212, 56, 13), 14
"""The colour of the frame round a marked control, and how far a compressed picture may be from it."""
COVERAGE = ROOT / "docs" / "manual-coverage.md"
SENTENCES = Path(__file__).parent / "manual_of_2019.toml"
HEAD = """# What became of the manual of 2019

Left is each sentence of the manual that was handed out with the portal's predecessor, beside it the picture and the page where `/manual/` says
it now. A step such as 1.3.5-04 is a sentence with its picture; its text lies in `portal/home/manual/texts/`. Written by `manage.py generate_docs`
from `devtools/manual_of_2019.toml`; a test refuses a stale copy, a sentence without a place, and a step of these chapters that no sentence names.

| Chapter | Said in 2019 | Picture | Page |
|---|---|---|---|
"""


def named_steps() -> Iterator[tuple[str, Path]]:
    """Answers each code of a step in a story, as often as it stands there."""
    for story in sorted(STORIES.rglob("*.py")):
        for node in ast.walk(ast.parse(story.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                yield node.value, story


def side_of(file: Path) -> str:
    """Answers on which side of a wide picture the marked control is; an upright picture is shown whole."""
    with Image.open(file, formats=["WEBP"]) as picture:
        if picture.width < picture.height:
            return ""
        shot = picture.convert("RGB")
    far = ImageChops.difference(shot, Image.new("RGB", shot.size, MARK)).convert("L")
    place = far.point([255 if value < NEAR else 0 for value in range(256)]).getbbox()
    middle = (place[0] + place[2]) / 2 / shot.width if place else 0
    return "left" if middle < 0.4 else "right" if middle > 0.6 else "middle"


def write_sides() -> None:
    sides = {code: side_of(step.file) for code, step in sorted(steps().items()) if step.file.exists()}
    SIDES.write_text(json.dumps(sides, indent=0) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Sentence:
    """`now` names steps, or the words, notes or after of a chapter, as in “1.3.5 notes”."""

    chapter: str
    said: str
    now: tuple[str, ...]
    why: str = ""


def sentences_of_2019() -> list[Sentence]:
    rows = tomllib.loads(SENTENCES.read_text(encoding="utf-8"))["rows"]
    return [Sentence(row["chapter"], row["said"], tuple(row["now"]), row.get("why", "")) for row in rows]


def said_at(place: str) -> tuple[str, ...]:
    """Answers what the manual says at such a place; nothing where there is none."""
    if CODE.fullmatch(place):
        step = steps().get(place)
        return (step.text,) if step else ()
    code, _, part = place.partition(" ")
    told = {f"{one.code} {name}": getattr(one, name) for one in chapters() for name in ("words", "notes", "after")}
    return tuple(told.get(f"{code} {part}", ()))


def coverage_document() -> str:
    return HEAD + "".join(
        f"| {one.chapter} | {one.said} | {_pictures(one)} | {_pages(one)} |\n" for one in sentences_of_2019()
    )


def _pictures(one: Sentence) -> str:
    taken = [place for place in one.now if CODE.fullmatch(place)]
    return " ".join(f"[{place}](../static/manual/{place}.webp)" for place in taken) or "—"


def _pages(one: Sentence) -> str:
    pages = []
    for place in one.now:
        code, _, part = place.partition(" ")
        pages.append(f"`/manual/{code}/` {part}" if part else f"`/manual/{code.rpartition('-')[0]}/#s{code}`")
    return ", ".join(dict.fromkeys(pages)) + (f"; {one.why}" if one.why else "")
