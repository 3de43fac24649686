"""Tells on the home page whoever asked that an unmasked list can be taken."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import User
from workflow.dashboard_boxes import DASHBOARD_BOXES, Box, Line

from .selectors import ASKERS, ready_count


def exports_box(request: HttpRequest) -> Box | None:
    """Silent while there is nothing."""
    user = request.user
    if not isinstance(user, User) or user.sphere not in ASKERS:
        return None
    ready = ready_count(user, now())
    return Box("未脱敏导出", [Line("可以下载", f"{ready} 份", reverse("workflow:exports"))]) if ready else None


DASHBOARD_BOXES.register("exports", exports_box)
