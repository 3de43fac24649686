"""Sites and rooms as services write them."""

from __future__ import annotations

import pytest

from common.findings import Refused
from exams.models import ExamRoom, ExamSite
from exams.sites.services import add_room, change_room, change_site, create_site
from tests.clock import Clock
from tests.exams.exam_world import AFTER, NOW, ExamWorld, make_batch, make_session, make_site, rooms_in
from tests.factories import actor, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def test_an_organiser_keeps_its_own_sites(world: ExamWorld) -> None:
    by = actor(world.organiser)
    site = create_site(
        ExamSite(name="江西䶮𬭎职业学院", region_id="360100", address="南昌市红谷滩区演示路1号"), by=by, now=NOW
    )
    room = add_room(site.pk, name="3号楼101", seats=40, by=by)
    assert (site.office, room.seats, site.name) == (world.organiser_office, 40, "江西䶮𬭎职业学院")
    with pytest.raises(Refused, match="已有同名的房间"):
        add_room(site.pk, name="3号楼101", seats=30, by=by)
    with pytest.raises(Refused, match="座位数应在1至500之间"):
        add_room(site.pk, name="3号楼102", seats=501, by=by)
    with pytest.raises(Refused, match="同名的考点"):
        create_site(ExamSite(name="江西䶮𬭎职业学院", region_id="360100", address="别处"), by=by, now=NOW)


def test_sites_of_another_office_are_not_touched(world: ExamWorld) -> None:
    other = make_office("九江考试中心", kind="organiser", region="360400")
    site = make_site(other, 30)
    with pytest.raises(Refused, match="由登记它的考试机构修改"):
        change_site(site.pk, by=actor(world.organiser), name="改名")
    with pytest.raises(Refused, match="由登记它的考试机构修改"):
        add_room(site.pk, name="101", seats=30, by=actor(world.organiser))
    with pytest.raises(Refused, match="由考试机构登记"):
        add_room(site.pk, name="101", seats=30, by=world.province.municipal_actor)
    assert change_site(site.pk, by=world.province.provincial_actor, name="改名").name == "改名"


def test_what_a_coming_session_relies_on_stays(world: ExamWorld) -> None:
    by, site = actor(world.organiser), make_site(world.organiser_office, 30)
    (room,) = rooms_in(site)
    make_session(world.batch, site, by)
    for name, seats, is_active, words in (
        ("3号楼101", 29, True, "座位数不能少于已安排使用的座位"),
        ("3号楼101", 30, False, "不能停用"),
        ("4号楼101", 30, True, "名称不能修改"),
    ):
        with pytest.raises(Refused, match=words) as caught:
            change_room(room.pk, name=name, seats=seats, is_active=is_active, by=by, now=NOW)
        assert world.batch.name in caught.value.findings[0].detail
        assert caught.value.findings[0].cure is not None
    with pytest.raises(Refused, match="名称和地址不能修改"):
        change_site(site.pk, by=by, now=NOW, address="别处")
    with pytest.raises(Refused, match="不能停用"):
        change_site(site.pk, by=by, now=NOW, is_active=False)
    change_site(site.pk, by=by, now=NOW, phone="0791-00000000", is_active=True)
    change_room(room.pk, name="3号楼101", seats=45, is_active=True, by=by, now=NOW)
    # After the exam nothing relies on it any more.
    change_room(room.pk, name="3号楼101", seats=20, is_active=False, by=by, now=AFTER)
    change_site(site.pk, by=by, now=AFTER, address="别处", is_active=False)
    assert (ExamRoom.objects.get(pk=room.pk).seats, ExamSite.objects.get(pk=site.pk).is_active) == (20, False)


def test_all_reasons_come_at_once_and_a_batch_of_others_is_no_link(world: ExamWorld) -> None:
    """The batch went to another organiser after its rooms had been planned."""
    by, site = actor(world.organiser), make_site(world.organiser_office, 30)
    (room,) = rooms_in(site)
    batch = make_batch(organiser=world.organiser_office)
    make_session(batch, site, by)
    batch.organiser = make_office("另一考试中心", kind="organiser", region="360100")
    batch.save()
    with pytest.raises(Refused) as caught:
        change_room(room.pk, name="改名", seats=1, is_active=False, by=by, now=NOW)
    assert [finding.facts["field"] for finding in caught.value.findings] == ["name", "seats", "is_active"]
    assert {finding.cure for finding in caught.value.findings} == {None}
