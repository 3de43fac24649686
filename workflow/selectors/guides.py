"""Makes guides to a business from its declaration, for the public and for the generated documentation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from administration.parameters.book import ParameterBook
from workflow.business import Business
from workflow.checks import condition_of
from workflow.steps import Escalate, Lapse, Step

from ..enums import OFFICE_DESKS, Desk, Party
from .progress import clock_text, step_label


@dataclass(frozen=True)
class GuideStep:
    """The words of `when` say which applications pass the step; a blank means all."""

    label: str
    when: str
    clock: str
    when_overdue: str
    needs: str

    @property
    def remarks(self) -> str:
        when = f"只有{self.when}经过这个环节" if self.when else ""
        return "；".join(filter(None, (when, self.needs, self.when_overdue)))


class GuideRow(NamedTuple):
    label: str
    clock: str
    remarks: str


@dataclass(frozen=True)
class Guide:
    business: Business
    filed_by: str
    steps: list[GuideStep]
    conditions: list[str]

    @property
    def visits(self) -> bool:
        """Answers whether somebody has to come with the originals."""
        return any(step.originals for step in self.business.steps)

    @property
    def rows(self) -> list[GuideRow]:
        """Answers the whole way of an application from its filing to its outcome, for the table of the public guide."""
        filed = GuideRow(f"{self.filed_by}提交", "", "提交后可在“我的办件”查看进度，办结前可以撤回")
        steps = [GuideRow(step.label, step.clock, step.remarks) for step in self.steps]
        return [filed, *steps, GuideRow(self.business.outcome, "", "结果以消息告知")]


def guide_of(business: Business, parameters: ParameterBook, on: date) -> Guide:
    """Reads the declaration with the values of that day, without a query beyond the book's."""
    conditions = (condition_of(check, parameters, on) for check in business.checks)
    return Guide(
        business,
        "、".join(str(Party(party).label) for party in Party if party in business.filed_by),
        [_step(business, step, parameters, on) for step in business.steps],
        list(dict.fromkeys(filter(None, conditions))),
    )


def _step(business: Business, step: Step, parameters: ParameterBook, on: date) -> GuideStep:
    needs = []
    if step.second_verification:
        needs.append("在手机端验证身份后办理")
    if step.originals:
        needs.append(f"携带{'、'.join(original.title for original in step.originals)}原件到现场核验")
    return GuideStep(
        step_label(step), step.when, clock_text(business, step, parameters, on), _when_overdue(step), "；".join(needs)
    )


def _when_overdue(step: Step) -> str:
    if isinstance(step.when_overdue, Lapse):
        return "逾期没有处理的，办理终止，需要时重新申请"
    if isinstance(step.when_overdue, Escalate):
        return "逾期没有处理的，转下一环节核实"
    if step.accepts:
        return "逾期没有受理或退回补正的，视为受理"
    if Desk(step.desk) in OFFICE_DESKS:
        return "逾期的由主管部门督办，申请不失效"
    return ""
