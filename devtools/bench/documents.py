"""Measures certificates with their whole job: `manage.py worker` as it is installed, from the first to the last of many."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from certificates.issuing.versions import order_documents
from certificates.models import CertificateVersion, Document, DocumentOrder
from common.encryption import encrypt_bytes
from devtools.demo_keys.pki import ensure_demo_pki
from devtools.postgres import Cluster

from .certificates import sample_photo

PATIENCE_SECONDS = 300
LOOKS_EVERY = 0.1
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Making:
    """Seconds are those of the wall; milliseconds those of CPU for one certificate, the start of the worker left out."""

    documents: int
    processes: int
    seconds: float
    worker_ms: float
    database_ms: float

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def make_many(cluster: Cluster, database: str, count: int, processes: int) -> Making:
    """The documents of the first made-up people are ordered as a renaming orders them, and are as before at the end."""
    versions = list(CertificateVersion.objects.order_by("pk")[:count])
    photo = Path(settings.PRIVATE_ROOT) / versions[0].photo
    photo.parent.mkdir(parents=True, exist_ok=True)
    photo.write_bytes(encrypt_bytes(sample_photo()))
    ensure_demo_pki(Path(settings.DEMO_PKI))
    documents = list(Document.objects.filter(version__in=versions).order_by("pk"))
    orders = list(DocumentOrder.objects.order_by("pk"))
    _forget(versions)
    with transaction.atomic():
        order_documents(versions)
    try:
        with _worker(cluster, database, processes) as worker:
            return _watched(cluster, worker, len(versions), processes)
    finally:
        _forget(versions)
        Document.objects.bulk_create(documents)
        DocumentOrder.objects.bulk_create(orders)


def _watched(cluster: Cluster, worker: subprocess.Popen[bytes], count: int, processes: int) -> Making:
    left = count
    first: tuple[int, float, float, float] | None = None
    deadline = time.monotonic() + PATIENCE_SECONDS
    while left and time.monotonic() < deadline:
        time.sleep(LOOKS_EVERY)
        left = DocumentOrder.objects.count()
        if left < count and first is None:
            first = (left, time.monotonic(), _spent_by(worker.pid), _spent_by(_postmaster(cluster)))
        if failed := DocumentOrder.objects.exclude(last_error="").order_by("pk").first():
            raise RuntimeError(failed.last_error)
        if worker.poll() is not None:
            raise RuntimeError("the worker has ended")
    if left or first is None:
        raise RuntimeError(f"{left} documents are not made")
    made, begun, by_worker, by_database = first
    return Making(
        count,
        processes,
        round((time.monotonic() - begun) * count / made, 1),
        round((_spent_by(worker.pid) - by_worker) * 1000 / made, 2),
        round((_spent_by(_postmaster(cluster)) - by_database) * 1000 / made, 2),
    )


@contextmanager
def _worker(cluster: Cluster, database: str, processes: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "manage.py", "worker", f"--processes={processes}"]
    environment = {**os.environ, "DATABASE_URL": cluster.url(database), "DEBUG": "false"}
    with subprocess.Popen(
        command, cwd=settings.ROOT, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as worker:
        try:
            yield worker
        finally:
            worker.terminate()


def _forget(versions: Sequence[CertificateVersion]) -> None:
    """Leaves neither documents of them nor anything that a worker would do besides."""
    documents = Document.objects.filter(version__in=[version.pk for version in versions])
    for document in documents.exclude(file="documents/bench.pdf"):
        document.file.storage.delete(document.file.name or "")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM certificates_document WHERE version_id = ANY(%s)", [[one.pk for one in versions]])
    DocumentOrder.objects.all().delete()
    ProcrastinateJob.objects.filter(status="todo").delete()


def _postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def _spent_by(number: int) -> float:
    """Answers seconds of CPU of this process and of those that it has started, also of those that have ended."""
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # State, parent and so on stand behind the name, in which there may be spaces.
            _, parent, *fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (OSError, ValueError):
            continue  # it has ended meanwhile
        if number == int(path.parent.name):
            total += sum(map(int, fields[9:13]))
        elif number == int(parent):
            total += sum(map(int, fields[9:11]))
    return total / TICKS
