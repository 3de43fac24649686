"""Receives the signals of packages that exams depend on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from administration.offices.routing_change import Moved, RoutingChange
from administration.offices.signals import routing_changed
from common.jobs import enqueue
from employment.relations.services import employment_changed
from employment.relations.warnings import WARNINGS
from exams.first_issue.selectors import open_applications
from exams.reviewing.rerouting import follow_routing
from exams.sign_up.leaving import warn_of_exams, withdraw_left

WARNINGS.register("exams", warn_of_exams)


@receiver(employment_changed, dispatch_uid="exams.employment_changed")
def ask_after_a_change(sender: Any, *, person_ids: Collection[int], **_: Any) -> None:
    """A job does the work, because the locks of the sender come after those of the applications' enterprises."""
    waiting = open_applications().filter(person__in=person_ids)
    people = sorted(set(waiting.values_list("person_id", flat=True)))
    if people:
        enqueue("exams.ask_moved", person_ids=people)


@receiver(routing_changed, dispatch_uid="exams.routing_changed")
def move_entries(sender: Any, *, change: RoutingChange, now: datetime, **_: Any) -> list[Moved]:
    return follow_routing(change)


@receiver(employment_changed, dispatch_uid="exams.employment_ended")
def withdraw_entries(sender: Any, *, person_ids: Collection[int], **_: Any) -> None:
    """The sender has locked the persons, so that nobody signs them up meanwhile."""
    withdraw_left(person_ids)
