"""Gives names of persons that were stored under an earlier reading the spelling that is stored today."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import audit
from accounts.models import HeldCard, Person, User
from common.database.set_updates import update_rows
from common.text.names import normalise_name, validate_name
from common.text.spelling import Respelled, in_blocks, respelled


def persons_to_respell() -> Iterator[Respelled]:
    rows = Person.objects.order_by("pk").values_list("pk", "name").iterator(chunk_size=10_000)
    return respelled(rows, normalise_name, _is_name)


def _is_name(name: str) -> bool:
    try:
        validate_name(name)
    except ValidationError:
        return False
    return True


def respell_persons(found: list[Respelled]) -> int:
    """Takes a block of rows per transaction, and answers how many it changed. Their logins and held cards follow."""
    return in_blocks(found, _respell)


@transaction.atomic
def _respell(found: list[Respelled]) -> int:
    wanted = {one.pk: one for one in found if one.is_usable}
    rows = Person.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",), no_key=True)
    people = [person for person in rows if person.name == wanted[person.pk].former]
    for person in people:
        person.name = wanted[person.pk].name
        person.alias_names = [*dict.fromkeys(map(normalise_name, person.alias_names))]
        audit.record(
            "clean_name", by=None, about=person, detail={"former": wanted[person.pk].former, "name": person.name}
        )
    update_rows(people, ["name", "alias_names"])
    names = {person.user_id: person.name for person in people if person.user_id is not None}
    users = list(User.objects.filter(pk__in=names).order_by("pk").select_for_update(no_key=True))
    for user in users:
        user.name = names[user.pk]
    update_rows(users, ["name"])
    cards = list(HeldCard.objects.filter(person__in=people, settled_at=None).order_by("pk").select_for_update())
    for card in cards:
        card.name = normalise_name(card.name)
    update_rows(cards, ["name"])
    return len(people)
