"""Selects the menus that a reader sees on a page. Entries whose address no app offers are left out, so no link is
dead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.crypto import salted_hmac

from accounts.enums import Sphere
from accounts.models import User
from common.registry import Registry
from workflow.business import businesses

from .menus import DOORS, Door, Item

Count = Callable[[HttpRequest], int]

COUNT_CAP = 99
MENU_COUNTS: Registry[Count] = Registry("count in a menu")
"""A function runs once in a request, and only when its tab is rendered."""

_PREFIXES = (("/person/", "person"), ("/enterprise/", "enterprise"), ("/office/", "office"), ("/m/", "mobile"))
_SHARED = ("/applications/", "/feedback/", "/inbox/", "/messages/", "/password/", "/resume/", "/security/")

_DOOR_OF_SPHERE = {Sphere.PERSON.value: "person", Sphere.OPERATOR.value: "enterprise"}


def address(url_name: str, *args: str) -> str:
    """Answers "" if no app offers the name."""
    return _address(get_urlconf() or settings.ROOT_URLCONF, url_name, args)


@lru_cache(maxsize=512)
def _address(urlconf: str, url_name: str, args: tuple[str, ...]) -> str:
    """A page asks for some ten addresses of its menu, which are the same as long as the process runs."""
    try:
        return reverse(url_name, urlconf, args=args)
    except NoReverseMatch:
        return ""


def guide_links() -> list[dict[str, str]]:
    """Lists one public guide for each kind of application, in the order in which the kinds are declared."""
    links = ({"label": business.title, "url": address("workflow:guide", business.kind)} for business in businesses())
    return [link for link in links if link["url"]]


def user_of(request: HttpRequest) -> User | None:
    """Is None for strangers, and for pages answered before the login was read (an upload that is too large)."""
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None


def door_of(user: User) -> str:
    return _DOOR_OF_SPHERE.get(user.sphere, "office")


def door_for(request: HttpRequest) -> str:
    for prefix, door in _PREFIXES:
        if request.path.startswith(prefix):
            return door
    user = user_of(request)
    return door_of(user) if user and request.path.startswith(_SHARED) else "public"


def _counted_once(request: HttpRequest, name: str, count: Count) -> int:
    """The same may stand in two menus of a page: the tabs, and the bar of a narrow screen."""
    counted: dict[str, int] = getattr(request, "counted_for_menus", {})
    if name not in counted:
        counted[name] = count(request)
        request.counted_for_menus = counted  # type: ignore[attr-defined]
    return counted[name]


class Entry:
    def __init__(self, item: Item, request: HttpRequest, children: list[Entry]) -> None:
        self.label = item.label
        self.unit = item.unit
        self.icon = item.icon
        self.children = children
        self._item = item
        self._request = request
        self.counts = item.count
        self.current = False
        self.within = False

    @cached_property
    def url(self) -> str:
        if self.children:
            return self.children[0].url
        found = next(filter(None, map(address, self._item.url_names)), "")
        return f"{found}?{urlencode(self._item.query)}" if found and self._item.query else found

    @cached_property
    def count(self) -> int:
        if self.children:
            return sum(child.count for child in self.children)
        function = MENU_COUNTS.get(self._item.count)
        return _counted_once(self._request, self._item.count, function) if function else 0

    @property
    def count_text(self) -> str:
        return f"{COUNT_CAP}+" if self.count > COUNT_CAP else str(self.count)

    def closeness(self, path: str, view_name: str) -> int:
        """Answers how well a page fits: the longest address with which the page's address begins wins."""
        if view_name and (view_name in self._item.url_names or view_name in self._item.also):
            return len(path) + 1
        own = self.url.partition("?")[0]
        return len(own) if own and path.startswith(own) else 0


