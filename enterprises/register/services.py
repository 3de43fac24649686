"""Writes the register of enterprises. `employment` dissolves them: see `dissolution`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.models import Mailbox
from common.database.set_updates import update_rows
from common.findings import Finding, Refused
from common.text.organisations import normalise_organisation_name, parse_organisation_name
from enterprises.enums import EnterpriseStatus
from enterprises.models import Enterprise, EnterpriseName, ProjectInProgress, Qualification
from enterprises.signals import enterprises_changed, qualifications_changed


@dataclass(frozen=True)
class EnterpriseFacts:
    """Holds what the registry says. An empty optional field means that it says nothing, and the known value stays.

    Without `may_rename` a known enterprise keeps its name unless it is `former_name`; `Saved.other_names` tells so.
    `is_existing=False` does not change the status, because `dissolution` ends an enterprise.
    """

    uscc: str
    name: str
    region_code: str
    legal_representative: str = ""
    legal_representative_index: str = ""
    address: str = ""
    phone: str = ""
    is_existing: bool = True
    may_rename: bool = True
    former_name: str = ""


M = TypeVar("M", bound=Model)
OPTIONAL = ("legal_representative", "legal_representative_index", "address", "phone")


@dataclass
class Saved:
    """`ids` maps a credit code to the id of its enterprise, `before` a changed one to its former values, `repeated` one
    that was there to the fields of which the facts say what was stored.
    """

    created: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    other_names: dict[str, str] = field(default_factory=dict)
    before: dict[int, dict[str, object]] = field(default_factory=dict)
    repeated: dict[int, set[str]] = field(default_factory=dict)


def save_enterprise(facts: EnterpriseFacts, *, now: datetime | None = None, synced: bool = False) -> Enterprise:
    saved = save_enterprises([facts], now=now, synced=synced)
    return Enterprise.objects.get(pk=saved.ids[facts.uscc])


@transaction.atomic
def save_enterprises(facts: Sequence[EnterpriseFacts], *, now: datetime | None = None, synced: bool = False) -> Saved:
    """Adds new enterprises and changes known ones by their code, in sets; a changed name goes into the history.

    `synced` says that this is the business registry's own answer.
    """
    now = now or utc_now()
    by_code = {one.uscc: one for one in facts}
    saved = _create_missing(by_code, now if synced else None)
    # The new ones are not locked, because nobody else sees them before the commit.
    known = Enterprise.objects.filter(uscc__in=by_code).exclude(pk__in=saved.created)
    enterprises = list(known.order_by("pk").select_for_update(no_key=True))
    former: list[EnterpriseName] = []
    for enterprise in enterprises:
        old_name, one = enterprise.name, by_code[enterprise.uscc]
        if not _may_take_name(enterprise, one):
            one = replace(one, name=old_name)
            saved.other_names[enterprise.uscc] = old_name
        changed, repeated = _apply(enterprise, one)
        saved.before[enterprise.pk] = changed
        saved.repeated[enterprise.pk] = repeated - ({"name"} if enterprise.uscc in saved.other_names else set())
        if enterprise.name != old_name:
            former.append(EnterpriseName(enterprise=enterprise, name=old_name, used_to=localdate(now)))
        if synced:
            enterprise.synced_at = now
        if changed:
            saved.changed.append(enterprise.pk)
        saved.ids[enterprise.uscc] = enterprise.pk
    _remember(former)
    fields = ["name", "region", "status", "dissolved_on", "synced_at", *OPTIONAL]
    touched = enterprises if synced else [one for one in enterprises if one.pk in set(saved.changed)]
    update_rows(touched, fields)
    if saved.changed or saved.created:
        enterprises_changed.send(sender=Enterprise, enterprise_ids=[*saved.created, *saved.changed])
    return saved


def change_name(*, enterprise_id: int, name: str, on: date | None = None) -> bool:
    """The registry's new name counts at once. Answers False if it is the name already. Raises Refused for what is no name."""
    try:
        name = parse_organisation_name(name)
    except ValidationError as error:
        raise Refused(Finding("enterprise.no_name", "企业名称不能使用", error.messages[0])) from error
    with transaction.atomic():
        enterprise = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise_id)
        if enterprise.name == name:
            return False
        _remember([EnterpriseName(enterprise=enterprise, name=enterprise.name, used_to=on or localdate())])
        enterprise.name = name
        enterprise.save(update_fields=["name"])
        enterprises_changed.send(sender=Enterprise, enterprise_ids=[enterprise_id])
    return True


