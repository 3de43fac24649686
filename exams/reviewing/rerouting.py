"""Moves pending entries to the offices that now review for their enterprises' regions."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.db import transaction

from administration.enums import RouteDesk
from administration.messages.services import OutgoingMessage, send
from administration.models import Office
from administration.offices.routing_change import Moved, RoutingChange
from exams.enums import PENDING
from exams.models import ExamEntry
from workflow.services.locking import lock_parties, lock_rows

LINK = "/office/exams/review/"


@transaction.atomic
def follow_routing(change: RoutingChange) -> list[Moved]:
    """The caller holds the lock of the routing, so that nobody is signed up meanwhile."""
    read = ExamEntry.objects.filter(state__in=PENDING, office__in=change.losing).select_related("enterprise")
    regions = {
        entry.pk: entry.enterprise.region_id
        for entry in read
        if change.follows(entry.enterprise.region_id, RouteDesk.MUNICIPAL, entry.office_id)
    }
    lock_parties(person_ids=[entry.person_id for entry in read if entry.pk in regions])
    pairs: dict[tuple[int, int], list[int]] = defaultdict(list)
    targets: dict[int, Office] = {}
    for entry in lock_rows(ExamEntry, regions):
        region = regions[entry.pk]
        if entry.state in PENDING and change.follows(region, RouteDesk.MUNICIPAL, entry.office_id):
            target = change.target(region, RouteDesk.MUNICIPAL)
            targets[target.pk] = target
            pairs[entry.office_id, target.pk].append(entry.pk)
    sources = {office.pk: office for office in Office.objects.filter(pk__in={*change.losing, *change.shown})}
    moved = [_move(ids, sources[source], targets[target]) for (source, target), ids in pairs.items()]
    return moved + _staying(change, sources)


def _move(ids: list[int], source: Office, target: Office) -> Moved:
    ExamEntry.objects.filter(pk__in=ids).update(office=target)
    text = f"受理范围调整，原由{source.name}审核的 {len(ids)} 条考试报名转到本部门。"
    send([OutgoingMessage(target.mailbox_id, f"转来 {len(ids)} 条考试报名", text, LINK, event="office_work")])
    return Moved("考试报名", source.name, target.name, len(ids))


def _staying(change: RoutingChange, offices: dict[int, Office]) -> list[Moved]:
    rows = ExamEntry.objects.filter(state__in=PENDING, office__in=change.shown).values_list("office_id", flat=True)
    return [Moved("考试报名", offices[pk].name, "", count) for pk, count in sorted(Counter(rows).items())]
