"""Receives the signals of packages below the workflow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.enums import Sphere
from accounts.models import FormerIdNumber, Person, User
from accounts.signals import id_number_corrected, records_merged
from administration.calendar.signals import MovedClocks, calendar_changed
from administration.nightly import queue_nightly
from administration.offices.routing_change import Moved, RoutingChange
from administration.offices.signals import routing_changed
from common.jobs import enqueue

from .models import Application
from .services.claims import follow_person
from .services.handing_over import release_assignments
from .services.marks import follow_number
from .services.recounting import clocks_to_move, moves_by_day
from .services.rerouting import follow_routing
from .services.stuck_again import RETRY_STUCK


@receiver(routing_changed, dispatch_uid="workflow.routing_changed")
def move_cases(sender: Any, *, change: RoutingChange, now: datetime, **_: Any) -> list[Moved]:
    """Has cases that stood still for want of an office tried again once the change has been committed."""
    if Application.objects.filter(is_open=True).exclude(stuck="").exists():
        queue_nightly(RETRY_STUCK)
    return follow_routing(change, now=now)


@receiver(records_merged, dispatch_uid="workflow.records_merged")
def rename_claims(sender: Any, *, source: Person, target: Person, moved: dict[str, list[int]], **_: Any) -> None:
    follow_person(moved.get("workflow.Application.person", []), source=source.pk, target=target.pk)
    formers = FormerIdNumber.objects.filter(person=target).values_list("id_number_index", flat=True)
    follow_number([source.id_number_index, *formers], present=target.id_number_index)


@receiver(id_number_corrected, dispatch_uid="workflow.id_number_corrected")
def rename_marks(sender: Any, *, person: Person, former: str, **_: Any) -> None:
    follow_number([former], present=person.id_number_index)


SERVING = frozenset({"is_active", "office", "office_id", "duties"})


@receiver(post_save, sender=User, dispatch_uid="workflow.staff_changed")
def free_cases(sender: Any, *, instance: User, created: bool, update_fields: Any = None, **_: Any) -> None:
    """No case stays with somebody who no longer serves its desk."""
    touched = update_fields is None or SERVING & set(update_fields)
    if not created and touched and instance.sphere == Sphere.STAFF:
        release_assignments(instance)


@receiver(calendar_changed, dispatch_uid="workflow.calendar_changed")
def move_clocks(sender: Any, **_: Any) -> list[MovedClocks]:
    if clocks_to_move():
        enqueue("workflow.recount_clocks", queueing_lock="workflow.recount_clocks")
    return moves_by_day()