def _create_missing(by_code: dict[str, EnterpriseFacts], synced_at: datetime | None) -> Saved:
    there = set(Enterprise.objects.filter(uscc__in=by_code).values_list("uscc", flat=True))
    missing = [by_code[code] for code in sorted(by_code.keys() - there)]
    mailboxes = Mailbox.objects.bulk_create(Mailbox() for _ in missing)
    new = [
        Enterprise(
            uscc=one.uscc,
            name=one.name,
            region_id=one.region_code,
            mailbox=mailbox,
            synced_at=synced_at,
            **{name: getattr(one, name) for name in OPTIONAL},
        )
        for one, mailbox in zip(missing, mailboxes, strict=True)
    ]
    Enterprise.objects.bulk_create(new)
    return Saved(created=[one.pk for one in new], ids={one.uscc: one.pk for one in new})


def _may_take_name(enterprise: Enterprise, facts: EnterpriseFacts) -> bool:
    known = normalise_organisation_name(enterprise.name)
    return facts.may_rename or known in (facts.name, facts.former_name)


def _apply(enterprise: Enterprise, facts: EnterpriseFacts) -> tuple[dict[str, object], set[str]]:
    """Answers the former values of what is different, and the fields of what is the same."""
    wanted: dict[str, object] = {"name": facts.name, "region_id": facts.region_code}
    wanted |= {name: getattr(facts, name) for name in OPTIONAL if getattr(facts, name)}
    if facts.legal_representative not in ("", enterprise.legal_representative):
        # Somebody else represents it now: the predecessor's ID number must not stay beside the new name.
        wanted["legal_representative_index"] = facts.legal_representative_index
    if facts.is_existing:
        wanted |= {"status": EnterpriseStatus.EXISTING, "dissolved_on": None}
    different = {name: value for name, value in wanted.items() if getattr(enterprise, name) != value}
    before = {name: getattr(enterprise, name) for name in different}
    for name, value in different.items():
        setattr(enterprise, name, value)
    return before, wanted.keys() - different.keys()


def _remember(former: Iterable[EnterpriseName]) -> None:
    """Each former name begins where the one before it ended."""
    rows = list(former)
    ends: dict[int, date] = {}
    before = EnterpriseName.objects.filter(enterprise__in=[row.enterprise_id for row in rows], used_to__isnull=False)
    for row in before.order_by("used_to", "pk"):
        if row.used_to is not None:
            ends[row.enterprise_id] = row.used_to
    for row in rows:
        row.used_from = ends.get(row.enterprise_id)
    # A name appears twice with one start when it was changed to and fro on one day; it is recorded already.
    EnterpriseName.objects.bulk_create(rows, ignore_conflicts=True)


@dataclass(frozen=True)
class Upserted(Generic[M]):
    """Holds what became of each row, in their order: its object, and the former values of all fields if it was there."""

    rows: list[tuple[M, dict[str, object] | None]]
    changed: set[int]


@transaction.atomic
def save_projects(rows: Sequence[ProjectInProgress]) -> Upserted[ProjectInProgress]:
    """Adds or changes rows by project, person and post."""
    keys, values = ("number", "id_number_index", "post"), ("name", "enterprise_id", "started_on", "finished_on")
    known = ProjectInProgress.objects.filter(number__in={row.number for row in rows})
    upserted, _ = _upsert(ProjectInProgress, rows, known, keys, values)
    return upserted


@transaction.atomic
def save_qualifications(rows: Sequence[Qualification]) -> Upserted[Qualification]:
    """Adds or changes rows by kind, number and specialty, and signals whom a change concerns."""
    keys = ("kind", "number", "specialty")
    values = ("name", "id_number_index", "enterprise_id", "valid_to", "is_in_force")
    known = Qualification.objects.filter(number__in={row.number for row in rows})
    upserted, indexes = _upsert(Qualification, rows, known, keys, values)
    if indexes:
        qualifications_changed.send(sender=Qualification, id_number_indexes=indexes)
    return upserted


def _upsert(
    model: type[M], rows: Sequence[M], known: QuerySet[M], keys: tuple[str, ...], values: tuple[str, ...]
) -> tuple[Upserted[M], set[str]]:
    """Writes in two queries, and answers the blind indexes of everybody whom a change concerns."""
    there = {tuple(getattr(row, key) for key in keys): row for row in known.order_by("pk").select_for_update()}
    new: list[M] = []
    changed: list[M] = []
    outcome: list[tuple[M, dict[str, object] | None]] = []
    concerned: set[str] = set()
    for row in rows:
        old = there.get(tuple(getattr(row, key) for key in keys))
        if old is None:
            new.append(row)
            outcome.append((row, None))
            continue
        outcome.append((old, {value: getattr(old, value) for value in values}))
        if any(getattr(old, value) != getattr(row, value) for value in values):
            concerned.add(old.id_number_index)  # type: ignore[attr-defined]
            for value in values:
                setattr(old, value, getattr(row, value))
            changed.append(old)
    concerned |= {row.id_number_index for row in [*new, *changed]}  # type: ignore[attr-defined]
    model._default_manager.bulk_create(new)
    update_rows(changed, [value.removesuffix("_id") for value in values])
    return Upserted(outcome, {row.pk for row in changed}), concerned
