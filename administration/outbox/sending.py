"""Empties the outbox: what is due is claimed, handed to a provider, and its fate is written down.

A claim moves `due_at` into the future and is committed before the provider is asked, so no lock is held meanwhile. If the
worker is killed, the message falls due again and goes out under the same key. Of one address, a message is claimed only
when none before it waits: their order is kept, also while the first is tried again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from administration.enums import Channel, DeliveryState
from administration.messages.channels import Content
from administration.messages.events import CODE
from administration.models import Delivery
from administration.parameters.book import ParameterBook
from common.database.set_updates import update_rows
from common.dates import SHANGHAI

from .providers import Letter, Provider, provider_of
from .verdicts import ProviderAway, Rejected, TryAgain

ATTEMPTS = 10
BATCH = 50
MOST_OF_A_RUN = 3000
"""The next run takes what is left; runs begin every minute."""
LEASE = timedelta(minutes=15)
"""It is longer than a batch lasts in which every question is answered in the last moment."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
AWAY_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True)
class Rules:
    per_hour: int
    per_day: int
    quiet_from: int
    quiet_until: int

    @classmethod
    def on(cls, now: datetime) -> Rules:
        book, day = ParameterBook.load(), now.astimezone(SHANGHAI).date()
        names = ("messages_per_hour", "messages_per_day", "messages_quiet_from", "messages_quiet_until")
        return cls(*(book.integer(name, day) for name in names))

    def is_quiet(self, now: datetime) -> bool:
        """The quiet hours may last over midnight."""
        hour = now.astimezone(SHANGHAI).hour
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until


def send_due(*, now: datetime) -> int:
    """Answers how many messages providers took."""
    rules, sent = Rules.on(now), 0
    for channel in Channel:
        provider = provider_of(channel)
        if provider is None:
            continue
        try:
            sent += _empty(channel, provider, rules, now)
        finally:
            provider.close()
    return sent


def _empty(channel: Channel, provider: Provider, rules: Rules, now: datetime) -> int:
    sent = asked = 0
    while asked < MOST_OF_A_RUN:
        looked_at, claimed = _claim(channel, rules, now)
        if not looked_at:
            break
        is_away = _hand_over(claimed, provider, now)
        asked += looked_at
        sent += sum(one.state == DeliveryState.SENT for one in claimed)
        if is_away:
            break
    return sent


@transaction.atomic
def _claim(channel: Channel, rules: Rules, now: datetime) -> tuple[int, list[Delivery]]:
    """Answers how many messages were due, and those that may go now."""
    before = Delivery.objects.filter(
        contact=OuterRef("contact"),
        is_urgent=OuterRef("is_urgent"),
        state=DeliveryState.WAITING,
        pk__lt=OuterRef("pk"),
    )
    due = Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING, due_at__lte=now)
    if rules.is_quiet(now):
        due = due.filter(is_urgent=True)
    heads = due.exclude(Exists(before)).order_by("due_at", "pk")
    rows = list(heads.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    may_go = _earliest(rows, rules, now)
    claimed = []
    for row in rows:
        if may_go.get(row.pk, now) > now:
            row.due_at = may_go[row.pk]
            continue
        row.attempts += 1
        row.due_at = now + LEASE
        claimed.append(row)
    update_rows(rows, ["attempts", "due_at"])
    return len(rows), claimed


def _earliest(rows: Sequence[Delivery], rules: Rules, now: datetime) -> dict[int, datetime]:
    """Maps a message to when its receiver may get the next one. A code was asked for, and is counted elsewhere."""
    counted = [row for row in rows if row.event != CODE]
    sent: dict[int, list[datetime]] = defaultdict(list)
    recent = Delivery.objects.filter(
        contact__in={row.contact_id for row in counted}, sent_at__gt=now - timedelta(days=1)
    ).exclude(event=CODE)
    for contact_id, moment in recent.order_by("sent_at", "pk").values_list("contact_id", "sent_at"):
        if moment is not None:
            sent[contact_id].append(moment)
    found = {}
    for row in counted:
        moments = sent[row.contact_id]
        ends = [
            moments[-most] + window
            for most, window in ((rules.per_hour, timedelta(hours=1)), (rules.per_day, timedelta(days=1)))
            if len(moments) >= most
        ]
        if ends:
            found[row.pk] = max(ends)
    return found


def _hand_over(claimed: Sequence[Delivery], provider: Provider, now: datetime) -> bool:
    """Answers True if the provider is away; what was not handed over waits, and that try does not count."""
    is_away = False
    for row in claimed:
        if not is_away:
            is_away = _ask(row, provider, now)
        if is_away:
            row.attempts -= 1
            row.due_at = now + AWAY_PAUSE
    write_down(claimed)
    return is_away


@transaction.atomic
def write_down(claimed: Sequence[Delivery]) -> None:
    """Whoever ended a message meanwhile, by a receipt or a death, is overruled only by the provider's word that it is sent."""
    rows = Delivery.objects.select_for_update(of=("self",)).filter(pk__in=[row.pk for row in claimed]).order_by("pk")
    states = dict(rows.values_list("pk", "state"))
    update_rows(claimed, ["attempts", "due_at", "last_error"])
    sent = [row for row in claimed if row.state == DeliveryState.SENT]
    failed = [
        row for row in claimed if row.state == DeliveryState.FAILED and states.get(row.pk) == DeliveryState.WAITING
    ]
    update_rows([*sent, *failed], ["state", "sent_at", "provider_id"])
    codes = [row.pk for row in (*sent, *failed) if row.event == CODE]
    if codes:
        Delivery.objects.filter(pk__in=codes).update(content=None)


def _ask(row: Delivery, provider: Provider, now: datetime) -> bool:
    try:
        row.provider_id = provider.deliver(_letter(row))
    except ProviderAway as error:
        row.last_error = str(error)[:300]
        return True
    except Rejected as error:
        row.state, row.last_error = DeliveryState.FAILED, str(error)[:300]
    except TryAgain as error:
        row.last_error = str(error)[:300]
        row.due_at = now + min(FIRST_PAUSE * 2 ** (row.attempts - 1), LONGEST_PAUSE)
        if row.attempts >= ATTEMPTS:
            row.state = DeliveryState.FAILED
    else:
        row.state, row.sent_at, row.last_error = DeliveryState.SENT, now, ""
    return False


def _letter(row: Delivery) -> Letter:
    kept = row.content or {}
    content = Content(
        text=kept.get("text", ""),
        subject=kept.get("subject", ""),
        template=kept.get("template", ""),
        parameters=tuple(kept.get("parameters", ())),
    )
    return Letter(key=str(row.key), address=row.address, content=content)


def give_up(contact_ids: Sequence[int], *, why: str) -> int:
    """Ends what waits for these addresses."""
    waiting = Delivery.objects.filter(contact__in=contact_ids, state=DeliveryState.WAITING)
    return waiting.update(state=DeliveryState.FAILED, last_error=why)
