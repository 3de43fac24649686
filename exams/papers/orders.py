"""Makes all lists of a batch in the background: one archive with a PDF of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from itertools import groupby
from zipfile import ZIP_STORED, ZipFile

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.messages.services import OutgoingMessage, send
from common.findings import Finding, Refused
from common.jobs import enqueue, is_queued
from exams.models import ExamBatch, ExamSeat, PaperOrder
from exams.permissions import why_not_seat
from exams.selectors import HELD
from workflow.actors import Actor
from workflow.services.auditing import author_of

from .lists import RoomPaper
from .printing import paper_of, print_rooms
from .selectors import printed_seats
from .services import DRAWN_BY

KEPT = timedelta(days=30)
"""The papers of an exam are deleted so long after its last day."""


@transaction.atomic
def order_papers(batch_id: int, *, by: Actor, now: datetime | None = None) -> PaperOrder:
    """An order in the place of a former one makes the file anew. Raises Refused where nobody is seated."""
    batch = ExamBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
    if sentence := why_not_seat(by, batch):
        raise Refused(Finding("exam.not_yours", sentence))
    people = ExamSeat.objects.filter(HELD, entry__batch=batch).count()
    if not people:
        detail = "请先编排座位，再生成材料。"
        raise Refused(Finding("exam.no_seats", "还没有人有座位", detail, turn="考试机构"))
    values = {"ordered_by_id": by.user_id, "ordered_at": now or utc_now(), "total": people * len(DRAWN_BY)}
    former = PaperOrder.objects.filter(batch=batch).first()
    if former is not None:
        _forget_file(former)
    order, _ = PaperOrder.objects.update_or_create(
        batch=batch, defaults=values | {"done": 0, "made_at": None, "file": ""}
    )
    _note("exam_seat.papers_ordered", order, by)
    enqueue("exams.print_papers", order_id=order.pk, queueing_lock=_lock(order))
    return order


def _lock(order: PaperOrder) -> str:
    return f"exam papers {order.pk}"


def is_at_work(order: PaperOrder) -> bool:
    """An order that is neither made nor at work has failed, and may be given again."""
    return order.made_at is None and is_queued(_lock(order))


def is_outdated(order: PaperOrder) -> bool:
    """Somebody got or lost a seat since the order."""
    since = Q(assigned_at__gt=order.ordered_at) | Q(released_at__gt=order.ordered_at)
    return ExamSeat.objects.filter(since, entry__batch=order.batch_id).exists()


def make_papers(order_id: int) -> bool:
    """It may run twice: it begins anew, and the file of an order that was given again meanwhile is thrown away."""
    order = PaperOrder.objects.select_related("batch__organiser").get(pk=order_id)
    if order.made_at is not None:
        return False
    archive = BytesIO()
    done = 0
    with ZipFile(archive, "w", ZIP_STORED) as together:
        for kind, draw in DRAWN_BY.items():
            rooms = _counted(order, done)
            content = print_rooms(rooms, draw, batch=order.batch, title=kind.label, day=localdate(order.ordered_at))
            together.writestr(f"{kind.label}.pdf", content)
            done += order.total // len(DRAWN_BY)
    return _keep(order, archive.getvalue())


def _counted(order: PaperOrder, before: int) -> Iterator[RoomPaper]:
    """Writes how far the work is after each room, outside of any transaction, so that the page sees it."""
    seats = printed_seats().filter(entry__batch=order.batch_id)
    for room, sitting in groupby(seats, key=lambda seat: seat.session_room):
        people = list(sitting)
        yield paper_of(room, people)
        before += len(people)
        PaperOrder.objects.filter(pk=order.pk, ordered_at=order.ordered_at, total__gte=before).update(done=before)


@transaction.atomic
def _keep(order: PaperOrder, content: bytes) -> bool:
    kept = PaperOrder.objects.select_for_update(no_key=True).filter(pk=order.pk, ordered_at=order.ordered_at).first()
    if kept is None or kept.made_at is not None:
        return False
    kept.file.save("papers.zip", ContentFile(content), save=False)
    kept.made_at, kept.done = utc_now(), kept.total
    kept.save(update_fields=["file", "made_at", "done"])
    office = kept.ordered_by.office if kept.ordered_by else None
    if office is not None and office.mailbox_id:
        title = f"考场材料已生成：{order.batch.name}"
        send([OutgoingMessage(office.mailbox_id, title, "可以下载。", f"/office/exams/{order.batch_id}/seats/")])
    return True


@transaction.atomic
def take_papers(order: PaperOrder, *, by: Actor) -> bytes:
    """Notes who took the names and photos."""
    _note("exam_seat.papers", order, by)
    with order.file.storage.open(str(order.file.name)) as stored:
        return bytes(stored.read())


def delete_old_papers(*, now: datetime | None = None) -> int:
    """Answers how many files are gone; the order itself stays."""
    old = PaperOrder.objects.filter(~Q(file=""), batch__exam_to__lt=localdate(now or utc_now()) - KEPT)
    count = 0
    for order in old.order_by("pk"):
        with transaction.atomic():
            _forget_file(order)
            PaperOrder.objects.filter(pk=order.pk).update(file="")
        count += 1
    return count


def _forget_file(order: PaperOrder) -> None:
    if order.file:
        storage, name = order.file.storage, str(order.file.name)
        transaction.on_commit(lambda: storage.delete(name))


def _note(action: str, order: PaperOrder, by: Actor) -> None:
    told: dict[str, object] = {"batch": order.batch.name, "acting_for": by.acting_for, "count": order.total}
    record_audits(action, [(ExamBatch._meta.label_lower, order.batch_id, told)], by=author_of(by))
