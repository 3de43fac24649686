"""Lets the marks of approvals go on naming a natural person whose ID number has changed (four eyes)."""

from __future__ import annotations

from collections.abc import Collection

from accounts.enums import Sphere
from accounts.models import User
from common.database.set_updates import update_rows
from workflow.permissions import DISPUTED, DUTY_OF_DESK

from ..models import Application
from .locking import lock_rows


def follow_number(formers: Collection[str], *, present: str) -> None:
    """Numbers are blind indexes. The marks by the former ones stay, since a merge may be taken back."""
    if not User.objects.filter(sphere=Sphere.STAFF, identity_index=present).exists():
        return
    marks = {f"{desk}:{one}": f"{desk}:{present}" for desk in (*DUTY_OF_DESK, DISPUTED) for one in formers}
    found = Application.objects.filter(is_open=True, approvers__overlap=list(marks))
    # Only the cases: whoever changes a number has locked the person, and no other person may be locked after that.
    rows = lock_rows(Application, found.order_by("pk").values_list("pk", flat=True))
    for row in rows:
        row.approvers = sorted({*row.approvers, *(marks[mark] for mark in row.approvers if mark in marks)})
    update_rows(rows, ["approvers"])
