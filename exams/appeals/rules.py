"""Checks an appeal against a result: there is a result, the days are not over, and nobody has decided about it yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.timezone import localdate

from administration.parameters.book import ParameterBook
from certificates.models import CertificateItem
from common.dates import chinese_date
from common.findings import Cure, Finding, satisfied
from exams.enums import APPEALABLE, EntryState
from exams.models import ExamEntry
from exams.results.history import Standing
from workflow.checks import Case, Facts, condition
from workflow.enums import Status
from workflow.models import Application


def claim_of(entry_id: int) -> str:
    """The claim allows one open appeal against a result."""
    return f"appeal:{entry_id}"


def entries(cases: Sequence[Case]) -> dict[int, ExamEntry]:
    """Loads the exam entries of the cases for `Facts`."""
    wanted = {int(case.payload.get("entry") or 0) for case in cases}
    return ExamEntry.objects.select_related("batch__organiser", "enterprise").in_bulk(wanted)


def entry_of(case: Case, facts: Facts) -> ExamEntry | None:
    """Answers None for a draft that lost its content."""
    return facts(entries).get(int(case.payload.get("entry") or 0))


def filed_at(cases: Sequence[Case]) -> dict[int, Application]:
    """Loads the applications, which say when they were first submitted."""
    return Application.objects.in_bulk({case.application_id or 0 for case in cases})


def decided(cases: Sequence[Case]) -> dict[str, Application]:
    """Maps the claim of a result to the latest appeal that was rejected."""
    claims = {claim for case in cases for claim in case.claims}
    items = CertificateItem.objects.filter(claim_key__in=claims, application__status=Status.REJECTED)
    return {item.claim_key: item.application for item in items.select_related("application").order_by("pk")}


def appeal_until(entry: ExamEntry, parameters: ParameterBook) -> date | None:
    """Answers the last day, which counts anew after each correction."""
    if entry.settled_at is None:
        return None
    settled = localdate(entry.settled_at)
    return settled + timedelta(days=parameters.integer("exam_appeal_days", settled))


@condition("已登记成绩，没有合格")
def result_known(case: Case, facts: Facts) -> Finding | None:
    """This is checked at filing only: what comes later may be the correction that was asked for."""
    if not case.is_filing:
        return None
    entry = entry_of(case, facts)
    if entry is None:
        return Finding("appeal.no_entry", "没有这次考试", "请从“我的考试”重新申请。", turn="本人")
    words = f"{entry.batch.name}，{entry.category}证：{entry.get_state_display()}"
    if entry.state == EntryState.PASSED:
        return Finding("appeal.passed", "成绩合格，不需要复核", words)
    if entry.state not in APPEALABLE:
        return Finding("appeal.no_result", "还没有登记成绩，不能申请复核", words, turn="考试机构")
    return satisfied("appeal.no_result", "已登记成绩", words)


@condition("成绩登记后 {exam_appeal_days} 天内提出")
def within_days(case: Case, facts: Facts) -> Finding | None:
    entry = entry_of(case, facts)
    if not case.is_filing or entry is None:
        return None
    until = appeal_until(entry, facts.parameters)
    if until is None:
        return None
    if case.on > until:
        detail = (
            f"这次成绩的复核申请已于{chinese_date(until)}截止。对处理决定不服的，可以依法申请行政复议或者提起行政诉讼。"
        )
        return Finding("appeal.too_late", "已超过申请复核的期限", detail)
    return satisfied("appeal.too_late", "在申请复核的期限内", f"{chinese_date(until)}（含）前")


@condition("同一次成绩没有复核过")
def not_decided_yet(case: Case, facts: Facts) -> Finding | None:
    entry = entry_of(case, facts)
    if not case.is_filing or entry is None or entry.settled_at is None:
        return None
    last = next((facts(decided)[claim] for claim in case.claims if claim in facts(decided)), None)
    if last is None or last.closed_at is None or last.closed_at < entry.settled_at:
        return None
    return Finding(
        "appeal.decided",
        "这次成绩已经复核，维持原成绩",
        f"办件{last.number}，{chinese_date(last.closed_at)}办结。对结果不服的，可以依法申请行政复议或者提起行政诉讼。",
        cure=Cure("查看办件", url_name="workflow:detail", kwargs={"number": last.number}),
    )


@condition("考试机构复核有误的，先更正成绩再通过")
def corrected_first(case: Case, facts: Facts) -> Finding | None:
    """The desk corrects the result on its own page, with all that follows; the approval only tells that it was right."""
    entry, application = entry_of(case, facts), facts(filed_at).get(case.application_id or 0)
    if case.is_filing or entry is None or application is None or application.first_submitted_at is None:
        return None
    now = f"现在登记的是：{in_words(entry)}。"
    if entry.settled_at is not None and entry.settled_at >= application.first_submitted_at:
        return satisfied("appeal.not_corrected", "成绩已更正", now)
    detail = f"{now}复核有误的，请先在“更正成绩”中改正，再点通过；维持原成绩的，请不予通过并写明理由。"
    return Finding("appeal.not_corrected", "提出复核后还没有更正成绩", detail, turn="考试机构")


def in_words(entry: ExamEntry) -> str:
    return "，".join(filter(None, (str(entry.get_state_display()), Standing.of(entry).scores, entry.remark)))
