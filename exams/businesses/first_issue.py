from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.http import Http404

from certificates.enums import Category
from certificates.facts.holdings import holdings
from certificates.issuing.first_issue import FirstIssue as Order
from certificates.issuing.first_issue import issue_first
from certificates.issuing.first_issue_rules import FirstIssueBusiness, claim_of, post_of, still_employed_there
from common.findings import Cure, Finding, satisfied
from common.web.ids import id_of
from employment.selectors import load_works_for
from enterprises.enums import Post
from enterprises.models import Enterprise
from exams.sign_up.rules import POSTS_OF, posts_at
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Check, Facts, condition
from workflow.enums import Desk, Party
from workflow.models import Application
from workflow.steps import Lapse, Step

from ..enums import EntryState
from ..models import ExamEntry


class FirstIssueForm(forms.Form):
    """Filled in by the system; the person sees it only where it was returned, or is filed anew after a withdrawal."""

    post = forms.ChoiceField(label="职务", help_text="印在证书上，与聘用登记一致。")
    category = forms.CharField(widget=forms.HiddenInput, disabled=True)
    entry = forms.IntegerField(widget=forms.HiddenInput, disabled=True)
    employer = forms.IntegerField(widget=forms.HiddenInput, disabled=True, required=False)
    commitment = forms.BooleanField(error_messages={"required": "请阅读并勾选确认。"})

    def __init__(
        self,
        *args: Any,
        entry: ExamEntry | None = None,
        enterprise: Enterprise | None = None,
        posts: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(post, Post(post).label) for post in posts]  # type: ignore[attr-defined]
        if entry is not None:
            self.initial.update(entry=entry.pk, category=entry.category)
        # Agreed on is the employer of the day on which the person agrees, whatever was kept before.
        self.initial.update(employer=enterprise.pk if enterprise else None, commitment=False)
        name = enterprise.name if enterprise else "现受聘企业"
        self.fields["commitment"].label = f"本人确认：证书签发在{name}名下，所填内容真实有效。"


def entries(cases: Sequence[Case]) -> dict[int, ExamEntry]:
    """Loader for `Facts`: the exam entries of the cases."""
    wanted = {int(case.payload.get("entry") or 0) for case in cases}
    return ExamEntry.objects.select_related("batch", "enterprise").in_bulk(wanted)


def entry_of(case: Case, facts: Facts) -> ExamEntry | None:
    """None for a draft that lost its content."""
    return facts(entries).get(int(case.payload.get("entry") or 0))


@condition("考试合格，还没有发证")
def exam_passed(case: Case, facts: Facts) -> Finding:
    entry = entry_of(case, facts)
    if entry is None or entry.state != EntryState.PASSED:
        detail = f"{entry.batch.name}：{entry.get_state_display()}。" if entry else "请从“我的考试”重新申请。"
        return Finding("first_issue.not_passed", "没有合格的考试成绩", detail, turn="考试机构")
    if entry.certificate_id is not None:
        return Finding("first_issue.issued", "已按这次成绩发证", "一次考试只发一本证书。")
    return satisfied("first_issue.not_passed", "考试合格", f"{entry.batch.name}，{scores(entry)}")


@condition("发证企业是现受聘企业；考试合格后更换了企业的，由本人确认、新企业同意")
def employer_agreed(case: Case, facts: Facts) -> Finding:
    """Edge case 26: the certificate is neither issued for the former employer nor silently for the new one."""
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
        return None  # without any, `employer_agreed` has said it
    known = "、".join(Post(one).label for one in sorted(registered))
    detail = f"登记的职务是{known}。请选择登记的职务，或由受聘企业按劳动合同重新登记聘用关系。"
    return Finding(
        "exam.post", f"聘用关系中没有登记“{dict(Post.choices).get(post, post)}”", detail, turn="本人和受聘企业"
    )


