"""Cases that cannot move are marked and reported once; the others of their batch go on without them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from administration.enums import OfficeKind
from administration.messages.services import OutgoingMessage, send
from administration.models import Office
from common.database.set_updates import update_rows
from common.findings import Finding

from ..models import Application

NO_OFFICE = "workflow.no_office"
FAILED = "workflow.failed"
CODES = frozenset({NO_OFFICE, FAILED})
"""Codes of findings that no party of the case can cure."""
FAILURE = Finding(
    FAILED, "系统没有办成这一件", "错误已经记录，办件保持原样。省厅系统管理员处理后会再办。", turn="省厅系统管理员"
)


def report_stuck(refused: Mapping[int, Sequence[Finding]]) -> int:
    """Marks those that nobody can move and tells the province of the newly marked ones. Answers how many are new."""
    reasons = {pk: _reason(findings) for pk, findings in refused.items()}
    reasons = {pk: reason for pk, reason in reasons.items() if reason}
    return _mark(reasons) if reasons else 0


def _reason(findings: Iterable[Finding]) -> str:
    return "；".join(finding.message for finding in findings if finding.code in CODES)[:300]


@transaction.atomic
def _mark(reasons: Mapping[int, str]) -> int:
    rows = Application.objects.filter(pk__in=reasons, is_open=True).order_by("pk").select_for_update(no_key=True)
    changed = [application for application in rows if application.stuck != reasons[application.pk]]
    is_new = {application.pk for application in changed if not application.stuck}
    for application in changed:
        application.stuck = reasons[application.pk]
    update_rows(changed, ["stuck"])
    _tell_province([application for application in changed if application.pk in is_new])
    return len(is_new)


def _tell_province(applications: Sequence[Application]) -> None:
    """Sends one message for all of them, to each office of the province."""
    if not applications:
        return
    title = f"有 {len(applications)} 件办件不能继续，需要省厅处理"
    lines = [f"{application.number}：{application.stuck}" for application in applications[:20]]
    boxes = Office.objects.filter(kind=OfficeKind.PROVINCIAL, is_active=True).values_list("mailbox_id", flat=True)
    send(OutgoingMessage(box, title, "\n".join(lines), "/office/stuck/") for box in boxes)
