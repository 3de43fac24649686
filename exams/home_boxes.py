"""Adds the box about exams on the person's home page."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import Person
from accounts.people.home_boxes import PERSON_HOME
from common.home_page import Box

from .enums import TONES, EntryState
from .selectors import entries_of_person

SHOWN = 3


@PERSON_HOME.box
def person_box(request: HttpRequest, person: Person) -> Box | None:
    """Shows the box only to people who were ever entered."""
    rows = [{"entry": entry, "tone": TONES[EntryState(entry.state)]} for entry in entries_of_person(person.pk)[:SHOWN]]
    return Box("我的考试", "exams/person_box.html", {"rows": rows}, order=35) if rows else None
