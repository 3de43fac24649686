"""工商信息数据同步 (F50): asks the business registry, shows the differences, and applies them when somebody accepts."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from accounts.access import audit
from accounts.models import User
from administration.messages.services import OutgoingMessage, send
from administration.models import Region
from administration.offices.selectors import region_of_code
from administration.throttle import Limit, seconds_to_wait
from common.dates import chinese_date
from common.findings import Cure, Finding, Refused
from enterprises.enums import CodeKind, EnterpriseStatus
from enterprises.models import CodeChange, Enterprise, RegistrySync
from enterprises.register import dissolution
from enterprises.register.services import EnterpriseFacts, save_enterprise

from .checks import look_up
from .client import RegistryError, RegistryRecord
from .findings import BACK, OUTDATED, another, failure, old_code, too_often

log = logging.getLogger(__name__)

ANSWER = ("name", "region_id", "legal_representative", "legal_representative_index", "status", "dissolved_on")
LIMIT = Limit("registry_sync", 10)
GOOD_FOR = timedelta(days=1)
"""An answer older than this is not accepted any more: the registry is asked again."""


@dataclass(frozen=True)
class Difference:
    label: str
    ours: str
    theirs: str


def ask_registry(enterprise: Enterprise, *, by: User, now: datetime, back: Cure = BACK) -> RegistrySync:
    """Stores the answer without applying it; one that changes nothing is accepted at once. Raises Refused.

    It runs outside a transaction, because the registry may answer slowly.
    """
    if seconds := seconds_to_wait(LIMIT, enterprise.uscc, now=now):
        raise Refused(too_often(seconds, back))
    if enterprise.code_kind != CodeKind.USCC:
        raise Refused(old_code(back))
    try:
        record = look_up(enterprise.uscc, now=now)
    except RegistryError as error:
        log.warning("business registry: %s", error)
        raise Refused(failure(error, back)) from error
    if record.uscc != enterprise.uscc:
        raise Refused(another(enterprise.uscc, record))
    return keep_answer(enterprise, record, by=by, now=now)


@transaction.atomic
def keep_answer(enterprise: Enterprise, record: RegistryRecord, *, by: User | None, now: datetime) -> RegistrySync:
    """Without an author it is the night's: the same answer is kept once, as long as nobody has decided about it."""
    asked_by_code, enterprise = enterprise.uscc, Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    if enterprise.uscc != asked_by_code:
        raise Refused(OUTDATED)
    sync = RegistrySync(
        enterprise=enterprise,
        asked_at=now,
        asked_by=by,
        name=record.name,
        region=region_of_code(record.region_code) if record.region_code else None,
        legal_representative=record.legal_representative,
        legal_representative_index=record.legal_representative_index,
        status=record.status,
        dissolved_on=record.dissolved_on,
    )
    known = _kept_already(sync) if by is None else None
    if known is not None:
        known.asked_at = now
        known.save(update_fields=["asked_at"])
        return known
    changes = [one.label for one in differences(sync)]
    if by is None and not changes:
        # Nothing is to be decided, so that no row is kept of what is the same every month.
        sync.accepted_at = now
        save_enterprise(_facts(sync), now=now, synced=True)
        return sync
    sync.save()
    audit.record("enterprise.synced", by=by, about=enterprise, detail={"differs": changes})
    if not changes:
        _apply(sync, by, now)
    elif by is None:
        _tell_of_difference(enterprise, changes)
    return sync


def _kept_already(sync: RegistrySync) -> RegistrySync | None:
    """Answers the latest answer to this enterprise, if it is the same, came by night and waits for a decision. One that
    somebody asked for and left alone does not stand in for it: the clerks' list has those of the night.
    """
    last = RegistrySync.objects.filter(enterprise=sync.enterprise).order_by("-pk").first()
    if last is None or last.accepted_at is not None or last.asked_by_id is not None:
        return None
    same = all(getattr(last, name) == getattr(sync, name) for name in ANSWER)
    return last if same else None


def _tell_of_difference(enterprise: Enterprise, changes: list[str]) -> None:
    body = (
        f"系统夜间查询工商登记，与本系统登记不同的是：{'、'.join(changes)}。没有任何内容自动改变。"
        "请在“企业基本信息”点击“工商信息数据同步”，逐项核对后确认；工商登记有误的，请先向登记机关更正。"
    )
    title = "工商登记与本系统的企业信息不一致"
    send(
        [
            OutgoingMessage(
                enterprise.mailbox_id, title, body, reverse("enterprises:profile"), event="enterprise_register"
            )
        ]
    )


