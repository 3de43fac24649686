"""Deletes old deliveries, and warns operators of the server where new ones do not arrive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from administration.enums import DeliveryState
from administration.models import Delivery
from administration.parameters.book import ParameterBook
from common.dates import SHANGHAI
from common.operation.health import WAITING, Waiting

PAGE = 1000
FAILED_LATELY = timedelta(days=1)
MANY_FAILURES = 20
"""A few wrong numbers a day are everyday business; so many mean that a template or an account is refused."""
MANY_TRIES = 4
"""So often a provider is asked within its first quarter of an hour without an answer."""


def forget_old(*, now: datetime) -> int:
    """Deletes what was sent or has failed before the days that the log is kept; what waits is never deleted.

    Ids rise with time, so it reads from the oldest on and stops at the first page that is younger. Each page is a
    transaction of its own: whoever kills it loses nothing.
    """
    days = ParameterBook.load().integer("messages_log_days", now.astimezone(SHANGHAI).date())
    before, last, deleted = now - timedelta(days=days), 0, 0
    while page := list(
        Delivery.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "state", "created_at")[:PAGE]
    ):
        last = page[-1][0]
        old = [pk for pk, state, made in page if state != DeliveryState.WAITING and made < before]
        with transaction.atomic():
            deleted += Delivery.objects.filter(pk__in=old).exclude(state=DeliveryState.WAITING).delete()[0]
        if all(made >= before for _, _, made in page):
            break
    return deleted


def failed_lately() -> Iterable[QuerySet[Any]]:
    since = timezone.now() - FAILED_LATELY
    # One without a try was given up because its address was removed.
    yield Delivery.objects.filter(state=DeliveryState.FAILED, created_at__gte=since, attempts__gt=0)


def tried_often() -> Iterable[QuerySet[Any]]:
    yield Delivery.objects.filter(state=DeliveryState.WAITING, attempts__gte=MANY_TRIES)


WAITING["failed_deliveries"] = Waiting(
    failed_lately, "messages of the last day could not be sent: see /office/outbox/log/.", at_least=MANY_FAILURES
)
WAITING["slow_deliveries"] = Waiting(
    tried_often, "messages are tried again and again: the provider of SMS or e-mail does not answer as it should."
)
