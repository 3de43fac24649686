"""Reads applications that an actor may open, and those that have left an office that knew them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from administration.offices.selectors import Routing
from workflow.permissions import visible

from ..actors import Actor
from ..enums import OFFICE_DESKS, Action
from ..models import Application, Event
from .lists import PARTIES


def find_readable(actor: Actor, number: str) -> Application | None:
    return Application.objects.filter(visible(actor), number=number).select_related(*PARTIES).first()


def readable_ids(actor: Actor, ids: Collection[int]) -> set[int]:
    return set(Application.objects.filter(visible(actor), pk__in=ids).values_list("pk", flat=True))


def with_parties(ids: Collection[int]) -> list[Application]:
    """Reads applications with their parties, in the order of their ids."""
    return list(Application.objects.filter(pk__in=ids).select_related(*PARTIES).order_by("pk"))


def gone_from_office(actor: Actor, ids: Collection[int]) -> list[Application]:
    """Answers those that left the actor's office without its doing, most often withdrawn."""
    if not ids or actor.office_id is None:
        return []
    found = list(Application.objects.filter(pk__in=ids).order_by("pk"))
    known = once_here(actor, found)
    return [one for one in found if one.pk in known]


def find_gone(actor: Actor, number: str) -> Application | None:
    """Answers the case if it has left the actor's office, which may know where it went but not read it any more."""
    if actor.office_id is None:
        return None
    hidden = Application.objects.filter(~visible(actor), number=number)
    application = hidden.select_related("holder_office").first()
    return application if application is not None and once_here(actor, [application]) else None


def once_here(actor: Actor, applications: Sequence[Application]) -> set[int]:
    """Answers ids of those that have stood at a desk of this office, by the routing or by the record of a move: it may
    know that they are gone.
    """
    routing = Routing()
    regions = {application.pk: application.region_id for application in applications}
    stood = Event.objects.filter(application__in=regions, to_desk__in=OFFICE_DESKS).order_by()
    here = {
        pk
        for pk, desk in stood.values_list("application_id", "to_desk")
        if (office := routing.office(regions[pk], desk)) is not None and office.pk == actor.office_id
    }
    moved = Event.objects.filter(
        application__in=regions, action=Action.REROUTE, detail__from_office=actor.acting_for
    ).order_by()
    return here | set(moved.values_list("application_id", flat=True))


MOST_OF_A_PERSON = 50


def cases_of_person(actor: Actor, person_id: int) -> list[Application]:
    """Answers the open cases of a person that the actor may read, the latest first."""
    ids = Application.objects.filter(person=person_id, is_open=True).order_by("-pk").values_list("pk", flat=True)
    known = list(ids[:MOST_OF_A_PERSON])
    rows = Application.objects.filter(visible(actor), pk__in=known)
    return list(rows.select_related(*PARTIES).order_by("-pk"))
