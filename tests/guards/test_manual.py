"""The manual stays true: each step is taken by one browser story, has its picture, and nothing is told twice."""

from __future__ import annotations

import re
from collections import Counter

from devtools.management.commands.build_manual import FITS
from devtools.manual import CODE, PICTURES, ROOT, named_steps
from portal.home.manual.chapters import chapters, steps
from tests.e2e.manual import LARGEST
from workflow.business import businesses

CONTENTS_OF_2019 = (
    "1.1", "1.1.1", "1.1.2", "1.1.3", "1.2", "1.2.1", "1.2.2", "1.3", "1.3.1", "1.3.2", "1.3.3", "1.3.4", "1.3.5", "1.3.6",
    "1.3.7", "1.4", "1.5",
)  # fmt: skip
"""1.3.7 is 证书纠错, which had no number."""
COVERAGE = ROOT / "docs" / "manual-coverage.md"
REBUILD = "run manage.py build_manual with the number of the chapter"


def test_each_step_is_taken_by_exactly_one_story() -> None:
    """Where a story takes a step, it looks for its control and for the words in “ ”; so the step cannot outlive them."""
    taken = Counter(code for code, _ in named_steps())
    assert sorted(set(taken) - set(steps())) == [], "the manual declares no such step"
    assert sorted(set(steps()) - set(taken)) == [], "no story takes this step"
    assert [code for code, count in taken.items() if count > 1] == []


def test_each_step_has_its_picture_and_no_picture_is_left_over() -> None:
    assert {file.stem for file in PICTURES.glob("*")} == set(steps()), REBUILD


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


def test_the_coverage_names_chapters_and_steps_that_are_there() -> None:
    text = COVERAGE.read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| ([\d.]+) \| [^|]+ \| ([^|]+) \|$", text)
    assert {code for code, _ in rows} == set(CONTENTS_OF_2019)
    named = {found[0] for _, now in rows for found in CODE.finditer(now)}
    assert sorted(named - set(steps())) == []
    # Every step of these chapters stands somewhere in the table, so that none is forgotten when a chapter changes.
    assert sorted(code for code in steps() if code.rpartition("-")[0] in CONTENTS_OF_2019 and code not in named) == []
