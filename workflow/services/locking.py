"""Locks in the order of the whole system: persons → enterprises → applications → certificates → counter, each by id.

Before them stands the routing of offices, which is shared; only a change of the routing has it alone.

Ids are read unlocked and verified after, because two acts that lock applications first deadlock over one person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import Model

from accounts.models import Person, User
from administration.models import Office
from administration.offices.locks import share_routing
from enterprises.models import Enterprise

from ..models import Application

M = TypeVar("M", bound=Model)
T = TypeVar("T")


def lock_rows(model: type[M], ids: Iterable[int | None], *, only: Sequence[str] = ()) -> list[M]:
    """Locks rows of one model in id order. It uses no join, because joined rows read in a waiting statement would be
    stale. `only` names the fields that many rows are read with.
    """
    wanted = sorted({pk for pk in ids if pk is not None})
    if not wanted:
        return []
    rows = model._default_manager.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)
    return list(rows.only(*only) if only else rows)


class PartiesChanged(Exception):
    """A party of an application changed between the unlocked read and the lock, so the caller reads again."""


def retried(attempt: Callable[[], T]) -> T:
    """Gives the locks back and takes them anew when a party changed between the unlocked read and the locks."""
    while True:
        try:
            with transaction.atomic():
                return attempt()
        except PartiesChanged:
            continue


def lock_parties(
    *, person_ids: Iterable[int | None] = (), enterprise_ids: Iterable[int | None] = ()
) -> tuple[dict[int, Person], dict[int, Enterprise]]:
    share_routing()
    persons = {person.pk: person for person in lock_rows(Person, person_ids)}
    enterprises = {enterprise.pk: enterprise for enterprise in lock_rows(Enterprise, enterprise_ids)}
    return persons, enterprises


def lock_applications(ids: Iterable[int], *, extra_enterprises: Iterable[int | None] = ()) -> list[Application]:
    """Locks applications with their parties in order and puts the parties' fresh rows into the relation caches."""
    read = list(
        Application.objects.filter(pk__in=list(ids)).values_list(
            "pk", "person_id", "enterprise_id", "former_enterprise_id"
        )
    )
    person_ids = {row[1] for row in read}
    enterprise_ids = {row[2] for row in read} | {row[3] for row in read} | set(extra_enterprises)
    persons, enterprises = lock_parties(person_ids=person_ids, enterprise_ids=enterprise_ids)
    applications = lock_rows(Application, [row[0] for row in read])
    for application in applications:
        parties_locked = (
            (application.person_id is None or application.person_id in persons)
            and (application.enterprise_id is None or application.enterprise_id in enterprises)
            and (application.former_enterprise_id is None or application.former_enterprise_id in enterprises)
        )
        if not parties_locked:
            raise PartiesChanged
        if application.person_id is not None:
            application.person = persons[application.person_id]
        if application.enterprise_id is not None:
            application.enterprise = enterprises[application.enterprise_id]
        if application.former_enterprise_id is not None:
            application.former_enterprise = enterprises[application.former_enterprise_id]
    _know_assignees(applications)
    return applications


def _know_assignees(applications: Iterable[Application]) -> None:
    """Refusals name them; most cases have none, and then nothing is asked."""
    assigned = [application for application in applications if application.assignee_id is not None]
    users = User.objects.in_bulk({application.assignee_id for application in assigned}) if assigned else {}
    for application in assigned:
        application.assignee = users[application.assignee_id or 0]


def know_holders(applications: Iterable[Application]) -> None:
    """Messages go to the mailboxes of these offices; one query for all."""
    held = [application for application in applications if application.holder_office_id is not None]
    offices = Office.objects.in_bulk({application.holder_office_id for application in held})
    for application in held:
        application.holder_office = offices[application.holder_office_id or 0]


def lock_applications_as_they_are(ids: Iterable[int]) -> list[Application]:
    """Locks like `lock_applications` and reads again where a party changed in between, until it holds all of them."""
    while True:
        try:
            return lock_applications(ids)
        except PartiesChanged:
            continue
