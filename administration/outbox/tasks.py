"""Declares the worker's task that empties the outbox."""

from __future__ import annotations

from django.utils.timezone import now

from common.jobs import periodic, task

from .sending import send_due


@periodic("* * * * *")
@task(
    "administration.send_deliveries",
    queueing_lock="send_deliveries",
    formerly=["administration.tasks.send_deliveries"],
)
def send_deliveries(timestamp: int) -> None:
    send_due(now=now())
