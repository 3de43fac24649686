"""Reads batches and entries: facts for whole sets of cases, and rows for pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db import models
from django.db.models import F, Q, QuerySet, Value, When
from django.shortcuts import get_object_or_404

from accounts.enums import Duty
from administration.enums import OfficeKind
from administration.models import Office, Region
from administration.offices.selectors import PROVINCE, reach_of
from certificates.issuing.first_issue_rules import claim_of
from certificates.models import CertificateItem
from enterprises.enums import QualificationKind
from enterprises.models import Enterprise, Qualification
from enterprises.register.selectors import qualifications_in_force
from workflow.actors import Actor
from workflow.business import business_of
from workflow.checks import Case
from workflow.facts import persons

from .enums import PENDING, BatchStatus, EntryState
from .models import BatchChange, ExamBatch, ExamEntry, ExamSeat, ExamSession
from .permissions import readable, results_of, to_review


def regions_above(region_code: str) -> list[str]:
    """Answers the region itself, its city and the province, whose batches are open to it."""
    return list(dict.fromkeys([region_code, region_code[:4] + "00", PROVINCE]))


def batches_for(enterprise: Enterprise) -> QuerySet[ExamBatch]:
    """Answers the batches of the place of registration (属地); only the province sees drafts."""
    own = ExamBatch.objects.filter(region__in=regions_above(enterprise.region_id))
    return own.exclude(status=BatchStatus.DRAFT).select_related("region")


ENDED, CLOSED, COMING, OPEN = range(4)
"""Stages of a batch, in the order of lists from the last to the first: drafts count as coming."""


def with_stage(batches: QuerySet[ExamBatch], on: date) -> QuerySet[ExamBatch]:
    """Adds `stage`; lists are ordered by it and the exam day, both descending, so that open ones come first."""
    stage = models.Case(
        When(Q(status=BatchStatus.CALLED_OFF) | Q(exam_to__lt=on), then=Value(ENDED)),
        When(Q(status=BatchStatus.DRAFT) | Q(sign_up_from__gt=on), then=Value(COMING)),
        When(sign_up_to__lt=on, then=Value(CLOSED)),
        default=Value(OPEN),
        output_field=models.IntegerField(),
    )
    return batches.annotate(stage=stage)


STAGED = ("-stage", "-exam_from")


def batch_for(enterprise: Enterprise, pk: int) -> ExamBatch:
    """Raises Http404 for a batch that is not open to the place of registration."""
    return get_object_or_404(batches_for(enterprise), pk=pk)


def grouped_regions() -> list[tuple[str, list[tuple[str, str]]]]:
    """Answers choices for a form: the province, then each city with its counties."""
    groups: dict[str, list[tuple[str, str]]] = {}
    regions = sorted(Region.objects.all(), key=lambda region: region.pk)
    names = {region.pk: region.name for region in regions}
    for region in regions:
        groups.setdefault(names.get(region.city_code, region.name), []).append((region.pk, region.name))
    return list(groups.items())


# --- facts: loaders for `workflow.checks.Facts` ---


def batches(cases: Sequence[Case]) -> dict[int, ExamBatch]:
    wanted = {int(case.payload["batch"]) for case in cases}
    return ExamBatch.objects.select_related("region").in_bulk(wanted)


def constructors(cases: Sequence[Case]) -> dict[int, list[Qualification]]:
    """Maps a person to the registrations as constructor in force, with their enterprises."""
    people = persons(cases)
    found = qualifications_in_force(
        {person.id_number_index for person in people.values()},
        on=cases[0].on,
        kind=QualificationKind.CONSTRUCTOR,
    )
    return {pk: found.get(person.id_number_index, []) for pk, person in people.items()}


def entries_in_the_way(cases: Sequence[Case]) -> dict[int, list[ExamEntry]]:
    """Maps a person to the entries still to be sat, and the passed ones that wait for their certificate.

    An entry that got no result in time is in nobody's way any more.
    """
    people = {case.person_id for case in cases}
    rows = ExamEntry.objects.filter(person__in=people).filter(
        Q(state__in=PENDING, reopened_at__isnull=True) | Q(state=EntryState.PASSED, certificate__isnull=True)
    )
    found: dict[int, list[ExamEntry]] = defaultdict(list)
    for entry in rows.select_related("batch", "enterprise").order_by("pk"):
        found[entry.person_id].append(entry)
    return dict(found)


def missed_exams(cases: Sequence[Case]) -> dict[int, list[ExamEntry]]:
    """Maps a person to the exams that were failed, or missed with cause."""
    rows = ExamEntry.objects.filter(
        person__in={case.person_id for case in cases}, state__in=(EntryState.FAILED, EntryState.EXCUSED)
    )
    found: dict[int, list[ExamEntry]] = defaultdict(list)
    for entry in rows.select_related("batch").order_by("pk"):
        found[entry.person_id].append(entry)
    return dict(found)


def sessions_in_question(cases: Sequence[Case]) -> dict[int, list[ExamSession]]:
    """Maps a batch to its sessions: those of the cases, and those for which the people are signed up already."""
    people = {case.person_id for case in cases}
    pending = ExamEntry.objects.filter(person__in=people, state__in=PENDING).values("batch")
    wanted = Q(batch__in={int(case.payload["batch"]) for case in cases}) | Q(batch__in=pending)
    found: dict[int, list[ExamSession]] = defaultdict(list)
    for session in ExamSession.objects.filter(wanted).order_by("starts_at", "pk"):
        found[session.batch_id].append(session)
    return dict(found)


def seats_held(cases: Sequence[Case]) -> dict[int, ExamSeat]:
    """Maps an entry of the people to its seat."""
    people = {case.person_id for case in cases}
    seats = ExamSeat.objects.filter(person__in=people, released_at__isnull=True)
    return {seat.entry_id: seat for seat in seats.order_by("pk")}


# --- lists ---


def entries_of_enterprise(enterprise_id: int) -> QuerySet[ExamEntry]:
    rows = ExamEntry.objects.filter(enterprise=enterprise_id)
    return rows.select_related("batch", "person", "certificate", "office")


def batches_entered(enterprise_id: int) -> list[tuple[int, str]]:
    """Names the latest batches in which the enterprise has entered somebody."""
    entered = ExamEntry.objects.filter(enterprise=enterprise_id).values("batch")
    rows = ExamBatch.objects.filter(pk__in=entered).order_by("-exam_from", "-pk")
    return list(rows.values_list("pk", "name")[:MOST_NAMED])


MOST_NAMED = 100


def entry_of_enterprise(enterprise_id: int, pk: int) -> ExamEntry:
    """Raises Http404 for the entry of another enterprise, too."""
    return get_object_or_404(entries_of_enterprise(enterprise_id), pk=pk)


def entries_of_person(person_id: int) -> QuerySet[ExamEntry]:
    rows = ExamEntry.objects.filter(person=person_id).select_related("batch", "enterprise", "certificate", "office")
    return rows.order_by("-pk")


def entry_of_person(person_id: int, pk: int) -> ExamEntry:
    """Raises Http404 for the entry of somebody else, too."""
    return get_object_or_404(entries_of_person(person_id), pk=pk)


def entries_to_issue(person_ids: Collection[int] | None = None) -> QuerySet[ExamEntry]:
    """Answers passed entries without a certificate that were never put before the province.

    After a withdrawal or a rejection the person has to file. For somebody who has died nothing is opened.
    """
    rows = ExamEntry.objects.filter(state=EntryState.PASSED, certificate__isnull=True, application__isnull=True)
    rows = rows.filter(person__died_on__isnull=True)
    return rows if person_ids is None else rows.filter(person__in=person_ids)


def being_issued(entries: Iterable[ExamEntry]) -> set[int]:
    """Answers the entries whose certificate an open application claims, in one query."""
    claims = _claims(entries)
    items = CertificateItem.objects.filter(is_open=True, claim_key__in=claims)
    return {claims[key] for key in items.values_list("claim_key", flat=True)}


def open_issues_of(entries: Iterable[ExamEntry]) -> dict[int, int]:
    """Maps a passed entry to its open first issue, in one query; what else claims the same certificate is left out."""
    claims = _claims(entries)
    items = CertificateItem.objects.filter(
        is_open=True, claim_key__in=claims, application__kind=business_of("first_issue").kind
    )
    return {claims[key]: application for key, application in items.values_list("claim_key", "application_id")}


def _claims(entries: Iterable[ExamEntry]) -> dict[str, int]:
    return {
        claim_of(entry.person_id, entry.category): entry.pk for entry in entries if entry.state == EntryState.PASSED
    }


def counts_of(batch_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Maps a batch to the number of its entries by state, in one query."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for batch_id, state in ExamEntry.objects.filter(batch__in=list(batch_ids)).values_list("batch_id", "state"):
        found[batch_id][state] += 1
    return {batch_id: dict(states) for batch_id, states in found.items()}


def changes_of(batch: ExamBatch) -> list[BatchChange]:
    """Answers what was changed after the announcement, the latest first."""
    return list(BatchChange.objects.filter(batch=batch).order_by("-pk"))


def sat(batch: ExamBatch, on: date) -> bool:
    """Results may be recorded from the first exam day on."""
    return batch.status == BatchStatus.ANNOUNCED and batch.exam_from <= on


def organisers() -> QuerySet[Office]:
    return Office.objects.filter(kind=OfficeKind.ORGANISER, is_active=True).order_by("pk")


def visible_batches(actor: Actor) -> QuerySet[ExamBatch]:
    """The province sees all batches, organisers their own, reviewers the announced ones that their enterprises may enter."""
    rows = ExamBatch.objects.select_related("region", "organiser")
    if Duty.REVIEW not in actor.duties or actor.office_id is None:
        return rows.filter(results_of(actor))
    reviewed = ~Q(status=BatchStatus.DRAFT)
    reach = reach_of(actor.office_id)
    if reach is not None:
        offered = {code for region in reach for code in regions_above(region)}
        waiting = ExamEntry.objects.filter(office=actor.office_id, state=EntryState.ENTERED)
        reviewed &= Q(region__in=offered) | Q(pk__in=waiting.values("batch"))
    return rows.filter(reviewed | results_of(actor))


def visible_batch(actor: Actor, pk: int) -> ExamBatch:
    """Raises Http404 for a batch that the actor may not see."""
    return get_object_or_404(visible_batches(actor), pk=pk)


def batch_to_change(pk: int) -> ExamBatch:
    """Raises Http404. Whether the actor may change it is the service's question."""
    return get_object_or_404(ExamBatch, pk=pk)


