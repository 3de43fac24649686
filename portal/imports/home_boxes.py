"""Shows a keeper of the registry on the first page the imports that wait, and the record that has waited longest."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Duty
from accounts.models import User
from certificates.legacy.settling.permissions import why_not
from certificates.legacy.settling.selectors import longest_waiting
from common.dates import chinese_date
from workflow.dashboard_boxes import DASHBOARD_BOXES, Box, Line
from workflow.request_actor import actor_or_none

from .selectors import imported_today, waiting_runs


def registry_box(request: HttpRequest) -> Box | None:
    user, actor = request.user, actor_or_none(request)
    if not isinstance(user, User) or actor is None or Duty.REGISTRY not in user.duties:
        return None
    listed, waiting = reverse("imports:list"), waiting_runs(user)
    lines = [Line("等待确认的导入", f"{waiting} 份", listed, "warn" if waiting else "")]
    lines.append(Line("今天上传的导入", f"{imported_today(user)} 份", listed))
    record = longest_waiting() if why_not(actor) is None else None
    if record is not None:
        since = f"{chinese_date(localdate(record.import_run.started_at))}导入" if record.import_run else record.number
        lines.append(Line("最早待核实的历史证书", since, reverse("certificates:settle", args=[record.pk])))
    lines.append(Line("登记台账", url=reverse("admin:index")))
    return Box("登记台账", lines)


DASHBOARD_BOXES.register("registry", registry_box, order=15)
