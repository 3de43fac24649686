"""Declares 首次发证, the business that follows a passed exam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django.http import Http404

from certificates.filing.proofs import PASSED
from certificates.issuing.compared import compared
from certificates.issuing.first_issue_rules import FirstIssueBusiness, still_employed_there
from common.findings import Finding
from common.web.ids import id_of
from exams.first_issue.cases import cases_of, exam_facts, exam_lines, form_values, passed_entries, placed
from exams.first_issue.forms import FirstIssueForm
from exams.first_issue.rules import employer_agreed, exam_passed, merge_follows, post_registered
from exams.first_issue.services import issue_certificates, order_of
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Check, Facts
from workflow.enums import Desk, Party
from workflow.models import Application
from workflow.steps import Comparison, Lapse, Step


@register
class FirstIssue(FirstIssueBusiness):
    """The system opens the application for everybody who passed; the province decides in bulk."""

    kind, title = "first_issue", "首次发证"
    order = 150
    summary = (
        "考试合格后由系统自动提交，省厅审核后签发电子证书，本人不需要申请。"
        "考试合格后更换了受聘企业的，由本人确认、新企业同意后继续。"
    )
    filed_by = frozenset({Party.SYSTEM, Party.PERSON})
    form_class = FirstIssueForm
    steps = (
        Step(
            Desk.EMPLOYER,
            when_overdue=Lapse("employer_days"),
            applies=lambda application: application.enterprise_id != application.former_enterprise_id,
            when="考试合格后更换了受聘企业的申请",
        ),
        Step(Desk.PROVINCIAL, days="decision_days_issue", accepts=True),
    )
    checks: ClassVar[tuple[Check, ...]] = (
        exam_passed,
        *(employer_agreed if check is still_employed_there else check for check in FirstIssueBusiness.checks),
        post_registered,
        merge_follows,
    )
    changes = PASSED
    effect_parameters = ("term_years",)
    outcome = "签发证书"
    materials = ("无需提交材料；考试成绩由考试机构登记",)
    legal_basis = ("《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》第七条至第九条",)

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        """The person files only where the case that the system opened ended without a certificate."""
        cases = cases_of(passed_entries(actor.person_id).filter(pk=id_of(query.get("entry")) or 0), today=today)
        if not cases:
            raise Http404("没有这次考试")
        return self.refresh(cases[0])

    def choices(self, actor: Actor) -> list[tuple[str, dict[str, str]]]:
        rows = passed_entries(actor.person_id).filter(certificate__isnull=True)
        return [
            (f"{one.category}证，{one.batch.name}", {"entry": str(one.pk)})
            for one in rows.select_related("batch").order_by("pk")
        ]

    def refresh(self, case: Case) -> Case:
        return super().refresh(placed(case))

    def form_kwargs(self, case: Case) -> dict[str, Any]:
        return form_values(case)

    def about(self, case: Case) -> list[str]:
        return exam_lines(case)

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        return issue_certificates(facts, kind=self.kind, by=by, now=now)

    def compare(self, case: Case, facts: Facts) -> list[Comparison]:
        order = order_of(case, facts)
        return compared([order], case, facts, self.changes) if order else []

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        return exam_facts(applications)
