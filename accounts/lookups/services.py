"""Finds a person by ID number for a page; `administration.lookups.limits` limits and counts whoever asks."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import KioskDevice, Person, User
from accounts.people.selectors import person_by_id_number
from administration.enums import AskerKind
from administration.lookups import limits
from administration.lookups.limits import Asker
from common.encryption import blind_index
from common.web.middleware import client_address, networks_of


def asker_of(request: HttpRequest) -> Asker:
    """All operators of an enterprise are one asker; whoever is not logged in is known by the network."""
    user = request.user
    if not isinstance(user, User):
        network = networks_of(client_address(request))[0]
        # Shortened: which address it was is nobody's business.
        shown = f"{network.rpartition('.')[0]}.*" if "." in network else network.partition("::")[0] + "::"
        return Asker(AskerKind.ADDRESS, blind_index(network, "lookups"), shown)
    key = getattr(user, "ca_key", None)  # of an app to the right
    if key is not None:
        return Asker(AskerKind.ENTERPRISE, str(key.enterprise_id), f"{key.enterprise.name}（{user.name}）", user.pk)
    office = f"（{user.office.name}）" if user.office else ""
    return Asker(AskerKind.USER, str(user.pk), f"{user.name}{office}", user.pk)


def asker_of_kiosk(device: KioskDevice) -> Asker:
    return Asker(AskerKind.KIOSK, str(device.pk), f"{device.name}（{device.office.name}）")


def ask(request: HttpRequest) -> None:
    """Is called before anything is looked up by a typed ID number. Raises TooManyLookups."""
    limits.ask(asker_of(request), now=timezone.now())


def missed(request: HttpRequest, *, times: int = 1) -> None:
    limits.missed(asker_of(request), now=timezone.now(), times=times)


def find_person(request: HttpRequest, id_number: str, *, only_registered: bool = False) -> Person | None:
    """`id_number` is normalised. Raises TooManyLookups."""
    ask(request)
    person = person_by_id_number(id_number)
    if person is not None and only_registered and not person.is_registered:
        person = None
    if person is None:
        missed(request)
    return person
