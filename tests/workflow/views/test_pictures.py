"""Photo and portrait of the applicant, for the offices that may read the application."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.enums import Duty
from accounts.models import Person
from administration.models import AuditEntry
from tests.clock import Clock
from tests.factories import make_staff, photo_jpeg
from tests.worlds.base import NOW, World
from tests.worlds.employment_start import EmploymentStartWorld
from tests.worlds.extension import ExtensionWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(clock: Clock) -> World:
    clock.stop_at(NOW)
    world = ExtensionWorld()
    Person.objects.filter(pk=world.person.pk).update(portrait=world.person.id_photo.name)
    return world


def test_the_offices_of_the_case_see_both_and_every_look_is_noted(client: Client, world: World) -> None:
    application = world.file()
    client.force_login(world.province.decider)
    page = client.get(f"/office/applications/{application.number}/").text
    for part, action in (("photo", "view_photo"), ("portrait", "view_portrait")):
        address = f"/office/applications/{application.number}/{part}/"
        assert address in page
        answer = client.get(address)
        assert answer.content == photo_jpeg()
        assert answer["Cache-Control"] == "private, no-store"
        entry = AuditEntry.objects.get(action=action)
        assert (entry.actor_id, entry.object_id) == (world.province.decider.pk, str(world.person.pk))
        assert entry.detail == {"number": application.number}


@pytest.mark.parametrize("part", ["photo", "portrait"])
def test_other_offices_and_duties_see_neither(client: Client, world: World, part: str) -> None:
    application = world.file()
    address = f"/office/applications/{application.number}/{part}/"
    client.force_login(world.province.stranger)
    assert client.get(address).status_code == 404
    for duty in (Duty.TRAINING, Duty.REGISTRY):
        client.force_login(make_staff(world.province.provincial, duty))
        assert client.get(address).status_code == 403
    # The organiser reads appeals against results, and no other case.
    client.force_login(make_staff(world.province.provincial, Duty.ORGANISE))
    assert client.get(address).status_code == 404
    client.force_login(world.person_user)
    assert client.get(address).status_code == 403
    assert not AuditEntry.objects.filter(action__startswith="view_").exists()


def test_what_was_never_uploaded_is_not_found_and_the_review_says_so(client: Client, world: World) -> None:
    application = world.file()
    Person.objects.filter(pk=world.person.pk).update(id_photo="", portrait="")
    client.force_login(world.province.decider)
    assert client.get(f"/office/applications/{application.number}/photo/").status_code == 404
    assert "未上传证件照" in client.get(f"/office/applications/{application.number}/").text


def test_a_draft_has_no_readers(client: Client, clock: Clock) -> None:
    clock.stop_at(NOW)
    world = EmploymentStartWorld()
    application = world.file()
    client.force_login(world.province.reviewer)
    assert client.get(f"/office/applications/{application.number}/photo/").status_code == 404
