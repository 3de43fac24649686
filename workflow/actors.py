"""Reduces a user to the actor, which has what rules and queues ask."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.timezone import localdate

from accounts.access.rights import Right
from accounts.credentials.reset_waits import Wait, wait_of
from accounts.enums import Sphere
from accounts.models import User
from accounts.people.natural_persons import person_id_of
from administration.enums import OfficeKind
from enterprises.rights.rules import rights_of

from .enums import Party
from .models import Absence


@dataclass(frozen=True)
class Actor:
    """`identity_index` is "" where the office's login was opened without an ID number. `wait` is set if a password was
    reset a short while ago and nothing in this session has confirmed it. `deputy_for` are the logins of colleagues who
    are away today and for whom this one acts. `rights` are those that an enterprise gives its operator.
    """

    party: Party
    user_id: int | None
    name: str
    acting_for: str = ""
    person_id: int | None = None
    enterprise_id: int | None = None
    office_id: int | None = None
    office_kind: str = ""
    duties: frozenset[str] = field(default_factory=frozenset)
    identity_index: str = ""
    own_person_id: int | None = None
    is_verified: bool = False
    wait: Wait | None = None
    deputy_for: frozenset[int] = field(default_factory=frozenset)
    rights: frozenset[Right] = field(default_factory=frozenset)

    @property
    def assigned_as(self) -> frozenset[int]:
        """Cases that are assigned to one of these logins are this actor's."""
        return self.deputy_for | ({self.user_id} if self.user_id is not None else set())

    @property
    def tokens(self) -> tuple[str, ...]:
        """The marks recognise this natural person at another desk, also under another login."""
        return tuple(filter(None, [str(self.user_id or ""), self.identity_index]))


SYSTEM = Actor(Party.SYSTEM, None, "系统")


def actor_of(user: User, *, is_verified: bool = False, is_confirmed: bool = False) -> Actor | None:
    """Answers None for administrators: they act on no case. `is_confirmed` comes from `accounts.credentials.reset_waits`."""
    if not user.is_active:
        return None
    if user.sphere == Sphere.PERSON:
        person = user.person
        return Actor(
            Party.PERSON,
            user.pk,
            user.name,
            person_id=person.pk,
            own_person_id=person.pk,
            is_verified=is_verified,
            wait=None if is_confirmed else wait_of(user, now=timezone.now()),
        )
    if user.sphere == Sphere.OPERATOR:
        key = user.ca_key
        return Actor(
            Party.ENTERPRISE,
            user.pk,
            user.name,
            acting_for=key.enterprise.name,
            enterprise_id=key.enterprise_id,
            rights=rights_of(key).all,
        )
    if user.sphere == Sphere.STAFF and user.office is not None:
        return Actor(
            Party.OFFICE,
            user.pk,
            user.name,
            acting_for=user.office.name,
            office_id=user.office_id,
            office_kind=OfficeKind(user.office.kind),
            duties=frozenset(user.duties),
            identity_index=user.identity_index,
            own_person_id=person_id_of(user),
            deputy_for=_absent_colleagues(user),
        )
    return None


def _absent_colleagues(user: User) -> frozenset[int]:
    today = localdate()
    away = Absence.objects.filter(deputy=user, ended_at__isnull=True, starts_on__lte=today, ends_on__gte=today)
    # Whoever has left the office since is no colleague any more.
    return frozenset(away.filter(user__office=user.office_id).values_list("user_id", flat=True))
