"""A case that has moved on leaves a sentence for the office that had it, and nothing for any other."""

from __future__ import annotations

import pytest

from accounts.enums import Duty
from tests.factories import make_office, make_staff
from tests.workflow.test_routing import answer_to, at_municipal, browser, change_route, registrar, route_of
from tests.worlds.base import NOW
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action
from workflow.services.acting import act

pytestmark = pytest.mark.django_db


def test_former_office_is_told_where_a_case_went_and_strangers_learn_nothing() -> None:
    world = ExtensionWorld()
    application, new = at_municipal(world), make_office("赣江新区城乡建设局")
    former = browser(make_staff(world.province.municipal, Duty.REVIEW, name="原办理人"))
    stranger = browser(world.province.stranger)
    registry, route = registrar(world.province.provincial), route_of(world.province.municipal)
    registry.post(
        f"/office/registry/administration/officeroute/{route.pk}/change/", answer_to(change_route(registry, route, new))
    )
    pages = [f"/office/applications/{application.number}/", f"/applications/{application.number}/"]
    pages.append(f"{pages[0]}contact/")
    for page in pages:
        told = former.get(page, follow=True)
        assert told.redirect_chain == [("/office/", 302)], page
        assert f"{application.number} 已不在本部门办理，现在由{new.name}办理。" in told.content.decode()
        assert world.person.name not in told.content.decode()
        assert stranger.get(page).status_code == 404
    act(application.pk, action=Action.WITHDRAW, actor=world.filer, now=NOW)
    assert "结果：已撤回" in former.get(pages[0], follow=True).content.decode()
    late = former.post(pages[0], {"action": "approve", "seen": "1"}, follow=True).content.decode()
    assert "您的操作没有生效" in late
