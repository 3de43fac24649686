"""Sites and rooms by their pages."""

from __future__ import annotations

import pytest

from administration.models import AuditEntry
from exams.models import ExamSite
from tests.clock import Clock
from tests.exams.exam_world import NOW, ExamWorld, make_session, make_site, rooms_in, text
from tests.factories import actor, make_office
from tests.workflow.browsing import browser

pytestmark = pytest.mark.django_db
FORM = {"name": "江西青云职业学院", "region": "360100", "address": "南昌市演示路1号", "directions": "", "phone": ""}


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def test_an_organiser_registers_a_site_with_rooms(world: ExamWorld) -> None:
    client = browser(world.organiser)
    assert "还没有考点" in text(client, "/office/exam-sites/")
    assert client.post("/office/exam-sites/new/", FORM | {"region": "999999"}).status_code == 400
    assert "接着登记" in client.post("/office/exam-sites/new/", FORM, follow=True).content.decode()
    site = ExamSite.objects.get(name=FORM["name"])
    address = f"/office/exam-sites/{site.pk}/"
    page = client.post(address, {"name": "3号楼101", "seats": "40"}, follow=True).content.decode()
    assert "已登记3号楼101，40 个座位" in page
    assert '<a href="/office/exams/" aria-current="true" class="within">' in page, "the menu says where one is"
    assert "可以使用 40 个座位" in page
    again = client.post(address, {"name": "3号楼101", "seats": "12"})
    assert again.status_code == 409
    assert "已有同名的房间" in again.content.decode()
    (room,) = rooms_in(site)
    client.post(f"/office/exam-sites/rooms/{room.pk}/", {"name": "3号楼101", "seats": "42", "is_active": "on"})
    client.post(f"{address}change/", FORM | {"phone": "0791-00000000", "is_active": "on"})
    listed = text(client, "/office/exam-sites/")
    assert "江西青云职业学院" in listed
    assert ">42<" in listed.replace("<div>", "").replace("</div>", "")
    actions = AuditEntry.objects.filter(action__startswith="exam_site.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["exam_site.create", "exam_site.room", "exam_site.change_room", "exam_site.change"]


def test_a_room_in_use_is_refused_at_the_field_and_what_was_typed_stays(world: ExamWorld) -> None:
    client, site = browser(world.organiser), make_site(world.organiser_office, 30)
    (room,) = rooms_in(site)
    make_session(world.batch, site, actor(world.organiser))
    answer = client.post(f"/office/exam-sites/rooms/{room.pk}/", {"name": room.name, "seats": "29", "is_active": "on"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="29"' in page
    assert page.count("座位数不能少于已安排使用的座位") >= 2
    assert f"/office/exams/{world.batch.pk}/" in page, "the link to the batch"


def test_sites_of_others_are_not_found(world: ExamWorld) -> None:
    site = make_site(make_office("九江考试中心", kind="organiser", region="360400"), 30)
    (room,) = rooms_in(site)
    client = browser(world.organiser)
    for address in (f"{site.pk}/", f"{site.pk}/change/", f"rooms/{room.pk}/"):
        assert client.get(f"/office/exam-sites/{address}").status_code == 404
    assert browser(world.province.decider).get(f"/office/exam-sites/{site.pk}/").status_code == 200
    assert browser(world.province.reviewer).get("/office/exam-sites/").status_code == 403
