"""Cases that cannot move are marked and reported once; the others of their batch go on without them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from administration.enums import OfficeKind
from administration.messages.services import OutgoingMessage, send
from administration.models import Office
from common.database.set_updates import update_rows
from common.findings import Finding

from ..enums import OFFICE_DESKS
from ..models import Application

FAILED = "workflow.failed"
NO_OFFICE: dict[str, str] = {desk: f"workflow.no_office.{desk}" for desk in sorted(OFFICE_DESKS)}
"""Maps a desk to the code that says that the case's region has no office for it."""
CODES = frozenset({FAILED, *NO_OFFICE.values()})
"""Codes of findings that no party of the case can cure."""
FAILURE = Finding(
    FAILED, "系统没有办成这一件", "错误已经记录，办件保持原样。省厅系统管理员处理后会再办。", turn="省厅系统管理员"
)


def report_stuck(refused: Mapping[int, Sequence[Finding]]) -> int:
    """Marks those that nobody can move and tells the province of the newly marked ones. Answers how many are new."""
    reasons = {pk: [one for one in findings if one.code in CODES] for pk, findings in refused.items()}
    reasons = {pk: found for pk, found in reasons.items() if found}
    return _mark(reasons) if reasons else 0


@transaction.atomic
def _mark(reasons: Mapping[int, Sequence[Finding]]) -> int:
    rows = Application.objects.filter(pk__in=reasons, is_open=True).order_by("pk").select_for_update(no_key=True)
    said = {pk: (_codes(found), "；".join(one.message for one in found)[:300]) for pk, found in reasons.items()}
    changed = [one for one in rows if (one.stuck_codes, one.stuck) != said[one.pk]]
    is_new = {application.pk for application in changed if not application.stuck}
    for application in changed:
        application.stuck_codes, application.stuck = said[application.pk]
    update_rows(changed, ["stuck", "stuck_codes"])
    _tell_province([application for application in changed if application.pk in is_new])
    return len(is_new)


def _codes(findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(finding.code for finding in findings))


def _tell_province(applications: Sequence[Application]) -> None:
    """Sends one message for all of them, to each office of the province."""
    if not applications:
        return
    title = f"有 {len(applications)} 件办件不能继续，需要省厅处理"
    lines = [f"{application.number}：{application.stuck}" for application in applications[:20]]
    boxes = Office.objects.filter(kind=OfficeKind.PROVINCIAL, is_active=True).values_list("mailbox_id", flat=True)
    send(OutgoingMessage(box, title, "\n".join(lines), "/office/stuck/", event="office_work") for box in boxes)
