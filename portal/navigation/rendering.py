"""The menus of the five doors. An address that no app offers is left out, so a page never shows a dead link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from accounts.enums import Duty, Sphere
from accounts.models import User
from common.registry import Registry
from workflow.business import businesses

Count = Callable[[HttpRequest], int]

COUNT_CAP = 99
MENU_COUNTS: Registry[Count] = Registry("count in a menu")
"""A function runs once a request, and only when its tab is rendered."""


@dataclass(frozen=True)
class Item:
    """One menu entry as declared. The first of `url_names` that resolves is used."""

    label: str
    url_names: tuple[str, ...] = ()
    count: str = ""
    also: tuple[str, ...] = ()
    """Further URL names whose pages belong to this entry."""
    spheres: frozenset[str] = frozenset()
    """Who sees it; empty means everybody behind the door."""
    duties: frozenset[str] = frozenset()
    """Which members of staff see it, by any of their duties; administrators have none."""
    staff_only: bool = False
    """Only for users with `is_staff`: the registries ask that."""
    query: dict[str, str] = field(default_factory=dict)
    children: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Door:
    key: str
    title: str
    home: str
    login: str
    items: tuple[Item, ...]
    lead: str = ""
    """What one finds behind it, on the home page."""


_DESK_DUTIES = frozenset({Duty.COUNTER.value, Duty.REVIEW.value, Duty.DECIDE.value, Duty.ORGANISE.value})
_EXAM_DUTIES = _DESK_DUTIES - {Duty.COUNTER.value}
_CERTIFICATE_READERS = frozenset({Duty.COUNTER.value, Duty.REVIEW.value, Duty.DECIDE.value, Duty.REGISTRY.value})
_REGISTRARS = frozenset({Duty.REGISTER.value})
_TRAINERS = frozenset({Duty.TRAINING.value})
_AUDITORS = frozenset({Sphere.AUDIT_ADMIN.value})
_POLICY_DUTIES = frozenset({Duty.DECIDE.value, Duty.REGISTRY.value})
_SYSTEM = frozenset({Sphere.SYSTEM_ADMIN.value})
_SECURITY = frozenset({Sphere.SECURITY_ADMIN.value})
_ALL_STAFF = frozenset(sphere.value for sphere in Sphere) - {Sphere.PERSON.value, Sphere.OPERATOR.value}

DOORS = {
    door.key: door
    for door in (
        Door(
            "public",
            "",
            "home",
            "accounts:login",
            (
                Item("首页", ("home",)),
                Item("证书查询", ("certificates:lookup",)),
                Item("电子证书验真", ("certificates:verify",)),
                Item("公告", ("administration:notices",)),
                Item("办事指南", ("workflow:guides",)),
            ),
        ),
        Door(
            "person",
            "个人服务平台",
            "accounts:person_home",
            "accounts:login",
            (
                Item("首页", ("accounts:person_home",)),
                Item("我的证书", ("certificates:mine",), also=("certificates:elsewhere",)),
                Item("业务办理", ("workflow:services",)),
                Item("我的办件", ("workflow:mine",)),
                Item("我的待办", ("workflow:inbox",), count="inbox"),
                Item("聘用关系", ("employment:mine",)),
                Item("我的考试", ("exams:mine",)),
                Item("继续教育", ("training:mine",)),
                Item("个人信息", ("accounts:profile",), also=("accounts:photo", "accounts:photo_crop")),
                Item(
                    "账号安全",
                    ("accounts:person_security",),
                    also=("accounts:password", "accounts:totp", "accounts:totp_codes", "accounts:totp_remove"),
                ),
            ),
            "我的证书、业务办理、我的办件",
        ),
        Door(
            "enterprise",
            "企业服务平台",
            "enterprises:home",
            "enterprises:login",
            (
                Item("首页", ("enterprises:home",)),
                Item(
                    "应用",
                    children=(
                        Item("人员聘用管理", ("employment:enterprise",)),
                        Item("三类证书业务确认", ("workflow:confirmations",), count="confirmations"),
                        Item("安管人员考试报名", ("exams:enterprise",)),
                    ),
                ),
                Item("办事", ("workflow:enterprise_services",)),
                Item("我的办件", ("workflow:enterprise_mine",)),
                Item("人员与证书", ("certificates:staff",)),
                Item("企业基本信息", ("enterprises:profile",)),
                Item("CA 锁与操作员", ("enterprises:keys",), also=("enterprises:key", "enterprises:key_block")),
                Item("账号安全", ("accounts:enterprise_security",)),
            ),
            "CA 锁登录，聘用登记、业务确认、考试报名",
        ),
        Door(
            "office",
            "业务审批",
            "workflow:office",
            "accounts:office_login",
            (
                Item(
                    "待办",
                    ("workflow:office",),
                    count="office",
                    also=("workflow:queue", "workflow:review", "workflow:contact"),
                    duties=_DESK_DUTIES,
                ),
                Item("已办", ("workflow:done",), duties=_DESK_DUTIES),
                Item("超期", ("workflow:overdue",), count="overdue", duties=_DESK_DUTIES),
                Item("实名制登记", ("accounts:counter",), duties=_REGISTRARS),
                Item(
                    "人脸核对", ("accounts:face_reviews",), count="face_reviews", duties=frozenset({Duty.COUNTER.value})
                ),
                Item("继续教育记录", ("training:office",), duties=_TRAINERS),
                Item("考试", ("exams:office",), duties=_EXAM_DUTIES),
                Item("用户", ("accounts:staff_users",), spheres=_SECURITY),
                Item("异常查询", ("accounts:lookup_alarms",), count="lookup_alarms", spheres=_SECURITY),
                Item("审计", ("audit:list",), also=("audit:person",), spheres=_AUDITORS),
                Item(
                    "证书",
                    ("certificates:office",),
                    also=("certificates:office_detail", "certificates:office_reveal"),
                    duties=_CERTIFICATE_READERS,
                ),
                Item("企业", ("admin:enterprises_enterprise_changelist",), staff_only=True),
                Item("人员", ("admin:accounts_person_changelist",), staff_only=True),
                Item("公告", ("admin:administration_notice_changelist",), staff_only=True),
                Item("统计", ("office_statistics",), spheres=_ALL_STAFF),
                Item("数据导入", ("imports:list",), duties=_TRAINERS | {Duty.REGISTRY.value, Duty.ORGANISE.value}),
                Item("政策参数", ("parameters:list",), duties=_POLICY_DUTIES),
                Item("政策参数", ("parameters:list",), spheres=_SYSTEM),
                Item("聘用解除", ("employment:office",), duties=frozenset({Duty.REVIEW.value})),
                Item("政策延续", ("certificates:policies",), duties=frozenset({Duty.DECIDE.value})),
                Item("定时任务", ("jobs:list",), duties=frozenset({Duty.DECIDE.value, Duty.REGISTRY.value})),
                Item("定时任务", ("jobs:list",), spheres=_SYSTEM),
                Item("登记台账", ("admin:index",), spheres=_ALL_STAFF, staff_only=True),
                Item(
                    "账号安全",
                    ("accounts:office_security",),
                    also=("accounts:password", "accounts:totp", "accounts:totp_codes"),
                ),
            ),
            "县区、地市、省厅审核，登记点、培训和考试机构",
        ),
        Door(
            "mobile",
            "手机端",
            "workflow:mobile_inbox",
            "accounts:mobile_login",
            (Item("我的待办", ("workflow:mobile_inbox",), count="inbox"),),
            "确认聘用关系、人脸核验、找回密码",
        ),
    )
}

_PREFIXES = (("/person/", "person"), ("/enterprise/", "enterprise"), ("/office/", "office"), ("/m/", "mobile"))
_SHARED = ("/applications/", "/inbox/", "/messages/", "/password/", "/resume/", "/security/")
"""Pages that several doors lead to: they keep the menu of whoever looks at them."""

_DOOR_OF_SPHERE = {Sphere.PERSON.value: "person", Sphere.OPERATOR.value: "enterprise"}


def address(url_name: str, *args: object) -> str:
    """ "" when no app offers the name."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


