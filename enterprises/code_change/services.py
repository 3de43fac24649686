"""信用代码变更: an enterprise gets another code and stays the same, with its people, certificates, cases and keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.access import audit
from accounts.models import User
from administration.imports.services import one_import_at_a_time
from administration.messages.services import OutgoingMessage, send
from administration.models import Mailbox
from common.dates import chinese_date
from common.files.uploads import CheckedUpload
from common.findings import Finding, Refused
from common.text.uscc import even_code, normalise_uscc
from enterprises.enums import CodeKind
from enterprises.models import CodeChange, Enterprise, FormerCode, RegistrySync
from enterprises.signals import enterprises_changed

from .rules import built_on, why_not_this_code


@dataclass(frozen=True)
class NewCode:
    """Holds what the clerk saw. Without `keeps_former` the former code was a mistake of the register."""

    code: str
    document: str
    document_on: date
    reason: str
    evidence: CheckedUpload
    keeps_former: bool = True


def change_code(*, enterprise_id: int, new: NewCode, seen: str, by: User, now: datetime) -> CodeChange:
    """`seen` is the code that the clerk's page showed. Raises Refused with every reason.

    The register is changed only by the confirmation of a second clerk: see `two_clerks`.
    """
    try:
        with transaction.atomic():
            return _change(enterprise_id, new, seen, by, now)
    except IntegrityError as error:  # somebody registered the code, or a record, at the same moment
        words = "请重新打开本页，核对这个号码现在由谁使用。"
        raise Refused(Finding("code.taken_meanwhile", "号码刚刚被登记，没有变更", words, turn="登记人员")) from error


def locked_for_change(enterprise_id: int, new: NewCode, seen: str) -> tuple[Enterprise, Enterprise | None, str]:
    """Answers the locked enterprise, an empty entry that has the code now, and the code as it is stored. Raises Refused."""
    # Imports of enterprises create and find them by their codes.
    one_import_at_a_time("enterprises")
    code = _cleaned(new.code)
    other_id = Enterprise.objects.filter(uscc=code).exclude(pk=enterprise_id).values_list("pk", flat=True).first()
    ids = [pk for pk in (enterprise_id, other_id) if pk is not None]
    rows = {row.pk: row for row in Enterprise.objects.filter(pk__in=ids).order_by("pk").select_for_update()}
    enterprise, other = rows[enterprise_id], rows.get(other_id or 0)
    findings = _stale(enterprise, seen) or why_not_this_code(enterprise, other, code)
    if not new.keeps_former:
        findings += built_on(enterprise)
    if findings:
        raise Refused(*findings)
    return enterprise, other, code


def _change(enterprise_id: int, new: NewCode, seen: str, by: User, now: datetime) -> CodeChange:
    enterprise, other, code = locked_for_change(enterprise_id, new, seen)
    took_over = _take_over(other) if other is not None else ""
    change = _write(enterprise, code, new, took_over, by, now)
    detail: dict[str, object] = {
        "former": change.former_code,
        "code": code,
        "document": new.document,
        "keeps_former": new.keeps_former,
        "took_over": took_over,
    }
    audit.record("enterprise.code_changed", by=by, about=enterprise, detail=detail)
    enterprises_changed.send(sender=Enterprise, enterprise_ids=[enterprise.pk])
    send([_told(enterprise, change)])
    return change


def _cleaned(code: str) -> str:
    """A code that this enterprise had before may be an old one, so that a mistake can be put right."""
    evened = even_code(code)
    if FormerCode.objects.filter(code=evened).exists():
        return evened
    try:
        return normalise_uscc(code)
    except ValidationError as error:
        raise Refused(Finding("code.form", error.messages[0], turn="登记人员")) from error


def _stale(enterprise: Enterprise, seen: str) -> list[Finding]:
    if seen == enterprise.uscc:
        return []
    last = CodeChange.objects.filter(enterprise=enterprise).select_related("changed_by").order_by("-pk").first()
    who = f"{last.changed_by.name}刚才" if last is not None else "刚才"
    words = "请重新打开本页，核对后再决定是否变更。"
    return [Finding("code.changed_meanwhile", f"{who}已把号码变更为{enterprise.uscc}", words, turn="登记人员")]


def _take_over(other: Enterprise) -> str:
    """Deletes an entry that nothing hangs on; the database refuses if something does after all."""
    name, mailbox_id = other.name, other.mailbox_id
    RegistrySync.objects.filter(enterprise=other).delete()  # answers of the night that nobody has used
    other.delete()
    if mailbox_id is not None:
        Mailbox.objects.filter(pk=mailbox_id).delete()
    return name


def _write(enterprise: Enterprise, code: str, new: NewCode, took_over: str, by: User, now: datetime) -> CodeChange:
    former, kind, reason = enterprise.uscc, enterprise.code_kind, enterprise.code_reason
    back = FormerCode.objects.filter(enterprise=enterprise, code=code).first()
    enterprise.uscc = code
    enterprise.code_kind = back.code_kind if back is not None else CodeKind.USCC
    enterprise.code_reason = back.code_reason if back is not None else ""
    enterprise.save(update_fields=["uscc", "code_kind", "code_reason"])
    if back is not None:
        back.delete()
    if new.keeps_former:
        FormerCode.objects.create(enterprise=enterprise, code=former, code_kind=kind, code_reason=reason, used_to=now)
    change = CodeChange(
        enterprise=enterprise,
        former_code=former,
        code=code,
        keeps_former=new.keeps_former,
        document=new.document,
        document_on=new.document_on,
        reason=new.reason,
        evidence_type=new.evidence.file_type.value,
        took_over=took_over,
        changed_by=by,
        changed_at=now,
    )
    change.evidence.save(new.evidence.storage_name, ContentFile(new.evidence.data), save=False)
    change.save()
    return change


def _told(enterprise: Enterprise, change: CodeChange) -> OutgoingMessage:
    keys = (
        "写有原号码的 CA 锁还可以使用一段时间，请尽快向 CA 机构换发，首次登录时选择接替旧锁。"
        if change.keeps_former
        else "写有原号码的 CA 锁不能再登录。"
    )
    body = (
        f"原号码{change.former_code}，依据{change.document}（{chinese_date(change.document_on)}）。"
        f"人员、证书、在办业务和操作员都不变；证书上不印信用代码，不需要换发。{keys}不是本企业申请的，请立即联系注册地主管部门。"
    )
    title = f"统一社会信用代码已变更为{change.code}"
    return OutgoingMessage(
        enterprise.mailbox_id, title, body, reverse("enterprises:profile"), event="enterprise_register"
    )
