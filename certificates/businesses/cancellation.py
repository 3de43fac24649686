"""Declares 证书注销, the business by which a holder gives a certificate up."""

from __future__ import annotations

from administration.enums import NoticeKind
from certificates.businesses.ending import EndingBusiness
from certificates.filing.cancellation import REASONS, CancellationForm
from certificates.filing.desks import employer_confirms, province_decides
from certificates.rules.employer import nobody_to_confirm, says_it_is_final
from certificates.rules.holding_rules import holding_rules
from certificates.rules.projects import no_project_in_progress
from certificates.rules.sets import FREE
from workflow.business import register
from workflow.checks import Case
from workflow.rules import real_name_registered


@register
class Cancellation(EndingBusiness):
    """The holder asks for it, the present employer confirms it, and a notice announces it."""

    kind, title = "cancellation", "证书注销"
    order = 130
    menu_title = "注销"
    summary = "本人申请，受聘企业确认，省厅审核后注销证书，并在公告栏公告。"
    form_class = CancellationForm
    steps = (
        employer_confirms(skip=nobody_to_confirm, when="本人登记了聘用关系的申请"),
        province_decides("decision_days_other", accepts=True),
    )
    checks = (real_name_registered, *FREE, no_project_in_progress, holding_rules, says_it_is_final)
    notice = (NoticeKind.CANCELLATION, "关于注销{count}本安全生产考核合格证书的公告")
    outcome = "注销并公告"
    legal_basis = ("《中华人民共和国行政许可法》第七十条",)

    def summary_of(self, case: Case) -> str:
        return "本人申请注销：" + dict(REASONS).get(case.payload.get("reason", ""), "")