def differences(sync: RegistrySync) -> list[Difference]:
    """Compares field by field; a field that the registry leaves empty does not differ."""
    ours = sync.enterprise
    pairs = [
        ("企业名称", ours.name, sync.name),
        ("法定代表人", ours.legal_representative, sync.legal_representative),
        ("注册地", _place(ours.region), _place(sync.region) if sync.region else ""),
        ("登记状态", _status(ours), _status(sync)),
    ]
    found = [Difference(label, old or "—", new) for label, old, new in pairs if new and new != old]
    same_representative = sync.legal_representative in ("", ours.legal_representative)
    if same_representative and sync.legal_representative_index not in ("", ours.legal_representative_index):
        found.append(Difference("法定代表人证件", "已登记" if ours.legal_representative_index else "—", "有更新"))
    return found


def _place(region: Region) -> str:
    city = region.parent.name if region.parent and region.parent.is_city else ""
    return f"{city}{region.name}"


def _status(one: Enterprise | RegistrySync) -> str:
    label = str(EnterpriseStatus(one.status).label)
    return f"{label}（{chinese_date(one.dissolved_on)}）" if one.dissolved_on else label


def accept(
    sync_id: int, *, enterprise_id: int, by: User, now: datetime, outdated: Finding = OUTDATED
) -> list[Difference]:
    """Changes the enterprise at once and answers what changed; the former name stays in the history. Raises Refused."""
    sync = RegistrySync.objects.select_related("enterprise").get(pk=sync_id, enterprise=enterprise_id)
    _refuse_unless_fresh(sync, now, outdated)
    changed = differences(sync)
    if sync.dissolved_on is not None and not sync.enterprise.is_gone:
        # This runs first in its own transaction, because it locks people before enterprises; it may be repeated.
        dissolution.dissolve({sync.enterprise_id: (sync.status, sync.dissolved_on)})
    with transaction.atomic():
        enterprise = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise_id)
        sync = RegistrySync.objects.select_for_update().get(pk=sync_id)
        _refuse_unless_fresh(sync, now, outdated)
        sync.enterprise = enterprise
        _apply(sync, by, now)
        detail: dict[str, object] = {"changed": [one.label for one in changed], "name": sync.name}
        audit.record("enterprise.sync_accepted", by=by, about=enterprise, detail=detail)
    return changed


def _refuse_unless_fresh(sync: RegistrySync, now: datetime, outdated: Finding) -> None:
    if sync.accepted_at is not None:
        raise Refused(Finding("registry.accepted", "这次同步已经确认过", "企业信息已更新。", cure=outdated.cure))
    newer = RegistrySync.objects.filter(enterprise=sync.enterprise_id, pk__gt=sync.pk).exists()
    # What the registry has answered about a former code may be the end of an entry that goes on by the present one.
    has_other_code = CodeChange.objects.filter(enterprise=sync.enterprise_id, changed_at__gte=sync.asked_at).exists()
    if newer or has_other_code or now - sync.asked_at > GOOD_FOR:
        raise Refused(outdated)


def _facts(sync: RegistrySync) -> EnterpriseFacts:
    return EnterpriseFacts(
        uscc=sync.enterprise.uscc,
        name=sync.name,
        region_code=sync.region_id or sync.enterprise.region_id,
        legal_representative=sync.legal_representative[:100],
        legal_representative_index=sync.legal_representative_index,
        is_existing=sync.dissolved_on is None,
    )


def _apply(sync: RegistrySync, by: User | None, now: datetime) -> None:
    save_enterprise(_facts(sync), now=now, synced=True)
    sync.accepted_at, sync.accepted_by = now, by
    sync.save(update_fields=["accepted_at", "accepted_by"])


@transaction.atomic
def count_as_existing(enterprise: Enterprise, *, now: datetime) -> None:
    """The registry knows an enterprise that counted as gone: it may log in again, and a clerk restores its people."""
    facts = EnterpriseFacts(uscc=enterprise.uscc, name=enterprise.name, region_code=enterprise.region_id)
    former = _status(enterprise)
    save_enterprise(facts, now=now)
    audit.record("enterprise.exists_again", by=None, about=enterprise, detail={"former": former})
    body = (
        f"原登记状态：{former}。工商登记现在是存续，本系统已按工商登记更正，操作员可以登录。"
        "当时解除的聘用关系不会自动恢复，由注册地主管部门的登记人员在“恢复聘用关系”中核对后恢复，或由企业重新发起聘用。"
    )
    send(
        [
            OutgoingMessage(
                enterprise.mailbox_id,
                "企业登记状态已恢复为存续",
                body,
                reverse("enterprises:profile"),
                event="enterprise_register",
            )
        ]
    )
