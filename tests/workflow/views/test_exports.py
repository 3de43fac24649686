"""Lists go out as tables: narrowed as on the page, masked, capped, audited, at a constant number of statements a chunk."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from accounts.enums import Duty
from administration import table_downloads
from administration.models import AuditEntry
from tests.factories import actor, make_certificate, make_enterprise, make_office, make_person, make_staff
from tests.workflow.browsing import NOW, browser
from tests.workflow.test_handing_over import Section
from workflow.enums import Action
from workflow.models import Application
from workflow.services.acting import act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
QUEUE = "/office/queue/municipal/export"


def rows_of(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_queue_goes_out_as_it_is_narrowed_and_masked() -> None:
    section = Section(cases=3)
    late = section.cases[0]
    Application.objects.filter(pk=late.pk).update(due_on="2026-11-02")
    client = browser(section.first)
    rows = rows_of(client.get(f"{QUEUE}/csv/"))
    assert [row[0] for row in rows[1:]] == [late.number, *sorted(one.number for one in section.cases[1:])]
    assert len({len(row) for row in rows}) == 1
    names = {one.person.name for one in Application.objects.select_related("person").order_by("pk")}
    assert not names & {cell for row in rows for cell in row}
    assert "*" in rows[1][2]
    narrowed = client.get(f"{QUEUE}/xlsx/?due=late")
    sheet = load_workbook(io.BytesIO(b"".join(narrowed.streaming_content))).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [late.number]
    entry = AuditEntry.objects.filter(action="cases.export").order_by("-id")[0]
    assert entry.detail == {"list": "queue-municipal", "due": "late"}
    assert client.get(f"{QUEUE}/pdf/").status_code == 404


def test_only_who_reads_the_list_exports_it() -> None:
    section = Section()
    assert browser(make_staff(section.office, Duty.REGISTER)).get(f"{QUEUE}/csv/").status_code == 403
    assert browser(section.first).get("/office/queue/provincial/export/csv/").status_code == 403
    assert browser(section.first).get("/office/team/export/csv/").status_code == 403
    rows = rows_of(browser(section.head).get("/office/team/export/csv/"))
    assert [row[0] for row in rows[1:]] == [section.case.number]
    elsewhere = make_staff(section.province.provincial, Duty.HEAD)
    assert len(rows_of(browser(elsewhere).get("/office/team/export/csv/?office="))) == 1
    assert len(rows_of(browser(elsewhere).get("/office/team/export/csv/?office=all"))) == 2


def test_further_rows_are_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    section = Section(cases=3)
    monkeypatch.setattr(table_downloads, "MOST_ROWS", 2)
    rows = rows_of(browser(section.first).get(f"{QUEUE}/csv/"))
    assert len(rows) == 4
    assert rows[-1][0].startswith("只导出前 2 行")


def test_a_chunk_takes_the_statements_of_one_row(count_queries: Callable[[Callable[[], object]], int]) -> None:
    section = Section(cases=1)
    client = browser(section.first)
    one = count_queries(lambda: rows_of(client.get(f"{QUEUE}/csv/")))
    for world in (section.world.another() for _ in range(4)):
        section._at_municipal(world)
    assert count_queries(lambda: rows_of(client.get(f"{QUEUE}/csv/"))) == one


def test_certificates_go_out_masked_and_only_after_a_search() -> None:
    section = Section()
    keeper = browser(make_staff(section.province.provincial, Duty.REGISTRY))
    enterprise = make_enterprise()
    people = [make_person(name) for name in ("=欧阳·䶮𬭎", "欧阳𠮷")]
    for person in people:
        make_certificate(person, enterprise, "C1")
    address = "/office/certificates/export"
    assert keeper.get(f"{address}/csv/").status_code == 404
    assert keeper.get(f"{address}/pdf/?category=C1").status_code == 404
    rows = rows_of(keeper.get(f"{address}/csv/?category=C1"))
    assert len(rows) == 3
    text = "\n".join(",".join(row) for row in rows)
    for person in people:
        assert person.name not in text
        assert str(person.id_number) not in text
    assert all("*" in row[3] for row in rows[1:])
    assert AuditEntry.objects.filter(action="certificates.export", detail={"category": "C1"}).count() == 1
    city = browser(section.first)
    found = rows_of(city.get(f"{address}/csv/?category=C1"))
    is_own = enterprise.region_id.startswith("3601")
    assert len(found) == (3 if is_own else 1)


def test_what_is_late_goes_out_masked_as_far_as_it_waits_for_the_reader() -> None:
    section = Section(cases=2)
    late, early = section.cases
    Application.objects.filter(pk=late.pk).update(due_on="2026-11-02")
    client = browser(section.first)
    assert 'href="/office/overdue/export/xlsx/"' in client.get("/office/overdue/").text
    rows = rows_of(client.get("/office/overdue/export/csv/"))
    assert [row[0] for row in rows[1:]] == [late.number]
    assert late.person is not None
    assert late.person.name not in ",".join(rows[1])
    assert early.number not in str(rows)
    assert AuditEntry.objects.get(action="cases.export").detail == {"list": "overdue"}
    elsewhere = make_staff(make_office("都昌县住房和城乡建设局", region="360428"), Duty.REVIEW)
    assert len(rows_of(browser(elsewhere).get("/office/overdue/export/csv/"))) == 1
    assert client.get("/office/overdue/export/pdf/").status_code == 404


def test_what_was_done_goes_out_as_it_is_narrowed_without_names_and_words() -> None:
    section = Section(cases=2)
    first, second = section.cases
    act(first.pk, action=Action.RETURN, actor=actor(section.first), comment="请张三补充", now=NOW)
    act(second.pk, action=Action.APPROVE, actor=actor(section.second), now=NOW)
    client = browser(section.first)
    assert 'href="/office/done/export/xlsx/?' in client.get("/office/done/").text
    (own,) = rows_of(client.get("/office/done/export/csv/"))[1:]
    assert [own[1], *own[5:8]] == [first.number, "地市受理", "退回补正", "甲审"]
    assert "张三" not in str(own)
    assert first.person is not None
    assert first.person.name not in str(own)
    office = rows_of(client.get("/office/done/export/csv/?scope=office&outcome=approve"))[1:]
    assert [row[1] for row in office] == [second.number]
    entry = AuditEntry.objects.filter(action="cases.export").latest("pk")
    assert entry.detail == {"list": "done", "scope": "office", "outcome": "approve"}
    assert client.get("/office/done/export/pdf/").status_code == 404


def test_a_chunk_of_what_was_done_takes_the_statements_of_one_row(
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    section = Section(cases=4)
    client, counted = browser(section.first), []
    for cases in (section.cases[:1], section.cases[1:]):
        for case in cases:
            act(case.pk, action=Action.APPROVE, actor=actor(section.first), now=NOW)
        counted.append(count_queries(lambda: rows_of(client.get("/office/done/export/csv/"))))
    assert counted[0] == counted[1]
