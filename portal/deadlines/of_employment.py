"""Finds ends of contracts, and proposals that wait for an answer or got none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from django.utils.timezone import localdate

from common.dates import chinese_date, midnight
from common.findings import Cure
from common.text.masking import mask_name
from employment.models import Employment
from employment.proposing.proposals import token_of
from employment.proposing.selectors import proposals_of
from employment.renewing.contract_ends.selectors import EndedRow, EndRow, end_rows, ended_with_contract
from employment.renewing.reminding import reminded_times
from employment.renewing.selectors import awaiting_person
from employment.terms_in_words import FORMER
from enterprises.models import Enterprise
from workflow.enums import CloseReason, Desk, Party, Status
from workflow.models import Application

from .items import Deadline, Kind, named

PROPOSALS = {"tab": "proposals"}
NO_ANSWER = (CloseReason.EXPIRED, CloseReason.LAPSED)


class EmploymentDays:
    """Reads contracts and proposals of the enterprise that matter until `last`, by few statements."""

    def __init__(self, enterprise: Enterprise, *, first: date, today: date, last: date) -> None:
        self.enterprise, self.first, self.today, self.last = enterprise, first, today, last
        ending = Employment.objects.active().filter(enterprise=enterprise, contract_to__lte=last)
        self.contracts: list[EndRow] = end_rows(list(ending.order_by("contract_to", "pk")), today=today)
        self.ended: list[EndedRow] = ended_with_contract(enterprise, today=today)
        waiting = awaiting_person(enterprise.pk, is_open=True).filter(desk=Desk.PERSON, due_on__lte=last)
        self.waiting = list(waiting.order_by("due_on", "pk"))
        self.times = reminded_times(row.pk for row in self.waiting)
        self.unanswered = self._unanswered()

    def _unanswered(self) -> list[Application]:
        """Leaves out who works here by now or has been asked again."""
        closed = proposals_of(self.enterprise.pk, is_open=False).filter(
            status=Status.CLOSED, close_reason__in=NO_ANSWER, closed_at__gte=midnight(self.first)
        )
        here = Employment.objects.active().filter(enterprise=self.enterprise).values("person_id")
        rows = closed.exclude(person_id__in=here).order_by("-id")
        asked = {row.person_id for row in self.waiting}
        latest = {row.person_id: row for row in reversed(rows)}
        return [row for row in latest.values() if row.person_id not in asked]

    @property
    def person_ids(self) -> set[int]:
        return {row.employment.person_id for row in self.contracts}

    def deadlines(self, names: Mapping[int, str]) -> Iterator[Deadline]:
        for row in self.contracts:
            yield self._of_contract(row, named(names, row.employment.person_id))
        for gone in self.ended:
            yield self._of_ended(gone)
        for proposal in self.waiting:
            yield self._of_waiting(proposal)
        for proposal in self.unanswered:
            yield self._of_unanswered(proposal)

    def _of_contract(self, row: EndRow, who: str) -> Deadline:
        job, key = row.employment, f"contract-{row.employment.pk}"
        day = job.contract_to or self.today
        if row.open_case is not None:
            look = Cure("查看办件", "workflow:detail", kwargs={"number": row.open_case.number})
            cure = None if row.open_case.filed_by == Party.ENTERPRISE else look
            return Deadline(day, Kind.CONTRACT, key, who, "", "的聘用合同", row.state, cure, "info")
        over = day < self.today
        detail = "已到期，聘用关系即将自动解除" if over else "到期没有续签的，聘用关系自动解除，证书转为异常状态"
        cure = Cure("续签合同", "employment:renew", kwargs={"pk": job.pk})
        many = Cure("一起续签", "employment:contract_ends", query={"within": "365"})
        tone = "bad" if over else "warn"
        return Deadline(
            day, Kind.CONTRACT, key, who, "", "的聘用合同", detail, cure, tone, group="的聘用合同", many=many
        )

    def _of_ended(self, gone: EndedRow) -> Deadline:
        job = gone.employment
        cure = Cure("重新发起", "employment:propose_terms", kwargs={"token": gone.token})
        what, detail = "的聘用合同已到期", "聘用关系已自动解除，证书转为异常状态；重新发起，本人同意后当天恢复"
        day = job.contract_to or self.today
        return Deadline(day, Kind.CONTRACT, f"ended-{job.pk}", job.person.name, "", what, detail, cure, "bad")

    def _of_waiting(self, proposal: Application) -> Deadline:
        times = self.times.get(proposal.pk, 0)
        sent = chinese_date(localdate(proposal.first_submitted_at)) if proposal.first_submitted_at else ""
        is_renewal = bool(proposal.payload.get(FORMER))
        what = "答复续签、变更" if is_renewal else "答复聘用邀请"
        return Deadline(
            proposal.due_on or self.today,
            Kind.ANSWER,
            f"answer-{proposal.pk}",
            _name_of(proposal, is_known=is_renewal),
            "",
            what,
            f"{sent}发出，{f'已提醒 {times} 次' if times else '还没有提醒'}；逾期没有答复的，申请自动终止",
            Cure("再提醒" if times else "提醒本人", "employment:enterprise", query=PROPOSALS),
            "",
            group=f"{what}",
            many=Cure("一起提醒", "employment:enterprise", query=PROPOSALS),
        )

    def _of_unanswered(self, proposal: Application) -> Deadline:
        person = proposal.person
        token = token_of(person, self.enterprise) if person else ""
        cure = Cure("重新发起", "employment:propose_terms", kwargs={"token": token}) if person else None
        day = localdate(proposal.closed_at) if proposal.closed_at else self.today
        return Deadline(
            min(day, self.today - timedelta(days=1)),
            Kind.ANSWER,
            f"unanswered-{proposal.pk}",
            _name_of(proposal, is_known=False),
            "",
            "没有答复聘用邀请",
            "邀请已失效，可以重新发起",
            cure,
            "bad",
            "没有回复",
        )


def _name_of(proposal: Application, *, is_known: bool) -> str:
    """Whoever does not work here is shown as on the list of proposals: masked."""
    if proposal.person is None:
        return ""
    return proposal.person.name if is_known else mask_name(proposal.person.name)
