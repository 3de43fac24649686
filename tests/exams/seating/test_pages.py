"""The organiser's page of rooms and seats."""

from __future__ import annotations

import pytest

from exams.models import ExamBatch, ExamSeat, SessionRoom
from tests.clock import Clock
from tests.exams.exam_world import NOW, ExamWorld, make_batch, text
from tests.workflow.browsing import browser

from .seat_world import add_session, admit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def address(batch: ExamBatch) -> str:
    return f"/office/exams/{batch.pk}/seats/"


def test_the_organiser_assigns_seats_and_sees_the_rooms(world: ExamWorld) -> None:
    client = browser(world.organiser)
    admit(world, 5)
    assert address(world.batch) in text(client, f"/office/exams/{world.batch.pk}/")
    assert "还没有考场" in text(client, address(world.batch))
    answer = client.post(f"{address(world.batch)}assign/")
    assert answer.status_code == 409
    assert "没有可以安排座位的考场" in answer.content.decode()
    session = add_session(world, 4)
    answer = client.post(f"{address(world.batch)}assign/")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "还缺 1 个座位" in page
    assert "4 人的座位已编排" in page
    assert "4 / 4" in page
    SessionRoom.objects.filter(session=session).update(seats=5)
    page = client.post(f"{address(world.batch)}assign/", follow=True).content.decode()
    assert "1 人的座位已编排" in page
    assert "已编排 5 人，共 5 个座位" in page
    assert "编排 " not in page.split("<main")[1].split("</main")[0].replace("已编排 ", "")
    again = client.post(f"{address(world.batch)}assign/", follow=True).content.decode()
    assert "都已有座位" in again
    assert ExamSeat.objects.count() == 5


def test_others_do_not_reach_the_page(world: ExamWorld) -> None:
    elsewhere = make_batch()
    client = browser(world.organiser)
    assert client.get(address(elsewhere)).status_code == 404
    assert client.post(f"{address(elsewhere)}assign/").status_code == 404
    assert client.get(f"{address(world.batch)}assign/").status_code == 405


def test_the_page_asks_the_database_the_same_for_any_number_of_rooms(
    world: ExamWorld, django_assert_max_num_queries: object
) -> None:
    client = browser(world.organiser)
    add_session(world, *[3] * 12)
    admit(world, 20)
    client.post(f"{address(world.batch)}assign/")
    client.get(address(world.batch))
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        client.get(address(world.batch))
