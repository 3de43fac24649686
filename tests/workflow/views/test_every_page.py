"""The generic pages on every registered business, at every desk, for every party: a new business arrives tested."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.enums import Sphere
from accounts.models import User
from tests.workflow.browsing import NOW, browser, originals_form, words
from tests.worlds import WORLDS
from tests.worlds.base import World
from workflow.actors import actor_of
from workflow.business import business_of, businesses
from workflow.enums import ENTERPRISE_DESKS, OFFICE_DESKS, Action, Desk, Status
from workflow.models import Application
from workflow.permissions import may_file
from workflow.services.acting import act
from workflow.services.filing import create_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
KINDS = sorted(WORLDS)
TOLD_AT = {
    Sphere.PERSON: ("/person/", "/applications/", "/inbox/", "/messages/", "/m/"),
    Sphere.OPERATOR: (
        "/enterprise/",
        "/enterprise/applications/",
        "/enterprise/confirmations/",
        "/inbox/",
        "/messages/",
    ),
    Sphere.STAFF: ("/office/", "/office/done/", "/office/overdue/"),
}


def everybody(world: World) -> list[User]:
    return [world.person_user, *world.operators().values(), world.province.reviewer, world.province.decider]


def user_of(world: World, application: Application) -> User:
    return User.objects.get(pk=world.holder(application).user_id)


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_opens_at_every_desk_for_everybody_concerned(kind: str) -> None:
    world = WORLDS[kind]()
    application = world.file()
    while application.is_open:
        holder = user_of(world, application)
        for user in everybody(world):
            look_around(user, application, is_concerned=user == holder)
        decide_by_pages(world, application, holder)
        before = application.desk
        application.refresh_from_db()
        assert application.desk != before, words(browser(holder).get(f"/applications/{application.number}/"))
    page = browser(User.objects.get(pk=world.filer.user_id)).get(f"/applications/{application.number}/")
    assert "已办结" in words(page)


def look_around(user: User, application: Application, *, is_concerned: bool) -> None:
    client = browser(user)
    for name in ("detail", "print"):
        answer = client.get(reverse(f"workflow:{name}", args=[application.number]))
        assert answer.status_code in ((200,) if is_concerned else (200, 404)), (user, name)
        if answer.status_code == 200:
            assert application.number in answer.text


def decide_by_pages(world: World, application: Application, holder: User) -> None:
    """As people do it: from the list, by the form of the page."""
    number, data = application.number, {"action": "approve", "comment": "同意"}
    if application.desk == Desk.PERSON:
        client = browser(holder, verified=True)
        assert reverse("workflow:mobile_detail", args=[number]) in client.get("/m/").text
        assert client.get(reverse("workflow:mobile_detail", args=[number])).status_code == 200
        step_page = reverse("workflow:mobile_decide", args=[number, "accept"])
        assert client.get(step_page).status_code == 200
        assert client.post(step_page).status_code == 302
        return
    client = browser(holder)
    if application.desk in ENTERPRISE_DESKS:
        queue, page = "/enterprise/confirmations/", reverse("workflow:confirm", args=[number])
    else:
        assert application.desk in OFFICE_DESKS
        queue = reverse("workflow:queue", args=[application.desk])
        page = reverse("workflow:review", args=[number])
        data |= originals_form(application)
    assert number in client.get(queue).text
    assert client.get(page).status_code == 200
    assert client.post(page, data).status_code == 302, words(client.post(page, data))


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_that_tells_of_a_return_opens_for_everybody_concerned(kind: str) -> None:
    """Its form with what is still wrong, the first pages, lists and messages of all parties, and what an office decided in bulk."""
    world = WORLDS[kind]()
    application = world.file()
    while application.is_open and application.desk not in OFFICE_DESKS:
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        application.refresh_from_db()
    if application.is_open:  # one that comes to no office is returned by nobody
        page = reverse("workflow:queue", args=[application.desk])
        clerk = browser(user_of(world, application))
        marks = re.findall(r'name="seen" value="([^"]+)"', clerk.get(page).text)
        bulk = {"picked": [application.pk], "seen": marks, "action": "return", "comment": "请补充扫描件"}
        assert clerk.post(page, bulk).status_code in (200, 400)
        assert clerk.post(page, bulk | {"confirmed": "on"}, follow=True).status_code in (200, 400)
        application.refresh_from_db()
        if application.status != Status.RETURNED:  # originals are looked at one case after the other
            act(application.pk, action=Action.RETURN, actor=world.holder(application), comment="请补充", now=NOW)
            application.refresh_from_db()
        assert application.status == Status.RETURNED
        filer = browser(User.objects.get(pk=world.filer.user_id))
        form = reverse("workflow:edit", args=[application.number])
        assert "请补充" in words(filer.get(form))
        assert filer.post(form, {"submit": "1"}).status_code in (302, 400, 409)
    for user in everybody(world):
        for address in TOLD_AT[user.sphere]:
            assert browser(user).get(address).status_code == 200, (user.sphere, address)


@pytest.mark.parametrize("kind", KINDS)
def test_every_start_page_opens_for_its_filers_and_tells_others(kind: str) -> None:
    world, business = WORLDS[kind](), business_of(kind)
    for user in everybody(world):
        answer = browser(user).get(reverse("workflow:start", args=[kind]))
        actor = actor_of(user)
        assert actor is not None
        if not may_file(actor, business):
            assert answer.status_code == 403
        elif business.start_on_web:
            assert answer.status_code == 200
            assert business.title in words(answer)
        else:
            assert answer.status_code in (302, 404)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("typed", ["", "x", "9" * 30, "2026年13月45日", "·𠮷\u202e<b>"])
def test_no_form_breaks_on_senseless_input(kind: str, typed: str) -> None:
    """Neither when it is sent, nor when the draft is opened, listed or submitted again."""
    world, business = WORLDS[kind](), business_of(kind)
    if not business.start_on_web:
        return
    application = create_draft(case=replace(world.case(), payload={}), actor=world.filer, now=NOW)
    client = browser(User.objects.get(pk=world.filer.user_id))
    page = reverse("workflow:edit", args=[application.number])
    form = client.get(page).context["form"]
    data = dict.fromkeys(form.fields, typed)
    assert client.post(page, {**data, "save_draft": "1"}).status_code == 302
    assert client.post(page, {**data, "submit": "1"}).status_code in (400, 409)
    assert client.get(page).status_code == 200
    assert application.number in client.get("/applications/").text
    application.refresh_from_db()
    assert application.status == Status.DRAFT


@pytest.mark.parametrize("kind", [business.kind for business in businesses()])
def test_every_business_has_a_guide_with_its_way(kind: str) -> None:
    page, business = words(browser(None).get(reverse("workflow:guide", args=[kind]))), business_of(kind)
    assert business.title in page
    assert "办理流程" in page
    assert business.outcome in page


@pytest.mark.parametrize("kind", KINDS)
def test_an_application_that_is_over_opens_too(kind: str) -> None:
    world = WORLDS[kind]()
    application = world.file()
    act(application.pk, action=Action.WITHDRAW, actor=world.filer, now=NOW)
    for user in (world.person_user, *world.operators().values()):
        answer = browser(user).get(reverse("workflow:detail", args=[application.number]))
        assert answer.status_code in (200, 404)
        if answer.status_code == 200:
            assert "已撤回" in words(answer)
