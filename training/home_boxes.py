"""Shows an institution its work on the first page: its records, and the files that it has uploaded last."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Duty
from accounts.models import User
from administration.enums import ImportState
from administration.models import ImportRun
from common.dates import monday_of
from workflow.dashboard_boxes import DASHBOARD_BOXES, Box, Line

from .desk.selectors import institution_of, recorded_since
from .services import KIND

LAST = 3
_TONES = {ImportState.PREVIEWED: "warn", ImportState.FAILED: "bad"}


def institution_box(request: HttpRequest) -> Box | None:
    user = request.user
    if not isinstance(user, User) or Duty.TRAINING not in user.duties:
        return None
    own = institution_of(user)
    if own is None:
        return None
    lines = [
        Line("查看、更正和撤回记录", url=reverse("training:office")),
        Line("登记一条", url=reverse("training:new")),
        Line("上传名单", url=reverse("imports:new")),
        Line("下载名单模板", url=reverse("imports:template", args=[KIND])),
    ]
    week = recorded_since(own, monday_of(localdate()))
    lines.append(Line("本周登记", f"{week} 条", reverse("training:office")))
    lines += [_line(run) for run in ImportRun.objects.filter(kind=KIND, office=own).order_by("-pk")[:LAST]]
    return Box("继续教育", lines, "培训结束后上传名单；有误的记录在这里更正，本人随即能看到。")


def _line(run: ImportRun) -> Line:
    state = ImportState(run.state)
    tone = _TONES.get(state, "warn" if run.rows_bad else "")
    value = f"{state.label}，{run.rows_bad} 行有误" if run.rows_bad else str(state.label)
    return Line(run.file_name, value, reverse("imports:detail", args=[run.pk]), tone)


DASHBOARD_BOXES.register("training", institution_box, order=20)
