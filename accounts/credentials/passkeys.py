"""Adds, uses and removes passkeys (通行密钥, WebAuthn) of persons: a second verification that no photograph passes.

The private key never leaves the telephone. The library compares origin, challenge and signature; this module decides
who may add one, that a challenge serves once, and that a counter never goes back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from fido2.cose import UnsupportedKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.access import audit
from accounts.access.notifications import tell_owner
from accounts.models import Passkey, User
from common.encryption import blind_index
from common.findings import Cure, Finding, Refused
from common.web.sealed_session import SealedValue

from . import reset_waits

MOST = 10
METHOD = "passkey"
ISSUER = "住建云"
_LASTS = timedelta(minutes=5)
_ADDING = SealedValue("passkey_adding", lifetime=_LASTS)
_ASKED = SealedValue("passkey_asked", lifetime=_LASTS)

NOT_TAKEN = Finding(
    "passkey.not_taken", "没有收到设备的答复，或答复已经过期", "请重新按一次按钮，并在5分钟内按设备的提示完成。"
)
WRONG = Finding(
    "passkey.wrong", "这把通行密钥没有通过验证", "请用添加过通行密钥的那台设备再试一次，或改用其他方式验证。"
)
TWICE = Finding("passkey.twice", "这台设备的通行密钥已经添加过", "不需要再添加；要换新的，请先删除原来的一把。")
TOO_MANY = Finding("passkey.too_many", f"最多添加{MOST}把通行密钥", "请先删除不再使用的，再添加新的。")
UNPROVEN = Finding(
    "passkey.unproven",
    "添加通行密钥以前要再次验证身份",
    "验证后10分钟内可以添加。",
    turn="本人",
    cure=Cure("再次验证身份", "accounts:mobile_verify"),
)
COPIED = Finding(
    "passkey.copied",
    "这把通行密钥可能被复制，已经停用",
    "设备的使用次数比上一次少。请改用其他方式验证，删除这把通行密钥后重新添加。",
)


@dataclass(frozen=True)
class Origin:
    """Names the place for which a key is made, for example "https" and "portal.example:8443"."""

    scheme: str
    host: str

    @classmethod
    def of(cls, request: HttpRequest) -> Origin:
        return cls(request.scheme or "https", request.get_host())

    @property
    def domain(self) -> str:
        """Keys belong to a name, whatever the port."""
        return self.host.rpartition(":")[0] or self.host

    def is_that_of(self, address: str) -> bool:
        return address == f"{self.scheme}://{self.host}"


def passkeys_of(user_id: int) -> list[Passkey]:
    return list(Passkey.objects.filter(user_id=user_id).order_by("id"))


def _usable(user_id: int) -> QuerySet[Passkey]:
    """Leaves out those whose counter went back."""
    return Passkey.objects.filter(user_id=user_id, copied_at__isnull=True).order_by("id")


def has_usable(user_id: int) -> bool:
    return _usable(user_id).exists()


# --- adding ---


def begin_adding(request: HttpRequest, user: User) -> dict[str, Any]:
    """Answers what the browser passes to the device. The challenge stays sealed in this session."""
    entity = PublicKeyCredentialUserEntity(
        name=user.name, id=blind_index(f"user:{user.pk}", "passkey").encode()[:64], display_name=user.name
    )
    options, state = _server(Origin.of(request)).register_begin(
        entity,
        _known(passkeys_of(user.pk)),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _ADDING.put(request, {"user": user.pk, "state": state})
    return dict(options)


def finish_adding(
    request: HttpRequest, user: User, *, answer: str, name: str, proven_by: str, now: datetime
) -> Passkey:
    """`proven_by` is the second verification that still holds. Raises Refused, and then nothing is stored."""
    kept = _ADDING.take(request)
    if kept is None or kept["user"] != user.pk:
        raise Refused(NOT_TAKEN)
    try:
        found = _server(Origin.of(request)).register_complete(kept["state"], _read(answer))
    except _UNREADABLE as error:
        raise Refused(WRONG) from error
    if found.credential_data is None or isinstance(found.credential_data.public_key, UnsupportedKey):
        raise Refused(WRONG)
    is_confirmed = reset_waits.is_confirmed(request)
    return _add(user, found.credential_data, found.counter, name, proven_by, is_confirmed=is_confirmed, now=now)


@transaction.atomic
def _add(
    user: User,
    credential: AttestedCredentialData,
    counter: int,
    name: str,
    proven_by: str,
    *,
    is_confirmed: bool,
    now: datetime,
) -> Passkey:
    if not proven_by:
        raise Refused(UNPROVEN)
    wait = None if is_confirmed else reset_waits.wait_of(user, now=now)
    if wait is not None:
        raise Refused(reset_waits.refusal(wait))
    # The lock: two pages at once do not pass the limit together.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if Passkey.objects.filter(user=user).count() >= MOST:
        raise Refused(TOO_MANY)
    try:
        with transaction.atomic():
            key = Passkey.objects.create(
                user=user,
                credential_id=credential.credential_id,
                credential=bytes(credential),
                counter=counter,
                name=name,
                proven_by=proven_by,
                added_at=now,
            )
    except IntegrityError as error:
        raise Refused(TWICE) from error
    audit.record("passkey_add", by=user, about=user, detail={"passkey": key.pk, "proven_by": proven_by})
    tell_owner(user, "已添加通行密钥", f"名称：{name}。不是您本人操作的，请立即删除它并修改密码。")
    return key


# --- using ---


def begin_verifying(request: HttpRequest, user: User) -> dict[str, Any]:
    options, state = _server(Origin.of(request)).authenticate_begin(
        _known(_usable(user.pk)), user_verification=UserVerificationRequirement.REQUIRED
    )
    _ASKED.put(request, {"user": user.pk, "state": state})
    return dict(options)


def verify(request: HttpRequest, user: User, *, answer: str, now: datetime) -> Finding | None:
    """Answers why not. It notes a copied key, so it must not run in a transaction that is rolled back."""
    kept = _ASKED.take(request)
    if kept is None or kept["user"] != user.pk:
        return NOT_TAKEN
    try:
        given = _read(answer)
        used = _server(Origin.of(request)).authenticate_complete(kept["state"], _known(_usable(user.pk)), given)
        counter = AuthenticationResponse.from_dict(given).response.authenticator_data.counter
    except _UNREADABLE:
        return WRONG
    return _note_use(user, used.credential_id, counter, now)


@transaction.atomic
def _note_use(user: User, credential_id: bytes, counter: int, now: datetime) -> Finding | None:
    """Devices that count must count upwards (WebAuthn, 7.2); synchronised keys always answer zero."""
    key = _usable(user.pk).select_for_update(no_key=True).filter(credential_id=credential_id).first()
    if key is None:
        return WRONG
    if (counter or key.counter) and counter <= key.counter:
        key.copied_at = now
        key.save(update_fields=["copied_at"])
        audit.record("passkey_copied", by=None, about=user, detail={"passkey": key.pk})
        tell_owner(user, "一把通行密钥可能被复制，已停用", f"名称：{key.name}。请删除它，并修改密码。")
        return COPIED
    key.counter, key.used_at = counter, now
    key.save(update_fields=["counter", "used_at"])
    return None


# --- removing ---


@transaction.atomic
def remove(user: User, pk: int) -> str:
    """Answers the name of the removed key; it is empty if this login has none of that number."""
    key = Passkey.objects.select_for_update().filter(user=user, pk=pk).first()
    if key is None:
        return ""
    key.delete()
    audit.record("passkey_remove", by=user, about=user, detail={"passkey": pk})
    tell_owner(user, "已删除通行密钥", f"名称：{key.name}。不是您本人操作的，请立即修改密码。")
    return key.name


# --- the library ---

_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError, NotImplementedError)
"""The library reads what a stranger sends by slices and keys, and answers with whatever these raise."""


def _server(origin: Origin) -> Fido2Server:
    """No attestation is asked for: it would name the make of the telephone."""
    return Fido2Server(PublicKeyCredentialRpEntity(name=ISSUER, id=origin.domain), verify_origin=origin.is_that_of)


def _known(keys: Iterable[Passkey]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(key.credential)) for key in keys]


def _read(answer: str) -> Mapping[str, Any]:
    given = json.loads(answer)
    if not isinstance(given, Mapping):
        raise ValueError("no object")
    return given
