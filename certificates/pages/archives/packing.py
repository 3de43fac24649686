"""Packs e-certificates into one ZIP file in the background, piece by piece.

Neither the worker nor a web process ever holds more than one piece: the archive is written as a stream that is cut into
encrypted files of some megabytes, and is sent by reading them one after the other.
"""

from __future__ import annotations

import io
import logging
import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from zipfile import ZIP_STORED, ZipFile

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.messages.services import OutgoingMessage, send
from certificates.models import ArchivePart, Certificate, CertificateArchive, Document
from certificates.pages.roster import Roster
from common.encryption import DecryptionError
from common.findings import Cure, Finding, Refused
from common.jobs import enqueue, is_queued
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.services.auditing import audit_list_taken

logger = logging.getLogger(__name__)
PART = 8 * 1024 * 1024
"""Bytes of a piece; one certificate more may come on top."""
AT_ONCE = 50
KEPT = timedelta(days=7)
"""Copies of other people's certificates are deleted so long after they were packed."""
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
BOARD = Cure("查看人员与证书", "certificates:staff")


@transaction.atomic
def order_archive(*, by: Actor, now: datetime | None = None) -> CertificateArchive:
    """An order in the place of a former one packs anew. Raises Refused where there is nothing, or one is at work."""
    enterprise = Enterprise.objects.select_for_update(no_key=True).get(pk=by.enterprise_id or 0)
    former = archive_of(enterprise.pk)
    if former is not None and is_at_work(former):
        said = "正在打包，请等这一次完成"
        raise Refused(Finding("archive.at_work", said, "完成后可以下载，也可以重新打包。", turn="系统"))
    now = now or utc_now()
    total = len(_ids(enterprise.pk, now))
    if not total:
        detail = "在聘人员有了有效的证书后就可以下载。"
        raise Refused(Finding("archive.nothing", "在聘人员没有可以下载的电子证书", detail, turn="企业", cure=BOARD))
    if former is not None:
        _delete_parts(former)
    values = {"ordered_by_id": by.user_id, "ordered_at": now, "total": total, "done": 0, "left_out": 0, "size": 0}
    order, _ = CertificateArchive.objects.update_or_create(
        enterprise=enterprise, defaults=values | {"made_at": None, "attempt": None}
    )
    audit_list_taken("archive.order", by, count=order.total)
    enqueue("certificates.pack_archive", archive_id=order.pk, queueing_lock=_lock(order))
    return order


def archive_of(enterprise_id: int) -> CertificateArchive | None:
    return CertificateArchive.objects.select_related("ordered_by").filter(enterprise=enterprise_id).first()


def _lock(order: CertificateArchive) -> str:
    return f"certificate archive {order.pk}"


def is_at_work(order: CertificateArchive) -> bool:
    """An order that is neither made nor at work has failed, and may be given again."""
    return order.made_at is None and is_queued(_lock(order))


def _ids(enterprise_id: int, now: datetime) -> list[int]:
    """Answers the certificates in force of who is employed here now, and of nobody else."""
    roster = Roster(enterprise_id, localdate(now))
    return sorted(one.pk for one in roster.held if one.person_id in roster.jobs)


class _Parts(io.RawIOBase):
    """Takes what a ZipFile writes, and stores it in pieces."""

    def __init__(self, order: CertificateArchive, attempt: uuid.UUID) -> None:
        self._order, self.attempt = order, attempt
        self._waiting = bytearray()
        self.number = self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._waiting += piece
        if len(self._waiting) >= PART:
            self.store()
        return len(piece)

    def store(self) -> None:
        if not self._waiting:
            return
        part = ArchivePart(archive=self._order, attempt=self.attempt, number=self.number)
        part.file.save("part.bin", ContentFile(bytes(self._waiting)), save=False)
        part.save()
        self.size += len(self._waiting)
        self.number += 1
        self._waiting.clear()


def pack(archive_id: int) -> bool:
    """It may run twice: it begins anew, and the parts of an order that was given again meanwhile are thrown away."""
    order = CertificateArchive.objects.select_related("enterprise").get(pk=archive_id)
    if order.made_at is not None:
        return False
    parts, left_out = _Parts(order, uuid.uuid4()), 0
    ids = _ids(order.enterprise_id, utc_now())
    with ZipFile(parts, "w", ZIP_STORED) as archive:
        for start in range(0, len(ids), AT_ONCE):
            chunk = ids[start : start + AT_ONCE]
            left_out += _pack_chunk(archive, chunk)
            _orders_like(order).filter(total__gte=start + len(chunk)).update(done=start + len(chunk))
    parts.store()
    return _keep(order, parts, left_out)


