"""Shows the dashboard of the back office."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.decorators import signed_in_required
from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.models import JobRun
from administration.nightly import NIGHTLY_JOBS
from common.web.replica import may_read_replica
from workflow.dashboard_boxes import Box, Line, boxes
from workflow.request_actor import actor_or_none
from workflow.selectors.counts import desk_counts, latest_job_runs

ADMINISTRATORS = (Sphere.SYSTEM_ADMIN, Sphere.SECURITY_ADMIN, Sphere.AUDIT_ADMIN)
_RUN_TONES = {"done": "good", "failed": "bad", "running": "info", "queued": "info"}


@signed_in_required(Sphere.STAFF, *ADMINISTRATORS)
@require_safe
@may_read_replica
def dashboard(request: HttpRequest) -> HttpResponse:
    actor = actor_or_none(request)
    context = {
        "counts": desk_counts(actor) if actor else [],
        "boxes": [*boxes(request), *([_jobs()] if _sees_jobs(request.user) else [])],
        "place": actor.acting_for if actor else "",
    }
    return render(request, "workflow/dashboard.html", context)


def _sees_jobs(user: object) -> bool:
    return isinstance(user, User) and (user.sphere == Sphere.SYSTEM_ADMIN or Duty.DECIDE in user.duties)


def _jobs() -> Box:
    runs = latest_job_runs()
    titles = {job.name: job.title for job in NIGHTLY_JOBS}
    note = "" if runs else "还没有运行过。每天凌晨自动运行。"
    return Box("定时任务", [_line(run, titles.get(run.name, run.name)) for run in runs], note)


def _line(run: JobRun, title: str) -> Line:
    when = f"{run.day.month}月{run.day.day}日"
    return Line(f"{title}（{when}）", run.get_state_display(), tone=_RUN_TONES[run.state])
