"""Checks whether an exam of its type is for somebody: 补考 for who failed or was excused, 重新考核 for who lost a certificate."""

from __future__ import annotations

from certificates.enums import C_CATEGORIES
from certificates.facts.holdings import holdings
from certificates.issuing.first_issue_rules import category_of
from common.dates import add_months, chinese_date
from common.findings import Finding, satisfied
from exams.enums import ExamType
from exams.selectors import batches, missed_exams
from workflow.checks import Case, Facts, condition

from .rules import OTHERS


@condition("补考：{exam_resit_months} 个月内考试不合格或因故缺考；重新考核：原来的证书已失效、注销、撤销或吊销")
def type_fits(case: Case, facts: Facts) -> Finding | None:
    """An entry that was accepted is not asked again at its review."""
    batch = facts(batches)[int(case.payload["batch"])]
    if not case.is_filing or batch.exam_type == ExamType.NEW:
        return None
    return _resit(case, facts) if batch.exam_type == ExamType.RESIT else _renewal(case, facts)


def _resit(case: Case, facts: Facts) -> Finding:
    category, months = category_of(case), facts.parameters.integer("exam_resit_months", case.on)
    missed = [one for one in facts(missed_exams).get(case.person_id or 0, []) if one.category == category]
    if not missed:
        detail = f"补考面向{category}证考试不合格或者因故缺考的人员。第一次考的，请报名新考的批次。"
        return Finding("exam.type", f"没有可以补考的{category}证考试", detail, turn="企业", cure=OTHERS)
    last = max(missed, key=lambda one: (one.batch.exam_to, one.pk))
    until = add_months(last.batch.exam_to, months)
    what = f"{last.batch.name}（{chinese_date(last.batch.exam_to)}）{last.get_state_display()}"
    if case.on > until:
        detail = f"{what}，补考报名截至{chinese_date(until)}。请报名新考的批次。"
        return Finding("exam.type", f"已超过补考期限 {months} 个月", detail, turn="企业", cure=OTHERS)
    return satisfied("exam.type", "可以补考", what)


def _renewal(case: Case, facts: Facts) -> Finding:
    known, category = facts(holdings), category_of(case)
    in_force = {one.number for one in known.held if one.person_id == case.person_id and one.in_force}
    fits = C_CATEGORIES if category in C_CATEGORIES else (category,)
    lost = [one for one in known.of_person(case.person_id or 0) if one.category in fits and one.number not in in_force]
    if lost:
        last = max(lost, key=lambda one: (one.ends_on, one.pk))
        return satisfied("exam.type", "可以重新考核", last.number)
    kind = "C类证书" if category in C_CATEGORIES else f"{category}证"
    detail = f"重新考核面向{kind}已经失效、注销、撤销或者吊销的人员。没有领过证的，请报名新考的批次。"
    return Finding("exam.type", f"没有需要重新考核的{category}证", detail, turn="企业", cure=OTHERS)
