"""A bulk decision takes as many statements for many applications as for one, from the question to the result."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from certificates.models import CertificateVersion
from tests.workflow.browsing import NOW, browser
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk
from workflow.models import Application
from workflow.services.acting import act_many
from workflow.services.filing import file_application

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
DESKS = (Desk.EMPLOYER, Desk.MUNICIPAL)


def at_province(first: ExtensionWorld, size: int) -> list[int]:
    worlds = [ExtensionWorld(first.province) for _ in range(size)]
    applications = [file_application(case=one.case(), actor=one.filer, now=NOW) for one in worlds]
    for one, application in zip(worlds, applications, strict=True):
        act_many([application.pk], action=Action.APPROVE, actor=one.holder(application), now=NOW)
    ids = [application.pk for application in applications]
    act_many(ids, action=Action.APPROVE, actor=first.province.municipal_actor, now=NOW)
    return ids


def decide(client: Client, ids: list[int], confirmed: str) -> int:
    data = {"action": "approve", "picked": ids, "confirmed": confirmed}
    return client.post("/office/queue/provincial/", data, follow=True).status_code


def test_a_dozen_takes_the_statements_of_one(count_queries: Callable[[Callable[[], object]], int]) -> None:
    world = ExtensionWorld()
    client = browser(world.province.decider)
    one, warm, many = (at_province(world, size) for size in (1, 1, 12))
    decide(client, warm, "on")
    asked = [count_queries(lambda ids=ids: decide(client, ids, "")) for ids in (one, many)]  # type: ignore[misc]
    done = [count_queries(lambda ids=ids: decide(client, ids, "on")) for ids in (one, many)]  # type: ignore[misc]
    assert asked[0] == asked[1]
    assert done[0] == done[1]
    assert not Application.objects.filter(is_open=True).exists()
    assert CertificateVersion.objects.count() == 14
