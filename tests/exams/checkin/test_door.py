"""The page at the door opens by its link alone, names nobody to a stranger, and works without a script."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from exams.checkin.links import make_link, revoke_link
from exams.checkin.room_list import VOID, mark_of
from exams.checkin.selectors import presence_of
from exams.models import CheckInLink, ExamCheckIn, Excuse, SessionRoom
from exams.sign_up.places import release_seats
from tests.clock import Clock
from tests.factories import actor
from tests.workflow.browsing import words

from .door_world import AT, NAMES, DoorWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(clock: Clock) -> DoorWorld:
    clock.stop_at(AT)
    return DoorWorld(AT)


def sent(world: DoorWorld, **changed: Any) -> dict[str, Any]:
    now = int(timezone.now().timestamp() * 1000)
    one = {"key": str(uuid.uuid4()), "seat": world.seats()[0].pk, "kind": "present", "undoes": None, "at": now}
    return {"device": str(uuid.uuid4()), "by_name": "监考一", "sent_at": now, "said": [one]} | changed


def post(client: Client, address: str, content: object) -> Any:
    return client.post(address, json.dumps(content), content_type="application/json")


def test_the_page_names_nobody_before_somebody_asks(client: Client, world: DoorWorld) -> None:
    page = client.get(world.address())
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert [name for name in NAMES if name in page.text] == []
    assert "第1场第1考场" in page.text
    listed = post(client, world.address() + "list/", {}).json()
    assert {seat["name"] for seat in listed["seats"]} == {seat.entry.person.name for seat in world.seats()}
    numbers = [str(seat.entry.person.id_number) for seat in world.seats()]
    assert [number for number in numbers if number in json.dumps(listed)] == []
    assert [seat.code for seat in world.seats() if seat.code in json.dumps(listed)] == [], "a lost phone makes no card"


def test_the_list_tells_where_other_cards_belong(client: Client, world: DoorWorld) -> None:
    gone = world.seats(world.second)[0]
    release_seats(entry_ids=[gone.entry_id])
    listed = post(client, world.address() + "list/", {}).json()
    where = {mark: one["where"] for one in listed["elsewhere"] for mark in one["marks"]}
    other, another_day = world.seats(world.second)[0], world.seats(world.other_day)[0]
    assert "第1场第2考场" in where[mark_of(other.code)]
    assert where[mark_of(other.code)] == where[mark_of(other.candidate_number)]
    assert "第2场第1考场" in where[mark_of(another_day.code)]
    assert where[mark_of(gone.code)] == VOID
    assert mark_of(world.seats()[0].code) not in where


def test_unknown_ended_and_early_links_open_nothing(client: Client, world: DoorWorld, clock: Clock) -> None:
    assert client.get("/checkin/" + "x" * 32 + "/").status_code == 404
    seat = world.seats()[0]
    photo = f"{world.address()}photos/{seat.pk}/"
    assert client.get(photo)["Content-Type"] == "image/jpeg"
    assert client.get(f"{world.address()}photos/{world.seats(world.second)[0].pk}/").status_code == 404
    clock.stop_at(CheckInLink.opens(world.first) - timedelta(minutes=1))
    assert "开考前3小时" in words(client.get(world.address()))
    assert post(client, world.address() + "list/", {}).status_code == 409
    clock.stop_at(CheckInLink.closes(world.first) + timedelta(minutes=1))
    assert client.get(world.address()).status_code == 410
    assert client.get(photo).status_code == 404
    assert post(client, world.address() + "list/", {}).json()["ended"]
    late = post(client, world.address() + "merge/", sent(world))
    assert late.status_code == 200, "what a device without a network has kept is taken after the list is closed"
    assert late.json()["state"] == {}
    clock.stop_at(CheckInLink.opens(world.first))
    revoke_link(world.first.pk, by=actor(world.organiser))
    for address in ("", "list/", "merge/"):
        assert post(client, world.address() + address, sent(world)).status_code == 410
    assert client.get(photo).status_code == 404


def test_a_link_follows_its_session_when_that_is_moved(client: Client, world: DoorWorld) -> None:
    SessionRoom.objects.filter(pk=world.first.pk).update(
        starts_at=world.first.starts_at + timedelta(days=1), ends_at=world.first.ends_at + timedelta(days=1)
    )
    assert "签到还没有开始" in words(client.get(world.address()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"device": "x"},
        {"by_name": ""},
        {"by_name": "甲\0"},
        {"by_name": 5},
        {"sent_at": "yesterday"},
        {"sent_at": 10**30},
        {"sent_at": -1},
        {"sent_at": 253402300799000},
        {"said": [{"key": str(uuid.uuid4()), "seat": 1, "kind": "present", "at": 253402300799000}]},
        {"said": [{"key": str(uuid.uuid4()), "seat": 1, "kind": "present", "at": -62135596800000}]},
        {"said": [{"key": "x"}]},
        {"said": [{"key": str(uuid.uuid4()), "seat": "1", "kind": "present", "at": 1}]},
        {"said": [{"key": str(uuid.uuid4()), "seat": 2**64, "kind": "present", "at": 1}]},
        {"said": [{"key": str(uuid.uuid4()), "seat": 1, "kind": "present", "at": 10**30}]},
        {"said": [{"key": str(uuid.uuid4()), "seat": 1, "kind": "undone", "at": 1}]},
        {"said": [{"key": str(uuid.uuid4()), "seat": 1, "kind": "absent", "at": 1}]},
        {"said": None},
    ],
)
def test_what_no_device_sends_is_refused(client: Client, world: DoorWorld, wrong: dict[str, Any]) -> None:
    answer = post(client, world.address() + "merge/", sent(world, **wrong))
    assert answer.status_code == 400
    assert not answer.json()["ended"]
    assert not ExamCheckIn.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "null", "{", "[" * 5000, '"x"', "\x00"])
def test_a_body_that_is_no_merge_is_refused(client: Client, world: DoorWorld, body: str) -> None:
    answer = client.post(world.address() + "merge/", body, content_type="application/json")
    assert answer.status_code == 400


def test_a_form_in_place_of_a_merge_is_refused(client: Client, world: DoorWorld) -> None:
    """Its body is gone once its CSRF token was looked for."""
    answer = client.post(world.address() + "merge/", {"said": "x"})
    assert (answer.status_code, answer.json()["ended"]) == (400, False)
    assert "上传的内容不完整" in answer.json()["message"]


def test_without_a_script_a_number_finds_the_person_and_a_button_checks_in(client: Client, world: DoorWorld) -> None:
    seat, address = world.seats()[1], world.address()
    page = client.post(address, {"by_name": "监考 一", "number": "20990001"})
    assert page.status_code == 400
    assert "本考场没有这个准考证号" in words(page)
    assert 'value="监考 一"' in page.text, "what was typed stays"
    other = world.seats(world.second)[0]
    assert client.post(address, {"by_name": "监考一", "number": other.candidate_number}).status_code == 400
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in seat.candidate_number)
    for number in (seat.candidate_number, str(seat.number), f"{seat.number:02d}", full_width):
        page = client.post(address, {"by_name": "监考一", "number": number})
        assert seat.entry.person.name in page.text
        assert "照片和本人" in page.text
    (key,) = re.findall(r'name="key" value="([^"]+)"', page.text)
    form = {"by_name": "监考一", "number": seat.candidate_number, "key": key, "kind": "present"}
    for _ in range(2):
        assert "已签到" in words(client.post(address, form))
    assert ExamCheckIn.objects.count() == 1, "a form that is sent twice counts once"
    assert presence_of(world.batch)[seat.entry_id].by_name == "监考一"
    page = client.post(address, {"by_name": "监考一", "number": seat.candidate_number})
    assert "已于" in page.text
    client.post(address, form | {"kind": "stranger", "key": str(uuid.uuid4())})
    assert len(presence_of(world.batch)[seat.entry_id].strangers) == 1


def test_the_worker_of_the_page_is_a_script_at_the_root_of_its_scope(client: Client) -> None:
    answer = client.get("/checkin/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "exam-check-in" in answer.content.decode()


def test_the_organiser_sees_who_came_and_whose_result_lacks(client: Client, world: DoorWorld, clock: Clock) -> None:
    first, second, third = world.seats()
    now = int(timezone.now().timestamp() * 1000)
    said = [
        {"key": str(uuid.uuid4()), "seat": first.pk, "kind": "present", "undoes": None, "at": now},
        {"key": str(uuid.uuid4()), "seat": second.pk, "kind": "stranger", "undoes": None, "at": now},
    ]
    post(client, world.address() + "merge/", sent(world, said=said))
    before = words(client.get(world.open_day(client)))
    assert "考试当天这样用" in before, "before a session has begun nobody lacks a result"
    clock.stop_at(world.first.starts_at)
    during = words(client.get(world.open_day(client)))
    assert f"正在考试，{len(world.seats()) - 1}人没有签到" in during, (
        "only the room is counted where somebody was checked in"
    )
    assert "还缺" not in during, "nobody lacks a result while the exam goes on"
    clock.stop_at(world.first.ends_at)
    page = client.get(world.open_day(client))
    text = words(page)
    assert "还缺6人的成绩" in text, "the session of the other day has not been held"
    assert "，没有成绩" in text, "who came and has no result is told so"
    assert f"{second.entry.person.name}第1场第1考场，签到时认为不是本人" in text
    assert "本考场没有用签到" in text, "where nobody was checked in, nobody is called missing"
    assert "签到时认为不是本人" in text
    assert f"{third.candidate_number[-4:]}" in text
    assert "上传成绩文件" in text
    shown = client.get(world.open_day(client), {"room": world.second.pk})
    assert "第1场第2考场·" in words(shown)
    assert client.get(world.open_day(client), {"room": "9" * 5000}).status_code == 200
    client.force_login(world.province.decider)
    page = client.get(f"/office/exams/{world.batch.pk}/day/")
    assert "下载已填好名单的成绩表" in page.text
    assert "上传成绩文件" not in page.text, "the province may not open the page of uploads"


def test_the_day_costs_as_many_queries_for_many_as_for_few(
    client: Client, world: DoorWorld, count_queries: Any
) -> None:
    address = world.open_day(client)
    client.get(address)
    cost = count_queries(lambda: client.get(address))
    for seat in world.seats():
        post(client, world.address() + "merge/", sent(world, said=[sent(world)["said"][0] | {"seat": seat.pk}]))
    assert count_queries(lambda: client.get(address)) <= cost


def test_a_link_is_made_shown_changed_and_ended_on_its_page(client: Client, world: DoorWorld) -> None:
    page = f"{world.open_day(client)}{world.second.pk}/"
    assert "生成签到链接" in words(client.get(page))
    client.post(page, {"action": "make"})
    link = CheckInLink.objects.get(session_room=world.second, revoked_at=None)
    shown = client.get(page)
    assert f"http://testserver/checkin/{link.token}/" in shown.text
    assert "<svg" in shown.text
    client.post(page, {"action": "make"})
    link.refresh_from_db()
    assert link.revoked_at is not None
    client.post(page, {"action": "revoke"})
    assert not CheckInLink.objects.filter(session_room=world.second, revoked_at=None).exists()
    client.force_login(world.province.reviewer)
    assert client.get(page).status_code == 403


def test_a_link_of_an_exam_that_is_over_is_refused_with_the_reason(
    client: Client, world: DoorWorld, clock: Clock
) -> None:
    clock.stop_at(CheckInLink.closes(world.first) + timedelta(hours=1))
    answer = client.post(f"{world.open_day(client)}{world.first.pk}/", {"action": "make"})
    assert answer.status_code == 409
    assert "已经结束" in words(answer)
    fresh = make_link(world.other_day.pk, by=actor(world.organiser))
    assert fresh.revoked_at is None


def test_whose_excuse_waits_is_led_to_it(client: Client, world: DoorWorld, clock: Clock) -> None:
    first, second, _ = world.seats()
    now = int(timezone.now().timestamp() * 1000)
    said = [{"key": str(uuid.uuid4()), "seat": second.pk, "kind": "present", "undoes": None, "at": now}]
    post(client, world.address() + "merge/", sent(world, said=said))
    clock.stop_at(world.first.ends_at)
    Excuse.objects.create(
        entry=first.entry, reason="住院", original_name="a.pdf", content_type="application/pdf", size=1, sha256="0",
        filed_as="person", filed_by=first.entry.person.user,
    )  # fmt: skip
    page = client.get(world.open_day(client))
    assert "没有签到，已交缺考证明" in words(page)
    assert words(page).count("审核证明") == 1
