"""Marks open cases for their desks when something on which they were filed is no longer so, and unmarks them again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from administration.messages.services import OutgoingMessage
from administration.parameters.book import ParameterBook

from ..actors import SYSTEM
from ..enums import Action
from ..models import Application
from .transitions import Transitions


@dataclass(frozen=True)
class Flag:
    """`flag` begins with its topic and stands in queues and on the pages of the case; "" says that the case has none
    any more. `comment` says in the record what has happened.
    """

    flag: str
    comment: str
    messages: tuple[OutgoingMessage, ...] = ()


def flag_of(application: Application, topic: str) -> str:
    """Answers the flag of the topic that the case bears, or ""."""
    return next((flag for flag in application.flags if str(flag).startswith(topic)), "")


def set_flags(applications: Iterable[Application], found: Mapping[int, Flag], *, topic: str, now: datetime) -> int:
    """The caller has locked the cases. `found` maps ids to what each bears from now on; those without stay as they are.

    A flag that is there already is not written again, and nobody is told twice. Answers how many have changed.
    """
    transitions = Transitions(SYSTEM, now, ParameterBook.load())
    changed = []
    for application in applications:
        new = found.get(application.pk)
        if new is None or new.flag == flag_of(application, topic) or not application.is_open:
            continue
        rest = [flag for flag in application.flags if not str(flag).startswith(topic)]
        application.flags = [*rest, new.flag] if new.flag else rest
        action = Action.FLAG if new.flag else Action.UNFLAG
        transitions.record(application, action, desk=application.desk, comment=new.comment)
        transitions.outgoing += new.messages
        changed.append(application)
    transitions.write(changed)
    return len(changed)
