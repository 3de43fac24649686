"""Says whether the cause of an absence may still be proved, and by whom."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.timezone import localdate

from common.dates import chinese_date
from common.findings import Finding
from exams.enums import EntryState
from exams.models import ExamEntry
from workflow.actors import Actor
from workflow.enums import Party


def last_day(entry: ExamEntry, days: int) -> date:
    """The days count from the end of the exam, or from the day on which the absence was recorded, if that was later."""
    recorded = localdate(entry.settled_at) if entry.settled_at is not None else entry.batch.exam_to
    return max(entry.batch.exam_to, recorded) + timedelta(days=days)


def why_not_file(actor: Actor, entry: ExamEntry, *, today: date, days: int, is_waiting: bool) -> list[Finding]:
    if not is_party(actor, entry):
        return [Finding("excuse.not_yours", "缺考证明由本人或者报名的企业提交", turn="本人或企业")]
    if today < entry.batch.exam_from:
        detail = "考试还没有开始。不能参加的，请在考试前告知考试机构，考后再提交证明。"
        return [Finding("excuse.too_early", "还不能提交缺考证明", detail, turn="本人或企业")]
    if entry.state not in (EntryState.APPROVED, EntryState.ABSENT):
        detail = f"这次考试的结果是“{entry.get_state_display()}”，不需要缺考证明。"
        return [Finding("excuse.not_absent", "不需要提交缺考证明", detail)]
    if is_waiting:
        detail = "考试机构审核后会发消息，不用重复提交。"
        return [Finding("excuse.waiting", "已有一份缺考证明在审核", detail, turn="考试机构")]
    if today > (last := last_day(entry, days)):
        detail = f"应在{chinese_date(last)}以前提交。对登记的结果不服的，可以依法申请行政复议。"
        return [Finding("excuse.too_late", "提交缺考证明的期限已过", detail)]
    return []


def is_party(actor: Actor, entry: ExamEntry) -> bool:
    if actor.party == Party.ENTERPRISE:
        return actor.enterprise_id == entry.enterprise_id
    return actor.party == Party.PERSON and actor.person_id == entry.person_id
