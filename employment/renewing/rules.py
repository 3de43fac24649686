"""Checks what a proposal to change an employment in place asks for."""

from __future__ import annotations

from collections.abc import Sequence

from common.dates import chinese_date
from common.findings import Cure, Finding, Level, satisfied
from employment.models import Employment, EmploymentItem
from employment.rules import active_employments, open_requests
from employment.terms_in_words import FORMER, Terms
from workflow.checks import Case, Facts, condition, in_review
from workflow.enums import Party

from .terms import CHANGED_BY, terms_of


def subjects_of(cases: Sequence[Case]) -> dict[int, Employment]:
    wanted = {pk for case in cases for pk in case.subjects}
    return Employment.objects.select_related("enterprise").in_bulk(wanted)


@condition("聘用关系仍在登记中")
def employment_goes_on(case: Case, facts: Facts) -> Finding:
    """The enterprise cannot renew what has ended; it proposes an employment anew."""
    employment = facts(active_employments).get(case.person_id or 0)
    if employment is None or employment.pk not in case.subjects:
        ended = next((row for row in facts(subjects_of).values() if row.pk in case.subjects), None)
        when = f"已于{chinese_date(ended.ended_at)}解除" if ended is not None and ended.ended_at else "已经解除"
        return Finding(
            "renewal.ended",
            f"这项聘用关系{when}，不能续签或变更",
            "仍需聘用的，由企业重新发起聘用，本人在手机端确认。",
            turn="企业",
        )
    return satisfied("renewal.ended", f"受聘于{employment.enterprise.name}", employment.post_labels)


@condition("没有正在办理的解除申请，也没有等待确认的续签、变更")
def nothing_else_is_open(case: Case, facts: Facts) -> Finding | None:
    for pk in case.subjects:
        item = facts(open_requests).get(pk)
        if item is not None and item.application_id != case.application_id:
            return _already_open(item)
    return None


def _already_open(item: EmploymentItem) -> Finding:
    number = item.application.number
    cure = Cure("查看办件", url_name="workflow:detail", kwargs={"number": number})
    if item.application.filed_by == Party.ENTERPRISE:
        words = f"办件{number}正在等待本人确认。内容填错的，先撤回再重新提出。"
        return Finding("renewal.proposed", "已提出续签或变更，等待本人确认", words, turn="本人", cure=cure)
    words = f"办件{number}办结或撤回后才能续签、变更：企业同意解除的，聘用关系结束；不同意的，拒绝后再提出续签。"
    return Finding("renewal.ending", "本人已申请解除聘用，正在办理", words, turn="企业", cure=cure)


@condition("职务或合同期止与现在登记的不同")
def something_changes(case: Case, facts: Facts) -> Finding | None:
    former = case.payload.get(FORMER)
    if not former or _differs(case.payload, former):
        return None
    words = "续签的，填写新的合同期止；变更职务的，重新勾选职务。都没有变化的，不需要办理。"
    return Finding("renewal.nothing", "填写的内容与现在登记的相同", words, turn="企业")


def _differs(new: Terms, old: Terms) -> bool:
    return sorted(new["posts"]) != sorted(old["posts"]) or new.get("contract_to") != old.get("contract_to")


@in_review
def terms_are_as_shown(case: Case, facts: Facts) -> Finding | None:
    """Whoever agrees has read the present terms beside the new ones; these must still be the present ones."""
    former = case.payload.get(FORMER) or {}
    for pk in case.subjects:
        employment = facts(subjects_of).get(pk)
        present = terms_of(employment) if employment is not None else {}
        if any(present.get(name) != former.get(name) for name in CHANGED_BY):
            words = "提出之后，登记的职务或合同期已经变化。请拒绝这次申请，由企业按现在的登记重新提出。"
            return Finding("renewal.outdated", "这项聘用关系的登记已经变化", words, turn="企业")
    return None


def what_a_change_means(case: Case, facts: Facts) -> list[Finding]:
    """Says beforehand what stays and what the person still has to do."""
    former = case.payload.get(FORMER) or {}
    found = [
        Finding(
            "renewal.effect",
            "同意后立即生效，聘用关系不中断",
            "建立日期、证书状态、在办业务和考试报名都不受影响；原来的职务和合同期保留在记录中。",
            Level.ADVISORY,
        )
    ]
    if former and sorted(case.payload.get("posts", [])) != sorted(former.get("posts", [])):
        words = "证书上印的职务不会自动改变：A证持证人职务变动的，由本人办理“职务变更”；B证持证人应任项目负责人，C证持证人应任专职安全生产管理人员。"
        found.append(Finding("renewal.posts", "职务有变化，请核对证书", words, Level.ADVISORY, turn="本人"))
    return found
