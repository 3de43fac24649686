"""Each index is read by a page, a job or a named query, or stands below with what it is kept for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from psycopg import sql

from accounts.access.login_sessions import running_sessions
from accounts.models import Person, User
from accounts.verification.available_methods import tries_left
from accounts.verification.face_signs import signs_of
from administration.imports.repetitions import _later
from administration.models import ImportRow, ImportRun, JobRun
from administration.nightly import NIGHTLY_JOBS
from certificates.bulk_extension.preview import preview
from certificates.issuing.numbers import allocate_serials
from certificates.legacy.matching import match_legacy
from certificates.legacy.settling.selectors import matter_of, of_id_number
from certificates.models import LegacyCertificate, PolicyBatch, RenameBatch
from devtools.bench.data import generate
from devtools.bench.indexes import named_indexes, unused
from devtools.bench.measure import LOGINS, Statement, _nodes, client_of, recorded
from devtools.bench.pages import CITY, PAGES
from enterprises.models import ProjectInProgress
from enterprises.register.selectors import enterprises_by_name
from exams.checkin.day import strangers_of
from exams.excuses.selectors import excuses_of
from exams.models import ExamBatch, ExamEntry
from exams.results.selectors import history_of
from exams.selectors import entries_to_issue
from tests.devtools.remains import without_remains, without_time_limit
from workflow.actors import actor_of
from workflow.selectors.bars import bars_caused_by, bars_in_force

PEOPLE = 10_000
PLANNED = ("SELECT", "WITH", "UPDATE", "DELETE")


def queries() -> dict[str, Callable[[], Any]]:
    """What is read by no page without an argument and by no job, by what asks it."""
    person, now = Person.objects.get(pk=1), timezone.now()
    today = timezone.localdate()
    clerk = User.objects.get(login=LOGINS[CITY])
    batch, entry, run = ExamBatch(pk=1), ExamEntry(pk=1), ImportRun(pk=1)
    record = LegacyCertificate(pk=1, number="赣建安C2（2024）0000001", id_number_index="x", name="王伟")
    policy = PolicyBatch(pk=1, window_from=today, window_to=today, new_end=today + timedelta(days=90), categories=[])
    return {
        "for whom a clerk acts": lambda: actor_of(clerk),
        "bars of a person": lambda: bars_in_force([1]),
        "bars of a decision": lambda: bars_caused_by(["event:1"]),
        "failed faces of a person": lambda: tries_left(person, now=now),
        "signs of an attack at a person's face": lambda: signs_of(person, now=now),
        "the latest check of a photo": lambda: person.photo_checks.first(),  # type: ignore[attr-defined]
        "open sessions of a login": lambda: running_sessions(clerk),
        "old certificates of a person": lambda: match_legacy([1]),
        "old certificates of an ID number": lambda: list(of_id_number("360102199001011234")),
        "an old certificate with its like and its decisions": lambda: matter_of(record),
        "the next serial number": lambda: allocate_serials(2024, 1),
        "enterprises by names": lambda: enterprises_by_name(["江西建设有限公司"]),
        "certificates in a window of days": lambda: preview(policy),
        "rows of an extension by policy": lambda: list(policy.rows.filter(outcome="").order_by("pk")[:20]),
        "rows of a renaming": lambda: list(RenameBatch(pk=1).rows.filter(outcome="").order_by("pk")[:20]),
        "projects of a person": lambda: list(
            ProjectInProgress.objects.filter(id_number_index__in=["x"], finished_on__isnull=True)
        ),
        "what was taken back at the door": lambda: list(strangers_of(batch)),
        "proofs of an entry": lambda: excuses_of(entry),
        "history of a result": lambda: history_of(entry),
        "passed entries of a person": lambda: list(entries_to_issue([1]).order_by("pk")),
        "rows of an import": lambda: list(
            ImportRow.objects.filter(run=run, outcome="new").order_by("position", "id")[:20]
        ),
        "imports of an object": lambda: list(
            ImportRow.objects.filter(object_type="accounts.person", object_id__in=[1]).order_by("pk")
        ),
        "later imports with the same": lambda: _later(run, "accounts.person").exists(),
    }


def jobs() -> Iterator[tuple[str, Callable[[], Any]]]:
    for job in NIGHTLY_JOBS:
        run = JobRun(name=job.name, day=timezone.localdate())
        yield f"nightly {job.name}", lambda job=job, run=run: (run.save(), job.function(run))
    for periodic in app.periodic_registry.periodic_tasks.values():
        if not periodic.task.name.startswith("nightly."):
            yield periodic.task.name, lambda periodic=periodic: periodic.task.func(0)


OPEN = "on 200,000 people too the queue is read by its own index; a desk of 100,000 cases was not measured"
LARGER = "on so few rows the planner reads by another index of the table"
NOT_SHOWN = {
    "application_number_parts": OPEN,
    "certificate_until": LARGER,
    "employment_of_the_gone": LARGER,
    "employment_staff": LARGER,
    "enterprise_code_parts": LARGER,
    "queue_firm": LARGER,
    "queue_region": LARGER,
}
"""Indexes whose query is named in docs/indexes.md, and whose plan does not show here that it reads by them."""


@pytest.mark.django_db
def test_each_index_is_read_by_a_page_a_job_or_a_query() -> None:
    """Tables are small here, so reading them whole is made dear, and the planner takes an index wherever one serves."""
    without_time_limit()
    without_remains()
    generate(PEOPLE)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    read: set[str] = set()
    clients = {page.reader: client_of(page.reader) for page in PAGES}
    for page in PAGES:
        answer, statements = recorded(lambda page=page: clients[page.reader].get(page.address))
        assert answer.status_code == 200, page
        read |= indexes_of(statements)
    for _, work in (*jobs(), *queries().items()):
        read |= indexes_of(undone(work))
    left = {index for index in set(unused(read)) - set(NOT_SHOWN) if has_rows(index)}
    assert not left, " ".join(sorted(left))
    assert set(NOT_SHOWN) <= set(named_indexes())


def has_rows(index: str) -> bool:
    """Answers whether made-up data fill the index's table: of an empty one the planner takes any index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indrelid::regclass::text FROM pg_index WHERE indexrelid = %s::regclass", [index])
        (table,) = cursor.fetchone() or ("",)
        cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table)))
        return cursor.fetchone() == (True,)


def undone(work: Callable[[], Any]) -> list[Statement]:
    """Answers what it asked; what it wrote is taken back, and where it ends early for want of rows counts as well."""
    with transaction.atomic():
        _, statements = recorded(work)
        transaction.set_rollback(True)
    return statements


def indexes_of(statements: list[Statement]) -> set[str]:
    found: set[str] = set()
    for text, values in statements:
        if not text.lstrip("( \n").upper().startswith(PLANNED):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {text}", values)
            (answer,) = cursor.fetchone() or ([],)
        plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
        found |= {node["Index Name"] for node in _nodes(plan) if "Index Name" in node}
    return found
