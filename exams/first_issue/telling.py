"""Tells persons and enterprises what follows a first issue, and what stops one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from administration.messages.services import OutgoingMessage, send
from certificates.enums import IN_FORCE_STATES, Category
from certificates.models import Certificate
from exams.models import ExamEntry
from workflow.enums import Action
from workflow.models import Application, Event

PARTNER = {Category.C1: Category.C2, Category.C2: Category.C1}
"""Whoever holds both has them merged into one C3."""
MERGE = "两本证书应当合并为一本C3证（综合类），有效期止取较晚的一本。"
NAMED = 20


def tell_of_merges(issued: Sequence[ExamEntry]) -> None:
    """Leads holders of C1 who got a C2, and the reverse, to the merge."""
    people = {entry.person_id: PARTNER[Category(entry.category)] for entry in issued if entry.category in PARTNER}
    held = Certificate.objects.filter(
        person__in=people, category__in=PARTNER, legal_state__in=IN_FORCE_STATES
    ).select_related("person")
    posts = [
        OutgoingMessage(
            one.person.mailbox_id,
            "您已同时持有C1证和C2证，请办理合并",
            f"您原来持有{one.number}，这次又取得{_other(one.category)}证。{MERGE}",
            f"/applications/new/c3_merge/?certificate={one.pk}",
            event="certificate_problem",
        )
        for one in held.order_by("pk")
        if people[one.person_id] == one.category
    ]
    send(posts)


def _other(category: str) -> str:
    return str(PARTNER[Category(category)])


def tell_of_stops(application_ids: Collection[int]) -> None:
    """The person reads it from the return itself; each enterprise gets one summary, at which it can help."""
    rows = Application.objects.filter(pk__in=application_ids).select_related("person", "enterprise")
    returns = Event.objects.filter(application__in=application_ids, action=Action.RETURN).order_by("pk")
    reasons = dict(returns.values_list("application_id", "comment"))
    of_enterprise: dict[int, list[Application]] = defaultdict(list)
    for application in rows.order_by("pk"):
        if application.enterprise_id is not None:
            of_enterprise[application.enterprise_id].append(application)
    send(_summary(stopped, reasons) for stopped in of_enterprise.values())


def _summary(stopped: Sequence[Application], reasons: dict[int, str]) -> OutgoingMessage:
    first = stopped[0]
    box = first.enterprise.mailbox_id if first.enterprise else None
    lines = [f"{one.person.name if one.person else ''}：{reasons.get(one.pk, '')}" for one in stopped[:NAMED]]
    more = [f"等 {len(stopped)} 人"] if len(stopped) > NAMED else []
    title = f"{len(stopped)} 人的首次发证已暂停，等待本人处理"
    link = f"/applications/{first.number}/" if len(stopped) == 1 else "/enterprise/applications/"
    return OutgoingMessage(box, title, "\n".join([*lines, *more]), link, event="case_progress")
