"""Says which documents are still to be made, of every kind, and makes the late ones.

A kind of document registers here. Its orders carry `attempts`, `last_error`, `ordered_at` and `tried_at`, so that every
kind is tried again, counted and shown alike.
"""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from certificates.models import Certificate
from common.jobs import enqueue
from common.operation.health import WAITING, Waiting
from common.registry import Registry
from workflow.selectors.awaited import AWAITED, Awaited

logger = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=5)
"""For so long an order waits for its own job, and a failed one for its next attempt."""
LONG_PATIENCE = timedelta(minutes=30)
EARLY_ATTEMPTS = 8
"""An order that failed more often is tried after the long patience only."""
BATCH = 500
RUN_SECONDS = 60
"""One run takes no longer, since the worker has other jobs, too."""
MAX_ERROR = 500

OS_ERRORS = {
    errno.ENOSPC: "磁盘已满，文件不能保存",
    errno.EDQUOT: "磁盘配额已满，文件不能保存",
    errno.EROFS: "文件夹只读，文件不能保存",
    errno.EACCES: "没有读写文件的权限",
    errno.EPERM: "没有读写文件的权限",
    errno.ENOENT: "所需文件不存在",
    errno.EIO: "磁盘读写出错",
}


class DocumentFailed(Exception):
    """There is no document yet; its order says why, and it is tried again."""


@dataclass(frozen=True)
class DocumentKind:
    """`waiting` answers the open orders, `key` names the field by which `make` knows an order, `certificate` the
    path from an order to its certificate ("" where it has none), `application` the one to the application that ordered it.
    Of the orders of an approved application, only those that `is_result` names are what the applicant waits for.
    """

    title: str
    waiting: Callable[[], QuerySet[Any]]
    key: str
    make: Callable[[int], object]
    certificate: str
    application: str
    is_result: Q = field(default_factory=Q)


DOCUMENT_KINDS: Registry[DocumentKind] = Registry("kind of document")


@contextmanager
def noted(orders: QuerySet[Any], what: str) -> Iterator[None]:
    """Counts any error on the order and raises `DocumentFailed`, so that each document of a group fails on its own."""
    try:
        yield
    except Exception as error:  # a full disk as well as a name that cannot be drawn: nothing stays unseen
        logger.exception("%s failed", what)
        cause = cause_of(error)
        orders.update(attempts=F("attempts") + 1, last_error=cause[:MAX_ERROR], tried_at=timezone.now())
        raise DocumentFailed(f"{what}: {cause}") from error


def cause_of(error: Exception) -> str:
    """Answers words without a path of this machine."""
    if isinstance(error, OSError) and error.errno is not None:
        return f"{OS_ERRORS.get(error.errno, '文件读写出错')}（{error.strerror}）"
    return str(error) or type(error).__name__


@contextmanager
def removed_on_error(file: FieldFile) -> Iterator[None]:
    """Removes the stored file when its row cannot be written."""
    try:
        yield
    except BaseException:
        if file and file.name:
            file.storage.delete(file.name)
        raise


def make_each(make: Callable[[int], object], keys: Iterable[int]) -> None:
    """A document that fails does not stop the others. Raises `DocumentFailed` at the end."""
    if failed := failures(make, keys):
        raise DocumentFailed("; ".join(failed))


def failures(make: Callable[[int], object], keys: Iterable[int]) -> list[str]:
    """Makes what can be made, and answers why the rest cannot."""
    failed = []
    for key in keys:
        try:
            make(key)
        except DocumentFailed as error:
            failed.append(str(error))
    return failed


def failing_orders() -> Iterator[QuerySet[Any]]:
    """Answers the documents of every kind that failed and are tried again."""
    return (kind.waiting().filter(attempts__gt=0) for kind in DOCUMENT_KINDS)


def failing() -> int:
    return sum(orders.count() for orders in failing_orders())


WAITING["documents"] = Waiting(failing_orders, "ordered documents cannot be made yet: see /office/jobs/failures/.")


def awaited_of(application_id: int) -> Awaited | None:
    """Says which documents that an approved application ordered are not signed yet, by one query for each kind."""
    waiting = failing = 0
    titles = []
    for kind in DOCUMENT_KINDS:
        rows = kind.waiting().filter(kind.is_result, **{kind.application: application_id})
        attempts = list(rows.order_by("pk").values_list("attempts", flat=True))
        waiting, failing = waiting + len(attempts), failing + sum(one > 0 for one in attempts)
        titles += [kind.title] if attempts else []
    if not waiting:
        return None
    what = f"{'、'.join(titles)}{f' {waiting} 份' if waiting > 1 else ''}"
    if failing:
        return Awaited(f"{what}签发遇到问题，系统会自动重试，省厅已收到提示", is_failing=True)
    return Awaited(f"{what}签发中", is_failing=False)


AWAITED.register("documents", awaited_of)


@dataclass(frozen=True)
class FailedOrder:
    kind: DocumentKind
    certificate: Certificate | None
    order: Any


def failed_orders(most: int) -> list[FailedOrder]:
    """Answers the oldest of every kind."""
    found = []
    for kind in DOCUMENT_KINDS:
        related = kind.certificate or kind.application
        rows = kind.waiting().filter(attempts__gt=0).select_related(related).order_by("ordered_at", "pk")
        for order in rows[:most]:
            certificate = reduce(getattr, kind.certificate.split("__"), order) if kind.certificate else None
            found.append(FailedOrder(kind, certificate, order))
    return sorted(found, key=lambda one: one.order.ordered_at)[:most]


@transaction.atomic
def try_all_again() -> int:
    """Lets every failed order be tried at once, however long it has to rest; answers how many."""
    count = sum(orders.all().update(tried_at=None, attempts=1) for orders in failing_orders())
    if count:
        enqueue("certificates.make_late_documents")
    return count


def late(now: datetime) -> list[tuple[DocumentKind, int]]:
    """Answers orders of every kind, those that were never tried first, then by their last attempt: no number of
    orders that cannot be drawn holds up another.
    """
    due = Q(tried_at=None) | Q(attempts__lt=EARLY_ATTEMPTS, tried_at__lt=now - PATIENCE)
    due |= Q(tried_at__lt=now - LONG_PATIENCE)
    old, asked_again = Q(ordered_at__lt=now - PATIENCE), Q(attempts__gt=0, tried_at=None)
    found: list[tuple[bool, datetime, DocumentKind, int]] = []
    for kind in DOCUMENT_KINDS:
        rows = kind.waiting().filter(due, old | asked_again)
        rows = rows.order_by(F("tried_at").asc(nulls_first=True), "pk")
        for key, tried_at, ordered_at in rows.values_list(kind.key, "tried_at", "ordered_at")[:BATCH]:
            found.append((tried_at is not None, tried_at or ordered_at, kind, key))
    found.sort(key=lambda one: one[:2])
    return [(kind, key) for _, _, kind, key in found[:BATCH]]


def make_late() -> bool:
    """Answers whether the time was over before the work was, though some of it was done."""
    started, made = time.monotonic(), 0
    for kind, key in late(timezone.now()):
        if time.monotonic() - started > RUN_SECONDS:
            return made > 0
        try:
            kind.make(key)
        except DocumentFailed:
            continue  # its order says why
        made += 1
    return False
