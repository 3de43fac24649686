"""定时任务: shows what ran last night and with what result, and a button that runs it now."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import audit
from accounts.access.decorators import signed_in_required
from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.enums import RunState
from administration.models import JobRun
from administration.nightly import NIGHTLY_JOBS, NightlyJob, labelled, latest_runs, queue_nightly
from certificates.issuing.orders import failing
from common.jobs import failed_jobs
from common.registry import NotRegistered
from common.web.methods import require_POST
from common.web.paging import paginate

from .selectors import runs_of

TONES = {RunState.DONE: "good", RunState.FAILED: "bad", RunState.RUNNING: "info", RunState.QUEUED: "info"}
DUTIES = frozenset({Duty.DECIDE, Duty.REGISTRY})


def reader_of(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    if user.sphere == Sphere.STAFF and DUTIES.isdisjoint(user.duties):
        raise PermissionDenied("定时任务由省厅审核、登记台账人员和系统管理员查看。")
    return user


@signed_in_required(Sphere.STAFF, Sphere.SYSTEM_ADMIN)
@never_cache
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    reader_of(request)
    latest = latest_runs()
    rows = [_row(job, latest.get(job.name)) for job in NIGHTLY_JOBS]
    context = {
        "rows": rows,
        "is_running": any(row["is_running"] for row in rows),
        "failures": failed_jobs().count() + failing(),
    }
    return render(request, "portal/jobs.html", context)


def _row(job: NightlyJob, run: JobRun | None) -> dict[str, object]:
    if run is None:
        return {"job": job, "run": None, "tone": "", "counts": [], "is_running": False}
    state = RunState(run.state)
    return {
        "job": job,
        "run": run,
        "tone": TONES[state],
        "counts": labelled(job, run),
        "is_running": state == RunState.RUNNING,
    }


@signed_in_required(Sphere.STAFF, Sphere.SYSTEM_ADMIN)
@never_cache
@require_safe
def history(request: HttpRequest, name: str) -> HttpResponse:
    """Lists every run of one job, the latest first."""
    reader_of(request)
    job = _job_or_404(name)
    page = paginate(runs_of(name), order=("-id",), cursor=request.GET.get("cursor"))
    rows = [_row(job, run) for run in page.items]
    context = {"job": job, "page": page, "rows": rows, "is_running": any(row["is_running"] for row in rows)}
    return render(request, "portal/job_history.html", context)


def _job_or_404(name: str) -> NightlyJob:
    try:
        return NIGHTLY_JOBS[name]
    except NotRegistered as error:
        raise Http404("没有这个任务") from error


@signed_in_required(Sphere.STAFF, Sphere.SYSTEM_ADMIN)
@require_POST
def run_now(request: HttpRequest, name: str) -> HttpResponse:
    """If the button is pressed twice, the job runs once, because the second press finds it waiting."""
    user = reader_of(request)
    job = _job_or_404(name)
    if queue_nightly(name) is None:
        messages.info(request, f"“{job.title}”已在排队，不需要再次运行。")
    else:
        audit.record("job.started", by=user, detail={"name": name}, request=request)
        messages.success(request, f"“{job.title}”已开始运行，稍后刷新本页查看结果。")
    return redirect("jobs:list")
