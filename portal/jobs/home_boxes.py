"""Tells the province on its dashboard what failed and waits for somebody."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from accounts.enums import Duty, Sphere
from accounts.models import User
from certificates.issuing.orders import failing
from common.jobs import failed_jobs
from workflow.dashboard_boxes import DASHBOARD_BOXES, Box, Line


def failures_box(request: HttpRequest) -> Box | None:
    user = request.user
    if not isinstance(user, User) or not (user.sphere == Sphere.SYSTEM_ADMIN or Duty.DECIDE in user.duties):
        return None
    address = reverse("jobs:failures")
    counts = (("签发失败的文件", failing()), ("失败的后台任务", failed_jobs().count()))
    lines = [Line(label, str(count), address, tone="bad") for label, count in counts if count]
    return Box("需要处理的故障", lines) if lines else None


DASHBOARD_BOXES.register("failures", failures_box, order=10)
