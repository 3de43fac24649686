"""Reads the CA keys of an enterprise, their states and the logins with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.access.rights import Right
from administration.models import AuditEntry
from common.dates import chinese_date
from common.findings import Cure, Finding, Level
from common.web.ids import id_of
from enterprises.enums import OperatorRole
from enterprises.models import CaKey, Enterprise, FormerCaKey, OperatorDelegation
from enterprises.rights.rules import Rights, managers_of, rights_of

from .key_services import blocked_finding

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
    """`delegations` are those of today and of later."""

    key: CaKey
    state: str
    tone: str
    is_own: bool
    reader: Rights
    delegations: list[OperatorDelegation]

    @property
    def may_be_changed(self) -> bool:
        """Answers whether the reader manages this operator: a delegation does not reach managers, nor its holder."""
        if Right.MANAGE not in self.reader:
            return False
        return self.reader.is_manager or (self.key.role != OperatorRole.MANAGER and not self.is_own)

    @property
    def may_be_blocked(self) -> bool:
        return self.key.blocked_at is None and not self.is_own and self.may_be_changed

    @property
    def may_be_delegated(self) -> bool:
        return self.reader.is_manager and self.key.role == OperatorRole.CLERK and self.key.blocked_at is None


def why_put_out(request: HttpRequest) -> list[Finding]:
    """Tells an operator whose session ended because the key was blocked meanwhile, or is no longer valid."""
    user_id = id_of(request.session.get(SESSION_KEY))
    key = CaKey.objects.filter(user_id=user_id).first() if user_id else None
    if key is None:
        return []
    if key.blocked_at is not None:
        return [blocked_finding(key)]
    if key.valid_to < timezone.now():
        said = f"您的 CA 锁已于{chinese_date(key.valid_to)}到期，登录已经结束"
        return [Finding("key.expired", said, "请向 CA 机构续期，用新的证书登录并选择接替这把锁。", turn="企业")]
    return []


def has_manager(enterprise: Enterprise, *, now: datetime) -> bool:
    return managers_of(enterprise.pk, now=now).exists()


def keys_of(enterprise: Enterprise, own: CaKey, *, now: datetime) -> list[KeyRow]:
    """Lists the usable keys first."""
    keys = CaKey.objects.filter(enterprise=enterprise).order_by("-valid_to", "pk")
    rows = [key_row(key, own, now=now) for key in keys.prefetch_related(_open_delegations(now))]
    return sorted(rows, key=lambda row: (not row.is_own, row.tone == ""))


def _open_delegations(now: datetime) -> Any:
    today = localdate(now)
    rows = OperatorDelegation.objects.filter(ended_at__isnull=True, ends_on__gte=today).order_by("starts_on", "pk")
    return Prefetch("delegations", rows, to_attr="open_delegations")


def key_row(key: CaKey, own: CaKey, *, now: datetime) -> KeyRow:
    delegations = getattr(key, "open_delegations", [])
    return KeyRow(key, *_state(key, now), is_own=key.pk == own.pk, reader=rights_of(own), delegations=delegations)


def key_of_enterprise(pk: int, enterprise_id: int) -> CaKey:
    """Raises Http404 for the key of another enterprise, too."""
    keys = CaKey.objects.prefetch_related(_open_delegations(timezone.now()))
    return get_object_or_404(keys, pk=pk, enterprise_id=enterprise_id)


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
