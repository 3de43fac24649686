"""Offices note something about a case for each other: who and when, never changed, and read by no applicant."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from accounts.enums import Duty
from administration.models import AuditEntry
from common.findings import Refused
from tests.factories import actor, make_office, make_staff
from workflow.enums import Action, Desk
from workflow.models import CaseNote
from workflow.selectors.progress import progress_of
from workflow.services.acting import act
from workflow.services.notes import write_note

from .browsing import NOW, browser, words
from .test_handing_over import Section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
SAID = "电话核对过社保，<b>乙公司</b>说下周补交（𠮷）"


def note(section: Section, user: Any, text: str, **more: str) -> Any:
    address = f"/office/applications/{section.case.number}/"
    return browser(user).post(address, {"note": text, "write_note": "on", **more})


def test_a_note_stands_in_the_record_that_offices_read_with_who_and_when() -> None:
    section = Section()
    page = note(section, section.first, SAID, comment="还没有写完的意见")
    text = words(page)
    when = f"{localtime(CaseNote.objects.get().at):%H:%M}"
    assert f"内部备注{section.office.name}甲审2026年11月23日{when}只有主管部门看得到" in text
    assert "<b>乙公司" not in page.text
    assert "乙公司" in text
    # What is being written as a decision stays on the page.
    assert "还没有写完的意见" in page.text
    colleague = words(browser(section.second).get(f"/office/applications/{section.case.number}/"))
    assert "电话核对过社保" in colleague
    assert section.case.desk == Desk.MUNICIPAL
    assert section.case.pk in section.waits_for(section.first)


def test_nobody_but_offices_reads_it() -> None:
    section = Section()
    note(section, section.first, SAID)
    case, world = section.case, section.world
    people = [
        (world.person_user, f"/applications/{case.number}/"),
        (world.person_user, f"/applications/{case.number}/print/"),
        (world.person_user, "/applications/"),
        (world.operator, f"/applications/{case.number}/"),
        (world.operator, f"/enterprise/confirmations/{case.number}/"),
    ]
    for user, address in people:
        page = browser(user).get(address)
        assert page.status_code == 200, address
        assert "社保" not in page.text, address
        assert "备注" not in words(page), address
    assert "内部备注" not in [entry.title for entry in progress_of(case, world.filer).entries]


def test_the_province_reads_what_the_city_noted_and_may_answer_after_the_end() -> None:
    section = Section()
    note(section, section.first, SAID)
    act(section.case.pk, action=Action.APPROVE, actor=actor(section.first), now=NOW)
    decider = section.province.decider
    assert "社保" in words(browser(decider).get(f"/office/applications/{section.case.number}/"))
    act(section.case.pk, action=Action.REJECT, actor=actor(decider), comment="不符合条件", now=NOW)
    assert "办结后又核对" in words(note(section, decider, "办结后又核对"))
    assert CaseNote.objects.count() == 2


def test_a_note_sent_twice_is_written_once_and_audited_without_its_words() -> None:
    section = Section()
    note(section, section.first, SAID)
    note(section, section.first, SAID)
    assert CaseNote.objects.count() == 1
    (entry,) = AuditEntry.objects.filter(action="application.note")
    assert (entry.actor_id, entry.object_id) == (section.first.pk, str(section.case.pk))
    assert entry.detail == {"number": section.case.number, "length": len(SAID)}


@pytest.mark.parametrize(("text", "told"), [("  ", "请写明备注的内容"), ("长" * 1001, "最多 1000 字，现在 1001 字")])
def test_a_note_without_words_or_with_too_many_is_refused_and_kept_on_the_page(text: str, told: str) -> None:
    section = Section()
    page = note(section, section.first, text)
    assert page.status_code == 400
    assert told.replace(" ", "") in words(page)
    assert text.strip() in page.text
    assert not CaseNote.objects.exists()


def test_whoever_may_not_read_the_case_notes_nothing() -> None:
    section = Section()
    stranger = make_staff(make_office("都昌县住房和城乡建设局", region="360428"), Duty.REVIEW)
    assert note(section, stranger, SAID).status_code in (302, 404)
    for who in (actor(stranger), section.world.filer):
        with pytest.raises(Refused, match="主管部门工作人员"):
            write_note(section.case, actor=who, words=SAID)
    assert not CaseNote.objects.exists()


def test_the_database_changes_and_deletes_no_note() -> None:
    section = Section()
    note(section, section.first, SAID)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        CaseNote.objects.update(text="")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        CaseNote.objects.all().delete()


def test_the_page_asks_as_often_with_one_note_as_with_many() -> None:
    section = Section()
    client, counted = browser(section.first), []
    for texts in (["一"], ["二", "三", "四"]):
        for text in texts:
            write_note(section.case, actor=actor(section.first), words=text, now=NOW)
        client.get(f"/office/applications/{section.case.number}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/office/applications/{section.case.number}/")
        counted.append(len(queries))
    assert counted[0] == counted[1]