class Navigation:
    """Computes each part when it is asked for: a page without a menu needs no query, and a count is asked only if it
    is shown.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _door(self) -> Door:
        return DOORS[self.door]

    @cached_property
    def door(self) -> str:
        return door_for(self._request)

    @property
    def title(self) -> str:
        return self._door.title

    @property
    def doors(self) -> list[dict[str, str]]:
        """The home page links to the logins of all areas; whoever is logged in already is sent on."""
        own = door_of(self.user) if self.user else ""
        doors = [door for door in DOORS.values() if door.key != "public"]
        shown = (
            {"title": door.title, "lead": door.lead, "url": address(door.home if door.key == own else door.login)}
            for door in doors
        )
        return [door for door in shown if door["url"]]

    @cached_property
    def user(self) -> User | None:
        return user_of(self._request)

    @cached_property
    def items(self) -> list[Entry]:
        """Is empty in an area that the reader has not entered, so login pages show no menu."""
        if self.door != "public" and (self.user is None or not self._may_enter(self.user)):
            return []
        return self._marked(self._door)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.items)

    @property
    def second(self) -> list[Entry]:
        """Answers the second row, the children of the open entry."""
        return next((entry.children for entry in self.items if entry.children and (entry.current or entry.within)), [])

    @cached_property
    def rooms(self) -> list[Entry]:
        """Answers the bar at the bottom of a phone, which on a narrow screen stands in place of a person's tabs, too."""
        if not self.items or self.door not in ("mobile", "person"):
            return []
        entries = self.items if self.door == "mobile" else self._marked(DOORS["mobile"])
        return [entry for entry in entries if entry.icon]

    @property
    def whole_menu(self) -> list[Entry]:
        """Answers every entry of the reader's own platform, for the page of the phone that leads to all of them."""
        return self._entries(DOORS[door_of(self.user)].items) if self.user else []

    @property
    def besides_rooms(self) -> list[Entry]:
        return [entry for entry in self.items if not entry.icon]

    def _may_enter(self, user: User) -> bool:
        own = door_of(user)
        return self.door == own or (self.door == "mobile" and own == "person")

    def _entries(self, items: tuple[Item, ...]) -> list[Entry]:
        shown = []
        for item in items:
            if not self._sees(item):
                continue
            children = self._entries(item.children)
            # A group of one needs no second row.
            entry = children[0] if len(children) == 1 else Entry(item, self._request, children)
            if entry.url:
                shown.append(entry)
        return shown

    def _sees(self, item: Item) -> bool:
        if item.spheres and (self.user is None or self.user.sphere not in item.spheres):
            return False
        if item.duties and (self.user is None or item.duties.isdisjoint(self.user.duties)):
            return False
        if item.is_for is not None and (self.user is None or not item.is_for(self.user)):
            return False
        return not item.staff_only or (self.user is not None and self.user.is_staff)

    def _marked(self, door: Door) -> list[Entry]:
        entries = self._entries(door.items)
        self._mark_current(entries, address(door.home))
        return entries

    def _mark_current(self, entries: list[Entry], home: str) -> None:
        match = self._request.resolver_match
        view_name = match.view_name if match else ""
        path = self._request.path
        leaves = [leaf for entry in entries for leaf in (entry.children or [entry])]
        # Every other address begins with that of the home page, which is current on itself only.
        fitting = [
            leaf
            for leaf in leaves
            if leaf.closeness(path, view_name) and (leaf.url != home or self._at(leaf, path, view_name))
        ]
        if not fitting:
            return
        best = max(fitting, key=lambda leaf: leaf.closeness(path, view_name))
        best.current = best.url == path
        best.within = not best.current
        for entry in entries:
            entry.within = entry.within or best in entry.children

    @staticmethod
    def _at(leaf: Entry, path: str, view_name: str) -> bool:
        return leaf.url == path or leaf.closeness(path, view_name) > len(path)

    @cached_property
    def user_name(self) -> str:
        return self.user.name if self.user else ""

    @cached_property
    def acting_for(self) -> str:
        """Names whom the reader acts for, beneath the name: an office, an enterprise, or the area itself."""
        user = self.user
        if user is None:
            return self.title
        if user.office is not None:
            return user.office.name
        if user.sphere == Sphere.OPERATOR:
            key = getattr(user, "ca_key", None)
            return key.enterprise.name if key is not None else str(Sphere.OPERATOR.label)
        return "个人服务平台" if user.sphere == Sphere.PERSON else str(Sphere(user.sphere).label)

    @property
    def login_mark(self) -> str:
        """Tells a device whose certificates it keeps that somebody else has logged in. It says nothing about who that is."""
        return salted_hmac("portal.login_mark", str(self.user.pk)).hexdigest()[:16] if self.user else ""

    @property
    def home_url(self) -> str:
        return address(DOORS[door_of(self.user)].home) if self.user else ""

    @property
    def login_url(self) -> str:
        return address(self._door.login)

    @property
    def logout_url(self) -> str:
        return address("accounts:logout")


def navigation_of(request: HttpRequest) -> Navigation:
    """Answers the one navigation of a request, so that what it counts is counted once."""
    found: Navigation | None = getattr(request, "kept_navigation", None)
    if found is None:
        found = Navigation(request)
        request.kept_navigation = found  # type: ignore[attr-defined]
    return found
