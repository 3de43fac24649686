"""Reads the questions that people often ask, those that stopped most cases first."""

from __future__ import annotations

from django.db.models import QuerySet

from ..models import HelpAnswer

MOST_OF_A_GUIDE = 8


def answers_in_use() -> QuerySet[HelpAnswer]:
    return HelpAnswer.objects.filter(retired_at__isnull=True).order_by("-number", "pk")


def answers_of(kind: str) -> list[HelpAnswer]:
    """Answers what a guide shows: its own questions before those of every guide; a blank kind asks for these alone."""
    found = answers_in_use().filter(kind__in={kind, ""})
    return sorted(found, key=lambda one: (one.kind != kind, -one.number, one.pk))[:MOST_OF_A_GUIDE]


def find_answer(pk: int) -> HelpAnswer | None:
    return answers_in_use().filter(pk=pk).first()
