"""Keeps what a second person of the office found who looked at a decided case again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.messages.services import OutgoingMessage, send
from common.findings import Finding, Refused
from common.text.chinese import unified_lines
from workflow.permissions import why_not_second_look

from ..actors import Actor
from ..enums import LookOutcome
from ..models import Application, SecondLook
from .acting import MAX_COMMENT
from .auditing import author_of


@transaction.atomic
def look_again(
    look_id: int, *, actor: Actor, outcome: LookOutcome, words: str, now: datetime | None = None
) -> SecondLook:
    """Raises `Refused` with every reason: it is done already, the person has a part in the case, or a doubt says nothing."""
    now = now or utc_now()
    look = SecondLook.objects.select_for_update(no_key=True, of=("self",)).select_related("application").get(pk=look_id)
    said = unified_lines(words).strip()
    findings = [Finding("look.not_yours", sentence)] if (sentence := why_not_second_look(actor, look)) else []
    if outcome == LookOutcome.DOUBTS and not said:
        findings.append(Finding("look.words", "请写明疑问", "写明哪一项有疑问、依据什么，供负责人处理。"))
    if len(said) > MAX_COMMENT:
        findings.append(Finding("look.words", f"意见最多 {MAX_COMMENT} 字，现在 {len(said)} 字", "请缩短后再提交。"))
    if findings:
        raise Refused(*findings)
    look.looked_by_id, look.looked_at, look.outcome, look.words = actor.user_id, now, outcome, said
    look.save(update_fields=["looked_by", "looked_at", "outcome", "words"])
    detail: dict[str, object] = {"number": look.application.number, "desk": look.desk, "result": outcome.value}
    about = [(Application._meta.label_lower, look.application_id, detail)]
    record_audits("application.second_look", about, by=author_of(actor))
    if outcome == LookOutcome.DOUBTS:
        box, number = look.office.mailbox_id, look.application.number
        title, link = f"复核有疑问：{number}", f"/office/applications/{number}/"
        text = "请科室负责人核实。需要更正的，按依职权办理；疑问写在“复核”页面。"
        send([OutgoingMessage(box, title, text, link, event="office_work")])
    return look
