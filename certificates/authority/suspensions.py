"""暂扣期满: ends suspensions of fixed length, which need no second decision.

The job works in chunks and may be repeated, also twice at once: under the locks each certificate is checked again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from accounts.models import User
from administration.messages.services import OutgoingMessage, send
from certificates.enums import AuthorityAction, LegalState, Operation
from certificates.facts.holdings import Holdings
from certificates.models import Certificate, CertificateEvent
from certificates.state.legal import standing
from certificates.state.services import StateChange, change_states
from common.dates import chinese_date
from workflow.actors import SYSTEM
from workflow.services.locking import retried

from .locked import locked

CHUNK = 200


def end_suspensions(*, now: datetime | None = None) -> int:
    """On the day after the last day, 02 becomes 01 by operation 06, or 05 where the certificate has expired meanwhile."""
    now = now or utc_now()
    restored, place = 0, 0
    while chunk := _perhaps_over(localdate(now), place):
        restored += retried(partial(_end, chunk, now))
        place = chunk[-1]
    return restored


def _perhaps_over(today: date, after: int) -> list[int]:
    """Answers suspended certificates with any suspension whose end has passed; `_end` decides under the locks."""
    over = CertificateEvent.objects.filter(operation=Operation.SUSPENSION, until__lt=today)
    rows = Certificate.objects.filter(
        Q(pk__gt=after), legal_state=LegalState.SUSPENDED, pk__in=over.values("certificate")
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])


def _end(ids: Collection[int], now: datetime) -> int:
    today = localdate(now)
    found = locked(ids, on=today)
    ended: list[CertificateEvent] = []
    changes = []
    for certificate in found.certificates:
        suspension = suspension_in_force(certificate, found.trails[certificate.pk])
        if suspension is None or suspension.until is None or suspension.until >= today:
            continue
        planned = CertificateEvent(operation=Operation.RESTORATION, state_before=LegalState.SUSPENDED)
        state = found.computed(certificate.pk, planned)
        ended.append(suspension)
        changes.append(_restoration(suspension, state))
    if changes:
        change_states(changes, by=SYSTEM, now=now)
        _tell(ended, {change.certificate_id: change.state for change in changes}, found.facts)
    return len(changes)


def suspension_in_force(certificate: Certificate, trail: Sequence[CertificateEvent]) -> CertificateEvent | None:
    """Answers the decision by which the certificate is suspended now."""
    if certificate.legal_state != LegalState.SUSPENDED:
        return None
    suspensions = [event for event in standing(trail) if event.state_after == LegalState.SUSPENDED]
    return suspensions[-1] if suspensions else None


def _restoration(suspension: CertificateEvent, state: LegalState) -> StateChange:
    until = chinese_date(suspension.until) if suspension.until else ""
    return StateChange(
        certificate_id=suspension.certificate_id,
        state=state,
        operation=Operation.RESTORATION,
        summary=f"暂扣至{until}，期满自动发还",
        kind=AuthorityAction.RESTORE,
        document_number=suspension.document_number,
    )


def _tell(ended: Sequence[CertificateEvent], states: dict[int, LegalState], facts: Holdings) -> None:
    """Sends a message to the holder, to the certificate's enterprise, and one to the office that had decided."""
    posts = []
    by_actor: dict[int | None, list[str]] = defaultdict(list)
    for suspension in ended:
        certificate = facts.certificates[suspension.certificate_id]
        state = states[certificate.pk].label
        title = f"{certificate.number}：暂扣期满，已发还"
        body = f"文号：{suspension.document_number}。法定状态：{state}。"
        if states[certificate.pk] == LegalState.EXPIRED:
            title, body = f"{certificate.number}：暂扣期满，有效期已过", f"{body}暂扣期间有效期届满，需要重新参加考核。"
        detail = reverse("certificates:detail", args=[certificate.pk])
        posts.append(OutgoingMessage(certificate.person.mailbox_id, title, body, detail, event="certificate_state"))
        if certificate.enterprise is not None:
            staff = reverse("certificates:staff")
            posts.append(
                OutgoingMessage(
                    certificate.enterprise.mailbox_id,
                    title,
                    f"{certificate.person.name}，{body}",
                    staff,
                    event="certificate_state",
                )
            )
        by_actor[suspension.actor_id].append(f"{certificate.number}（{suspension.document_number}）：{state}")
    send([*posts, *_to_offices(by_actor)])


def _to_offices(by_actor: dict[int | None, list[str]]) -> list[OutgoingMessage]:
    users = User.objects.filter(pk__in=[pk for pk in by_actor if pk is not None], office__isnull=False)
    lines: dict[int | None, list[str]] = defaultdict(list)
    for user in users.select_related("office").order_by("pk"):
        lines[user.office.mailbox_id if user.office else None] += by_actor[user.pk]
    link = reverse("certificates:office")
    return [
        OutgoingMessage(
            box,
            f"{len(own)} 本证书暂扣期满，系统已自动处理",
            "；".join(own[:30]) + ("……" if len(own) > 30 else ""),
            link,
            event="office_work",
        )
        for box, own in lines.items()
    ]
