"""Reads what one operator did: acts on applications from their records, everything else from the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from administration.audit.actions import ACTIONS
from administration.models import AuditEntry
from workflow.business import UnknownBusiness, business_of
from workflow.models import Event
from workflow.services.auditing import AUDITED


@dataclass(frozen=True)
class Act:
    at: datetime
    what: str
    about: str = ""
    link: str = ""
    address: str = ""


def entries_of(user_id: int) -> QuerySet[AuditEntry]:
    """Decisions on applications are left out, since the other list has them."""
    return AuditEntry.objects.filter(actor_id=user_id).exclude(action__in=sorted(AUDITED.values()))


def events_of(user_id: int) -> QuerySet[Event]:
    return Event.objects.filter(actor=user_id).select_related("application__person")


def act_of_entry(entry: AuditEntry) -> Act:
    count = entry.detail.get("count")
    about = f"{count} 条" if isinstance(count, int) else ""
    return Act(entry.at, ACTIONS.get(entry.action, "其他"), about, address=entry.address or "")


def act_of_event(event: Event, enterprise_id: int) -> Act:
    """A case that has since gone to others is named without a link."""
    application = event.application
    try:
        title = business_of(application.kind).title
    except UnknownBusiness:
        title = "办件"
    person = application.person.name if application.person else ""
    ours = enterprise_id in (application.enterprise_id, application.former_enterprise_id)
    link = reverse("workflow:detail", args=[application.number]) if ours else ""
    about = " ".join(filter(None, [title, application.number, person]))
    return Act(event.at, event.get_action_display(), about, link)