@register
class FirstIssue(FirstIssueBusiness):
    """首次发证: opened by the system for everybody who passed, decided by the province in bulk."""

    kind, title = "first_issue", "首次发证"
    order = 10
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
    )
    effect_parameters = ("term_years",)
    outcome = "签发证书"
    materials = ("无需提交材料；考试成绩由考试机构登记",)
    legal_basis = ("《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》第七条至第九条",)

    # How it starts

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        """By the person only where the case that the system opened came to nothing."""
        own = ExamEntry.objects.filter(
            pk=id_of(query.get("entry")) or 0, person=actor.person_id or 0, state=EntryState.PASSED
        )
        cases = self.cases_of(list(own), today=today)
        if not cases:
            raise Http404("没有这次考试")
        return self.refresh(cases[0])

    def choices(self, actor: Actor) -> list[tuple[str, dict[str, str]]]:
        rows = ExamEntry.objects.filter(person=actor.person_id or 0, state=EntryState.PASSED, certificate__isnull=True)
        return [
            (f"{one.category}证，{one.batch.name}", {"entry": str(one.pk)})
            for one in rows.select_related("batch").order_by("pk")
        ]

    def cases_of(self, found: Sequence[ExamEntry], *, today: date) -> list[Case]:
        """As the entry says: the enterprise that signed the person up, and the post of then."""
        places = {one.enterprise_id for one in found}
        regions = dict(Enterprise.objects.filter(pk__in=places).values_list("pk", "region_id"))
        return [
            Case(
                business=self,
                filing_day=today,
                on=today,
                person_id=one.person_id,
                enterprise_id=one.enterprise_id,
                former_enterprise_id=one.enterprise_id,
                region_id=regions[one.enterprise_id],
                claims=(claim_of(one.person_id, one.category),),
                payload={
                    "post": one.post,
                    "category": one.category,
                    "entry": one.pk,
                    "employer": one.enterprise_id,
                    "commitment": True,
                },
            )
            for one in found
        ]

    def refresh(self, case: Case) -> Case:
        """The enterprise it was entered for, as long as the person works there; else the present employer."""
        person_id = case.person_id or 0
        works_for = load_works_for([person_id])
        if works_for(person_id, case.former_enterprise_id, post_of(case)):
            place = Enterprise.objects.filter(pk=case.former_enterprise_id or 0).first()
        else:
            place = works_for.employer(person_id)
        placed = replace(case, enterprise_id=place.pk, region_id=place.region_id) if place else case
        return super().refresh(placed)

    def form_kwargs(self, case: Case) -> dict[str, Any]:
        entry = ExamEntry.objects.filter(pk=case.payload.get("entry") or 0).first()
        registered = posts_at(load_works_for([case.person_id]), case.person_id or 0, case.enterprise_id)
        allowed = {str(post) for post in POSTS_OF[Category(entry.category)]} if entry else set()
        return {
            "entry": entry,
            "enterprise": Enterprise.objects.filter(pk=case.enterprise_id or 0).first(),
            "posts": sorted((registered & allowed) or {post_of(case)} & set(Post.values)),
        }

    def about(self, case: Case) -> list[str]:
        found = ExamEntry.objects.filter(pk=case.payload.get("entry") or 0).select_related("batch")
        return [f"{one.category}证（{one.get_category_display()}），{one.batch.name}" for one in found]

    # Effect

    def round_keys(self, application: Application) -> Iterable[Hashable]:
        """Rule A-2 looks at the whole enterprise, but only at legal representatives."""
        yield from super().round_keys(application)
        if application.payload.get("post") == Post.LEGAL_REPRESENTATIVE:
            yield ("enterprise", application.enterprise_id)

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        orders = {self._order(case, facts): case for case in facts.cases}
        result = issue_first(orders=list(orders), by=by, now=now, kind=self.kind, parameters=facts.parameters)
        if result.refused:
            return result.refused_applications
        issued = []
        for order, version in result.issued.items():
            entry = self._entry(orders[order], facts)
            entry.certificate_id = version.certificate_id
            issued.append(entry)
        ExamEntry.objects.bulk_update(issued, ["certificate"])
        return {}

    @staticmethod
    def _entry(case: Case, facts: Facts) -> ExamEntry:
        entry = entry_of(case, facts)
        if entry is None:  # `exam_passed` lets no such case through
            raise ValueError(f"{case.application_id} is about no exam")
        return entry

    def _order(self, case: Case, facts: Facts) -> Order:
        entry = self._entry(case, facts)
        return Order(
            person_id=entry.person_id,
            category=entry.category,
            enterprise_id=case.enterprise_id or 0,
            post=post_of(case),
            application_id=case.application_id,
            summary=f"{entry.batch.name}合格",
        )

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        wanted = {application.pk: application.payload.get("entry") for application in applications}
        found = ExamEntry.objects.select_related("batch").in_bulk({pk for pk in wanted.values() if pk})
        return {pk: _described(found[entry]) if entry in found else [] for pk, entry in wanted.items()}


def _described(entry: ExamEntry) -> list[tuple[str, str]]:
    return [
        ("类别", f"{entry.category}证（{entry.get_category_display()}）"),
        ("考试", entry.batch.name),
        ("成绩", scores(entry)),
    ]


def scores(entry: ExamEntry) -> str:
    parts = [("知识考核", entry.knowledge_score), ("能力考核", entry.ability_score)]
    return "，".join(f"{label} {score:g}" for label, score in parts if score is not None)
