"""Defines what the businesses share whose approval takes certificates out of use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from administration.enums import NoticeKind
from certificates.authority.announcements import announce
from certificates.enums import LegalState, Operation
from certificates.facts.places import employer_of, enterprise_of_first, located
from certificates.filing.proofs import ENDED
from certificates.models import CertificateEvent
from certificates.rules.holding_rules import without
from certificates.state.services import StateChange, change_states
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.checks import Case, Facts

from .base import CertificateBusiness


class EndingBusiness(CertificateBusiness):
    """Filed by the holder; what is approved changes the legal state and is announced."""

    waits_after_reset = True
    projection = without
    changes = ENDED
    state: ClassVar[LegalState] = LegalState.CANCELLED
    operation: ClassVar[Operation] = Operation.CANCELLATION
    notice: ClassVar[tuple[NoticeKind, str]]
    """Kind and title of the public notice; the title takes {count}."""

    def refresh(self, case: Case) -> Case:
        """The office is that of the certificate's enterprise."""
        own = enterprise_of_first(case)
        asked = self.confirming(own, employer_of(case))
        return replace(located(case, own), enterprise_id=asked.pk if asked else None)

    def confirming(self, own: Enterprise | None, employer: Enterprise | None) -> Enterprise | None:
        """The enterprise that is asked: the present employer, wherever the certificate is."""
        return employer

    def summary_of(self, case: Case) -> str:
        """Answers the sentence for the trail."""
        raise NotImplementedError(f"{self.kind} does not say why a certificate ends")

    def orders(self, case: Case, facts: Facts) -> Iterable[StateChange]:
        for pk in case.subjects:
            yield StateChange(
                certificate_id=pk,
                state=self.state,
                operation=self.operation,
                summary=self.summary_of(case),
                **self.cause(case),
            )

    def carry_out(self, orders: list[StateChange], facts: Facts, *, by: Actor, now: datetime) -> None:
        decided = [case.application_id for case in facts.cases if case.application_id is not None]
        events = change_states(orders, by=by, now=now, keep_open=decided)
        self.follow(events, facts)
        kind, title = self.notice
        announce(kind, title, events, by=by, now=now)

    def follow(self, events: Sequence[CertificateEvent], facts: Facts) -> None:
        """Writes what one kind brings about beside the change of state."""
