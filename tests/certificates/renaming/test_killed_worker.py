"""A worker that is killed in the middle of a renaming leaves no certificate behind and none twice."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from certificates.enums import RenameState
from certificates.models import Certificate, CertificateVersion, Document, DocumentOrder, RenameBatch, RenameRow
from common.tasks import retry_stalled_jobs
from conftest import start_worker
from tests.factories import make_certificate, make_person
from tests.waiting import wait_until
from tests.worlds.enterprise_rename import EnterpriseRenameWorld
from workflow.enums import Action
from workflow.services.acting import act

pytestmark = pytest.mark.django_db(transaction=True)
MORE = 239
"""With the world's own they are 240: two whole blocks and a part."""


class Renamed(EnterpriseRenameWorld):
    ends_on = timezone.localdate() + timedelta(days=700)


@pytest.fixture
def workers() -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(start_worker())
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@contextmanager
def second_block_held() -> Iterator[None]:
    """Whatever writes rows of a renaming after the first ones waits, so that the worker surely is in the middle of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION held() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF EXISTS (SELECT FROM certificates_renamerow) THEN PERFORM pg_sleep(600); END IF; RETURN NULL; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER held BEFORE INSERT ON certificates_renamerow FOR EACH STATEMENT EXECUTE FUNCTION held()"
        )
    yield
    with connection.cursor() as cursor:
        # The session of a killed worker ends with its statement.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE '%certificates_renamerow%' AND pid <> pg_backend_pid()"
        )
        cursor.execute("DROP FUNCTION held CASCADE")


def kill(process: subprocess.Popen[bytes]) -> None:
    """Its jobs are found to be stalled a minute later; here its last report is made that old."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'")
    retry_stalled_jobs.func(0)


def test_killed_twice_each_certificate_has_one_new_version_and_one_document(
    workers: Callable[[], subprocess.Popen[bytes]],
) -> None:
    world = Renamed()
    for position in range(MORE):
        holder = make_person(f"持证人{position}", user=False)
        make_certificate(holder, world.enterprise, "C2", ends_on=world.ends_on, enterprise_name=world.former_name)
    application = world.file(now=timezone.now())
    for desk in (world.province.municipal_actor, world.province.provincial_actor):
        act(application.pk, action=Action.APPROVE, actor=desk, now=timezone.now())
    batch = RenameBatch.objects.get(application=application)

    first = workers()
    with second_block_held():
        wait_until(lambda: RenameRow.objects.filter(batch=batch).exists(), alive=first)
        kill(first)
    batch.refresh_from_db()
    assert batch.state == RenameState.RUNNING
    assert 0 < RenameRow.objects.filter(batch=batch).count() < MORE + 1

    second = workers()
    wait_until(Document.objects.exists, alive=second)
    kill(second)
    assert DocumentOrder.objects.exists() or RenameBatch.objects.filter(state=RenameState.RUNNING).exists()

    third = workers()
    running = RenameBatch.objects.filter(state=RenameState.RUNNING)
    wait_until(lambda: not running.exists() and not DocumentOrder.objects.exists(), alive=third)
    new = CertificateVersion.objects.filter(enterprise_name=world.enterprise.name)
    assert new.count() == MORE + 1
    assert set(Certificate.objects.values_list("enterprise_name", flat=True)) == {world.enterprise.name}
    assert new.values("certificate").distinct().count() == MORE + 1
    assert Document.objects.filter(version__in=new).count() == MORE + 1
    assert RenameRow.objects.filter(batch=batch, version__in=new).count() == MORE + 1
