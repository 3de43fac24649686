"""Declares the worker's task on messages to telephones."""

from __future__ import annotations

from django.utils.timezone import now

from administration.messages.deliveries import send_waiting
from common.jobs import periodic, task


@periodic("* * * * *")
@task(
    "administration.send_deliveries",
    queueing_lock="send_deliveries",
    formerly=["administration.tasks.send_deliveries"],
)
def send_deliveries(timestamp: int) -> None:
    send_waiting(now=now())
