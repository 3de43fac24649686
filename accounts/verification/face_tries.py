"""Limits how often a face may fail under an ID number before anybody is logged in.

Tries are counted by number and place: a browser in which that person has logged in before has tries of its own, any other
shares those of its network address. So whoever only knows the number uses up nobody's tries but their own. Over all
unknown places together a number is only slowed down. Known and unknown numbers count alike, so that a refusal tells
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from accounts.access.known_browsers import device_of
from accounts.models import Person
from accounts.people.identity import id_number_index
from administration.parameters.book import ParameterBook
from administration.throttle import Limit, give_back, seconds_to_wait
from common.findings import Finding
from common.web.middleware import client_address, networks_of

from . import messages

OF_NUMBER = Limit("face_login_number", 20, timedelta(hours=1))


@dataclass(frozen=True)
class FaceTries:
    number: str
    place: str
    is_known: bool

    @classmethod
    def of(cls, request: HttpRequest, id_number: str, person: Person | None) -> FaceTries:
        browser = device_of(request, person.user.login) if person is not None and person.user is not None else ""
        number = f"face:{id_number_index(id_number)}"
        place = f"browser:{browser}" if browser else networks_of(client_address(request))[0]
        return cls(number, f"{number}@{place}", bool(browser))

    def count(self) -> Finding | None:
        """Counts one try; the answer says why it may not be made."""
        if seconds_to_wait(_of_place(), self.place):
            return messages.LOGIN_CLOSED
        if not self.is_known and (seconds := seconds_to_wait(OF_NUMBER, self.number)):
            give_back(_of_place(), self.place)
            return messages.login_delayed(seconds)
        return None

    def give_back(self) -> None:
        """Takes the count back, because it was no failure."""
        give_back(_of_place(), self.place)
        if not self.is_known:
            give_back(OF_NUMBER, self.number)


def _of_place() -> Limit:
    times = ParameterBook.load().integer("face_tries", timezone.localdate())
    return Limit("face_login", times, timedelta(days=1))
