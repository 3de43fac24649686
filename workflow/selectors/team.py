"""Reads what heads need: the open cases of their office, its members, who is away, and where a case may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate

from accounts.enums import Sphere
from accounts.models import User
from administration.enums import RouteDesk
from administration.models import Office
from administration.offices.selectors import Routing
from workflow.permissions import DUTY_OF_DESK, heads_province

from ..actors import Actor
from ..enums import OFFICE_DESKS
from ..models import Absence, Application
from .lists import PARTIES


@dataclass(frozen=True)
class Member:
    """Describes a member of the office for its head: open cases that are assigned, those that are late, who stands in."""

    user: User
    open_cases: int
    late: int
    absence: Absence | None


def members(office_id: int | None) -> QuerySet[User]:
    """Lists the active staff of an office who decide at some desk."""
    duties = [duty.value for duty in DUTY_OF_DESK.values()]
    staff = User.objects.filter(office=office_id, sphere=Sphere.STAFF, is_active=True, duties__overlap=duties)
    return staff.order_by("name", "pk")


def team_of(actor: Actor, users: Sequence[User]) -> list[Member]:
    """Describes these `members` of the actor's office. Two queries, whatever their number."""
    today = localdate()
    rows = Application.objects.filter(is_open=True, holder_office=actor.office_id, assignee__in=users).order_by()
    counts = {
        row["assignee"]: row
        for row in rows.values("assignee").annotate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    }
    away = {one.user_id: one for one in absences_of(actor.office_id) if one.starts_on <= today}
    nothing = {"all": 0, "late": 0}
    return [
        Member(user, (row := counts.get(user.pk, nothing))["all"], row["late"], away.get(user.pk)) for user in users
    ]


def absences_of(office_id: int | None) -> QuerySet[Absence]:
    """Lists absences that go on or are still to come, the next first."""
    rows = Absence.objects.filter(user__office=office_id, ended_at__isnull=True, ends_on__gte=localdate())
    return rows.select_related("user", "deputy", "recorded_by").order_by("starts_on", "pk")


def find_absence(actor: Actor, pk: int) -> Absence | None:
    return Absence.objects.filter(pk=pk, user__office=actor.office_id).select_related("user", "deputy").first()


def cases_to_hand_over(actor: Actor) -> QuerySet[Application]:
    """Lists the open cases at the desks of the head's office; a head of the province sees those of every office."""
    where = Q() if heads_province(actor) else Q(holder_office=actor.office_id)
    rows = Application.objects.filter(where, is_open=True, holder_office__isnull=False, desk__in=OFFICE_DESKS)
    return rows.select_related(*PARTIES).order_by("due_sort", "pk")


def offices_to_choose(actor: Actor) -> list[Office]:
    """Lists the offices that serve some desk by the routing; the service judges each case."""
    routing = Routing()
    found = {pk: office for desk in RouteDesk for pk, office in routing.serving(desk).items()}
    own = None if heads_province(actor) else actor.office_id
    return sorted((office for pk, office in found.items() if pk != own), key=lambda one: (one.region_id, one.name))
