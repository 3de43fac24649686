"""Finds the steps and chapters of the manual that say what somebody types."""

from __future__ import annotations

from functools import cache

from django import forms
from django.urls import reverse

from common.forms import LongTextField
from workflow.selectors.help_search import LEAST, Entry, Hit, pieces_of, score

from .chapters import Chapter, chapters

MOST = 20


class SearchForm(forms.Form):
    q = LongTextField(
        label="搜操作手册",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "例如：换单位、上传证件照"}),
    )


def search(words: str) -> list[Hit]:
    """Answers the best first; of those that are as good, the earlier ones of the manual."""
    wanted = pieces_of(words)
    if not wanted:
        return []
    found = [(score(wanted, entry), -place, entry) for place, entry in enumerate(_entries())]
    best = sorted((one for one in found if one[0] >= LEAST), key=lambda one: one[:2], reverse=True)
    return [Hit(entry.sort, entry.title, entry.address, entry.text) for _, _, entry in best[:MOST]]


@cache
def _entries() -> tuple[Entry, ...]:
    return tuple(entry for chapter in chapters() for entry in _of_chapter(chapter))


def _of_chapter(chapter: Chapter) -> list[Entry]:
    address = reverse("manual_chapter", args=[chapter.code])
    told = [*chapter.words, *chapter.needs, *chapter.after, *chapter.notes]
    readers = "、".join(reader.label for reader in chapter.readers)
    whole = Entry(readers, chapter.heading, address, "".join(told) or chapter.steps[0].text)
    steps = [
        Entry(readers, f"{chapter.code} 第{step.number}步", f"{address}#s{step.code}", step.text, chapter.title)
        for step in chapter.steps
    ]
    return [whole, *steps]
