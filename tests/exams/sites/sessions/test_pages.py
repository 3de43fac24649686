"""Sessions of a batch by their pages."""

from __future__ import annotations

from typing import Any

import pytest

from exams.models import ExamSession
from tests.clock import Clock
from tests.exams.exam_world import NOW, ExamWorld, make_batch, make_session, make_site, rooms_in, text
from tests.factories import actor
from tests.workflow.browsing import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def form(**seats: str) -> dict[str, Any]:
    return {"day": "2026-12-12", "starts": "09:00", "ends": "10:30", "categories": ["C2"], **seats}


def test_an_organiser_plans_changes_and_removes_a_session(world: ExamWorld) -> None:
    client, site = browser(world.organiser), make_site(world.organiser_office, 40, 30)
    one, two = rooms_in(site)
    batch = f"/office/exams/{world.batch.pk}/"
    assert "还没有安排场次" in text(client, batch)
    assert 'value="2026-12-12"' in text(client, f"{batch}sessions/new/"), "the exam day is there already"
    done = client.post(f"{batch}sessions/new/", form(**{f"seats_{one.pk}": "40", f"seats_{two.pk}": ""}), follow=True)
    page = done.content.decode()
    assert "第1场已安排" in page
    assert "共 40 个座位，名额 100 个" in page
    assert "座位比名额少 60 个" in page
    assert "C2证 40 座" in page
    assert "A证 0 座" in page
    session = ExamSession.objects.get()
    address = f"{batch}sessions/{session.pk}/"
    assert 'value="09:00"' in text(client, address)
    client.post(address, form(**{f"seats_{one.pk}": "40", f"seats_{two.pk}": "30"}) | {"categories": []})
    assert "共 70 个座位" in text(client, batch)
    assert "各类别" in text(client, batch)
    assert "第1场已删除" in client.post(f"{address}remove/", follow=True).content.decode()
    assert not ExamSession.objects.exists()


def test_a_taken_room_is_told_at_its_field_and_what_was_typed_stays(world: ExamWorld) -> None:
    client, site = browser(world.organiser), make_site(world.organiser_office, 40)
    (room,) = rooms_in(site)
    make_session(make_batch(organiser=world.organiser_office), site, actor(world.organiser))
    address = f"/office/exams/{world.batch.pk}/sessions/new/"
    answer = client.post(address, form(**{f"seats_{room.pk}": "33"}) | {"ends": "10:15"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'href="#id_seats_{room.pk}"' in page
    assert "已有另一场考试" in page
    assert 'value="33"' in page
    assert 'value="10:15"' in page
    wrong = client.post(address, form(**{f"seats_{room.pk}": "很多"}) | {"starts": "九点"})
    assert "请填写1至40之间的整数" in wrong.content.decode()
    assert "请写成 09:00 的形式" in wrong.content.decode()


def test_sessions_of_other_batches_are_not_found(world: ExamWorld) -> None:
    foreign = make_batch()
    site = make_site(world.province.provincial, 30)
    session = make_session(foreign, site, world.province.provincial_actor)
    client = browser(world.organiser)
    assert client.get(f"/office/exams/{foreign.pk}/sessions/{session.pk}/").status_code == 404
    assert client.get(f"/office/exams/{world.batch.pk}/sessions/{session.pk}/").status_code == 404
    assert client.get(f"/office/exams/{foreign.pk}/sessions/new/").status_code == 404
    assert "场次和考场" in text(browser(world.province.reviewer), f"/office/exams/{foreign.pk}/")
