"""Keeps the list that a clerk gave, and proposes employment to everybody in it who may be proposed to."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from common.findings import Finding, Refused
from employment.models import ProposalList
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.services.auditing import author_of
from workflow.services.filing_many import file_applications

from .reading import GivenLine
from .report import Item, Standing, items_of

KEPT_FOR = timedelta(days=3)
NOBODY = Finding("list.nobody", "这份名单里没有可以发起聘用的人", "按每一行的原因改正后，重新核对。", turn="企业")
ANOTHER = Finding(
    "list.another", "这份名单已经换成另一份", "您在另一个窗口核对了新的名单。请看过下面的结果再发起。", turn="企业"
)


@transaction.atomic
def keep_list(lines: Sequence[GivenLine], *, enterprise: Enterprise, actor: Actor, now: datetime) -> ProposalList:
    """A new list replaces the former one of this clerk."""
    if actor.user_id is None:
        raise ValueError("lists are given by somebody")
    values: dict[str, Any] = {
        "enterprise": enterprise,
        "mark": uuid.uuid4(),
        "lines": [line.as_json() for line in lines],
        "checked_at": now,
        "sent_at": None,
        "filed": {},
        "refused": {},
    }
    return ProposalList.objects.update_or_create(user_id=actor.user_id, defaults=values)[0]


@transaction.atomic
def send_list(mark: str, *, enterprise: Enterprise, actor: Actor, now: datetime | None = None) -> ProposalList:
    """Files all proposals of the list in one transaction; a second call answers what the first one did.

    Raises Refused where the list was replaced meanwhile or nobody in it may be proposed to.
    """
    now = now or utc_now()
    rows = ProposalList.objects.select_for_update(no_key=True)
    kept = rows.filter(user=actor.user_id, enterprise=enterprise).first()
    if kept is None or str(kept.mark) != mark:
        raise Refused(ANOTHER)
    if kept.sent_at is not None:
        return kept
    items = items_of(kept, enterprise, today=localdate(now))
    fit = {item.case: item for item in items if item.case is not None}
    if not fit:
        raise Refused(NOBODY)
    result = file_applications(list(fit), actor=actor, now=now)
    kept.filed = {str(fit[case].line.place): application.number for case, application in result.filed.items()}
    refused = {fit[case].line.place: found for case, found in result.refused.items()}
    kept.refused = {
        str(item.line.place): _kept_words(item, refused.get(item.line.place))
        for item in items
        if str(item.line.place) not in kept.filed
    }
    kept.sent_at = now
    kept.save(update_fields=["filed", "refused", "sent_at"])
    detail: dict[str, object] = {"rows": len(items), "filed": len(kept.filed), "acting_for": actor.acting_for}
    about = [(Enterprise._meta.label_lower, enterprise.pk, detail)]
    record_audits("employment.propose_list", about, by=author_of(actor))
    return kept


def _kept_words(item: Item, refused: list[Finding] | None) -> dict[str, Any]:
    findings = item.findings if refused is None else refused
    standing = item.standing if refused is None else Standing.BAD
    return {"standing": standing, "findings": [one.as_json() for one in findings], "number": item.number}


def forget_lists(*, now: datetime) -> int:
    """Deletes lists that were checked long ago. Answers how many there were."""
    return ProposalList.objects.filter(checked_at__lt=now - KEPT_FOR).delete()[0]
