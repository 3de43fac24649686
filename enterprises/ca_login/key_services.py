"""Writes CA keys: a key is bound at its first use, replaced at its renewal, and blocked when lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.access import audit
from accounts.enums import Sphere
from accounts.models import User
from administration.messages.services import OutgoingMessage, send
from administration.outbox.contacts import silence, speak_again
from common.dates import chinese_date
from common.findings import Cure, Finding, Refused
from common.text.names import validate_name
from enterprises.enums import OperatorRole
from enterprises.models import CaKey, Enterprise, FormerCaKey, FormerCode
from enterprises.rights.rules import managers_of
from enterprises.rights.services import findings_on, findings_on_last_manager, lock_managing

RENEWABLE_BEFORE_END = timedelta(days=90)
"""CAs renew a key in its last months; an earlier second key belongs to a second operator of the same name."""
OF_ENTERPRISES = ("公司", "集团", "中心", "企业", "厂")
LONGEST_PERSON = 30


@dataclass(frozen=True)
class PresentedKey:
    """Holds what a verified certificate says about its owner.

    `certificate_name` is the CN of the subject, `fingerprint` the SHA-256 of the certificate in hexadecimal.
    """

    uscc: str
    certificate_name: str
    fingerprint: str
    serial_number: str
    issuer: str
    valid_from: datetime
    valid_to: datetime


@transaction.atomic
def bind_key(
    *,
    enterprise_id: int,
    presented: PresentedKey,
    now: datetime,
    operator_name: str = "",
    renews: int | None = None,
    role: OperatorRole = OperatorRole.CLERK,
) -> CaKey:
    """Answers the operator's key, which is bound now if it never was; `renews` is the key that it replaces,
    `role` what its holder says at the first login: the CA gave the key to the enterprise, so it can always take over.

    Raises Refused for a blocked or replaced key, or one of another enterprise.
    """
    # Two first logins with one key wait here for each other; the unique fingerprint is the last safeguard.
    enterprise = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise_id)
    if findings := findings_against(presented.fingerprint, enterprise):
        raise Refused(*findings)
    known = CaKey.objects.select_related("user").filter(fingerprint=presented.fingerprint).first()
    if known is not None:
        known.last_used_at = now
        known.save(update_fields=["last_used_at"])
        known.enterprise = enterprise
        return known
    if renews is None:
        return _bind_new(enterprise, presented, operator_name or presented.certificate_name, role, now)
    renewed = next((key for key in renewable(enterprise, presented, now=now) if key.pk == renews), None)
    if renewed is None:
        raise Refused(NOT_RENEWABLE)
    return _rebind(renewed, presented, now)


NOT_RENEWABLE = Finding(
    "key.not_renewable",
    "选择的旧锁不能由这张证书接替",
    "只能接替本企业已停用、已过期或90天内到期、且比新证书更早启用的锁。请重新选择，或登记为新的操作员。",
    turn="企业",
)


def findings_against(fingerprint: str, enterprise: Enterprise | None) -> list[Finding]:
    """Answers the reasons against a key that was bound before."""
    if FormerCaKey.objects.filter(fingerprint=fingerprint).exists():
        return [
            Finding(
                "key.replaced",
                "这把 CA 锁已由新的证书接替",
                "请使用续期后的新锁登录。新锁遗失的，请由本企业管理员停用，或向 CA 机构挂失。",
                turn="企业",
            )
        ]
    key = CaKey.objects.filter(fingerprint=fingerprint).first()
    if key is None:
        return []
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
        f"{detail}{reason}。停用后不能恢复，请向 CA 机构申请新的证书，首次登录时可以接替这把锁。",
        turn="企业",
    )


def renewable(enterprise: Enterprise, presented: PresentedKey, *, now: datetime) -> list[CaKey]:
    """Answers the keys near their end that this certificate may replace, the most probable ones first."""
    ending = Q(blocked_at__isnull=False) | Q(valid_to__lt=now + RENEWABLE_BEFORE_END)
    former = FormerCode.objects.filter(enterprise=enterprise).order_by("-used_to").first()
    if former is not None and presented.uscc == enterprise.uscc:
        # The CA had to change these keys, however long they are valid, since they carry the former code.
        ending |= Q(bound_at__lt=former.used_to)
    older = CaKey.objects.filter(
        ending, enterprise=enterprise, valid_from__lt=presented.valid_from, valid_to__lt=presented.valid_to
    )
    keys = [
        key
        for key in older.select_related("user").order_by("-valid_to", "pk")
        if key.certificate_name == presented.certificate_name
        or not (names_a_person(key.certificate_name) and names_a_person(presented.certificate_name))
    ]
    return sorted(keys, key=lambda key: key.certificate_name != presented.certificate_name)


def names_a_person(certificate_name: str) -> bool:
    """Answers whether the certificate names its user; many CAs write the enterprise's name, or a number, there."""
    if not certificate_name or any(word in certificate_name for word in OF_ENTERPRISES):
        return False
    try:
        validate_name(certificate_name)
    except ValidationError:
        return False
    return len(certificate_name) <= LONGEST_PERSON


def must_ask_who(enterprise: Enterprise, presented: PresentedKey, *, now: datetime) -> bool:
    """Answers whether a first login has to say whose key this is: it is unnamed, or may be the renewal of another.

    Where the enterprise has a manager, it is also asked what the new operator does.
    """
    if CaKey.objects.filter(fingerprint=presented.fingerprint).exists():
        return False
    if not names_a_person(presented.certificate_name) or renewable(enterprise, presented, now=now):
        return True
    return managers_of(enterprise.pk, now=now).exists()


