"""Reads the filters that a member of an office keeps under names."""

from __future__ import annotations

from ..actors import Actor
from ..models import QueueView


def views_kept(actor: Actor, desk: str) -> list[QueueView]:
    return list(QueueView.objects.filter(user=actor.user_id, desk=desk).order_by("pk"))
