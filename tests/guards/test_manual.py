"""The manual stays true: each step is taken by one browser story, has its picture, and nothing is told twice."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from PIL import Image, ImageDraw

from devtools.management.commands.build_manual import FITS
from devtools.manual import (
    COVERAGE,
    MARK,
    PICTURES,
    coverage_document,
    named_steps,
    said_at,
    sentences_of_2019,
    side_of,
)
from portal.home.manual.chapters import SIDES, chapters, steps
from portal.navigation.menus import DOORS
from tests.e2e.manual import LARGEST
from workflow.business import businesses

CONTENTS_OF_2019 = (
    "1.1", "1.1.1", "1.1.2", "1.1.3", "1.2", "1.2.1", "1.2.2", "1.3", "1.3.1", "1.3.2", "1.3.3", "1.3.4", "1.3.5", "1.3.6",
    "1.3.7", "1.4", "1.5",
)  # fmt: skip
"""1.3.7 is 证书纠错, which had no number."""
WAY, REFERENCE = re.compile("【([^】]+)】"), re.compile(r"见 ([\d.]+\d)")
REBUILD = "run manage.py build_manual with the number of the chapter"


def test_each_step_is_taken_by_exactly_one_story() -> None:
    """Where a story takes a step, it looks for its control and for the words in “ ”; so the step cannot outlive them."""
    taken = Counter(code for code, _ in named_steps())
    assert sorted(set(taken) - set(steps())) == [], "the manual declares no such step"
    assert sorted(set(steps()) - set(taken)) == [], "no story takes this step"
    assert [code for code, count in taken.items() if count > 1] == []


def test_each_step_has_its_picture_and_no_picture_is_left_over() -> None:
    assert {file.stem for file in PICTURES.glob("*")} == set(steps()), REBUILD


def test_it_is_known_on_which_side_of_a_picture_the_control_is() -> None:
    """Every ninth picture is looked at; they are all taken and written down by one command."""
    assert set(json.loads(SIDES.read_text(encoding="utf-8"))) == set(steps()), REBUILD
    looked_at = sorted(steps())[::9]
    assert {code: steps()[code].side for code in looked_at} == {code: side_of(steps()[code].file) for code in looked_at}


def test_the_side_of_a_control_is_seen_on_its_picture(tmp_path: Path) -> None:
    for name, place, side in (("a", 100, "left"), ("b", 500, "middle"), ("c", 990, "right"), ("d", None, "left")):
        picture = Image.new("RGB", (1100, 620), (243, 246, 250))
        if place is not None:
            ImageDraw.Draw(picture).rectangle((place, 200, place + 90, 240), outline=MARK, width=4)
        picture.save(tmp_path / f"{name}.webp", quality=65)
        assert side_of(tmp_path / f"{name}.webp") == side
    Image.new("RGB", (390, 620)).save(tmp_path / "phone.webp")
    assert side_of(tmp_path / "phone.webp") == ""


def test_pictures_are_small() -> None:
    sizes = {file.name: file.stat().st_size for file in PICTURES.glob("*.webp")}
    assert [name for name, size in sizes.items() if size > LARGEST] == []
    assert sum(sizes.values()) <= FITS


def test_each_step_says_a_sentence_and_its_picture_is_told_in_words() -> None:
    assert [code for code, step in steps().items() if not step.shows or not step.text.endswith("。")] == []
    for chapter in chapters():
        texts = [step.text for step in chapter.steps]
        assert len(set(texts)) == len(texts), chapter.code


def test_a_guide_leads_to_one_chapter_and_each_chapter_has_something_to_say() -> None:
    kinds = Counter(kind for chapter in chapters() for kind in chapter.businesses)
    assert set(kinds) <= {business.kind for business in businesses()}
    assert [kind for kind, count in kinds.items() if count > 1] == []
    assert [one.code for one in chapters() if not one.steps and not one.words] == []


def test_every_chapter_of_the_manual_of_2019_is_there() -> None:
    assert set(CONTENTS_OF_2019) <= {chapter.code for chapter in chapters()}


def test_every_sentence_of_the_manual_of_2019_has_its_place() -> None:
    rows = sentences_of_2019()
    assert {row.chapter for row in rows} == set(CONTENTS_OF_2019)
    assert [row.said for row in rows if not row.now] == []
    assert [(row.said, place) for row in rows for place in row.now if not said_at(place)] == []
    # Every step of these chapters stands somewhere in the table, so that none is forgotten when a chapter changes.
    named = {place for row in rows for place in row.now}
    assert sorted(code for code in steps() if code.rpartition("-")[0] in CONTENTS_OF_2019 and code not in named) == []


def test_the_coverage_is_the_generated_one() -> None:
    assert COVERAGE.read_text(encoding="utf-8") == coverage_document(), "run manage.py generate_docs"


def labels_of(title: str) -> dict[str, set[str]]:
    """The entries of a menu, each with those below it."""
    (door,) = (one for one in DOORS.values() if one.title == title)
    return {item.label: {below.label for below in item.children} for item in door.items}


def test_each_chapter_with_steps_says_where_one_begins_what_one_needs_and_what_follows() -> None:
    silent = [one.code for one in chapters() if one.steps and not (one.entry and one.needs and one.after)]
    assert silent == []


def test_the_first_click_is_an_entry_of_the_menu() -> None:
    public = {item.label for item in DOORS["public"].items}
    wrong = []
    for chapter in chapters():
        for way in chapter.entry:
            first, *below = WAY.findall(way)
            if first == "首页":
                is_there = set(below) <= public | {door.title for door in DOORS.values()}
            else:
                known = labels_of(first)
                is_there = below[0] in known and set(below[1:]) <= known[below[0]]
            if not is_there:
                wrong.append((chapter.code, way))
    assert wrong == []


def test_a_chapter_that_is_referred_to_is_there() -> None:
    known = {chapter.code for chapter in chapters()}
    for chapter in chapters():
        told = [*chapter.words, *chapter.needs, *chapter.after, *chapter.notes, *(step.text for step in chapter.steps)]
        assert set(REFERENCE.findall("".join(told))) <= known, chapter.code
