"""Takes what the SMS service reports about messages that it had taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from administration.enums import Channel, DeliveryState, Receipt
from administration.models import Delivery

MOST_AT_ONCE = 500
_LONGEST_CODE = 60


class Unreadable(Exception):
    """The report has another form than docs/messages.md says."""


@dataclass(frozen=True)
class Report:
    key: UUID
    receipt: Receipt
    code: str = ""


def read_reports(content: object) -> list[Report]:
    """Raises Unreadable unless every line can be read: half a report would not be sent again."""
    lines = content.get("receipts") if isinstance(content, dict) else None
    if not isinstance(lines, list) or len(lines) > MOST_AT_ONCE:
        raise Unreadable
    return [_report(line) for line in lines]


def _report(line: object) -> Report:
    if not isinstance(line, dict):
        raise Unreadable
    code = line.get("code", "")
    try:
        return Report(UUID(str(line.get("id"))), Receipt(str(line.get("state"))), _plain(code))
    except ValueError as error:
        raise Unreadable from error


def _plain(code: object) -> str:
    """A code has letters, so it can be no number of a telephone."""
    if not isinstance(code, str) or not code.isascii() or not code.isprintable() or code.strip("+ ").isdigit():
        return ""
    return code[:_LONGEST_CODE]


@transaction.atomic
def take_receipts(reports: Iterable[Report], *, now: datetime) -> int:
    """Answers how many were new. The first receipt of a message counts; one that comes twice changes nothing.

    A receipt also shows that a message was taken whose answer got lost, so it is not handed over again.
    """
    by_key = {report.key: report for report in reports}
    rows = Delivery.objects.select_for_update().filter(key__in=by_key, channel=Channel.SMS, receipt="")
    taken = 0
    for row in rows.filter(attempts__gt=0).order_by("pk"):
        report = by_key[row.key]
        row.receipt, row.receipt_at, row.receipt_code = report.receipt, now, report.code
        if row.state == DeliveryState.WAITING:
            row.state, row.sent_at = DeliveryState.SENT, now
        row.save(update_fields=["receipt", "receipt_at", "receipt_code", "state", "sent_at"])
        taken += 1
    return taken
