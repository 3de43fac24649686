"""Reads proposed employments and describes them for pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from employment.models import EmploymentItem
from employment.terms_in_words import FORMER, changed_to, contract_text, post_words
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


def waiting_proposals_to(person_id: int) -> QuerySet[Application]:
    """Answers the proposals that wait for the person's answer, the most urgent first."""
    return proposals(is_open=True).filter(person=person_id).order_by("due_on", "pk")


@dataclass(frozen=True)
class ProposalRow:
    """Shows a proposal in words; a change in place names the former words, too."""

    application: Application
    posts: str
    contract: str
    what: str
    status_text: str
    status_tone: str
    note: str
    reminded: int = 0


def proposal_rows(
    applications: Sequence[Application], *, reminded: Mapping[int, int] | None = None
) -> list[ProposalRow]:
    """Takes one query for any number of closed proposals, none for open ones. `reminded` counts reminders of each."""
    closed = [application.pk for application in applications if not application.is_open]
    events = Event.objects.filter(application_id__in=closed).order_by("pk") if closed else []
    notes = {event.application_id: event.comment for event in events}
    return [
        ProposalRow(
            application,
            changed_to(application.payload, lambda terms: post_words(terms.get("posts", []))),
            changed_to(application.payload, contract_text),
            "续签、变更" if application.payload.get(FORMER) else "新聘用",
            "本人已拒绝" if application.status == Status.REJECTED else status_text(application),
            STATUS_TONES[Status(application.status)],
            notes.get(application.pk, ""),
            (reminded or {}).get(application.pk, 0),
        )
        for application in applications
    ]
