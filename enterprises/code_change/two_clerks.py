"""Lets a code change take effect only after a second clerk has confirmed it, who is another natural person."""

from __future__ import annotations

from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.access import audit
from accounts.enums import CorrectionOutcome
from accounts.models import User
from accounts.people.natural_persons import is_same_person
from common.files.uploads import check_upload
from common.findings import Cure, Finding, Refused
from common.text.uscc import even_code
from enterprises.models import CodeChange, CodeChangeRequest

from .services import NewCode, change_code, locked_for_change

WAITING = Cure("查看待复核的变更", "enterprises:code_search")


def _already_open() -> Finding:
    words = "不需要再次提出，请由另一名登记人员复核；填错的，由提出人撤回后重新提出。"
    title = "这家企业或这个号码已有一件待复核的变更"
    return Finding("code.open", title, words, turn="另一名登记人员", cure=WAITING)


def ask_for_code(*, enterprise_id: int, new: NewCode, seen: str, by: User, now: datetime) -> CodeChangeRequest:
    """Nothing about the enterprise changes before another clerk has confirmed. Raises Refused with every reason."""
    try:
        with transaction.atomic():
            enterprise, _, code = locked_for_change(enterprise_id, new, seen)
            asked = CodeChangeRequest(
                enterprise=enterprise,
                former_code=enterprise.uscc,
                code=code,
                keeps_former=new.keeps_former,
                document=new.document,
                document_on=new.document_on,
                reason=new.reason,
                evidence_type=new.evidence.file_type.value,
                requested_by=by,
                requested_at=now,
            )
            asked.evidence.save(new.evidence.storage_name, ContentFile(new.evidence.data), save=False)
            asked.save()
            audit.record("enterprise.ask_code_change", by=by, about=enterprise, detail=_detail(asked))
            return asked
    except IntegrityError as error:
        if "one_open_code_request" not in str(error):
            raise
        raise Refused(_already_open()) from error


def _detail(asked: CodeChangeRequest) -> dict[str, object]:
    return {
        "request": asked.pk,
        "former": asked.former_code,
        "code": asked.code,
        "document": asked.document,
        "keeps_former": asked.keeps_former,
    }


@transaction.atomic
def confirm_code(pk: int, *, code: str, by: User, now: datetime) -> CodeChange:
    """`code` is what the second clerk read in the document, so that a slip of the first one does not pass."""
    asked = _open_request(pk)
    findings = []
    if is_same_person(by, asked.requested_by):
        words = "请由另一名登记人员复核。"
        findings.append(Finding("code.same_clerk", "提出和复核不能是同一个人", words, turn="另一名登记人员"))
    if even_code(code) != asked.code:
        words = "请看证明扫描件逐位核对：提出时填错的，不予办理，由提出人重新提出。"
        findings.append(Finding("code.other", "输入的号码与提出时填写的不一致", words, turn="登记人员"))
    if findings:
        raise Refused(*findings)
    with asked.evidence.open() as stream:
        evidence = check_upload(SimpleUploadedFile("证明", stream.read()))
    new = NewCode(asked.code, asked.document, asked.document_on, asked.reason, evidence, asked.keeps_former)
    change = change_code(enterprise_id=asked.enterprise_id, new=new, seen=asked.former_code, by=by, now=now)
    asked.change = change
    _settle(asked, CorrectionOutcome.DONE, "", by, now)
    return change


@transaction.atomic
def refuse_code(pk: int, *, answer: str, by: User, now: datetime) -> CodeChangeRequest:
    """The second clerk refuses; the one who asked withdraws. Nothing about the enterprise changes."""
    asked = _open_request(pk)
    is_own = is_same_person(by, asked.requested_by)
    _settle(asked, CorrectionOutcome.WITHDRAWN if is_own else CorrectionOutcome.REFUSED, answer, by, now)
    action = "enterprise.withdraw_code_change" if is_own else "enterprise.refuse_code_change"
    audit.record(action, by=by, about=asked.enterprise, detail={**_detail(asked), "reason": answer})
    return asked


def _open_request(pk: int) -> CodeChangeRequest:
    asked = CodeChangeRequest.objects.select_for_update(of=("self",)).select_related("requested_by").get(pk=pk)
    if asked.outcome:
        words = f"已由{asked.settled_by.name if asked.settled_by else '另一名登记人员'}办结：{asked.get_outcome_display()}。"
        raise Refused(Finding("code.settled", "这件变更刚刚已经办结", words, turn="", cure=WAITING))
    return asked


def _settle(asked: CodeChangeRequest, outcome: CorrectionOutcome, answer: str, by: User, now: datetime) -> None:
    asked.outcome, asked.answer, asked.settled_by, asked.settled_at = outcome, answer, by, now
    asked.save(update_fields=["outcome", "answer", "settled_by", "settled_at", "change"])
