"""The inbox: its number in every menu, filters, and no button that leads to a closed page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.enums import Duty
from accounts.models import User
from administration.messages.events import EVENTS
from administration.messages.services import OutgoingMessage, send
from administration.models import Message
from tests.factories import make_staff
from tests.workflow.browsing import browser, words
from tests.worlds.extension import ExtensionWorld

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def world() -> ExtensionWorld:
    return ExtensionWorld()


def readers(world: ExtensionWorld) -> dict[str, tuple[User, int | None]]:
    return {
        "/person/": (world.person_user, world.person.mailbox_id),
        "/m/": (world.person_user, world.person.mailbox_id),
        "/enterprise/": (world.operator, world.enterprise.mailbox_id),
        "/office/": (world.province.reviewer, world.province.municipal.mailbox_id),
    }


def entry_of(client: Client, address: str) -> str:
    """The words of the menu's entry, as a screen reader says them."""
    found = re.search(r'<a href="/messages/"[^>]*>(.*?)</a>', client.get(address).text, re.DOTALL)
    assert found is not None, f"no menu on {address} leads to the messages"
    return re.sub(r"<[^>]+>|\s", "", found[1])


@pytest.mark.parametrize("address", ["/person/", "/m/", "/enterprise/", "/office/"])
def test_every_menu_leads_to_the_messages_and_says_how_many_are_unread(world: ExtensionWorld, address: str) -> None:
    user, mailbox = readers(world)[address]
    client = browser(user)
    assert entry_of(client, address) == "消息"
    send([OutgoingMessage(mailbox, f"第 {number} 条") for number in range(3)])
    assert entry_of(client, address) == "消息有3条"
    assert client.get("/messages/").status_code == 200
    send([OutgoingMessage(mailbox, "多") for _ in range(120)])
    assert entry_of(client, address) == "消息有99+条"
    client.post("/messages/read/")
    assert entry_of(client, address) == "消息"


def test_the_number_costs_one_query_however_many_there_are(
    world: ExtensionWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    client = browser(world.operator)
    client.get("/enterprise/profile/")
    without = count_queries(lambda: client.get("/enterprise/profile/"))
    send([OutgoingMessage(world.enterprise.mailbox_id, f"第 {number} 条") for number in range(200)])
    assert count_queries(lambda: client.get("/enterprise/profile/")) == without


def test_filters_leave_what_was_asked_for(world: ExtensionWorld) -> None:
    send(
        [
            OutgoingMessage(world.person.mailbox_id, "甲消息", event="exam_result"),
            OutgoingMessage(world.person.mailbox_id, "乙消息", event="case_closed"),
            OutgoingMessage(world.person.mailbox_id, "丙消息", event="exam_entry"),
        ]
    )
    Message.objects.filter(title="丙消息").update(read_at="2026-01-01T00:00Z")
    client = browser(world.person_user)

    def shown(query: str) -> str:
        return "".join(name for name in "甲乙丙" if f"{name}消息" in words(client.get(f"/messages/{query}")))

    assert shown("") == "甲乙丙"
    assert shown("?kind=exam") == "甲丙"
    assert shown("?kind=exam&unread=1") == "甲"
    assert shown("?kind=nonsense&unread=x") == "甲乙丙"
    assert shown("?kind=employment") == ""
    assert "没有符合条件的消息" in words(client.get("/messages/?kind=employment"))
    assert "部门工作" not in words(client.get("/messages/"))
    assert "部门工作" in words(browser(world.province.reviewer).get("/messages/?unread=1"))


def test_a_page_of_other_duties_is_left_to_the_colleagues(world: ExtensionWorld) -> None:
    office = world.province.municipal
    reader = make_staff(office, Duty.COUNTER)
    send([OutgoingMessage(office.mailbox_id, "聘用争议待处理", link="/office/employment/", event="office_work")])
    message = Message.objects.get(title="聘用争议待处理")
    client = browser(reader)
    text = words(client.get("/messages/"))
    assert "请本单位有相应职责的同事处理" in text
    answer = client.post(f"/messages/{message.pk}/open/", follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == "/messages/"
    message.refresh_from_db()
    assert message.read_at is not None
    message.read_at = None
    message.save()
    opened = browser(world.province.reviewer).post(f"/messages/{message.pk}/open/")
    assert opened["Location"] == "/office/employment/"


def test_an_unknown_event_is_refused_where_it_is_written(world: ExtensionWorld) -> None:
    with pytest.raises(KeyError, match="nonsense"):
        send([OutgoingMessage(world.person.mailbox_id, "甲", event="nonsense")])
    assert all(event.key == key and event.title for key, event in EVENTS.items())


def test_pages_of_a_case_mark_the_tab_of_the_enterprise(world: ExtensionWorld) -> None:
    application = world.file()
    client = browser(world.operator)

    def marked(address: str) -> list[str]:
        text = client.get(address).text
        return re.findall(r'aria-current="(?:page|true)"[^>]*>\s*(\S+)', text)

    assert marked(f"/applications/{application.number}/") == ["我的办件"]
    assert marked("/inbox/") == ["我的办件"]
    assert marked("/enterprise/applications/") == ["我的办件"]
    assert marked("/messages/") == ["消息"]
