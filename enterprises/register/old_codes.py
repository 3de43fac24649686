"""Takes enterprises into the register whose licence has no valid credit code: a clerk has seen the paper and says why."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.access import audit
from accounts.models import User
from administration.messages.services import open_mailbox
from administration.models import Region
from common.database.constraints import sentence_of
from common.findings import Cure, Finding, Refused
from common.text.old_codes import normalise_old_code
from common.text.organisations import normalise_organisation_name, validate_organisation_name
from common.text.uscc import even_code, normalise_uscc
from enterprises.enums import CodeKind
from enterprises.models import Enterprise, FormerCode
from enterprises.signals import enterprises_changed


def known_code(text: str) -> str:
    """Answers a valid credit code, or an old code under which an enterprise is or was registered. Raises ValidationError."""
    try:
        return normalise_uscc(text)
    except ValidationError:
        code = even_code(text)
        if Enterprise.objects.filter(uscc=code).exclude(code_kind=CodeKind.USCC).exists():
            return code
        if FormerCode.objects.filter(code=code).exists():
            return code
        raise


def register_by_old_code(
    *, code: str, name: str, region: Region, legal_representative: str, reason: str, by: User
) -> Enterprise:
    """Raises Refused for a code that is none, is valid after all, or is registered already."""
    name, findings = normalise_organisation_name(name), []
    kind = number = ""
    try:
        kind, number = normalise_old_code(code)
    except ValidationError as error:
        findings.append(Finding("old_code.code", error.messages[0], turn="登记人员"))
    try:
        validate_organisation_name(name)
    except ValidationError as error:
        findings.append(Finding("old_code.name", error.messages[0], turn="登记人员"))
    if not reason.strip():
        findings.append(Finding("old_code.reason", "请写明核对过什么证照、为什么没有有效的信用代码。", turn="登记人员"))
    if findings:
        raise Refused(*findings)
    try:
        with transaction.atomic():
            return _create(number, kind, name, region, legal_representative, reason.strip(), by)
    except IntegrityError as error:
        if "uscc" not in str(error) and sentence_of(error) is None:
            raise
        raise Refused(_known(number)) from error


def _known(code: str) -> Finding:
    cure = Cure("查看企业台账", url_name="admin:enterprises_enterprise_changelist")
    former = FormerCode.objects.select_related("enterprise").filter(code=code).first()
    words = "同一家企业不再登记一次；两家企业证照号码相同的，请先向登记机关核实。"
    if former is not None:
        words = f"这是{former.enterprise.name}的曾用号码，现用号码{former.enterprise.uscc}。{words}"
    return Finding("old_code.known", f"这个号码已经登记：{code}", words, turn="登记人员", cure=cure)


def _create(
    code: str, kind: str, name: str, region: Region, legal_representative: str, reason: str, by: User
) -> Enterprise:
    enterprise = Enterprise.objects.create(
        uscc=code,
        code_kind=kind,
        code_reason=reason,
        name=name,
        region=region,
        legal_representative=legal_representative,
        mailbox=open_mailbox(),
    )
    detail: dict[str, object] = {"code": code, "kind": kind, "name": name, "reason": reason}
    audit.record("enterprise.old_code", by=by, about=enterprise, detail=detail)
    enterprises_changed.send(sender=Enterprise, enterprise_ids=[enterprise.pk])
    return enterprise
