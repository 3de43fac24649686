"""Words of code never reach a page: names of fields, stored values, what Python prints, sentences of Django."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.enums import Duty, Sphere
from accounts.models import Person, User
from tests.clock import Clock
from tests.factories import make_staff, stored_photo
from tests.raw_keys import pattern, raw_keys
from tests.worlds.base import NOW

from .test_access_matrix import Owner, fill
from .test_addresses import ALL

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "text",
    [
        "<dt>category</dt><dd>C2</dd>",
        "<li>Action：请选择一种处理结果</li>",
        "<td>None</td>",
        "<p>{{ notice.title }}</p>",
        "<p>{&#x27;kind&#x27;: 1}</p>",
        "<li>This field is required.</li>",
        "<td>published_at</td>",
        "<td>cancel_by_office</td>",
    ],
)
def test_the_guard_finds_them(text: str) -> None:
    assert raw_keys(text, pattern())


@pytest.mark.parametrize(
    "text",
    [
        '<a href="/x/?category=C2" class="entry">类别</a><input name="category" value="entry">',
        "<script>var category = None;</script><textarea>None</textarea>",
        "<td>review@example.com，deploy/nginx_conf</td><p>No. 5，Word文档</p>",
    ],
)
def test_the_guard_leaves_markup_and_addresses_alone(text: str) -> None:
    assert raw_keys(text, pattern()) == []


def readers(owner: Owner) -> list[User]:
    """Together they open every page: those whom the objects concern, and offices with every duty."""
    provincial, municipal = owner.world.province.provincial, owner.world.province.municipal
    admins = [User.objects.create(login=f"{one}-raw", sphere=one, name="管理员") for one in Sphere if "admin" in one]
    staff = [make_staff(office, *Duty) for office in (provincial, municipal)]
    return [owner.world.person_user, owner.world.operator, *staff, *admins]


def test_no_page_of_any_address_shows_a_word_of_code(clock: Clock) -> None:
    owner, words, found = Owner(clock), pattern(), []
    # The sample of the certificate draws a photo of full size.
    Person.objects.filter(pk=owner.person.pk).update(id_photo=stored_photo())
    for user in readers(owner):
        client = Client()
        client.force_login(user)
        session = client.session
        session["verified_at"], session["verified_user"] = NOW.timestamp(), user.pk
        owner.come_to_the_counter(session)
        session.save()
        for route in ALL:
            answer = client.get(fill(route, owner))
            if not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html"):
                found += [(route, user.sphere, one) for one in raw_keys(answer.content.decode(), words)]
    assert found == []
