"""The slip that an applicant takes along to the counter."""

from __future__ import annotations

import pytest

from tests.workflow.browsing import browser, words
from tests.worlds.extension import ExtensionWorld
from tests.worlds.late_entry import LateEntryWorld
from workflow.enums import Action
from workflow.services.acting import act
from workflow.services.questions import ask_desk_before

pytestmark = pytest.mark.django_db


def test_the_slip_names_the_office_and_what_to_bring() -> None:
    world = LateEntryWorld()
    office = world.province.municipal
    office.address, office.opening_hours = "市民中心3楼", "工作日 9:00–17:00"
    office.save()
    application = world.file()
    for page in ("", "print/"):
        text = words(browser(world.person_user).get(f"/applications/{application.number}/{page}"))
        assert "核验原件通知单" in text
        for told in (office.name, "市民中心3楼", "工作日9:00–17:00", "居民身份证原件"):
            assert told in text


def test_the_slip_goes_when_the_originals_are_checked() -> None:
    world = LateEntryWorld()
    application = world.file()
    act(
        application.pk, action=Action.APPROVE, actor=world.province.municipal_actor, detail=world.originals(application)
    )
    assert "核验原件通知单" not in words(browser(world.person_user).get(f"/applications/{application.number}/"))


def test_nobody_brings_originals_again_for_a_question_between_desks() -> None:
    world = LateEntryWorld()
    application = world.file()
    act(
        application.pk, action=Action.APPROVE, actor=world.province.municipal_actor, detail=world.originals(application)
    )
    ask_desk_before(application.pk, actor=world.province.provincial_actor, words="社保是否一致？")
    text = words(browser(world.person_user).get(f"/applications/{application.number}/"))
    assert "主管部门之间正在核实" in text
    assert "核验原件通知单" not in text


def test_nobody_is_sent_to_a_counter_that_does_not_wait() -> None:
    world = ExtensionWorld()
    application = world.file()
    assert "核验原件通知单" not in words(browser(world.person_user).get(f"/applications/{application.number}/"))
