"""The organiser takes the people of a batch by state and session, and says what for."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from administration.models import AuditEntry
from exams.enums import EntryState
from exams.models import ExamEntry
from exams.seating.services import assign_seats
from tests.clock import Clock
from tests.exams.exam_world import NOW, ExamWorld, make_batch, text
from tests.exams.seating.seat_world import add_session, admit
from tests.factories import actor
from tests.workflow.browsing import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def test_people_are_taken_by_state_and_session_with_full_numbers(world: ExamWorld) -> None:
    session = add_session(world, 2)
    seated = admit(world, 2)
    assign_seats(world.batch.pk, by=actor(world.organiser), now=NOW)
    (waiting,) = admit(world, 1, state=EntryState.ENTERED)
    client, address = browser(world.organiser), f"/office/exams/{world.batch.pk}/export/"
    assert "用途" in text(client, address)
    answer = client.post(address, {"form": "xlsx", "purpose": "打印桌贴"})
    sheet = load_workbook(BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet]
    assert {row[2] for row in rows[1:]} == {entry.person.id_number for entry in (*seated, waiting)}
    numbers = list(ExamEntry.objects.exclude(ticket_number="").order_by("pk").values_list("ticket_number", flat=True))
    assert sorted(row[0] for row in rows[1:] if row[0]) == sorted(numbers)
    answer = client.post(address, {"form": "csv", "purpose": "核对", "session": session.pk})
    words = answer.content.decode("utf-8-sig")
    assert words.count("\n") == 3
    assert "第1考场" in words
    assert waiting.person.id_number not in words
    answer = client.post(address, {"form": "csv", "purpose": "催办", "state": "entered"})
    assert waiting.person.id_number in answer.content.decode("utf-8-sig")
    noted = AuditEntry.objects.filter(action="exam_batch.export").order_by("pk")
    assert [(entry.detail["purpose"], entry.detail["count"]) for entry in noted] == [
        ("打印桌贴", 3), ("核对", 2), ("催办", 1),
    ]  # fmt: skip


def test_without_a_purpose_or_for_others_nothing_is_taken(world: ExamWorld) -> None:
    client, address = browser(world.organiser), f"/office/exams/{world.batch.pk}/export/"
    answer = client.post(address, {"form": "xlsx", "purpose": " ", "state": "entered"})
    assert answer.status_code == 400
    assert "请写明用途" in answer.content.decode()
    assert 'value="entered" selected' in answer.content.decode()
    assert client.post(f"/office/exams/{make_batch().pk}/export/", {"form": "xlsx", "purpose": "x"}).status_code == 404
    foreign = add_session(world, 2, batch=make_batch())
    answer = client.post(address, {"form": "xlsx", "purpose": "x", "session": foreign.pk})
    assert answer.status_code == 400
    assert not AuditEntry.objects.filter(action="exam_batch.export").exists()
