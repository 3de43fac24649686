"""Gives names of enterprises that were stored under an earlier reading the spelling that is stored today."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.access import audit
from common.database.set_updates import update_rows
from common.text.organisations import normalise_organisation_name, validate_organisation_name
from common.text.spelling import Respelled, in_blocks, respelled
from enterprises.models import Enterprise, EnterpriseName
from enterprises.signals import enterprises_changed


def enterprises_to_respell() -> Iterator[Respelled]:
    return _to_respell(Enterprise.objects.all())


def former_names_to_respell() -> Iterator[Respelled]:
    return _to_respell(EnterpriseName.objects.all())


def _to_respell(rows: QuerySet[Enterprise] | QuerySet[EnterpriseName]) -> Iterator[Respelled]:
    pairs = rows.order_by("pk").values_list("pk", "name").iterator(chunk_size=10_000)
    return respelled(pairs, normalise_organisation_name, _is_name)


def _is_name(name: str) -> bool:
    try:
        validate_organisation_name(name)
    except ValidationError:
        return False
    return True


def respell_enterprises(found: list[Respelled]) -> int:
    """Takes a block of rows per transaction, and answers how many it changed.

    The former spelling is no former name: nothing on the licence has changed, and no certificate has to be reissued.
    """
    return in_blocks(found, _respell)


def respell_former_names(found: list[Respelled]) -> int:
    """A former name that differed from the present one by its spelling only is taken out."""
    return in_blocks(found, _respell_former)


@transaction.atomic
def _respell(found: list[Respelled]) -> int:
    wanted = {one.pk: one for one in found if one.is_usable}
    rows = Enterprise.objects.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)
    enterprises = [enterprise for enterprise in rows if enterprise.name == wanted[enterprise.pk].former]
    for enterprise in enterprises:
        former, enterprise.name = enterprise.name, wanted[enterprise.pk].name
        audit.record("clean_name", by=None, about=enterprise, detail={"former": former, "name": enterprise.name})
    update_rows(enterprises, ["name"])
    if enterprises:
        enterprises_changed.send(sender=Enterprise, enterprise_ids=[enterprise.pk for enterprise in enterprises])
    return len(enterprises)


@transaction.atomic
def _respell_former(found: list[Respelled]) -> int:
    wanted = {one.pk: one for one in found if one.is_usable}
    rows = EnterpriseName.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))
    names = [row for row in rows.select_related("enterprise") if row.name == wanted[row.pk].former]
    for row in names:
        row.name = wanted[row.pk].name
        detail: dict[str, object] = {"former": wanted[row.pk].former, "name": row.name}
        audit.record("clean_name", by=None, about=row.enterprise, detail=detail)
    idle = [row for row in names if row.name == normalise_organisation_name(row.enterprise.name)]
    EnterpriseName.objects.filter(pk__in=[row.pk for row in idle]).delete()
    update_rows([row for row in names if row not in idle], ["name"])
    return len(names)
