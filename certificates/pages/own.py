"""Reads what 我的证书 shows of its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Person
from administration.messages.selectors import unread_ids
from common.database.together import read_together
from common.findings import Finding
from workflow.actors import Actor
from workflow.selectors.bars import bars_in_words, in_force
from workflow.selectors.counts import CAP, waiting_for_person
from workflow.selectors.lists import Row, rows_of

from .detail import Card, cards_of, latest_versions, papers_in, pending_cases, shown_as
from .selectors import reasons_of_quarantine
from .situations.reading import READS, known_of


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

    @property
    def current(self) -> list[Card]:
        return [card for card in self.cards if not card.situation.is_ended]

    @property
    def ended(self) -> list[Card]:
        return [card for card in self.cards if card.situation.is_ended]


def own_of(actor: Actor, person: Person, mailbox_id: int) -> Own:
    """Takes one statement besides that of the holdings, and those of a list of cases while one is pending."""
    versions, rows = latest_versions().filter(certificate__person=person), [read(person) for read in READS]
    cases, unsettled = pending_cases(actor), reasons_of_quarantine(person.pk)
    bars, waiting = in_force([person.pk]), waiting_for_person(person.pk)
    unread = unread_ids(mailbox_id, cap=CAP)
    read_together([versions, *rows, cases, unsettled, bars, waiting, unread])
    for case in cases:
        case.person = person
    pending = rows_of(list(cases), actor)
    return Own(
        cards=cards_of(person, known=known_of(person, *rows), papers=papers_in(versions)),
        pending=[(row, shown_as(row.application)) for row in pending],
        unsettled=list(unsettled),
        bars=bars_in_words(bars),
        waiting=len(waiting),
        unread=len(unread),
    )