def values_to_copy(pk: int) -> dict[str, object]:
    """Answers what a new batch of the same kind repeats, by the fields of the form; nothing where there is no such batch."""
    batch = ExamBatch.objects.filter(pk=pk).first()
    if batch is None:
        return {}
    kept = ("exam_type", "categories", "site", "quota", "note")
    values: dict[str, object] = {name: getattr(batch, name) for name in kept}
    return values | {"region": batch.region_id, "organiser": batch.organiser_id}


def entries_to_review(actor: Actor) -> QuerySet[ExamEntry]:
    return ExamEntry.objects.filter(to_review(actor)).select_related("person", "enterprise", "batch")


def readable_entries(actor: Actor) -> QuerySet[ExamEntry]:
    rows = ExamEntry.objects.filter(readable(actor))
    return rows.select_related("person", "enterprise", "batch", "office", "certificate")


def readable_entry(actor: Actor, pk: int) -> ExamEntry:
    """Raises Http404 for an entry that the actor may not read."""
    return get_object_or_404(readable_entries(actor), pk=pk)


def readable_entries_of(batch: ExamBatch, actor: Actor) -> QuerySet[ExamEntry]:
    return readable_entries(actor).filter(batch=batch)


def batch_to_record(actor: Actor, pk: int) -> ExamBatch:
    """Answers a batch whose results the actor records. Raises Http404 for any other."""
    return get_object_or_404(ExamBatch.objects.filter(results_of(actor)), pk=pk)


def entry_to_record(actor: Actor, pk: int) -> ExamEntry:
    """Answers an entry of a batch whose results the actor records. Raises Http404 for any other."""
    rows = ExamEntry.objects.filter(batch__in=ExamBatch.objects.filter(results_of(actor)))
    return get_object_or_404(rows.select_related("person", "enterprise", "batch"), pk=pk)


HELD = Q(released_at__isnull=True, session_room__released_at__isnull=True, number__lte=F("session_room__seats"))
"""Filters ExamSeat: a seat is lost with its room, and when the room uses fewer seats than its number."""


def live_seats(entry_ids: Iterable[int]) -> dict[int, ExamSeat]:
    """Maps entries to their seats; most have none."""
    seats = ExamSeat.objects.filter(HELD, entry__in=list(entry_ids))
    return {seat.entry_id: seat for seat in seats.select_related("session_room__session", "session_room__room__site")}
