"""Reads the CA keys of an enterprise, their states and the logins with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.shortcuts import get_object_or_404

from administration.models import AuditEntry
from common.dates import chinese_date
from common.findings import Cure, Finding, Level
from enterprises.models import CaKey, Enterprise, FormerCaKey

KEY_WARNING = timedelta(days=30)


def key_ends(key: CaKey, now: datetime) -> Finding | None:
    if key.valid_to - now > KEY_WARNING:
        return None
    return Finding(
        "key.ends_soon",
        f"您的 CA 锁将于{chinese_date(key.valid_to)}到期",
        "请在到期前向 CA 机构续期。续期后的证书首次登录时选择接替这把锁，操作员和办理记录不变。",
        Level.ADVISORY,
        turn="企业",
        cure=Cure("查看 CA 锁", "enterprises:keys"),
    )


@dataclass(frozen=True)
class KeyRow:
    key: CaKey
    state: str
    tone: str
    is_own: bool

    @property
    def may_be_blocked(self) -> bool:
        return self.key.blocked_at is None and not self.is_own


def keys_of(enterprise: Enterprise, own: CaKey, *, now: datetime) -> list[KeyRow]:
    """Lists the usable keys first."""
    keys = CaKey.objects.filter(enterprise=enterprise).order_by("-valid_to", "pk")
    rows = [key_row(key, own, now=now) for key in keys]
    return sorted(rows, key=lambda row: (not row.is_own, row.tone == ""))


def key_row(key: CaKey, own: CaKey, *, now: datetime) -> KeyRow:
    return KeyRow(key, *_state(key, now), is_own=key.pk == own.pk)


def key_of_enterprise(pk: int, enterprise_id: int) -> CaKey:
    """Raises Http404 for the key of another enterprise, too."""
    return get_object_or_404(CaKey, pk=pk, enterprise_id=enterprise_id)


def former_certificates_of(key: CaKey) -> list[FormerCaKey]:
    """Answers the certificates that this one has replaced, the latest first."""
    return list(key.former.order_by("-replaced_at", "pk"))


SHOWN_LOGINS = 10


def logins_of(key: CaKey) -> list[AuditEntry]:
    """Answers the operator's latest logins with their addresses, so that colleagues notice a stranger's."""
    entries = AuditEntry.objects.filter(actor_id=key.user_id, action="login").order_by("-at", "-id")
    return list(entries[:SHOWN_LOGINS])


def _state(key: CaKey, now: datetime) -> tuple[str, str]:
    if key.blocked_at is not None:
        return "已停用", ""
    if key.valid_to < now:
        return "已过期", ""
    if key.valid_to - now <= KEY_WARNING:
        return "即将到期", "warn"
    return "可以使用", "good"
