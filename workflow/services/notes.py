"""Members of offices note something about a case for each other; nobody else ever reads it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from common.findings import Finding, Refused
from common.text.chinese import unified_lines
from workflow.permissions import visible

from ..actors import Actor
from ..enums import Party
from ..models import Application, CaseNote
from .acting import MAX_COMMENT
from .auditing import author_of


@transaction.atomic
def write_note(application: Application, *, actor: Actor, words: str, now: datetime | None = None) -> CaseNote:
    """The audit has that it was written, and not what. Raises `Refused` with every reason."""
    said = unified_lines(words).strip()
    findings = []
    if actor.user_id is None:
        raise ValueError("the system notes nothing")
    if actor.party != Party.OFFICE or not Application.objects.filter(visible(actor), pk=application.pk).exists():
        findings.append(Finding("note.not_yours", "内部备注由看得到这一件的主管部门工作人员填写"))
    if not said:
        findings.append(Finding("note.words", "请写明备注的内容"))
    if len(said) > MAX_COMMENT:
        findings.append(Finding("note.words", f"备注最多 {MAX_COMMENT} 字，现在 {len(said)} 字", "请缩短后再提交。"))
    if findings:
        raise Refused(*findings)
    last = CaseNote.objects.filter(application=application).order_by("-pk").first()
    if last is not None and (last.author_id, last.text) == (actor.user_id, said):
        # The page was sent twice.
        return last
    note = CaseNote.objects.create(
        application=application,
        author_id=actor.user_id,
        author_name=actor.name,
        office_name=actor.acting_for,
        text=said,
        at=now or utc_now(),
    )
    detail: dict[str, object] = {"number": application.number, "length": len(said)}
    record_audits("application.note", [(Application._meta.label_lower, application.pk, detail)], by=author_of(actor))
    return note
