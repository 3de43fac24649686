"""Anybody says something about a page: it is kept encrypted, and nothing that was typed is lost on the way."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.models import AuditEntry, Feedback
from administration.throttle import Limit
from enterprises.enums import OperatorRole
from portal.home.feedback import views
from portal.home.feedback.forms import TRAP
from tests.factories import make_enterprise, make_office, make_operator, make_person, make_staff
from tests.workflow.browsing import browser, words

from .said import TYPED

pytestmark = pytest.mark.django_db
PAGE = "/feedback/"
CONTACT = "13800001234"


def send(client: Client, **typed: Any) -> Any:
    return client.post(PAGE, {**TYPED, **typed})


def reader_of(who: str) -> tuple[User, int | None]:
    """A login, and the mailbox to which the answer goes."""
    if who == "person":
        person = make_person()
        assert person.user is not None
        return person.user, person.mailbox_id
    if who == "operator":
        enterprise = make_enterprise()
        return make_operator(enterprise, role=OperatorRole.READER), enterprise.mailbox_id
    if who == "staff":
        office = make_office()
        return make_staff(office, Duty.REVIEW), office.mailbox_id
    return User.objects.create(login="admin.one", sphere=Sphere.SYSTEM_ADMIN, name="系统"), None


def test_a_stranger_leaves_a_contact_and_nothing_can_be_read_in_the_database(client: Client) -> None:
    page = client.get(f"{PAGE}?page=/lookup/")
    assert "关于页面/lookup/" in words(page)
    assert 'name="contact"' in page.content.decode()
    assert "登录后提交的，答复会发到您的消息里" in words(page)
    answer = send(client, contact=CONTACT)
    assert answer.status_code == 302
    kept = Feedback.objects.get()
    assert (kept.kind, kept.text, kept.page, kept.contact) == ("fault", TYPED["text"], TYPED["page"], CONTACT)
    assert (kept.sender, kept.mailbox_id, kept.answered_at) == ("未登录", None, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, contact FROM administration_feedback")
        stored = "".join(cursor.fetchone())
    assert "照片" not in stored
    assert CONTACT not in stored
    thanks = client.get(answer["Location"])
    assert "意见已收到，谢谢" in words(thanks)
    assert 'href="/person/photo/"' in thanks.content.decode()
    entry = AuditEntry.objects.get(action="feedback.send")
    assert (entry.actor_id, entry.object_id, entry.detail["page"]) == (None, str(kept.pk), TYPED["page"])
    assert CONTACT not in str(entry.detail)
    assert TYPED["text"] not in str(entry.detail)


@pytest.mark.parametrize("who", ["person", "operator", "staff"])
def test_whoever_has_messages_is_not_asked_for_a_contact(who: str) -> None:
    user, mailbox_id = reader_of(who)
    client = browser(user)
    page = client.get(PAGE)
    assert 'name="contact"' not in page.content.decode()
    assert "答复会发到您的消息里" in words(page)
    answer = send(client, contact=CONTACT)
    assert answer.status_code == 302
    kept = Feedback.objects.get()
    assert (kept.mailbox_id, kept.contact, kept.sender) == (mailbox_id, "", user.get_sphere_display())
    assert AuditEntry.objects.get(action="feedback.send").actor_id == user.pk


def test_an_administrator_has_no_messages_and_leaves_a_contact() -> None:
    user, _ = reader_of("administrator")
    client = browser(user)
    page = client.get(PAGE)
    assert 'name="contact"' in page.content.decode()
    assert "答复会发到您的消息里" not in words(page)
    send(client, contact=CONTACT)
    assert Feedback.objects.get().contact == CONTACT


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, "内容"),
        ({"kind": "nonsense"}, "类型"),
        ({"text": "长" * 2001}, "最多2000字，现在2001字"),
        ({"contact": "1" * 101}, "最多100字"),
        ({TRAP: "https://example.com"}, "隐藏的栏目"),
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(client: Client, typed: dict[str, str], said: str) -> None:
    answer = send(client, **{"contact": CONTACT, **typed})
    body = answer.content.decode()
    assert answer.status_code == 400
    assert said in words(answer)
    assert typed.get("text", TYPED["text"]) in body
    assert typed.get("contact", CONTACT) in body
    assert f'name="page" value="{TYPED["page"]}"' in body
    assert re.search(rf'<input name="{TRAP}" value=""', body)
    assert not Feedback.objects.exists()


@pytest.mark.usefixtures("fresh_windows")
@pytest.mark.parametrize("is_known", [False, True])
def test_too_many_are_refused_and_the_text_stays(monkeypatch: pytest.MonkeyPatch, is_known: bool) -> None:
    monkeypatch.setattr(views, "OF_ADDRESS", Limit("feedback", 1, timedelta(hours=1)))
    monkeypatch.setattr(views, "OF_LOGIN", Limit("feedback_login", 1, timedelta(hours=1)))
    client = browser(reader_of("person")[0] if is_known else None)
    assert send(client, text="").status_code == 400
    assert send(client).status_code == 302
    answer = send(client, text="第二条意见")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "提交得太频繁" in words(answer)
    assert "第二条意见" in answer.content.decode()
    assert Feedback.objects.count() == 1
    assert send(browser(reader_of("operator")[0])).status_code == 302


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("/v/ABCDEFGHJKLMNPQRSTUV/", "/v/<str:token>/"),
        ("/s/abcdefghijklmnopqrstuvwx/", "/s/<str:token>/"),
        ("/v/<str:token>/", "/v/<str:token>/"),
        ("/guides/extension/", "/guides/extension/"),
        ("/no/such/page/", ""),
        ("https://example.com/", ""),
        ("//example.com/", ""),
        ("/person/?q=360102199001011234", ""),
        ("/guides/" + "x" * 200 + "/", ""),
    ],
)
def test_only_paths_of_pages_are_kept_and_no_token(client: Client, page: str, kept: str) -> None:
    shown = client.get(PAGE, {"page": page}).content.decode()
    assert f'name="page" value="{kept.replace("<", "&lt;").replace(">", "&gt;")}"' in shown or not kept
    thanks = client.get(send(client, page=page)["Location"])
    assert Feedback.objects.get().page == kept
    assert ("回到刚才的页面" in words(thanks)) == bool(kept and "<" not in kept)
    assert "example.com" not in thanks.content.decode()


def test_the_form_needs_the_mark_against_forged_forms() -> None:
    assert send(browser(None, csrf=True)).status_code == 403
    assert not Feedback.objects.exists()


def test_two_tell_of_one_page_by_their_own_rows(client: Client) -> None:
    send(client)
    send(client, text="我也是。", kind="idea")
    assert sorted(Feedback.objects.values_list("kind", flat=True)) == ["fault", "idea"]
