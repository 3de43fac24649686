"""Declares 聘用关系解除, the business by which a person ends an employment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from django.http import Http404

from common.dates import chinese_date
from common.findings import Refused
from employment.ending.forms import LEAVING, EndRequestForm
from employment.ending.services import RequestedEnd, end_requested
from employment.relations.warnings import what_is_under_way
from workflow.actors import Actor
from workflow.business import Business, register
from workflow.checks import Case, Facts
from workflow.enums import Desk, Party
from workflow.models import Application
from workflow.rules import real_name_registered
from workflow.steps import Comparison, Escalate, Step

from ..compared import ENDED, ended
from ..enums import EndReason
from ..models import Employment, EmploymentItem
from ..rules import NOT_EMPLOYED, certificates_stay, nothing_asked_yet, still_employed_there
from ..selectors import named_employments

SILENT_FLAG = "受聘企业逾期未答复，转地市核实。"


def employer_was_silent(application: Application) -> bool:
    return SILENT_FLAG in application.flags


@register
class EmploymentEnd(Business):
    """The person asks for the end of the employment; the employer agrees, or after its silence the municipal office
    decides.
    """

    kind, title = "employment_end", "聘用关系解除"
    order = 20
    waits_after_reset = True
    menu_title = "申请解除聘用"
    summary = "本人申请解除聘用，受聘企业同意后立即解除；企业逾期不答复的，由企业注册地主管部门核实后办理。"
    filed_by = frozenset({Party.PERSON})
    form_class = EndRequestForm
    steps = (
        Step(Desk.EMPLOYER, when_overdue=Escalate("employment_end_days", SILENT_FLAG)),
        Step(
            Desk.MUNICIPAL,
            days="decision_days_other",
            applies=employer_was_silent,
            when="受聘企业逾期没有答复的申请",
        ),
    )
    checks = (real_name_registered, still_employed_there, nothing_asked_yet, certificates_stay, what_is_under_way)
    changes = ENDED
    item_model = EmploymentItem
    subject_field = "employment"
    section = "人员聘用管理"
    outcome = "聘用关系解除"
    materials = ("无需提交纸质材料；企业不同意的，凭离职证明、仲裁裁决或判决到企业注册地主管部门办理",)
    after_refusal = "聘用关系继续登记；本人可以凭离职证明、仲裁裁决或判决，到企业注册地主管部门办理解除。"
    legal_basis = ("《关于开展建设工程企业相关从业人员实名制信息登记的通知》",)

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        """Takes the one active employment, which `employment` in the query must name."""
        if actor.person_id is None:
            raise Http404("只能由本人申请")
        own = Employment.objects.active().filter(person_id=actor.person_id)
        employment = own.select_related("enterprise").first()
        wanted = query.get("employment", "")
        if wanted and (employment is None or wanted != str(employment.pk)):
            raise Http404("没有这项聘用关系")
        if employment is None:
            raise Refused(NOT_EMPLOYED)
        return Case(
            business=self,
            filing_day=today,
            on=today,
            person_id=employment.person_id,
            enterprise_id=employment.enterprise_id,
            region_id=employment.enterprise.region_id,
            subjects=(employment.pk,),
        )

    def refresh(self, case: Case) -> Case:
        """Takes the region in which the enterprise is registered now."""
        employment = Employment.objects.filter(pk__in=case.subjects).select_related("enterprise").first()
        return replace(case, region_id=employment.enterprise.region_id) if employment else case

    def about(self, case: Case) -> list[str]:
        return named_employments(case.subjects)

    def orders(self, case: Case, facts: Facts) -> Iterable[RequestedEnd]:
        left = case.payload.get("left_on")
        since = f"，劳动合同于{chinese_date(date.fromisoformat(left))}解除" if left else ""
        if case.application_id is None:
            raise ValueError("only an approved application ends an employment")
        for pk in case.subjects:
            yield RequestedEnd(pk, case.application_id, note=f"{LEAVING[case.payload['reason']]}{since}")

    def compare(self, case: Case, facts: Facts) -> list[Comparison]:
        return ended(case.subjects)

    def carry_out(self, orders: list[RequestedEnd], facts: Facts, *, by: Actor, now: datetime) -> None:
        reason = EndReason.BY_OFFICE if by.party == Party.OFFICE else EndReason.BY_PERSON
        end_requested(orders, reason=reason, now=now)

    def facts_of(self, application: Application) -> list[tuple[str, str]]:
        reason = application.payload.get("reason")
        return [
            *([("企业", application.enterprise.name)] if application.enterprise else []),
            *([("解除原因", LEAVING[reason])] if reason in LEAVING else []),
        ]
