"""Declares 聘用关系变更, the business by which an employment gets another end of its contract or other posts in place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from employment.relations.services import NewTerms, change_terms
from employment.renewing.forms import RenewalForm
from employment.renewing.rules import (
    employment_goes_on,
    nothing_else_is_open,
    something_changes,
    terms_are_as_shown,
    what_a_change_means,
)
from employment.terms_in_words import changes_in_words, side_by_side
from workflow.actors import Actor
from workflow.business import Business, register
from workflow.checks import Case, Facts
from workflow.enums import Desk, Party
from workflow.models import Application
from workflow.rules import real_name_registered
from workflow.steps import Comparison, Lapse, Step

from ..compared import RENEWED, renewed
from ..models import EmploymentItem
from ..rules import contract_not_over, employer_is_not_gone
from ..selectors import named_employments


@register
class EmploymentRenewal(Business):
    """The enterprise proposes; the person decides on a phone after a second verification. The employment stays the same."""

    kind, title = "employment_renewal", "聘用关系变更"
    order = 35
    waits_after_reset = True
    menu_title = "续签、变更职务"
    summary = "企业提出续签合同或变更职务，人员在手机端确认后立即生效，聘用关系不中断。"
    filed_by = frozenset({Party.ENTERPRISE})
    form_class = RenewalForm
    steps = (Step(Desk.PERSON, when_overdue=Lapse("proposal_days"), calendar_days=True, second_verification=True),)
    checks = (
        real_name_registered,
        employer_is_not_gone,
        employment_goes_on,
        nothing_else_is_open,
        something_changes,
        contract_not_over,
        terms_are_as_shown,
        what_a_change_means,
    )
    changes = RENEWED
    item_model = EmploymentItem
    subject_field = "employment"
    start_on_web = False
    start_url_name = "employment:enterprise"
    content_template = "employment/renewal_content.html"
    section = "人员聘用管理"
    outcome = "职务、合同期更新"
    legal_basis = ("《关于开展建设工程企业相关从业人员实名制信息登记的通知》",)

    def about(self, case: Case) -> list[str]:
        return named_employments(case.subjects)

    def orders(self, case: Case, facts: Facts) -> Iterable[NewTerms]:
        terms = case.payload
        if case.application_id is None:
            raise ValueError("only an approved application changes an employment")
        for pk in case.subjects:
            yield NewTerms(
                employment_id=pk,
                posts=tuple(terms["posts"]),
                contract_to=date.fromisoformat(terms["contract_to"]) if terms.get("contract_to") else None,
                application_id=case.application_id,
            )

    def compare(self, case: Case, facts: Facts) -> list[Comparison]:
        return renewed(case.payload)

    def carry_out(self, orders: list[NewTerms], facts: Facts, *, by: Actor, now: datetime) -> None:
        change_terms(orders, now=now)

    def facts_of(self, application: Application) -> list[tuple[str, str]]:
        enterprise = [("企业", application.enterprise.name)] if application.enterprise else []
        return [*enterprise, *changes_in_words(application.payload)]

    def content(self, application: Application) -> dict[str, Any]:
        return {"changes": side_by_side(application.payload)}
