"""Reads the decided cases that an office looks at again."""

from __future__ import annotations

from django.db.models import QuerySet

from workflow.permissions import may_look_again

from ..actors import Actor
from ..models import SecondLook

PARTS = ("application__person", "application__enterprise", "decided_by", "looked_by")


def looks_waiting(actor: Actor) -> QuerySet[SecondLook]:
    """Lists what this person may look at: nothing in which he or she has a part, under whatever login."""
    waiting = SecondLook.objects.filter(may_look_again(actor), office=actor.office_id, looked_at__isnull=True)
    return waiting.select_related(*PARTS)


def looks_done(actor: Actor) -> QuerySet[SecondLook]:
    rows = SecondLook.objects.filter(office=actor.office_id, looked_at__isnull=False)
    return rows.select_related(*PARTS)


def find_look(actor: Actor, number: str) -> SecondLook | None:
    return SecondLook.objects.filter(office=actor.office_id, application__number=number).first()
