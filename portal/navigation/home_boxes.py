"""Tells whoever works in the back office on the home page what waits for them, as the menu counts it."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from accounts.enums import Duty
from workflow.dashboard_boxes import DASHBOARD_BOXES, Box, Line
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


DASHBOARD_BOXES.register("head", head_box, order=4)
DASHBOARD_BOXES.register("waiting", waiting_box, order=5)
