"""The person's home page is filled by every app: accounts imports nothing to its right.

In an app's `AppConfig.ready`:

    home.register_task(function)   function(person) -> Finding | None: something to do first
    home.register_box(function)    function(request, person) -> Box | None: a section of the page
    home.register_profile_box(function)    the same, for the page 个人信息
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest

from accounts.models import Person
from common.findings import Cure, Finding, Level


@dataclass(frozen=True)
class Box:
    title: str
    template: str
    """Included; sees `context` under the name `box`."""
    context: Mapping[str, object] = field(default_factory=dict)
    order: int = 50
    """Ascending; certificates 10, applications 20, employment 30, training 40."""


Task = Callable[[Person], Finding | None]
BoxOf = Callable[[HttpRequest, Person], Box | None]

_tasks: list[Task] = []
_boxes: list[BoxOf] = []
_profile_boxes: list[BoxOf] = []


def register_task(task: Task) -> None:
    if task not in _tasks:
        _tasks.append(task)


def register_box(box: BoxOf) -> None:
    if box not in _boxes:
        _boxes.append(box)


def register_profile_box(box: BoxOf) -> None:
    if box not in _profile_boxes:
        _profile_boxes.append(box)


def tasks_for(person: Person) -> list[Finding]:
    """What blocks something comes first."""
    found = [finding for task in _tasks if (finding := task(person)) is not None]
    return sorted(found, key=lambda finding: not finding.blocking)


def boxes_for(request: HttpRequest, person: Person) -> list[Box]:
    return _shown(_boxes, request, person)


def profile_boxes_for(request: HttpRequest, person: Person) -> list[Box]:
    return _shown(_profile_boxes, request, person)


def _shown(boxes: list[BoxOf], request: HttpRequest, person: Person) -> list[Box]:
    found = [shown for box in boxes if (shown := box(request, person)) is not None]
    return sorted(found, key=lambda box: box.order)


def _identity(person: Person) -> Finding | None:
    if not person.is_registered:
        return Finding(
            "person.not_registered",
            "未完成实名制登记",
            "请携带身份证原件，到就近的登记点登记身份证和人像信息。",
            turn="本人",
            cure=Cure("查看登记地点", "accounts:registration_points"),
        )
    if person.quarantined_reason:
        return Finding(
            "person.quarantined",
            "身份信息待核实",
            f"{person.quarantined_reason}。请携带身份证和户口簿，到登记点核实。",
            turn="本人和实名制登记点",
            cure=Cure("查看登记地点", "accounts:registration_points"),
        )
    return None


def _id_photo(person: Person) -> Finding | None:
    if person.has_id_photo:
        return None
    return Finding(
        "person.no_id_photo",
        "未上传个人证件照",
        "没有证件照无法签发电子证书，多数业务也不能提交。约 2 分钟。",
        turn="本人",
        cure=Cure("上传证件照", "accounts:photo"),
    )


def _profile(person: Person) -> Finding | None:
    missing = [name for name, value in (("手机号码", person.phone), ("学历", person.education)) if not value]
    if not missing:
        return None
    return Finding(
        "person.profile",
        f"请补充{'、'.join(missing)}",
        "手机号码用来接收办理通知，学历用于考试报名核对。",
        Level.ADVISORY,
        turn="本人",
        cure=Cure("完善个人信息", "accounts:profile"),
    )


for _own in (_identity, _id_photo, _profile):
    register_task(_own)
