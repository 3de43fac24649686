"""Old tokens, ended sessions, two windows and long numbers cost nobody what was typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from common.web.methods import opens
from tests.clock import Clock
from tests.guards.test_access_matrix import Owner, fill
from tests.guards.test_addresses import ALL
from tests.worlds.extension import ExtensionWorld
from workflow.models import Application
from workflow.services.filing import create_draft

from ..browsing import NOW, browser, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def world() -> ExtensionWorld:
    return ExtensionWorld()


@pytest.fixture
def draft(world: ExtensionWorld) -> Application:
    return create_draft(case=world.case(), actor=world.filer, now=NOW)


def edit(application: Application) -> str:
    return reverse("workflow:edit", args=[application.number])


def hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return found[1]


# --- what says 已保存 is saved ---


@pytest.mark.parametrize(
    "note",
    [
        "项目编号3601211811130101，合同20261128000001",
        "本人号码360481199411090016",
        "判决（2026）赣01民初12345678901234号",
    ],
)
def test_workflow_b6_long_numbers_stay_in_a_draft(world: ExtensionWorld, draft: Application, note: str) -> None:
    client = browser(world.person_user)
    answer = client.post(edit(draft), {"note": note, "phone": "不是电话", "save_draft": "1"}, follow=True)
    assert "草稿已保存" in words(answer)
    assert note in answer.text
    assert note in client.get(edit(draft)).text


# --- an old token ---


def strict(user: User) -> Client:
    client = browser(user)
    client.handler.enforce_csrf_checks = True
    return client


def test_workflow_b7_a_form_with_an_old_token_is_offered_again(world: ExtensionWorld, draft: Application) -> None:
    client = strict(world.person_user)
    client.get(edit(draft))
    data = {"note": "写了半小时的说明", "phone": "13800000000", "save_draft": "1", "csrfmiddlewaretoken": "x" * 64}
    answer = client.post(edit(draft), data, headers={"Origin": "http://testserver"}, follow=True)
    assert "您填写的内容还在" in words(answer)
    assert "写了半小时的说明" in answer.text
    sent = {"note": "写了半小时的说明", "phone": "13800000000", "save_draft": "1"}
    sent["csrfmiddlewaretoken"] = hidden(answer, "csrfmiddlewaretoken")
    assert "草稿已保存" in words(client.post(edit(draft), sent, follow=True))


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Referer": "http://evil.example/x"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Mode": "cors"},
    ],
)
def test_what_another_site_sends_is_never_offered(
    world: ExtensionWorld, draft: Application, headers: dict[str, str]
) -> None:
    client = strict(world.person_user)
    answer = client.post(edit(draft), {"note": "外来的内容", "save_draft": "1"}, headers=headers)
    assert answer.status_code == 403
    assert "外来的内容" not in client.get("/resume/", follow=True).text


def test_a_button_with_an_old_token_leads_back_to_its_page(world: ExtensionWorld) -> None:
    client = strict(world.person_user)
    origin = {"Origin": "http://testserver", "Referer": "http://testserver/messages/?unread=1"}
    answer = client.post("/messages/read/", {}, headers=origin)
    assert answer.status_code == 403
    assert 'href="/messages/?unread=1"' in answer.text


# --- two windows of one draft ---


def test_workflow_b19_the_second_window_does_not_wipe_the_first(world: ExtensionWorld, draft: Application) -> None:
    client = browser(world.person_user)
    seen = hidden(client.get(edit(draft)), "draft")
    first = {"note": "第一个窗口", "phone": "13800000000", "draft": seen, "save_draft": "1"}
    second = {"note": "第二个窗口", "phone": "13800000000", "draft": seen, "save_draft": "1"}
    assert "草稿已保存" in words(client.post(edit(draft), first, follow=True))
    answer = client.post(edit(draft), second)
    assert answer.status_code == 409
    assert "刚才在另一个窗口保存过" in words(answer)
    assert "第一个窗口" in answer.text
    assert "第二个窗口" in answer.text
    assert "第一个窗口" in client.get(edit(draft)).text
    again = client.post(edit(draft), {**second, "draft": hidden(answer, "draft")}, follow=True)
    assert "草稿已保存" in words(again)
    assert "第二个窗口" in client.get(edit(draft)).text


def test_the_same_words_sent_twice_are_no_conflict(world: ExtensionWorld, draft: Application) -> None:
    client = browser(world.person_user)
    seen = hidden(client.get(edit(draft)), "draft")
    data = {"note": "同样的内容", "phone": "13800000000", "draft": seen, "save_draft": "1"}
    for _ in range(2):
        assert "草稿已保存" in words(client.post(edit(draft), data, follow=True))


# --- buttons after the end of a session ---


def post_only() -> list[str]:
    def walk(patterns: list[Any], before: str = "") -> list[str]:
        found = []
        for one in patterns:
            if isinstance(one, URLResolver):
                found += walk(one.url_patterns, before + str(one.pattern))
            elif isinstance(one, URLPattern) and getattr(one.callback, "post_only", False):
                found.append(before + str(one.pattern))
        return found

    return walk(get_resolver().url_patterns)


def test_workflow_b8_no_login_leads_to_an_address_that_takes_forms_only(clock: Clock) -> None:
    owner = Owner(clock)
    addresses = [fill(route, owner) for route in post_only() if route in ALL]
    assert len(addresses) >= 15
    for address in addresses:
        assert not opens(address)
        page = Client().post(address, {})
        if page.status_code != 302:  # open to everybody
            continue
        assert page["Location"].partition("?next=")[2] == "", address
    for user, door in ((owner.person.user, "/login/"), (owner.world.province.reviewer, "/office/login/")):
        answer = browser(user).get(door, {"next": "/messages/read/"}, follow=True)
        assert answer.status_code == 200
        assert opens("/messages/")


def test_workflow_b8_a_reload_of_such_an_address_gets_a_page_with_a_way_on(world: ExtensionWorld) -> None:
    answer = browser(world.person_user).get("/messages/read/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "这个地址不能直接打开" in words(answer)
    assert "回到首页" in words(answer) or "首页" in words(answer)


@pytest.mark.parametrize("address", ["/login/", "/office/login/", "/m/login/", "/robots.txt"])
def test_workflow_b18_programs_that_only_look_are_answered(address: str) -> None:
    answer = Client().head(address)
    assert answer.status_code == 200
    assert answer.content == b""


def test_workflow_b18_browsers_find_an_icon_and_robots_their_rules() -> None:
    assert Client().get("/favicon.ico")["Location"].startswith("/static/img/favicon")
    text = Client().get("/robots.txt").text
    assert "Disallow: /v/" in text
    assert "Disallow: /office/" in text


# --- interruptions ---


def answer_while(world: ExtensionWorld, monkeypatch: pytest.MonkeyPatch, error: Exception) -> Any:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    client = browser(world.person_user)
    client.raise_request_exception = False
    monkeypatch.setattr("workflow.views.messages.mark_read", fail)
    return client.post("/messages/read/")


def test_operations_1_the_page_of_a_defect_claims_nothing(
    world: ExtensionWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = answer_while(world, monkeypatch, ValueError("a defect"))
    assert answer.status_code == 500
    assert "可能没有生效，也可能已经生效" in words(answer)
    assert "就没有生效；" not in words(answer)


def test_operations_16_a_database_that_is_away_is_an_interruption(
    world: ExtensionWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = answer_while(world, monkeypatch, OperationalError("canceling statement due to lock timeout"))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "系统暂时不能办理" in words(answer)
