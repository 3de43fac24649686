"""Declares 聘用关系解除, the business by which a person ends an employment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.http import Http404

from common.dates import chinese_date
from common.findings import Finding, Refused
from employment.ending.forms import LEAVING, EndRequestForm
from employment.ending.services import RequestedEnd, end_requested
from workflow.actors import Actor
from workflow.business import Business, register
from workflow.checks import Case, Facts
from workflow.enums import Desk, Party
from workflow.models import Application
from workflow.rules import real_name_registered
from workflow.steps import Escalate, Step

from ..enums import EndReason
from ..models import Employment, EmploymentItem
from ..rules import NOT_EMPLOYED, certificates_stay, nothing_asked_yet, still_employed_there

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
    checks = (real_name_registered, still_employed_there, nothing_asked_yet, certificates_stay)
    item_model = EmploymentItem
    subject_field = "employment"
    section = "人员聘用管理"
    outcome = "聘用关系解除"
    materials = ("无需提交纸质材料；企业不同意的，凭离职证明、仲裁裁决或判决到企业注册地主管部门办理",)
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
        rows = Employment.objects.filter(pk__in=case.subjects).select_related("enterprise").order_by("pk")
        return [f"与{row.enterprise.name}的聘用关系（{row.post_labels}）" for row in rows]

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        notes = {application.pk: _note(application) for application in applications}
        end_requested(
            [
                RequestedEnd(employment_id=pk, application_id=case.application_id, note=notes[case.application_id])
                for case in facts.cases
                for pk in case.subjects
                if case.application_id is not None
            ],
            reason=EndReason.BY_OFFICE if by.party == Party.OFFICE else EndReason.BY_PERSON,
            now=now,
        )
        return {}

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        return {application.pk: _described(application) for application in applications}


def _note(application: Application) -> str:
    left = application.payload.get("left_on")
    since = f"，劳动合同于{chinese_date(date.fromisoformat(left))}解除" if left else ""
    return f"{LEAVING[application.payload['reason']]}{since}"


def _described(application: Application) -> list[tuple[str, str]]:
    rows = [("企业", application.enterprise.name)] if application.enterprise else []
    if application.payload.get("reason") in LEAVING:
        rows.append(("解除原因", LEAVING[application.payload["reason"]]))
    return rows
