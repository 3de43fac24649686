"""Shows the audit administrator on the first page what was recorded and refused today, and whether the chain holds."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Sphere
from accounts.models import User
from common.dates import chinese_datetime
from common.web.paging import capped_text
from workflow.dashboard_boxes import DASHBOARD_BOXES, Box, Line

from .selectors import latest_check, recorded_on


def audit_box(request: HttpRequest) -> Box | None:
    user = request.user
    if not isinstance(user, User) or user.sphere != Sphere.AUDIT_ADMIN:
        return None
    today, listed = localdate(), reverse("audit:list")
    day = {"from_on": str(today), "until_on": str(today)}
    refused = capped_text(recorded_on(today).filter(action="refused"))
    failed = capped_text(recorded_on(today).filter(action="login.refused"))
    lines = [
        Line("今天的记录", f"{capped_text(recorded_on(today))} 条", f"{listed}?{urlencode(day)}"),
        Line(
            "今天被拒绝的操作",
            f"{refused} 条",
            f"{listed}?{urlencode({**day, 'action': 'refused'})}",
            "" if refused == "0" else "warn",
        ),
        Line("今天被拒绝的登录", f"{failed} 条", f"{listed}?{urlencode({**day, 'action': 'login.refused'})}"),
    ]
    check = latest_check()
    if check is not None:
        words, tone = ("有问题", "bad") if check.problem else ("完整", "good")
        lines.append(Line(f"审计链（{chinese_datetime(check.at)}核验）", words, listed, tone))
    return Box("审计", lines)


DASHBOARD_BOXES.register("audit", audit_box, order=6)
