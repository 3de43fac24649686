"""Writes of CA keys: bound at their first use, carried on at renewal, blocked when lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.enums import Sphere
from accounts.models import User
from jxcloud.base.dates import chinese_date
from jxcloud.base.findings import Cure, Finding, Refused

from .models import CaKey, Enterprise

RENEWABLE_BEFORE_END = timedelta(days=90)
"""CAs renew in the last months of a key; a second key earlier than that belongs to a second operator of that name."""


@dataclass(frozen=True)
class PresentedKey:
    """What a verified certificate says of its holder."""

    uscc: str
    operator_name: str
    fingerprint: str
    """SHA-256 of the certificate, hexadecimal."""
    serial_number: str
    issuer: str
    valid_from: datetime
    valid_to: datetime


@transaction.atomic
def bind_key(*, enterprise_id: int, presented: PresentedKey, now: datetime) -> CaKey:
    """The operator's key, bound now if it never was. Raises Refused for a blocked key, or one of another enterprise."""
    # Two first logins with one key wait here for each other; the unique fingerprint stands behind it.
    enterprise = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise_id)
    known = CaKey.objects.select_related("user").filter(fingerprint=presented.fingerprint).first()
    if known is not None:
        if findings := findings_of(known, enterprise):
            raise Refused(*findings)
        known.enterprise = enterprise
        return known
    renewed = _renewed_by(enterprise, presented, now)
    return _rebind(renewed, presented, now) if renewed is not None else _bind_new(enterprise, presented, now)


def findings_of(key: CaKey, enterprise: Enterprise | None) -> list[Finding]:
    """What stands against a key that is known already."""
    findings = [blocked_finding(key)] if key.blocked_at is not None else []
    if enterprise is not None and key.enterprise_id != enterprise.pk:
        findings.append(
            Finding(
                "key.other_enterprise",
                "这把 CA 锁已绑定另一家企业",
                "证书中的统一社会信用代码与绑定的企业不一致。信用代码变更过的，请联系注册地主管部门核对后重新绑定。",
                turn="注册地主管部门",
            )
        )
    return findings


def blocked_finding(key: CaKey) -> Finding:
    detail = f"{chinese_date(key.blocked_at)}由企业停用" if key.blocked_at else "已停用"
    reason = f"，原因：{key.blocked_reason}" if key.blocked_reason else ""
    return Finding(
        "key.blocked",
        "这把 CA 锁已停用",
        f"{detail}{reason}。停用后不能恢复，请向 CA 机构申请新的证书，首次登录时自动绑定。",
        turn="企业",
    )


def _renewed_by(enterprise: Enterprise, presented: PresentedKey, now: datetime) -> CaKey | None:
    """The same operator's key that this one replaces."""
    return (
        CaKey.objects.select_related("user")
        .filter(
            enterprise=enterprise,
            operator_name=presented.operator_name,
            blocked_at__isnull=True,
            valid_from__lt=presented.valid_from,
            valid_to__lt=min(presented.valid_to, now + RENEWABLE_BEFORE_END),
        )
        .order_by("-valid_to")
        .first()
    )


def _rebind(key: CaKey, presented: PresentedKey, now: datetime) -> CaKey:
    """The operator keeps the login, so that former acts stay theirs; the audit remembers the former certificate."""
    former = {"former_fingerprint": key.fingerprint, "former_serial_number": key.serial_number}
    _take(key, presented)
    key.bound_at = now
    key.save()
    audit.record("key.renewed", by=key.user, about=key, detail={**former, "fingerprint": key.fingerprint})
    return key


def _bind_new(enterprise: Enterprise, presented: PresentedKey, now: datetime) -> CaKey:
    user = User(login=f"k:{uuid.uuid4().hex}", sphere=Sphere.OPERATOR, name=presented.operator_name, created_at=now)
    user.set_unusable_password()
    user.save()
    key = CaKey(enterprise=enterprise, user=user, bound_at=now)
    _take(key, presented)
    key.save()
    audit.record("key.bound", by=user, about=key, detail={"fingerprint": key.fingerprint})
    return key


def _take(key: CaKey, presented: PresentedKey) -> None:
    key.fingerprint = presented.fingerprint
    key.serial_number = presented.serial_number
    key.issuer = presented.issuer
    key.operator_name = presented.operator_name
    key.valid_from = presented.valid_from
    key.valid_to = presented.valid_to


@transaction.atomic
def block_key(*, key_id: int, reason: str, by: CaKey, now: datetime) -> CaKey:
    """A lost key, blocked by another operator of the same enterprise. Raises Refused; CaKey.DoesNotExist for a foreign one."""
    key = CaKey.objects.select_for_update().select_related(None).get(pk=key_id, enterprise_id=by.enterprise_id)
    if key.pk == by.pk:
        raise Refused(
            Finding(
                "key.in_use",
                "不能停用正在使用的 CA 锁",
                "您正用这把锁登录，它没有丢失。要停用它，请用本企业的另一把锁登录。",
                cure=Cure("返回企业基本信息", "enterprises:profile"),
            )
        )
    if key.blocked_at is None:
        key.blocked_at, key.blocked_reason = now, reason
        key.save(update_fields=["blocked_at", "blocked_reason"])
        audit.record("key.blocked", by=by.user, about=key, detail={"fingerprint": key.fingerprint})
    return key
