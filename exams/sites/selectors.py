"""Reads sites with their rooms, and the coming sessions that use them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from exams.models import ExamRoom, ExamSite, SessionRoom
from workflow.actors import Actor

from .permissions import sites_of


def sites_for(actor: Actor) -> QuerySet[ExamSite]:
    return ExamSite.objects.filter(sites_of(actor)).select_related("office", "region")


def site_for(actor: Actor, pk: int) -> ExamSite:
    """Raises Http404 for a site that the actor does not keep."""
    return get_object_or_404(sites_for(actor), pk=pk)


def room_for(actor: Actor, pk: int) -> ExamRoom:
    """Raises Http404 for a room of a site that the actor does not keep."""
    rooms = ExamRoom.objects.filter(site__in=ExamSite.objects.filter(sites_of(actor)))
    return get_object_or_404(rooms.select_related("site"), pk=pk)


def rooms_of(site_ids: Iterable[int]) -> dict[int, list[ExamRoom]]:
    """Maps a site to its rooms by name, in one query."""
    found: dict[int, list[ExamRoom]] = defaultdict(list)
    for room in ExamRoom.objects.filter(site__in=list(site_ids)).order_by("name", "pk"):
        found[room.site_id].append(room)
    return dict(found)


def coming_uses(rooms: Iterable[ExamRoom], *, now: datetime) -> list[SessionRoom]:
    """Answers what the rooms are used for from now on, the soonest first, with session and batch."""
    uses = SessionRoom.objects.filter(room__in=list(rooms), released_at__isnull=True, ends_at__gt=now)
    return list(uses.select_related("session__batch", "room").order_by("starts_at", "pk"))
