"""Reads what 我的证书 shows of its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from administration.messages.selectors import unread_ids
from administration.models import Parameter
from administration.parameters.book import ParameterBook
from common.database.together import read_together
from common.findings import Finding
from workflow.actors import Actor
from workflow.selectors.bars import bars_in_words, in_force
from workflow.selectors.counts import CAP, waiting_for_person
from workflow.selectors.lists import Row, rows_of

from .detail import Card, cards_of, latest_versions, papers_in, pending_cases, shown_as
from .selectors import reasons_of_quarantine


@dataclass(frozen=True)
class Own:
    """`pending` are open cases for certificates that do not exist here yet, with their label; `unsettled` says why old
    records were not taken over; `waiting` and `unread` count what waits for the person and the
    unread messages, no further than the menu shows.
    """

    cards: Sequence[Card]
    pending: Sequence[tuple[Row, str]]
    unsettled: Sequence[str]
    bars: Sequence[Finding]
    waiting: int
    unread: int


def own_of(actor: Actor, mailbox_id: int) -> Own:
    """Takes one statement besides that of the holdings, and those of a list of cases while one is pending."""
    person_id = actor.person_id or 0
    versions, parameters = latest_versions().filter(certificate__person=person_id), Parameter.objects.all()
    cases, unsettled = pending_cases(actor), reasons_of_quarantine(person_id)
    bars, waiting = in_force([person_id]), waiting_for_person(person_id)
    unread = unread_ids(mailbox_id, cap=CAP)
    read_together([versions, parameters, cases, unsettled, bars, waiting, unread])
    pending = rows_of(list(cases), actor)
    return Own(
        cards=cards_of(person_id, book=ParameterBook(parameters), papers=papers_in(versions)),
        pending=[(row, shown_as(row.application)) for row in pending],
        unsettled=list(unsettled),
        bars=bars_in_words(bars),
        waiting=len(waiting),
        unread=len(unread),
    )
