"""Checks a first issue: the exam is passed, the person agrees to the employer, the post is registered."""

from __future__ import annotations

from collections.abc import Sequence

from certificates.enums import IN_FORCE_STATES
from certificates.facts.holdings import holdings
from certificates.issuing.first_issue_rules import category_of, post_of, still_employed_there
from common.findings import Cure, Finding, Level, satisfied
from enterprises.enums import Post
from exams.enums import EntryState
from exams.models import ExamEntry
from exams.results.history import Standing
from exams.sign_up.rules import posts_at
from workflow.checks import Case, Facts, condition

from .telling import MERGE, PARTNER


def entries(cases: Sequence[Case]) -> dict[int, ExamEntry]:
    """Loads the exam entries of the cases for `Facts`."""
    wanted = {int(case.payload.get("entry") or 0) for case in cases}
    return ExamEntry.objects.select_related("batch", "enterprise").in_bulk(wanted)


def entry_of(case: Case, facts: Facts) -> ExamEntry | None:
    """Answers None for a draft that lost its content."""
    return facts(entries).get(int(case.payload.get("entry") or 0))


@condition("考试合格，还没有发证")
def exam_passed(case: Case, facts: Facts) -> Finding:
    entry = entry_of(case, facts)
    if entry is None or entry.state != EntryState.PASSED:
        detail = f"{entry.batch.name}：{entry.get_state_display()}。" if entry else "请从“我的考试”重新申请。"
        return Finding("first_issue.not_passed", "没有合格的考试成绩", detail, turn="考试机构")
    if entry.certificate_id is not None:
        return Finding("first_issue.issued", "已按这次成绩发证", "一次考试只发一本证书。")
    return satisfied("first_issue.not_passed", "考试合格", f"{entry.batch.name}，{Standing.of(entry).scores}")


@condition("发证企业是现受聘企业；考试合格后更换了企业的，由本人确认、新企业同意")
def employer_agreed(case: Case, facts: Facts) -> Finding:
    """Edge case 26: the certificate is issued neither for the former employer nor silently for the new one."""
    entry, works_for, person_id = entry_of(case, facts), facts(holdings).works_for, case.person_id or 0
    agreed = case.payload.get("employer") == case.enterprise_id
    if agreed and works_for(person_id, case.enterprise_id, post_of(case)):
        return still_employed_there(case, facts)
    employer = works_for.employer(person_id)
    place = entry.enterprise.name if entry else "原企业"
    kept = "考试成绩不受影响。"
    if employer is None:
        detail = f"报名企业是{place}。由受聘企业发起聘用，您在手机端确认后再继续，{kept}"
        cure = Cure("查看聘用关系", url_name="employment:mine")
        return Finding("employment.none", "现在没有登记聘用关系", detail, turn="受聘企业和本人", cure=cure)
    detail = (
        f"报名企业是{place}，现受聘于{employer.name}。请确认证书签发在{employer.name}名下，该企业同意后继续办理，{kept}"
    )
    cure = Cure("确认发证企业", url_name="workflow:inbox")
    return Finding("first_issue.employer", "考试合格后更换了受聘企业", detail, turn="本人", cure=cure)


@condition("证书上的职务是聘用登记的职务")
def post_registered(case: Case, facts: Facts) -> Finding | None:
    works_for, person_id, post = facts(holdings).works_for, case.person_id or 0, post_of(case)
    registered = posts_at(works_for, person_id, case.enterprise_id)
    if not registered or post in registered:
        return None  # without an employer, `employer_agreed` answers the finding
    known = "、".join(Post(one).label for one in sorted(registered))
    detail = f"登记的职务是{known}。请选择登记的职务，或由受聘企业按劳动合同重新登记聘用关系。"
    return Finding(
        "exam.post", f"聘用关系中没有登记“{dict(Post.choices).get(post, post)}”", detail, turn="本人和受聘企业"
    )


@condition("持有C1证又考取C2证的（或者相反），发证后合并为C3证")
def merge_follows(case: Case, facts: Facts) -> Finding | None:
    """Tells the clerk and the person beforehand; the first issue itself goes on."""
    partner = PARTNER.get(category_of(case))  # type: ignore[call-overload]
    for one in facts(holdings).of_person(case.person_id or 0):
        if one.category == partner and one.legal_state in IN_FORCE_STATES:
            cure = Cure("合并为C3证", business="c3_merge", query={"certificate": one.pk})
            words = f"已持有{one.category}证，发证后须合并为C3证"
            detail = f"{one.number}。{MERGE}发证后由本人申请，现在不影响发证。"
            return Finding("first_issue.merge", words, detail, Level.ADVISORY, turn="本人", cure=cure)
    return None
