"""Checks the employment of the holder, and the enterprise that a certificate is at."""

from __future__ import annotations

from collections.abc import Iterator

from certificates.facts.holdings import holdings
from common.dates import chinese_date
from common.findings import Cure, Finding, Level, satisfied
from enterprises.models import Enterprise
from workflow.checks import Case, Facts, condition
from workflow.models import Application
from workflow.rules import enterprise_exists

from .filing import subject_certificates


@condition("聘用单位与证书所在单位一致")
def works_for_certificate_enterprise(case: Case, facts: Facts) -> Iterator[Finding]:
    known = facts(holdings)
    for certificate in subject_certificates(case, facts):
        if known.works_for(certificate.person_id, certificate.enterprise_id, certificate.post):
            yield satisfied("employment.differs", "聘用单位与证书所在单位一致", certificate.enterprise_name)
            continue
        employer = known.works_for.employer(certificate.person_id)
        if employer is None:
            cure = Cure("查看聘用关系", url_name="employment:mine")
            yield Finding(
                "employment.none",
                "未登记聘用关系",
                "请由受聘企业发起聘用，您在手机端确认后即建立。",
                turn="受聘企业",
                cure=cure,
            )
        else:
            cure = Cure("办理执业企业变更", business="employer_change", query={"certificate": certificate.pk})
            detail = f"您现受聘于{employer.name}，证书仍在{certificate.enterprise_name}名下。请先办理执业企业变更。"
            yield Finding("employment.differs", "聘用单位与证书所在单位不一致", detail, turn="本人", cure=cure)


@condition("已登记聘用关系")
def employment_needed(case: Case, facts: Facts) -> Finding:
    """The holder needs an active employment, wherever the certificate is."""
    employment = facts(holdings).works_for.employment.get(case.person_id or 0)
    if employment is None:
        cure = Cure("查看聘用关系", url_name="employment:mine")
        detail = "请由受聘企业在企业服务平台发起聘用，您在手机端确认后即建立。"
        return Finding("employment.none", "未登记聘用关系", detail, turn="受聘企业", cure=cure)
    since = chinese_date(employment.started_at.date())
    return satisfied("employment.none", "已登记聘用关系", f"{employment.enterprise.name}，{since}起")


@condition("现聘用企业登记状态正常（没有注销、吊销）")
def employer_exists(case: Case, facts: Facts) -> Finding | None:
    """Before there is a new employment nothing is said: the enterprise that is left may well be gone."""
    employed = facts(holdings).works_for.employment.get(case.person_id or 0)
    return enterprise_exists(case, facts) if employed is not None else None


@condition("已与新单位登记聘用关系")
def new_employer_differs(case: Case, facts: Facts) -> Iterator[Finding]:
    known = facts(holdings)
    employment = known.works_for.employment.get(case.person_id or 0)
    if employment is None:
        yield Finding(
            "employment.none",
            "未与新单位登记聘用关系",
            "请由新单位在企业服务平台发起聘用，您在手机端确认后即建立。",
            turn="新单位",
            cure=Cure("查看聘用关系", url_name="employment:mine"),
        )
        return
    same = [one for one in subject_certificates(case, facts) if one.enterprise_id == employment.enterprise_id]
    if same:
        yield Finding(
            "change.same_enterprise",
            "证书已在现聘用单位名下",
            f"{'、'.join(one.number for one in same)}的单位就是{employment.enterprise.name}，不需要变更。"
            "要换单位的，先后是：现单位解除聘用，新单位发起聘用，您在手机上确认，再来办理变更。",
            turn="现单位和新单位",
            cure=Cure("查看聘用关系", url_name="employment:mine"),
        )
    else:
        since = chinese_date(employment.started_at.date())
        yield satisfied("employment.none", "已与新单位登记聘用关系", f"{employment.enterprise.name}，{since}起")


@condition("证书所在单位在企业登记信息中（没有的请办理证书纠错）")
def old_enterprise_known(case: Case, facts: Facts) -> Finding | None:
    """A former enterprise that no registry knows cannot confirm: the manual prescribes a correction of the enterprise."""
    unknown = [one for one in subject_certificates(case, facts) if one.enterprise_id is None]
    if not unknown:
        return None
    return Finding(
        "change.enterprise_unknown",
        "证书所在单位无法确认申请",
        f"登记信息中没有{unknown[0].enterprise_name}。请办理证书纠错，选择企业信息纠错并上传证明材料。",
        turn="本人",
        cure=Cure("办理证书纠错", business="correction", query={"certificate": unknown[0].pk}),
    )


def says_it_is_final(case: Case, facts: Facts) -> Finding:
    """Only advises, before a certificate is given up."""
    detail = "注销后不能恢复，原编号不再使用；以后再要这类证书，须由受聘企业报名、重新参加考核。"
    return Finding("cancellation.final", "注销是终局的", detail, Level.ADVISORY)


NO_EMPLOYER = "本人没有登记聘用关系，受聘企业确认环节跳过。"


def employer_gone(application: Application) -> str:
    """Says why a dissolved employer is not asked; blank when there is one that can answer."""
    return _gone(application.enterprise)


def nobody_to_confirm(application: Application) -> str:
    return employer_gone(application) if application.enterprise_id else NO_EMPLOYER


def former_employer_gone(application: Application) -> str:
    """Says why nobody can be asked; blank when the former enterprise exists and must confirm."""
    former = application.former_enterprise
    return _gone(former) if former else "证书所在单位不在登记信息中，无法确认。"


def _gone(enterprise: Enterprise | None) -> str:
    if enterprise is None or not enterprise.is_gone:
        return ""
    return f"{enterprise.name}已{enterprise.get_status_display()}，不需要其确认。"
