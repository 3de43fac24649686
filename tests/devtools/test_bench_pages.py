"""Lists, queues and searches: what they show, and that no page reads a big table to its end."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.contrib.admin import ModelAdmin
from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.test import RequestFactory

from accounts.models import Person, User
from certificates.models import Certificate, CertificateVersion
from common.database.json_rows import instances
from common.database.name_search import organisation_named, person_named
from common.text.organisations import normalise_organisation_name
from common.web.admin import Registry
from common.web.paging import paginate
from devtools.bench.data import generate
from devtools.bench.measure import LOGINS, client_of, cost, recorded
from devtools.bench.pages import CITY, OPERATOR, PAGES, PROVINCE
from employment.models import Employment
from enterprises.models import Enterprise
from portal.admin_site import load_registries
from tests.devtools.remains import without_remains, without_time_limit
from workflow.actors import Actor, actor_of
from workflow.forms import QueueFilters
from workflow.models import Application
from workflow.permissions import visible
from workflow.selectors.lists import done_by, members_of_office, mine_by_ways, queue
from workflow.selectors.queue_place import place_in
from workflow.views.queue import kinds_at

PEOPLE = 2_000
BIG = frozenset({
    "accounts_person", "accounts_user", "administration_auditentry", "administration_message", "certificates_certificate",
    "certificates_certificateevent", "certificates_certificateitem", "certificates_certificateterm",
    "certificates_certificateversion", "certificates_document", "employment_employment", "workflow_application",
    "workflow_event",
})  # fmt: skip
"""Tables with a row for each person of the province, or more."""
SORTED = 1_100
"""The unit is rows. The largest enterprise has 400 people, and counts end at 1,000."""


def actor(reader: str) -> Actor:
    found = actor_of(User.objects.get(login=LOGINS[reader]))
    assert found is not None
    return found


def walk(rows: QuerySet[Any], order: tuple[str, ...], branches: Sequence[Q]) -> list[Any]:
    found: list[Any] = []
    cursor = None
    while True:
        page = paginate(rows, order=order, cursor=cursor, size=7, branches=branches)
        if page.previous_cursor and found:
            back = paginate(rows, order=order, cursor=page.previous_cursor, size=7, branches=branches)
            assert back.items == found[-7:]
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.django_db
def test_lists_show_what_a_plain_condition_finds_and_no_page_reads_a_table_to_its_end() -> None:
    without_time_limit()
    without_remains()
    generate(PEOPLE)
    _branches_are_the_plain_condition()
    _queues_are_the_plain_condition()
    _registries_are_the_plain_condition()
    _rows_of_json_are_those_of_query_sets()
    _pages_stay_small()


def _branches_are_the_plain_condition() -> None:
    operator, member = actor(OPERATOR), actor(CITY)
    rows, ways = mine_by_ways(operator)
    assert walk(rows, ("-id",), ways) == list(Application.objects.filter(visible(operator)).order_by("-id"))
    done = done_by(member, whole_office=True).filter(pk__gt=PEOPLE * 11 // 10)
    assert walk(done, ("-id",), members_of_office(member)) == list(done.order_by("-id"))


def _queues_are_the_plain_condition() -> None:
    chance = random.Random(7)
    for reader, desk in ((CITY, "municipal"), (PROVINCE, "provincial")):
        rows = queue(actor(reader), desk)
        waiting = list(rows)
        names = [chance.choice(waiting) for _ in range(4)]
        words = (
            [one.person.name for one in names] + [one.enterprise.name[:3] for one in names] + ["王", "00001", "无此人"]
        )
        for word in words:
            plain = rows.filter(
                Q(number__icontains=word)
                | person_named("person__name", word)
                | organisation_named("enterprise__name", word)
            )
            assert list(QueueFilters({"q": word}, kinds=kinds_at(desk)).narrowed(rows)) == list(plain), word
        for index in (0, 1, len(waiting) // 2, len(waiting) - 1):
            place = place_in(rows, waiting[index], free=Q())
            after = waiting[(index + 1) % len(waiting)]
            assert (place.position, place.total) == (str(index + 1), str(len(waiting)))
            assert place.next_number == after.number


def _registries_are_the_plain_condition() -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.get(login="system_admin")
    for registry in registries():
        for word in ("王", "王伟", "2024", "G12", "staff 住房", "没有"):
            rows: QuerySet[Model] = registry.get_queryset(request).order_by("pk")
            words = " ".join(normalise_organisation_name(one) for one in word.split())
            plain, doubled = ModelAdmin.get_search_results(registry, request, rows, words)
            found, _ = registry.get_search_results(request, rows, word)
            assert list(found) == list(plain.distinct() if doubled else plain), (registry, word)
        lengths = [_length_of_search(registry, request, count) for count in (1, 2, 3, 4)]
        assert lengths[3] - lengths[2] <= lengths[2] - lengths[1] + 10, (registry, "each word costs the same")


def _rows_of_json_are_those_of_query_sets() -> None:
    for model in (Application, Certificate, CertificateVersion, Employment, Enterprise, Person):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT row_to_json(one)::text FROM {table} AS one ORDER BY id LIMIT 40")  # noqa: S608
            found = instances(model, [json.loads(text) for (text,) in cursor.fetchall()])
        plain = list(model._default_manager.order_by("pk")[:40])
        names = [field.attname for field in model._meta.concrete_fields]
        assert [[getattr(one, name) for name in names] for one in found] == [
            [getattr(one, name) for name in names] for one in plain
        ]


def _length_of_search(registry: Registry, request: HttpRequest, words: int) -> int:
    def search() -> list[Model]:
        found, _ = registry.get_search_results(request, registry.get_queryset(request).order_by("pk"), "ab " * words)
        return list(found)

    _, statements = recorded(search)
    return sum(len(text) for text, _ in statements)


def registries() -> Iterator[Registry]:
    from django.contrib import admin

    load_registries()
    yield from (one for one in admin.site._registry.values() if isinstance(one, Registry))


def _pages_stay_small() -> None:
    """A small table is best read whole, so reading whole is made dear: what still does so has no index that serves."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    faults: list[tuple[str, object, str]] = []
    clients = {page.reader: client_of(page.reader) for page in PAGES}
    for page in PAGES:
        found = cost(clients[page.reader], page)
        assert found.status == 200, page
        for plan in found.plans:
            if read_whole := BIG & set(plan.scanned):
                faults.append((page.address, read_whole, plan.statement))
            if plan.sorted_rows > SORTED:
                faults.append((page.address, plan.sorted_rows, plan.statement))
    assert not faults
