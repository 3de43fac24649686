"""What happens at the same moment: real transactions on connections of their own."""

from __future__ import annotations

import threading
from datetime import date
from functools import partial

import pytest
from django.db import transaction

from accounts.models import Person
from administration.imports.services import Book, run_import
from certificates.enums import LegacyState
from certificates.issuing.numbers import allocate_serials
from certificates.legacy import importing
from certificates.legacy.matching import match_legacy
from certificates.models import Certificate, LegacyCertificate, NumberCounter
from tests.concurrency import at_once
from tests.factories import make_person

from .legacy_files import csv_bytes, id_number, row

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_file_imported_by_four_at_once_is_taken_in_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    rows = [row("张三", 1, serial, year=2010 + serial % 5) for serial in range(1, 60)]
    content, turned = csv_bytes(*rows), csv_bytes(*reversed(rows))
    books = at_once([partial(run_import, "legacy", one, "f.csv") for one in (content, turned, content, turned)])
    assert [book for book in books if isinstance(book, Exception)] == []
    assert sum(book.new for book in books if isinstance(book, Book)) == 59
    assert sum(book.known for book in books if isinstance(book, Book)) == 3 * 59
    assert LegacyCertificate.objects.filter(state=LegacyState.UNMATCHED).count() == 59


def issue(holder: Person) -> int:
    """The next number of 2024, taken by a new certificate; inside the caller's transaction."""
    (serial,) = allocate_serials(2024, 1)
    Certificate.objects.create(
        number=f"赣建安B（2024）{serial:07d}",
        category="B",
        year=2024,
        serial=serial,
        identifier_serial=serial,
        person=holder,
        enterprise_name="江西甲建筑有限公司",
        post="07",
        first_issued_on=date(2024, 1, 1),
        ends_on=date(2026, 12, 31),
        origin="first_issue",
    )
    return serial


def test_no_number_twice_when_numbers_are_drawn_during_an_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes first: the sequence passes over what is imported, and what was drawn is not imported as valid."""
    monkeypatch.setattr(importing, "BATCH", 5)
    holder = make_person(user=False, photo=False)
    content = csv_bytes(*(row("张三", 1, serial, category="B") for serial in range(1, 60, 2)))

    def draw_ten() -> None:
        for _ in range(10):
            with transaction.atomic():
                issue(holder)

    outcomes = at_once([lambda: run_import("legacy", content, "f.csv"), draw_ten, draw_ten])
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    drawn = set(Certificate.objects.values_list("serial", flat=True))
    live = LegacyCertificate.objects.filter(state=LegacyState.UNMATCHED)
    imported = set(live.values_list("number_serial", flat=True))
    assert len(drawn) == 20
    assert not drawn & imported
    assert set(range(1, NumberCounter.objects.get(year=2024).last + 1)) <= drawn | imported, "without gaps"
    assert LegacyCertificate.objects.count() == 30, "none is lost: what came too late waits for a clerk"


def test_a_number_drawn_while_the_import_waits_is_seen_by_it() -> None:
    """The counter is the last lock, and what exists is judged behind it."""
    holder = make_person(user=False, photo=False)
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            assert issue(holder) == 1
            held.set()
            assert go_on.wait(180)

    def bring_in() -> Book:
        assert held.wait(180)
        threading.Timer(0.5, go_on.set).start()
        return run_import("legacy", csv_bytes(row("张三", 1, 1, category="B")), "f.csv")

    outcomes = at_once([hold, bring_in])
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert LegacyCertificate.objects.get().state == LegacyState.QUARANTINED


def test_a_person_matched_by_eight_at_once_gets_each_certificate_once() -> None:
    run_import("legacy", csv_bytes(*(row("张三", 1, serial) for serial in range(1, 6))), "f.csv")
    person = make_person("张三", id_number=id_number(1), user=False, photo=False)
    reports = at_once([partial(match_legacy, {person.pk})] * 8)
    assert [report for report in reports if isinstance(report, Exception)] == []
    assert Certificate.objects.count() == 5
    assert sum(report.matched for report in reports if not isinstance(report, Exception)) == 5
