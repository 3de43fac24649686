"""Reads the first page of the phone, with few statements whatever stands on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Person
from administration.messages.selectors import unread_ids
from certificates.pages.detail import Card, cards_of
from certificates.pages.situations.reading import READS, known_of
from common.database.together import read_together
from workflow.actors import Actor
from workflow.business import Business, business_of
from workflow.models import Application
from workflow.selectors.counts import CAP, waiting_for_person
from workflow.selectors.lists import QUEUE_ORDER, Brief, briefly, holder_of, inbox, is_at_filer, mine

SHOWN = 3


@dataclass(frozen=True)
class Task:
    """Holds one thing that waits for the person, with what it is about."""

    application: Application
    about: Sequence[tuple[str, str]]

    @property
    def business(self) -> Business:
        return business_of(self.application.kind)

    @property
    def is_returned(self) -> bool:
        return is_at_filer(self.application)


@dataclass(frozen=True)
class PhoneHome:
    """`waiting` and `unread` count no further than the menu shows."""

    tasks: Sequence[Task]
    cards: Sequence[Card]
    cases: Sequence[Brief]
    waiting: int
    unread: int

    @property
    def current(self) -> list[Card]:
        return [card for card in self.cards if not card.situation.is_ended]

    @property
    def more_tasks(self) -> int:
        return self.waiting - len(self.tasks)


def phone_home_of(actor: Actor, person: Person, mailbox_id: int) -> PhoneHome:
    """Takes one statement besides that of the holdings, and those that say what the tasks are about."""
    tasks = inbox(actor).order_by(*QUEUE_ORDER, "pk")[:SHOWN]
    others = mine(actor).filter(is_open=True).exclude(holder_person=person.pk)
    cases = briefly(others).order_by("-pk")[:SHOWN]
    waiting, unread = waiting_for_person(person.pk), unread_ids(mailbox_id, cap=CAP)
    rows = [read(person) for read in READS]
    read_together([tasks, cases, waiting, unread, *rows])
    return PhoneHome(
        tasks=_tasks(list(tasks)),
        cards=cards_of(person, known=known_of(person, *rows), papers={}),
        cases=[Brief(one, holder_of(one, actor)) for one in cases],
        waiting=len(waiting),
        unread=len(unread),
    )


def _tasks(applications: Sequence[Application]) -> list[Task]:
    by_kind: dict[str, list[Application]] = defaultdict(list)
    for application in applications:
        by_kind[application.kind].append(application)
    about = {pk: rows for kind, chunk in by_kind.items() for pk, rows in business_of(kind).describe(chunk).items()}
    return [Task(application, about.get(application.pk, [])) for application in applications]
