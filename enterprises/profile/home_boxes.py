"""The enterprise's home page is filled by every app: enterprises imports nothing to its right.

In an app's `AppConfig.ready`:

    home.register_task(function)   function(enterprise) -> Finding | None: something that waits for the enterprise
    home.register_box(function)    function(request, enterprise) -> Box | None: a section of the page

Each asks a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest

from accounts.people.home_boxes import Box
from common.dates import chinese_date
from common.findings import Cure, Finding, Level
from enterprises.models import CaKey, Enterprise

__all__ = ["Box", "boxes_for", "register_box", "register_task", "tasks_for"]

Task = Callable[[Enterprise], Finding | None]
BoxOf = Callable[[HttpRequest, Enterprise], Box | None]

KEY_WARNING = timedelta(days=30)

_tasks: list[Task] = []
_boxes: list[BoxOf] = []


def register_task(task: Task) -> None:
    if task not in _tasks:
        _tasks.append(task)


def register_box(box: BoxOf) -> None:
    if box not in _boxes:
        _boxes.append(box)


def tasks_for(enterprise: Enterprise, key: CaKey, *, now: datetime) -> list[Finding]:
    """What blocks something comes first."""
    asked = [task(enterprise) for task in _tasks]
    found = [finding for finding in [*asked, _key_ends(key, now)] if finding is not None]
    return sorted(found, key=lambda finding: not finding.blocking)


def boxes_for(request: HttpRequest, enterprise: Enterprise) -> list[Box]:
    found = [shown for box in _boxes if (shown := box(request, enterprise)) is not None]
    return sorted(found, key=lambda box: box.order)


def _key_ends(key: CaKey, now: datetime) -> Finding | None:
    if key.valid_to - now > KEY_WARNING:
        return None
    return Finding(
        "key.ends_soon",
        f"您的 CA 锁将于{chinese_date(key.valid_to)}到期",
        "请在到期前向 CA 机构续期。续期后的证书首次登录时选择接替这把锁，操作员和办理记录不变。",
        Level.ADVISORY,
        turn="企业",
        cure=Cure("查看 CA 锁", "enterprises:keys"),
    )
