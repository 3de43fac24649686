"""Markup in every text that an application takes: stored as it was typed, shown as text to everybody at every desk."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.utils.html import escape

from accounts.models import User
from tests.clock import Clock
from tests.worlds import WORLDS
from tests.worlds.base import NOW, World
from workflow.business import businesses
from workflow.enums import ENTERPRISE_DESKS, OFFICE_DESKS, Action
from workflow.models import Application
from workflow.services.acting import act

pytestmark = pytest.mark.django_db
MARKUP = "<script>alert(7)</script>\"'><img src=x onerror=alert(7)>{{ 7|add:7 }}"
COMMENT = f"同意。{MARKUP}"
NOTE = f"说明：{MARKUP}"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def hostile(kind: str) -> tuple[World, list[str]]:
    """A world whose applicant types markup wherever the form takes it freely, and the names of those fields."""
    world = WORLDS[kind]()
    case = world.case()
    payload: dict[str, Any] = dict(case.payload)
    taken: list[str] = []
    for name, field in case.business.form_class.base_fields.items():
        if not isinstance(field, forms.CharField) or field.required:
            continue
        changed = {**payload, name: NOTE}
        form = case.business.form_class(data=changed, **case.business.form_kwargs(case))
        if name not in form.errors:
            payload, taken = changed, [*taken, name]
    world.case = lambda: replace(case, payload=payload)  # type: ignore[method-assign]
    return world, taken


def page(user: User | None, address: str) -> str:
    assert user is not None
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(address)
    assert answer.status_code in (200, 302, 403, 404), (address, answer.status_code)
    return answer.text if answer.status_code == 200 else ""


def pages_of(world: World, application: Application) -> list[str]:
    """What its filer, its enterprise and its offices read of it now."""
    number = application.number
    seen = [
        page(world.person_user, address) for address in (f"/applications/{number}/", f"/applications/{number}/print/")
    ]
    if application.desk in ENTERPRISE_DESKS:
        holder = world.operators()[application.holder_enterprise_id or 0]
        seen += [page(holder, "/enterprise/confirmations/"), page(holder, f"/enterprise/confirmations/{number}/")]
    for user in (world.province.reviewer, world.province.decider):
        seen += [page(user, f"/office/applications/{number}/"), page(user, f"/applications/{number}/")]
        seen += [page(user, f"/office/queue/{application.desk}/")] if application.desk in OFFICE_DESKS else []
    return [text for text in seen if text]


@pytest.mark.parametrize("kind", [business.kind for business in businesses()])
def test_markup_in_an_application_is_shown_as_text_at_every_desk(kind: str) -> None:
    world, fields = hostile(kind)
    application = world.file()
    seen = pages_of(world, application)
    while application.is_open:
        act(
            application.pk,
            action=Action.APPROVE,
            actor=world.holder(application),
            comment=COMMENT,
            detail=world.originals(application),
            now=NOW,
        )
        application.refresh_from_db()
        seen += pages_of(world, application)
    assert not [text for text in seen if "<script>alert(7)" in text or "<img src=x" in text or "alert(7)>14" in text]
    assert any(str(escape(COMMENT)) in text for text in seen)
    assert not fields or any(str(escape(NOTE)) in text for text in seen), f"nobody reads what was typed into {fields}"


def test_most_businesses_take_free_text() -> None:
    """Otherwise the walk above would prove nothing."""
    assert sum(bool(hostile(business.kind)[1]) for business in businesses()) > len(businesses()) / 2