def _rebind(key: CaKey, presented: PresentedKey, now: datetime) -> CaKey:
    """The operator keeps the login, so that former acts stay theirs; the former certificate cannot log in any more."""
    FormerCaKey.objects.create(
        key=key,
        fingerprint=key.fingerprint,
        serial_number=key.serial_number,
        valid_from=key.valid_from,
        valid_to=key.valid_to,
        replaced_at=now,
        blocked_reason=key.blocked_reason,
    )
    former = {"former_fingerprint": key.fingerprint, "former_serial_number": key.serial_number}
    _take(key, presented)
    key.bound_at = key.last_used_at = now
    key.blocked_at, key.blocked_reason = None, ""
    key.save()
    speak_again([key.user_id])
    audit.record("key.renewed", by=key.user, about=key, detail={**former, "fingerprint": key.fingerprint})
    _tell(key, f"{key.operator_name}的 CA 锁已更换", "旧锁不能再登录。")
    return key


def _bind_new(
    enterprise: Enterprise, presented: PresentedKey, operator_name: str, role: OperatorRole, now: datetime
) -> CaKey:
    """Whoever comes first manages; so does who comes when no manager can log in any more."""
    if not managers_of(enterprise.pk, now=now).exists():
        role = OperatorRole.MANAGER
    user = User(login=f"k:{uuid.uuid4().hex}", sphere=Sphere.OPERATOR, name=operator_name, created_at=now)
    user.set_unusable_password()
    user.save()
    key = CaKey(enterprise=enterprise, user=user, operator_name=operator_name, bound_at=now, last_used_at=now)
    _take(key, presented)
    key.role, key.may_confirm = role, role == OperatorRole.MANAGER
    key.save()
    audit.record("key.bound", by=user, about=key, detail={"fingerprint": key.fingerprint, "role": role})
    what = "，可以管理操作员。" if role == OperatorRole.MANAGER else "，能否业务确认由管理员设置。"
    said = f"序列号 {key.serial_number} 的 CA 锁首次登录，已绑定本企业。角色：{role.label}{what}"
    _tell(key, f"新增操作员：{operator_name}", said)
    return key


def _take(key: CaKey, presented: PresentedKey) -> None:
    key.fingerprint = presented.fingerprint
    key.serial_number = presented.serial_number
    key.issuer = presented.issuer
    key.certificate_name = presented.certificate_name
    key.valid_from = presented.valid_from
    key.valid_to = presented.valid_to


def _tell(key: CaKey, title: str, body: str) -> None:
    """Everybody who manages the enterprise's keys is told, even when somebody else made the change."""
    link = reverse("enterprises:keys")
    text = f"{body}不是本企业安排的，请立即在“CA 锁与操作员”中停用，并向 CA 机构挂失。"
    send([OutgoingMessage(key.enterprise.mailbox_id, title, text, link, event="operators")])


@transaction.atomic
def rename_operator(*, key_id: int, operator_name: str, by: CaKey, now: datetime) -> CaKey:
    """Serves when another person took over the key, or the name was wrong. Earlier acts keep the name of their day.

    Raises Refused, and CaKey.DoesNotExist for a key of another enterprise.
    """
    author, rights = lock_managing(by, now=now)
    key = CaKey.objects.select_for_update().get(pk=key_id, enterprise_id=by.enterprise_id)
    if key.operator_name == operator_name:
        return key
    if findings := findings_on(author, rights, key, now=now):
        raise Refused(*findings)
    former, key.operator_name = key.operator_name, operator_name
    key.save(update_fields=["operator_name"])
    User.objects.filter(pk=key.user_id).update(name=operator_name)
    audit.record("key.operator", by=by.user, about=key, detail={"former": former, "name": operator_name})
    _tell(key, f"操作员{former}已改为{operator_name}", f"由{by.operator_name}修改。")
    return key


@transaction.atomic
def block_key(*, key_id: int, reason: str, by: CaKey, now: datetime) -> CaKey:
    """A manager of the same enterprise, or who manages for one today, blocks a lost key.

    Raises Refused, and CaKey.DoesNotExist for a key of another enterprise.
    """
    author, rights = lock_managing(by, now=now)
    key = CaKey.objects.select_for_update().select_related(None).get(pk=key_id, enterprise_id=by.enterprise_id)
    if key.pk == by.pk:
        raise Refused(
            Finding(
                "key.in_use",
                "不能停用正在使用的 CA 锁",
                "您正用这把锁登录，它没有丢失。要停用它，请用本企业的另一把锁登录。",
                cure=Cure("返回 CA 锁与操作员", "enterprises:keys"),
            )
        )
    if key.blocked_at is None:
        findings = [*findings_on(author, rights, key, now=now), *findings_on_last_manager(key, now=now)]
        if findings:
            raise Refused(*findings)
        key.blocked_at, key.blocked_reason = now, reason
        key.save(update_fields=["blocked_at", "blocked_reason"])
        silence([key.user_id], why="the operator's key was blocked")
        audit.record("key.blocked", by=by.user, about=key, detail={"fingerprint": key.fingerprint})
        send(
            [
                OutgoingMessage(
                    key.enterprise.mailbox_id,
                    f"{key.operator_name}的 CA 锁已停用",
                    f"由{by.operator_name}停用，原因：{reason}。",
                    event="operators",
                )
            ]
        )
    return key
