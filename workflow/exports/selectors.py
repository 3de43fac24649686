"""Reads requests for unmasked lists: for their asker, and for the security administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.enums import Sphere
from accounts.models import User

from ..models import ExportRequest

RECENT = 50
ASKERS = (Sphere.STAFF, Sphere.SYSTEM_ADMIN)
"""These spheres ask for unmasked lists; each list says for itself who reads it."""


@dataclass(frozen=True)
class ExportRow:
    """`state` is in words; `may_take` tells whether there is a file to take now."""

    one: ExportRequest
    state: str
    tone: str
    may_take: bool = False


def row_of(one: ExportRequest, now: datetime) -> ExportRow:
    if one.decided_at is None:
        return ExportRow(one, "等待审批", "info")
    if not one.is_approved:
        return ExportRow(one, "不同意", "bad")
    if one.made_at is None:
        return ExportRow(one, "正在生成", "info")
    if one.error:
        return ExportRow(one, "没有生成", "bad")
    if one.file and one.expires_at is not None and one.expires_at > now:
        return ExportRow(one, "可以下载", "good", may_take=True)
    return ExportRow(one, "已到期删除", "")


def place_of(user: User) -> str:
    """Names the office of whoever asks; administrators have none."""
    return user.office.name if user.office else str(user.get_sphere_display())


def own_exports(user: User) -> QuerySet[ExportRequest]:
    return ExportRequest.objects.filter(asked_by=user).select_related("decided_by").order_by("-pk")


def waiting_exports() -> QuerySet[ExportRequest]:
    """Lists what waits for the security administrator, the oldest first."""
    return ExportRequest.objects.filter(decided_at__isnull=True).select_related("asked_by__office").order_by("pk")


def decided_exports() -> QuerySet[ExportRequest]:
    rows = ExportRequest.objects.filter(decided_at__isnull=False)
    return rows.select_related("asked_by__office", "decided_by").order_by("-pk")


def find_export(pk: int) -> ExportRequest | None:
    return ExportRequest.objects.select_related("asked_by__office", "decided_by").filter(pk=pk).first()


def ready_count(user: User, now: datetime) -> int:
    return ExportRequest.objects.filter(asked_by=user, expires_at__gt=now).exclude(file="").count()
