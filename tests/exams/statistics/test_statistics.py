"""The figures of an exam by city and category, on the page and as a file."""

from __future__ import annotations

import uuid

import pytest

from exams.enums import EntryState
from exams.models import CheckInLink, ExamCheckIn
from exams.statistics.selectors import Figures, cells_of, summed
from tests.clock import Clock
from tests.exams.exam_world import AFTER, NOW, ExamWorld, make_batch, make_entry, make_seat, text
from tests.factories import make_enterprise, make_person
from tests.workflow.browsing import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def held(world: ExamWorld) -> ExamWorld:
    nanchang, jiujiang = make_enterprise(region="360102"), make_enterprise(region="360402")
    states = (
        (nanchang, "C2", EntryState.PASSED), (nanchang, "C2", EntryState.FAILED), (nanchang, "A", EntryState.APPROVED),
        (jiujiang, "C2", EntryState.PASSED), (jiujiang, "C2", EntryState.ABSENT), (jiujiang, "C2", EntryState.ENTERED),
    )  # fmt: skip
    for firm, category, state in states:
        more = {"settled_at": AFTER} if state == EntryState.ABSENT else {}
        make_entry(make_person(), firm, world.batch, category=category, state=state, **more)
    return world


def test_figures_by_city_category_and_all_together(held: ExamWorld) -> None:
    cells = cells_of(held.batch)
    assert dict(summed(cells, lambda cell: (cell.city, cell.category))) == {
        ("南昌市", "A"): Figures(entered=1, admitted=1, unsettled=1),
        ("南昌市", "C2"): Figures(entered=2, admitted=2, present=2, passed=1),
        ("九江市", "C2"): Figures(entered=3, admitted=2, present=1, passed=1, absent=1),
    }
    ((_, total),) = summed(cells, lambda cell: ())
    assert (total.entered, total.admitted, total.present, total.passed, total.pass_rate) == (6, 5, 3, 2, "66.7%")


def test_whoever_was_checked_in_came_though_the_result_lacks(held: ExamWorld) -> None:
    waiting = held.batch.entries.get(state=EntryState.APPROVED)
    seat = make_seat(waiting, held.organiser_office)
    link = CheckInLink.objects.create(session_room=seat.session_room, token="t", token_index="t")
    said = {"seat": seat, "link": link, "device": uuid.uuid4(), "by_name": "监考一", "at": NOW, "device_at": NOW}
    said["received_at"] = NOW
    present = ExamCheckIn.objects.create(key=uuid.uuid4(), kind="present", **said)
    ((_, total),) = summed(cells_of(held.batch), lambda cell: ())
    assert (total.present, total.unsettled, total.waiting, total.pass_rate) == (4, 1, 1, "66.7%")
    ExamCheckIn.objects.create(key=uuid.uuid4(), kind="undone", undoes=present.key, **said)
    ((_, total),) = summed(cells_of(held.batch), lambda cell: ())
    assert (total.present, total.waiting) == (3, 0), "what was taken back is no check-in"


def test_the_organiser_reads_and_takes_the_figures(held: ExamWorld) -> None:
    client, address = browser(held.organiser), f"/office/exams/{held.batch.pk}/statistics/"
    page = text(client, address)
    assert "九江市" in page
    assert "66.7%" in page
    words = client.get(f"{address}file/").content.decode("utf-8-sig").splitlines()
    assert words[0] == "地市,类别,报名,审核通过,到考,合格,合格率,缺考,没有结果"
    assert "九江市,C2,3,2,1,1,100.0%,1,0" in words
    assert words[-1] == "合计,,6,5,3,2,66.7%,1,1"
    other = make_batch(organiser=held.organiser_office)
    assert "还没有人报名" in text(client, f"/office/exams/{other.pk}/statistics/")
    assert client.get(f"/office/exams/{make_batch().pk}/statistics/").status_code == 404
