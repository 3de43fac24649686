from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import URLPattern, include, path

from accounts.enums import Duty, Sphere
from accounts.models import User
from common.registry import Registry
from portal.navigation import rendering as navigation
from portal.navigation.rendering import Count, Navigation


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def app(name: str, **pages: str) -> tuple[list[URLPattern], str]:
    return [path(address, page, name=key) for key, address in pages.items()], name


WORKFLOW = app(
    "workflow",
    inbox="inbox/",
    mine="applications/",
    services="applications/new/",
    confirmations="enterprise/confirmations/",
    office="office/",
)
urlpatterns = [
    path("", page, name="home"),
    path(
        "",
        include(
            app("accounts", person_home="person/", profile="person/profile/", login="login/", counter="office/counter/")
        ),
    ),
    path("", include(WORKFLOW)),
    path("", include(app("enterprises", home="enterprise/", login="enterprise/login/"))),
    path("", include(app("employment", enterprise="enterprise/employment/"))),
]

PERSON = User(login="p", sphere=Sphere.PERSON, name="欧阳·热合曼")
OPERATOR = User(login="o", sphere=Sphere.OPERATOR, name="李强")


@pytest.fixture(autouse=True)
def _addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Registry[Count]:
    registry: Registry[Count] = Registry("count in a menu")
    monkeypatch.setattr(navigation, "MENU_COUNTS", registry)
    return registry


def at(address: str, user: User | AnonymousUser) -> Navigation:
    request = RequestFactory().get(address)
    request.user = user
    return Navigation(request)


def labels(menu: Navigation) -> list[str]:
    return [entry.label for entry in menu]


def current(menu: Navigation) -> list[str]:
    return [entry.label for entry in menu if entry.current or entry.within]


def test_addresses_that_no_app_offers_are_left_out() -> None:
    assert labels(at("/person/", PERSON)) == ["首页", "业务办理", "我的办件", "我的待办", "个人信息"]


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("/person/", "首页"),
        ("/applications/", "我的办件"),
        ("/applications/2026-3601-000342/", "我的办件"),
        ("/applications/new/extension/", "业务办理"),
        ("/person/profile/", "个人信息"),
    ],
)
def test_the_entry_whose_address_fits_longest_is_current(address: str, label: str) -> None:
    assert current(at(address, PERSON)) == [label]


def test_home_is_not_current_on_pages_below_it() -> None:
    assert current(at("/person/elsewhere/", PERSON)) == []


def test_shared_pages_keep_the_menu_of_the_reader() -> None:
    assert at("/applications/2026-3601-000342/", OPERATOR).door == "enterprise"
    assert at("/applications/2026-3601-000342/", PERSON).door == "person"
    assert at("/applications/2026-3601-000342/", AnonymousUser()).door == "public"


def test_strangers_and_other_spheres_see_no_menu_behind_a_door() -> None:
    assert labels(at("/enterprise/login/", AnonymousUser())) == []
    assert labels(at("/enterprise/", PERSON)) == []


@pytest.mark.parametrize(
    ("sphere", "duties", "seen"),
    [
        (Sphere.STAFF, [Duty.REVIEW], ["待办"]),
        (Sphere.STAFF, [Duty.REGISTER], ["实名制登记"]),
        (Sphere.STAFF, [Duty.COUNTER, Duty.REGISTER], ["待办", "实名制登记"]),
        (Sphere.AUDIT_ADMIN, [], []),
    ],
)
def test_the_back_office_shows_each_reader_the_pages_of_their_duties(
    sphere: Sphere, duties: list[Duty], seen: list[str]
) -> None:
    assert labels(at("/office/", User(login="s", sphere=sphere, name="王敏", duties=duties))) == seen


def test_a_group_opens_its_second_row(counts: Registry[Count]) -> None:
    counts.register("confirmations", lambda request: 3)
    menu = at("/enterprise/employment/", OPERATOR)
    group = next(entry for entry in menu if entry.label == "应用")
    assert group.within
    assert group.url == "/enterprise/employment/"
    assert group.count == 3
    assert [(entry.label, entry.current) for entry in menu.second] == [
        ("人员聘用管理", True),
        ("三类证书业务确认", False),
    ]
    assert at("/enterprise/", OPERATOR).second == []


def test_counts_are_asked_only_when_shown_and_capped(counts: Registry[Count]) -> None:
    asked: list[str] = []

    def many(request: HttpRequest) -> int:
        asked.append(request.path)
        return 120

    counts.register("inbox", many)
    menu = at("/person/", PERSON)
    inbox = next(entry for entry in menu if entry.label == "我的待办")
    assert asked == []
    assert (inbox.count, inbox.count_text) == (120, "99+")
    assert asked == ["/person/"]


def test_one_key_is_counted_by_one_function(counts: Registry[Count]) -> None:
    counts.register("inbox", len)  # type: ignore[arg-type]
    counts.register("inbox", len)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="inbox"):
        counts.register("inbox", sum)  # type: ignore[arg-type]


def test_the_home_page_leads_whoever_is_logged_in_straight_in() -> None:
    assert [door["url"] for door in at("/", AnonymousUser()).doors] == ["/login/", "/enterprise/login/"]
    assert [door["url"] for door in at("/", PERSON).doors] == ["/person/", "/enterprise/login/"]


def test_a_page_answered_before_the_login_was_looked_at_has_no_reader() -> None:
    assert Navigation(RequestFactory().post("/applications/new/extension/")).user is None
