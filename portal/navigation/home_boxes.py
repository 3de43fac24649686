"""Tells whoever works in the back office on the home page what waits for them, as the menu counts it."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.corrections.selectors import waiting_corrections
from accounts.enums import Duty, Sphere
from accounts.models import User
from accounts.staff.selectors import without_factor
from administration.audit.selectors import acts_since
from common.dates import chinese_date, monday_of
from workflow.dashboard_boxes import DASHBOARD_BOXES, Box, Line
from workflow.exports.selectors import waiting_exports
from workflow.request_actor import actor_or_none
from workflow.selectors.head import board_of

from .rendering import navigation_of

_ELSEWHERE = frozenset({"", "office", "overdue"})
"""The figures above the boxes have these."""


def waiting_box(request: HttpRequest) -> Box | None:
    """Names each entry of the reader's own menu that counts something, also where nothing waits."""
    entries = [entry for entry in navigation_of(request).items if entry.counts not in _ELSEWHERE]
    lines = [
        Line(entry.label, f"{entry.count_text} {entry.unit}" if entry.count else "没有", entry.url) for entry in entries
    ]
    return Box("等我处理的", lines) if lines else None


def head_box(request: HttpRequest) -> Box | None:
    actor = actor_or_none(request)
    if actor is None or Duty.HEAD not in actor.duties:
        return None
    whole = board_of(actor).whole
    lines = [
        Line("待办", f"{whole.open} 件", reverse("workflow:head")),
        Line("今天到期", f"{whole.today} 件", whole.today_url, "warn" if whole.today else ""),
        Line("已超期", f"{whole.late} 件", whole.late_url, "bad" if whole.late else ""),
        Line("没有承办人", f"{whole.free} 件", whole.free_url),
    ]
    return Box("办理情况", lines)


def registrar_box(request: HttpRequest) -> Box | None:
    """Shows registrars what they have done, and the correction that has waited longest for a second clerk."""
    user = request.user
    if not isinstance(user, User) or Duty.REGISTER not in user.duties:
        return None
    today = localdate()
    since = {"今天": today, "本周": monday_of(today)}
    done = {when: acts_since("register_person", day, actor_id=user.pk) for when, day in since.items()}
    own = reverse("accounts:counter_own")
    lines = [Line(f"{when}由我登记", f"{done[when]} 人", f"{own}?since={day}") for when, day in since.items()]
    for one in waiting_corrections(user, limit=1):
        asked = f"{chinese_date(localdate(one.requested_at))}提出"
        lines.append(Line("最早等待复核的更正", asked, reverse("accounts:corrections")))
    return Box("实名制登记", lines)


def security_box(request: HttpRequest) -> Box | None:
    """Shows the security administrator what has waited longest, and the logins that lack a second factor."""
    user = request.user
    if not isinstance(user, User) or user.sphere != Sphere.SECURITY_ADMIN:
        return None
    lines = []
    oldest = waiting_exports().first()
    if oldest is not None:
        since = f"{chinese_date(localdate(oldest.asked_at))}申请"
        lines.append(Line("最早等待审批的导出", since, reverse("workflow:export_decide", args=[oldest.pk])))
    lines.append(Line("没有启用动态口令的账号", f"{without_factor()} 个", reverse("accounts:staff_users")))
    lines.append(
        Line(
            "今天下载的未脱敏导出", f"{acts_since('export.take', localdate())} 次", reverse("workflow:export_requests")
        )
    )
    return Box("账号与数据安全", lines)


DASHBOARD_BOXES.register("registrar", registrar_box, order=7)
DASHBOARD_BOXES.register("security", security_box, order=7)
DASHBOARD_BOXES.register("head", head_box, order=4)
DASHBOARD_BOXES.register("waiting", waiting_box, order=5)
