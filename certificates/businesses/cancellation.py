"""Declares 证书注销, the business by which a holder gives up a certificate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django import forms

from accounts.models import Person
from administration.enums import NoticeKind
from certificates.authority.announcements import announce
from certificates.businesses.base import CertificateBusiness, employer_gone, employer_of, enterprise_of_first, located
from certificates.filing.commitment import CommitmentForm
from certificates.rules.filing import certificates_valid, nothing_in_progress
from certificates.rules.holding_rules import holding_rules
from certificates.state.services import StateChange, change_states
from common.findings import Finding, satisfied
from enterprises.models import ProjectInProgress
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts, condition
from workflow.enums import Desk
from workflow.models import Application
from workflow.rules import real_name_registered
from workflow.steps import Lapse, Step

from ..enums import LegalState, Operation
from ..holding import Held

REASONS = (
    ("leaving", "不再从事安全生产管理工作"),
    ("duplicate", "同时持有多本证书，注销其中一本"),
    ("retired", "退休"),
    ("elsewhere", "到其他省份从业"),
    ("other", "其他（请在说明中写明）"),
)
NO_EMPLOYER = "本人没有登记聘用关系，受聘企业确认环节跳过。"


class CancellationForm(CommitmentForm):
    reason = forms.ChoiceField(label="注销原因", choices=REASONS)
    field_order = ("reason", "phone", "note", "commitment")

    def clean(self) -> dict[str, object] | None:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reason") == "other" and not str(cleaned.get("note", "")).strip():
            self.add_error("note", "选择“其他”时，请写明原因。")
        return cleaned


def projects(cases: Sequence[Case]) -> dict[int, list[ProjectInProgress]]:
    """Maps a person to the projects in progress that name them, in two queries."""
    people = dict(Person.objects.filter(pk__in={case.person_id for case in cases}).values_list("id_number_index", "pk"))
    found: dict[int, list[ProjectInProgress]] = {}
    for project in ProjectInProgress.objects.filter(id_number_index__in=people, finished_on__isnull=True):
        found.setdefault(people[project.id_number_index], []).append(project)
    return found


@condition("没有在建项目")
def no_project_in_progress(case: Case, facts: Facts) -> Iterator[Finding]:
    own = facts(projects).get(case.person_id or 0, [])
    for project in own:
        yield Finding(
            "cancellation.project",
            f"有在建项目：{project.name}",
            f"项目编号{project.number}，岗位{project.post or '未填'}。项目竣工或人员变更登记后才能注销证书。",
            turn="企业",
            facts={"project": project.number},
        )
    if not own:
        yield satisfied("cancellation.project", "没有在建项目")


def nobody_to_confirm(application: Application) -> str:
    return employer_gone(application) if application.enterprise_id else NO_EMPLOYER


@register
class Cancellation(CertificateBusiness):
    """The holder asks for it, the present employer confirms it, and a notice announces it."""

    kind, title = "cancellation", "证书注销"
    order = 130
    waits_after_reset = True
    menu_title = "注销"
    summary = "本人申请，受聘企业确认，省厅审核后注销证书，并在公告栏公告。"
    form_class = CancellationForm
    steps = (
        Step(
            Desk.EMPLOYER,
            when_overdue=Lapse("employer_days"),
            skip=nobody_to_confirm,
            when="本人登记了聘用关系的申请",
        ),
        Step(Desk.PROVINCIAL, days="decision_days_other", accepts=True),
    )
    checks = (real_name_registered, nothing_in_progress, certificates_valid, no_project_in_progress, holding_rules)
    outcome = "注销并公告"
    materials = ("无需提交纸质材料",)
    legal_basis = ("《中华人民共和国行政许可法》第七十条",)

    def refresh(self, case: Case) -> Case:
        """The present employer confirms; the office is that of the certificate's enterprise."""
        employer = employer_of(case)
        place = located(case, enterprise_of_first(case))
        return replace(place, enterprise_id=employer.pk if employer else None)

    def project(self, case: Case, held: Sequence[Held]) -> list[Held]:
        return [one for one in held if one.certificate_id not in case.subjects]

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        events = change_states(
            [
                StateChange(
                    certificate_id=pk,
                    state=LegalState.CANCELLED,
                    operation=Operation.CANCELLATION,
                    summary="本人申请注销：" + dict(REASONS).get(case.payload.get("reason", ""), ""),
                    kind=self.kind,
                    application_id=case.application_id,
                )
                for case in facts.cases
                for pk in case.subjects
            ],
            by=by,
            now=now,
            keep_open=[application.pk for application in applications],
        )
        announce(NoticeKind.CANCELLATION, "关于注销{count}本安全生产考核合格证书的公告", events, by=by, now=now)
        return {}
