"""The last thing that happened to an application: pages show it, and what is ordered on them comes back with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Max

from ..enums import CHANGE_NOTHING, Action
from ..models import Application, Event


def last_event(application: Application, *, ignoring: Collection[str] = ()) -> Event | None:
    return Event.objects.filter(application=application).exclude(action__in=ignoring).order_by("-pk").first()


def last_events(ids: Collection[int]) -> dict[int, int]:
    """Answers the last event of each application, by which a page says what it has shown; one query."""
    if not ids:
        return {}
    last = Event.objects.filter(application__in=ids).order_by().values("application").annotate(last=Max("pk"))
    return dict(last.values_list("application", "last"))


def last_event_id(application: Application) -> int:
    """Pages send it back with what is ordered on them, to tell what they have shown; 0 stands for none."""
    return last_events([application.pk]).get(application.pk, 0)


def last_approvals(application: Application, desks: Collection[str]) -> dict[str, Event]:
    """Maps each of these desks that has approved the application to the last time it did."""
    found = Event.objects.filter(application=application, action=Action.APPROVE, desk__in=desks)
    return {event.desk: event for event in found.order_by("pk")}


def changes_since(seen: Mapping[int, int], *, ignoring: Collection[str] = ()) -> dict[int, Event]:
    """Answers what last happened to each application after the event that a page has shown, if it changes anything."""
    if not seen:
        return {}
    later = Event.objects.filter(application__in=seen, pk__gt=min(seen.values()))
    later = later.exclude(action__in=[*CHANGE_NOTHING, *ignoring])
    return {event.application_id: event for event in later.order_by("pk") if event.pk > seen[event.application_id]}
