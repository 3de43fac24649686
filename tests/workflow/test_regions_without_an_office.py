"""A region in which nobody answers for a desk is an alarm that the province sees before a case stands still."""

from __future__ import annotations

import pytest

from administration.models import Office, OfficeRoute
from administration.offices.selectors import missing_offices
from tests.workflow.browsing import browser, words
from tests.worlds.extension import ExtensionWorld

pytestmark = pytest.mark.django_db
LIST = "/office/stuck/"


def lacking() -> set[tuple[str, str]]:
    return {(one.region.pk, str(one.desk)) for one in missing_offices()}


def alarm(world: ExtensionWorld) -> tuple[str, str]:
    """Answers what the province reads on its home page and on the list behind it."""
    decider = browser(world.province.decider)
    return words(decider.get("/office/")), words(decider.get(LIST))


def test_workflow_b2_a_region_without_an_office_is_a_visible_alarm() -> None:
    world = ExtensionWorld()
    city = world.province.municipal
    before = lacking()
    assert ("360100", "municipal") not in before
    home, _ = alarm(world)
    assert ("没有办理部门的地区和环节" in home) == bool(before)
    route = OfficeRoute.objects.get(region="360100", desk="municipal")
    route.delete()
    assert lacking() == before | {("360100", "municipal")}, "the counties of the city are not listed beside it"
    home, listed = alarm(world)
    assert f"没有办理部门的地区和环节{len(before) + 1}个" in home
    assert "南昌市：" in listed
    county = OfficeRoute.objects.create(region_id="360102", desk="municipal", office=city)
    assert lacking() == before | {("360100", "municipal")}, "one county alone does not serve the city"
    county.delete()
    OfficeRoute.objects.create(region_id="360100", desk="municipal", office=city)
    assert lacking() == before


def test_workflow_b2_an_office_that_is_switched_off_raises_the_alarm_and_others_do_not_see_it() -> None:
    world = ExtensionWorld()
    before = lacking()
    Office.objects.filter(pk=world.province.municipal.pk).update(is_active=False)
    assert ("360100", "municipal") in lacking() - before
    home, _ = alarm(world)
    assert "没有办理部门的地区和环节" in home
    assert browser(world.province.reviewer).get(LIST).status_code == 403
