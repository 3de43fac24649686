"""Declares 聘用关系建立, the business by which an enterprise proposes an employment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from employment.proposing.forms import ProposalForm
from employment.proposing.proposals import new_case
from employment.relations.services import NewEmployment, start_employments
from employment.terms_in_words import contract_text, post_words
from workflow.actors import Actor
from workflow.business import Business, register
from workflow.checks import Case, Facts, in_review
from workflow.enums import Desk, Party
from workflow.models import Application
from workflow.rules import real_name_registered
from workflow.steps import Comparison, Lapse, Step

from ..compared import STARTED, started
from ..models import EmploymentItem
from ..rules import contract_not_over, employer_is_not_gone, not_already_here, not_employed_elsewhere


@register
class EmploymentStart(Business):
    """The enterprise proposes the employment; the person decides on a phone after a second verification."""

    kind, title = "employment_start", "聘用关系建立"
    order = 30
    waits_after_reset = True
    menu_title = "聘用关系发起"
    summary = "企业发起聘用，人员在手机端确认后立即建立聘用关系。"
    filed_by = frozenset({Party.ENTERPRISE})
    form_class = ProposalForm
    steps = (Step(Desk.PERSON, when_overdue=Lapse("proposal_days"), calendar_days=True, second_verification=True),)
    checks = (
        real_name_registered,
        employer_is_not_gone,
        contract_not_over,
        not_already_here,
        in_review(not_employed_elsewhere),
    )
    changes = STARTED
    item_model = EmploymentItem
    start_on_web = False
    start_url_name = "employment:enterprise"
    section = "人员聘用管理"
    outcome = "聘用关系建立"
    legal_basis = ("《关于开展建设工程企业相关从业人员实名制信息登记的通知》",)

    def case(
        self, *, person_id: int, enterprise_id: int, region_id: str, payload: dict[str, object], today: date
    ) -> Case:
        return new_case(
            self,
            person_id=person_id,
            enterprise_id=enterprise_id,
            region_id=region_id,
            payload=payload,
            today=today,
        )

    def orders(self, case: Case, facts: Facts) -> Iterable[NewEmployment]:
        terms = case.payload
        if case.person_id is None or case.enterprise_id is None:
            raise ValueError(f"{case.application_id} proposes an employment without its parties")
        yield NewEmployment(
            person_id=case.person_id,
            enterprise_id=case.enterprise_id,
            posts=tuple(terms["posts"]),
            contract_from=date.fromisoformat(terms["contract_from"]),
            contract_to=date.fromisoformat(terms["contract_to"]) if terms.get("contract_to") else None,
            application_id=case.application_id,
        )

    def compare(self, case: Case, facts: Facts) -> list[Comparison]:
        return started(case.payload, case.enterprise_id)

    def carry_out(self, orders: list[NewEmployment], facts: Facts, *, by: Actor, now: datetime) -> None:
        start_employments(orders, now=now)

    def facts_of(self, application: Application) -> list[tuple[str, str]]:
        terms = application.payload
        return [
            *([("企业", application.enterprise.name)] if application.enterprise else []),
            ("职务", post_words(terms.get("posts", []))),
            ("合同期", contract_text(terms)),
        ]
