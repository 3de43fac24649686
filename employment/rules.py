"""Checks what a case asks of an employment."""

from __future__ import annotations

from collections.abc import Sequence

from common.dates import chinese_date
from common.findings import Cure, Finding, Level, satisfied
from workflow.checks import Case, Facts, condition
from workflow.enums import Party
from workflow.facts import enterprises

from .models import Employment, EmploymentItem
from .selectors import works_for_facts


def active_employments(cases: Sequence[Case]) -> dict[int, Employment]:
    rows = (
        Employment.objects.active()
        .filter(person_id__in={case.person_id for case in cases})
        .select_related("enterprise")
    )
    return {row.person_id: row for row in rows}


@condition("已与受聘企业登记聘用关系")
def employment_registered(case: Case, facts: Facts) -> Finding:
    """The person needs an active employment, because applications about certificates are filed through the employer."""
    employment = facts(works_for_facts).employment.get(case.person_id or 0)
    if employment is None:
        return Finding(
            "employment.none",
            "未登记聘用关系",
            "请由受聘企业在企业服务平台发起聘用，您在手机端确认后即建立。",
            turn="受聘企业",
            cure=Cure("查看聘用关系", url_name="employment:mine"),
        )
    return satisfied(
        "employment.none",
        "已登记聘用关系",
        f"{employment.enterprise.name}，{chinese_date(employment.started_at.date())}起",
    )


@condition("尚未与本企业建立聘用关系")
def not_already_here(case: Case, facts: Facts) -> Finding | None:
    employment = facts(active_employments).get(case.person_id or 0)
    if employment is None or employment.enterprise_id != case.enterprise_id:
        return None
    return Finding(
        "employment.already_here",
        "已与本企业建立聘用关系",
        "不需要再次发起。续签合同或变更职务的，办理“续签、变更职务”，聘用关系不中断。",
        cure=Cure("续签、变更职务", url_name="employment:renew", kwargs={"pk": employment.pk}),
    )


@condition("没有与其他企业登记聘用关系（确认时核对）")
def not_employed_elsewhere(case: Case, facts: Facts) -> Finding | None:
    """A person has one active employment at most: accepting a second one is refused, and the finding says what to do."""
    employment = facts(active_employments).get(case.person_id or 0)
    if employment is None or employment.enterprise_id == case.enterprise_id:
        return None
    if employment.contract_to is not None and employment.contract_to < case.on:
        return None
    return Finding(
        "employment.elsewhere",
        f"您现受聘于{employment.enterprise.name}",
        "个人同时只能与一家企业登记唯一聘用关系。请先由现单位在企业服务平台解除聘用，或由您在网页版“聘用关系”中申请解除，再回到这里确认。",
        turn=employment.enterprise.name,
        cure=Cure("查看聘用关系", url_name="employment:mine"),
    )


@condition("企业登记状态正常（没有注销、吊销）")
def employer_is_not_gone(case: Case, facts: Facts) -> Finding | None:
    enterprise = facts(enterprises).get(case.enterprise_id or 0)
    if enterprise is not None and enterprise.is_gone:
        return Finding(
            "enterprise.gone", f"{enterprise.name}已{enterprise.get_status_display()}", "不能再建立聘用关系。"
        )
    return None


@condition("劳动合同在有效期内")
def contract_not_over(case: Case, facts: Facts) -> Finding | None:
    ends = case.payload.get("contract_to")
    if ends and str(ends) < case.on.isoformat():
        return Finding(
            "employment.contract_over",
            "合同期已经结束",
            f"合同结束日期为{ends}，请由企业按现行合同重新发起。",
            turn="企业",
        )
    return None


NOT_EMPLOYED = Finding(
    "employment.none",
    "现在没有登记聘用关系",
    "不需要申请解除。",
    cure=Cure("查看聘用关系", url_name="employment:mine"),
)


@condition("与受聘企业的聘用关系仍在登记中")
def still_employed_there(case: Case, facts: Facts) -> Finding:
    """The employment to be ended must still be the active one."""
    employment = facts(active_employments).get(case.person_id or 0)
    if employment is None or employment.pk not in case.subjects:
        return Finding(
            "employment.ended",
            "该聘用关系已经解除",
            "不需要再次申请。",
            cure=Cure("查看聘用关系", url_name="employment:mine"),
        )
    return satisfied("employment.ended", f"现受聘于{employment.enterprise.name}", employment.post_labels)


def open_requests(cases: Sequence[Case]) -> dict[int, EmploymentItem]:
    """Maps an employment to the open item that asks to end it."""
    wanted = {pk for case in cases for pk in case.subjects}
    items = EmploymentItem.objects.filter(is_open=True, employment_id__in=wanted).select_related("application")
    return {item.employment_id: item for item in items if item.employment_id is not None}


@condition("没有正在办理的解除申请")
def nothing_asked_yet(case: Case, facts: Facts) -> Finding | None:
    for pk in case.subjects:
        item = facts(open_requests).get(pk)
        if item is not None and item.application_id != case.application_id:
            if item.application.filed_by == Party.ENTERPRISE:
                words = f"单位提出了续签或变更（办件{item.application.number}），正等您确认。不再续的，请先在手机端拒绝，再申请解除。"
                cure = Cure("查看办件", url_name="workflow:detail", kwargs={"number": item.application.number})
                return Finding("employment.renewal_waits", "有等待您确认的续签或变更", words, turn="本人", cure=cure)
            return Finding(
                "workflow.in_progress",
                "已申请解除，正在办理",
                f"办件{item.application.number}办结或撤回后才能再次申请。",
                cure=Cure("查看办件", url_name="workflow:detail", kwargs={"number": item.application.number}),
            )
    return None


def certificates_stay(case: Case, facts: Facts) -> Finding:
    """The finding says beforehand what depends on the employment."""
    return Finding(
        "employment.end_effect",
        "解除后，证书状态变为“异常状态”",
        "直到受聘于新单位并办理执业企业变更。正在由该企业确认的业务也会受影响。",
        Level.ADVISORY,
    )
