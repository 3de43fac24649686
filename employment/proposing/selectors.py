"""Reads proposed employments and describes them for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from common.dates import chinese_date
from employment.models import EmploymentItem
from enterprises.enums import Post
from workflow.enums import Status
from workflow.models import Application, Event
from workflow.selectors.lists import STATUS_TONES, status_text


def proposals(*, is_open: bool) -> QuerySet[Application]:
    """Answers the applications that claim a pair of person and enterprise; only proposals make such claims."""
    made = EmploymentItem.objects.filter(claim_key__startswith="start:", is_open=is_open)
    return Application.objects.filter(pk__in=made.values("application_id")).select_related("person", "enterprise")


def proposals_of(enterprise_id: int, *, is_open: bool) -> QuerySet[Application]:
    """Leaves out drafts, which were refused at filing, and accepted proposals, which are employments now."""
    found = proposals(is_open=is_open).filter(enterprise_id=enterprise_id)
    return found if is_open else found.exclude(status__in=[Status.DRAFT, Status.APPROVED])


def waiting_proposals_to(person_id: int) -> list[Application]:
    """Answers the proposals that wait for the person's answer, the most urgent first."""
    return list(proposals(is_open=True).filter(person=person_id).order_by("due_on", "pk"))


@dataclass(frozen=True)
class ProposalRow:
    application: Application
    posts: str
    contract: str
    status_text: str
    status_tone: str
    note: str


def proposal_rows(applications: Sequence[Application]) -> list[ProposalRow]:
    """Takes one query for any number of closed proposals, none for open ones."""
    closed = [application.pk for application in applications if not application.is_open]
    events = Event.objects.filter(application_id__in=closed).order_by("pk") if closed else []
    notes = {event.application_id: event.comment for event in events}
    return [
        ProposalRow(
            application,
            "、".join(Post(post).label for post in application.payload.get("posts", [])),
            contract_text(application.payload),
            "本人已拒绝" if application.status == Status.REJECTED else status_text(application),
            STATUS_TONES[Status(application.status)],
            notes.get(application.pk, ""),
        )
        for application in applications
    ]


def contract_text(payload: dict[str, Any]) -> str:
    starts, ends = payload.get("contract_from"), payload.get("contract_to")
    if not starts:
        return ""
    begins = chinese_date(date.fromisoformat(starts))
    return f"{begins} 至 {chinese_date(date.fromisoformat(ends))}" if ends else f"{begins}起，无固定期限"