def guide_links() -> list[dict[str, str]]:
    """One public guide for each kind of application, in the order in which the kinds are declared."""
    links = ({"label": business.title, "url": address("workflow:guide", business.kind)} for business in businesses())
    return [link for link in links if link["url"]]


def user_of(request: HttpRequest) -> User | None:
    """None for strangers, and for pages answered before the login was looked at (an upload that is too large)."""
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


class Entry:
    """One menu entry as this reader sees it on this page."""

    def __init__(self, item: Item, request: HttpRequest, children: list[Entry]) -> None:
        self.label = item.label
        self.children = children
        self._item = item
        self._request = request
        self.current = False
        """This very page: aria-current."""
        self.within = False
        """A page below it, or one of its children."""

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
        return function(self._request) if function else 0

    @property
    def count_text(self) -> str:
        return f"{COUNT_CAP}+" if self.count > COUNT_CAP else str(self.count)

    def closeness(self, path: str, view_name: str) -> int:
        """How well a page fits: the longest address that the page's address starts with wins."""
        if view_name and (view_name in self._item.url_names or view_name in self._item.also):
            return len(path) + 1
        own = self.url.partition("?")[0]
        return len(own) if own and path.startswith(own) else 0


class Navigation:
    """Lazy: a page that shows no menu costs nothing, and a count is asked only where it is shown."""

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
        """For the home page: the login behind each door sends on whoever is logged in already."""
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
        """Empty behind a door that the reader has not entered: login pages show no menu."""
        if self.door != "public" and (self.user is None or not self._may_enter(self.user)):
            return []
        entries = self._entries(self._door.items)
        self._mark_current(entries)
        return entries

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.items)

    @property
    def second(self) -> list[Entry]:
        """The second row: what lies under the entry that is open."""
        return next((entry.children for entry in self.items if entry.children and (entry.current or entry.within)), [])

    def _may_enter(self, user: User) -> bool:
        own = door_of(user)
        return self.door == own or (self.door == "mobile" and own == "person")

    def _entries(self, items: tuple[Item, ...]) -> list[Entry]:
        shown = []
        for item in items:
            if not self._sees(item):
                continue
            children = self._entries(item.children)
            entry = Entry(item, self._request, children)
            if entry.url:
                shown.append(entry)
        return shown

    def _sees(self, item: Item) -> bool:
        if item.spheres and (self.user is None or self.user.sphere not in item.spheres):
            return False
        if item.duties and (self.user is None or item.duties.isdisjoint(self.user.duties)):
            return False
        return not item.staff_only or (self.user is not None and self.user.is_staff)

    def _mark_current(self, entries: list[Entry]) -> None:
        match = self._request.resolver_match
        view_name = match.view_name if match else ""
        path = self._request.path
        home = address(self._door.home)
        leaves = [leaf for entry in entries for leaf in (entry.children or [entry])]
        # The home page's address begins every other one: it is current on itself only.
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
        """Whom the reader acts for, beneath the name: an office, an enterprise, or the door itself."""
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
    def home_url(self) -> str:
        """Where the reader's own platform begins."""
        return address(DOORS[door_of(self.user)].home) if self.user else ""

    @property
    def login_url(self) -> str:
        return address(self._door.login)

    @property
    def logout_url(self) -> str:
        return address("accounts:logout")
