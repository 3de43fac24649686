"""The last thing that happened to an application: pages show it, and what is ordered on them comes back with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Max

from ..enums import CHANGE_NOTHING
from ..models import Application, Event


def last_event(application: Application, *, ignoring: Collection[str] = ()) -> Event | None:
    return Event.objects.filter(application=application).exclude(action__in=ignoring).order_by("-pk").first()


def last_events(ids: Collection[int]) -> dict[int, int]:
    """Answers the last event of each application, by which a page says what it has shown; one query."""
    if not ids:
        return {}
    last = Event.objects.filter(application__in=ids).order_by().values("application").annotate(last=Max("pk"))
    return dict(last.values_list("application", "last"))


def changes_since(seen: Mapping[int, int], *, ignoring: Collection[str] = ()) -> dict[int, Event]:
    """Answers what last happened to each application after the event that a page has shown, if it changes anything."""
    if not seen:
        return {}
    later = Event.objects.filter(application__in=seen, pk__gt=min(seen.values()))
    later = later.exclude(action__in=[*CHANGE_NOTHING, *ignoring])
    return {event.application_id: event for event in later.order_by("pk") if event.pk > seen[event.application_id]}
