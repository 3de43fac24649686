"""工商信息数据同步 (F50): asks the business registry, shows the differences, and applies them when the enterprise accepts."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.access import audit
from administration.models import Region
from administration.offices.selectors import region_of_code
from administration.throttle import Limit, seconds_to_wait
from common.dates import chinese_date
from common.findings import Cure, Finding, Refused
from enterprises.enums import CodeKind, EnterpriseStatus
from enterprises.models import CaKey, CodeChange, Enterprise, RegistrySync
from enterprises.register import dissolution
from enterprises.register.services import EnterpriseFacts, save_enterprise

from .client import (
    BusinessRegistry,
    RegistryBusy,
    RegistryError,
    RegistryNotSet,
    RegistryRecord,
    RegistrySilent,
    RegistryUnknown,
)

log = logging.getLogger(__name__)

LIMIT = Limit("registry_sync", 10)
GOOD_FOR = timedelta(days=1)
"""An answer older than this is not accepted any more: the registry is asked again."""
STILL_WORKS = "没有任何内容改变，聘用登记、业务确认等其他业务照常办理。"
BACK = Cure("返回企业基本信息", url_name="enterprises:profile")
OUTDATED = Finding(
    "registry.outdated",
    "这次同步的结果已经过时",
    "请在“企业基本信息”重新点击“工商信息数据同步”，以最新的登记信息为准。",
    turn="企业",
    cure=BACK,
)


@dataclass(frozen=True)
class Difference:
    label: str
    ours: str
    theirs: str


def ask_registry(enterprise: Enterprise, *, by: CaKey, now: datetime) -> RegistrySync:
    """Stores the answer without applying it; one that changes nothing is accepted at once. Raises Refused.

    It runs outside a transaction, because the registry may answer slowly.
    """
    if seconds := seconds_to_wait(LIMIT, enterprise.uscc, now=now):
        words = f"请在 {-(-seconds // 60)} 分钟后再试。{STILL_WORKS}"
        raise Refused(Finding("registry.too_often", "同步次数过多", words, turn="企业", cure=BACK))
    if enterprise.code_kind != CodeKind.USCC:
        words = f"工商登记系统只按统一社会信用代码查询。换发执照后，带新执照联系注册地主管部门，由登记人员办理“信用代码变更”。{STILL_WORKS}"
        raise Refused(
            Finding("registry.old_code", "本企业按旧证照登记，没有有效的信用代码", words, turn="企业", cure=BACK)
        )
    try:
        record = BusinessRegistry.configured().ask(enterprise.uscc)
    except RegistryError as error:
        log.warning("business registry: %s", error)
        raise Refused(_failure(error)) from error
    if record.uscc != enterprise.uscc:
        raise Refused(_another(enterprise, record))
    return _keep(enterprise, record, by, now)


def _failure(error: RegistryError) -> Finding:
    if isinstance(error, RegistryNotSet):
        return Finding("registry.not_set", "尚未接入工商登记系统", STILL_WORKS, turn="省厅系统管理员", cure=BACK)
    if isinstance(error, RegistryBusy):
        words = f"正有其他企业在等它的答复，这次没有查询。请一分钟后再试。{STILL_WORKS}"
        return Finding("registry.busy", "工商登记系统应答很慢", words, cure=BACK)
    if isinstance(error, RegistrySilent):
        words = f"请稍后再试。{STILL_WORKS}"
        return Finding("registry.silent", "工商登记系统没有应答", words, cure=BACK)
    if isinstance(error, RegistryUnknown):
        words = f"请核对营业执照，或向登记机关查询。{STILL_WORKS}"
        return Finding("registry.unknown", "工商登记中没有本企业的信用代码", words, turn="企业", cure=BACK)
    words = f"已记录，请稍后再试；一直这样请联系省厅。{STILL_WORKS}"
    return Finding("registry.unclear", "工商登记系统的答复无法识别", words, turn="省厅系统管理员", cure=BACK)


def _another(enterprise: Enterprise, record: RegistryRecord) -> Finding:
    """Another code means another enterprise, never a new name of this one (edge case 10)."""
    return Finding(
        "registry.another_enterprise",
        "统一社会信用代码已变，不是名称变更，而是另一家企业",
        f"本企业的信用代码是{enterprise.uscc}，工商登记返回的是{record.uscc}（{record.name}）。没有更新任何内容。"
        "本企业换发执照、改制而变更了代码的，带新执照和登记机关的证明联系注册地主管部门，由登记人员办理“信用代码变更”，人员和证书不变；"
        "确是另一家企业、人员转入该企业的，由该企业登记聘用关系，再由本人办理执业企业变更。",
        turn="注册地主管部门，或持证人和新企业",
        cure=Cure("执业企业变更办事指南", url_name="workflow:guide", kwargs={"kind": "employer_change"}),
    )


@transaction.atomic
def _keep(enterprise: Enterprise, record: RegistryRecord, by: CaKey, now: datetime) -> RegistrySync:
    asked_by_code, enterprise = enterprise.uscc, Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    if enterprise.uscc != asked_by_code:
        raise Refused(OUTDATED)
    sync = RegistrySync.objects.create(
        enterprise=enterprise,
        asked_at=now,
        asked_by=by.user,
        name=record.name,
        region=region_of_code(record.region_code) if record.region_code else None,
        legal_representative=record.legal_representative,
        legal_representative_index=record.legal_representative_index,
        status=record.status,
        dissolved_on=record.dissolved_on,
    )
    changes = [one.label for one in differences(sync)]
    audit.record("enterprise.synced", by=by.user, about=enterprise, detail={"differs": changes})
    if not changes:
        _apply(sync, by, now)
    return sync


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


def accept(sync_id: int, *, by: CaKey, now: datetime) -> list[Difference]:
    """Changes the enterprise at once and answers what changed; the former name stays in the history. Raises Refused."""
    sync = RegistrySync.objects.select_related("enterprise").get(pk=sync_id, enterprise=by.enterprise_id)
    _refuse_unless_fresh(sync, now)
    if sync.dissolved_on is not None and not sync.enterprise.is_gone:
        # This runs first in its own transaction, because it locks people before enterprises; it may be repeated.
        dissolution.dissolve({sync.enterprise_id: (sync.status, sync.dissolved_on)})
    with transaction.atomic():
        enterprise = Enterprise.objects.select_for_update(no_key=True).get(pk=by.enterprise_id)
        sync = RegistrySync.objects.select_for_update().get(pk=sync_id)
        _refuse_unless_fresh(sync, now)
        sync.enterprise = enterprise
        changed = differences(sync)
        _apply(sync, by, now)
        detail: dict[str, object] = {"changed": [one.label for one in changed], "name": sync.name}
        audit.record("enterprise.sync_accepted", by=by.user, about=enterprise, detail=detail)
    return changed


def _refuse_unless_fresh(sync: RegistrySync, now: datetime) -> None:
    if sync.accepted_at is not None:
        raise Refused(Finding("registry.accepted", "这次同步已经确认过", "企业信息已更新。", cure=BACK))
    newer = RegistrySync.objects.filter(enterprise=sync.enterprise_id, pk__gt=sync.pk).exists()
    # What the registry has answered about a former code may be the end of an entry that goes on by the present one.
    has_other_code = CodeChange.objects.filter(enterprise=sync.enterprise_id, changed_at__gte=sync.asked_at).exists()
    if newer or has_other_code or now - sync.asked_at > GOOD_FOR:
        raise Refused(OUTDATED)


def _apply(sync: RegistrySync, by: CaKey, now: datetime) -> None:
    facts = EnterpriseFacts(
        uscc=sync.enterprise.uscc,
        name=sync.name,
        region_code=sync.region_id or sync.enterprise.region_id,
        legal_representative=sync.legal_representative[:100],
        legal_representative_index=sync.legal_representative_index,
        is_existing=sync.dissolved_on is None,
    )
    save_enterprise(facts, now=now, synced=True)
    sync.accepted_at, sync.accepted_by = now, by.user
    sync.save(update_fields=["accepted_at", "accepted_by"])
