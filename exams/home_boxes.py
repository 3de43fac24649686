"""Adds the box about exams on the person's home page."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Person
from accounts.people.home_boxes import PERSON_HOME
from common.home_page import Box

from .enums import TONES, EntryState
from .models import ExamEntry
from .selectors import entries_of_person

SHOWN = 3


def _latest(person: Person) -> QuerySet[ExamEntry]:
    entries = entries_of_person(person.pk).select_related(None).select_related("batch")
    return entries.only("category", "state", "batch", "batch__name", "batch__exam_from")[:SHOWN]


@PERSON_HOME.box(_latest)
def person_box(request: HttpRequest, person: Person, latest: Sequence[ExamEntry]) -> Box | None:
    """Shows the box only to people who were ever entered."""
    rows = [{"entry": entry, "tone": TONES[EntryState(entry.state)]} for entry in latest]
    return Box("我的考试", "exams/person_box.html", {"rows": rows}, order=35) if rows else None