def _pack_chunk(archive: ZipFile, ids: Sequence[int]) -> int:
    """Answers how many have no document that can be read."""
    latest = Document.objects.filter(
        version__certificate__in=ids, version__version=F("version__certificate__latest_version")
    )
    packed = 0
    for document in latest.select_related("version__certificate__person").order_by("version__certificate"):
        certificate = document.version.certificate
        try:
            with document.file.open("rb") as stored:
                archive.writestr(name_of(certificate), stored.read())
        except (OSError, DecryptionError):
            logger.exception("a stored document of certificate %s cannot be read", certificate.pk)
        else:
            packed += 1
    return len(ids) - packed


def name_of(certificate: Certificate) -> str:
    """An example is 赣建安C2（2023）0003317 熊大川.pdf. Numbers are unique, and so are the names."""
    return _UNSAFE.sub("_", f"{certificate.number} {certificate.person.name}") + ".pdf"


def _orders_like(order: CertificateArchive) -> QuerySet[CertificateArchive]:
    """Finds the order unless it was given again meanwhile."""
    return CertificateArchive.objects.filter(pk=order.pk, ordered_at=order.ordered_at, made_at__isnull=True)


@transaction.atomic
def _keep(order: CertificateArchive, parts: _Parts, left_out: int) -> bool:
    kept = _orders_like(order).select_for_update(no_key=True).first()
    attempt = parts.attempt
    if kept is None:
        _delete_parts(order, only=attempt)
        return False
    _delete_parts(kept, but=attempt)
    kept.attempt, kept.size, kept.left_out = attempt, parts.size, left_out
    kept.made_at, kept.done = utc_now(), kept.total
    kept.save(update_fields=["attempt", "size", "left_out", "made_at", "done"])
    said = f"可以在{KEPT.days}天内下载，逾期自动删除。"
    link = "/enterprise/staff/archive/"
    send([OutgoingMessage(order.enterprise.mailbox_id, "全部电子证书已打包", said, link)])
    return True


def parts_of(order: CertificateArchive) -> Iterator[bytes]:
    """Reads the pieces one by one."""
    if order.attempt is None:
        return
    for part in order.parts.filter(attempt=order.attempt).order_by("number").iterator(chunk_size=1):
        with part.file.open("rb") as stored:
            yield stored.read()


@transaction.atomic
def take_archive(*, by: Actor) -> CertificateArchive:
    """Notes who takes the file. Raises Refused where there is none, or none any more."""
    order = archive_of(by.enterprise_id or 0)
    if order is None or order.attempt is None:
        detail = f"打包的文件保留{KEPT.days}天，请重新打包。"
        raise Refused(Finding("archive.none", "没有可以下载的文件", detail, turn="企业"))
    audit_list_taken("archive.take", by, count=order.total)
    return order


def delete_old_archives(*, now: datetime | None = None) -> int:
    """Answers how many files are gone; the order itself stays. Parts of orders that failed go, too."""
    old = CertificateArchive.objects.filter(ordered_at__lt=(now or utc_now()) - KEPT, parts__isnull=False)
    ids = list(old.order_by("pk").values_list("pk", flat=True).distinct())
    for pk in ids:
        with transaction.atomic():
            order = CertificateArchive.objects.select_for_update(no_key=True).get(pk=pk)
            _delete_parts(order)
            CertificateArchive.objects.filter(pk=pk).update(attempt=None, size=0)
    return len(ids)


def _delete_parts(order: CertificateArchive, *, only: uuid.UUID | None = None, but: uuid.UUID | None = None) -> None:
    parts = order.parts.all()
    if only is not None:
        parts = parts.filter(attempt=only)
    if but is not None:
        parts = parts.exclude(attempt=but)
    for part in parts.order_by("pk"):
        storage, name = part.file.storage, str(part.file.name)
        transaction.on_commit(partial(storage.delete, name))
    parts.delete()
