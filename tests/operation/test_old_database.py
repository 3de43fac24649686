"""A database made before the packages were divided into rooms opens after it.

`tests/fixtures/old-database.sql.xz` is a plain dump of a small demonstration at commit 9082645 with the keys of the
tests' settings: generated people, applications at every desk, drafts, sessions, versions, and a queued job under each
old name of a periodic task. Its logins and their password are in `old-database.json`.
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app as job_app
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Person, User
from administration.audit.chain import link_entries, verify_chain
from administration.models import AuditLink
from certificates.models import CertificateVersion
from common.database.fields import EncryptedFileSystemStorage
from common.files.images import id_photo_master
from conftest import _drop, _maintenance, _switch_to
from devtools.demo.accounts import draw_face
from enterprises.models import CaKey
from tests.factories import log_in_at_office
from workflow.models import Application

FIXTURES = Path(__file__).parent.parent / "fixtures"
LOGINS: dict[str, Any] = json.loads((FIXTURES / "old-database.json").read_text(encoding="utf-8"))
PHONE = "13900001234"
"""It stands unencrypted in the applications of the dump."""


def restore(name: str) -> None:
    text = lzma.decompress((FIXTURES / "old-database.sql.xz").read_bytes()).decode()
    with _maintenance() as session:
        _drop(session, name)
        session.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
    parameters = {**connection.get_connection_params(), "dbname": name, "options": ""}
    for key in ("context", "cursor_factory", "server_side_binding"):
        parameters.pop(key, None)
    with psycopg.connect(**parameters, autocommit=True) as session:
        session.execute(text.encode())


def phones_in_clear() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM workflow_application WHERE payload::text LIKE %s", [f"%{PHONE}%"])
        return int(cursor.fetchone()[0])


def draw_photos() -> None:
    """The files of the old installation are not kept: a drawn head takes the place of each."""
    storage = EncryptedFileSystemStorage()
    photo = id_photo_master(draw_face(random.Random(1)))
    for field, content in (("id_photo", photo.master), ("id_photo_small", photo.small), ("portrait", photo.master)):
        for name in set(Person.objects.exclude(**{field: ""}).values_list(field, flat=True)):
            if not storage.exists(name):
                storage._save(name, ContentFile(content))  # `save` would give it another name


@pytest.fixture(scope="module")
def old_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, int]]:
    """Restored and migrated with today's code; answers what was counted before the migration."""
    own = str(connection.settings_dict["NAME"])
    name = f"{own}_old"
    with django_db_blocker.unblock():
        restore(name)
        _switch_to(name)
        try:
            before = {"phones": phones_in_clear(), "applications": Application.objects.count()}
            call_command("migrate", verbosity=0, interactive=False)
            draw_photos()
            yield before
        finally:
            _switch_to(own)
            with _maintenance() as session:
                _drop(session, name)


def test_the_migrated_database_is_complete(old_database: dict[str, int]) -> None:
    call_command("migrate", check=True, verbosity=0)
    call_command("check", databases=["default"])
    assert Application.objects.count() == old_database["applications"] > 0


def test_what_was_typed_is_encrypted_by_the_migration(old_database: dict[str, int]) -> None:
    assert old_database["phones"] > 0
    assert phones_in_clear() == 0
    kept = [row.payload.get("phone") for row in Application.objects.filter(kind="extension")]
    assert PHONE in kept


def test_encrypted_fields_open(old_database: dict[str, int]) -> None:
    people = list(Person.objects.all())
    assert LOGINS["person"] in {person.id_number for person in people}
    assert all(person.phone.startswith("139") for person in people)
    assert CaKey.objects.exists()


def test_the_audit_chain_is_in_order(old_database: dict[str, int]) -> None:
    linked = AuditLink.objects.count()
    assert linked > 0
    link_entries()
    assert verify_chain().problem == ""


def test_pages_open_for_the_old_logins(old_database: dict[str, int]) -> None:
    person = Client()
    answer = person.post("/login/", {"id_number": LOGINS["person"], "password": LOGINS["password"]})
    assert answer.status_code == 302
    for address in ("/person/", "/person/certificates/", "/applications/", "/inbox/", "/person/employment/"):
        assert person.get(address).status_code == 200, address


@pytest.mark.parametrize(
    ("role", "addresses"),
    [
        ("decide", ["/office/", "/office/parameters/", "/office/jobs/"]),
        ("registry", ["/office/registry/", "/office/imports/", "/office/certificates/"]),
        ("audit", ["/office/audit/"]),
    ],
)
def test_pages_open_for_the_old_staff(old_database: dict[str, int], role: str, addresses: list[str]) -> None:
    client = Client()
    user = User.objects.get(login=LOGINS["staff"][role]["login"])
    assert log_in_at_office(client, user, password=LOGINS["password"]).status_code == 302
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_a_session_of_before_ends_at_the_login(old_database: dict[str, int]) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = LOGINS["session"]
    assert client.get("/person/").status_code in (200, 302)


def test_waiting_jobs_run_under_their_old_names(old_database: dict[str, int]) -> None:
    """Last in this file: the nightly jobs change what the tests before read."""
    waiting = list(ProcrastinateJob.objects.filter(status="todo").order_by("id"))
    names = {job.task_name for job in waiting}
    assert {"certificates.tasks.make_documents", "jxcloud.base.tasks.retry_stalled_jobs"} <= names
    drawn = CertificateVersion.objects.filter(document__isnull=False).count()
    for job in waiting:
        job_app.tasks[job.task_name].func(**job.args)
    assert CertificateVersion.objects.filter(document__isnull=False).count() == drawn + 2
