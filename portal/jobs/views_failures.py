"""失败的文件和任务: shows ordered documents that cannot be made yet and jobs that were given up, and runs them again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import audit
from accounts.access.decorators import signed_in_required
from accounts.enums import Sphere
from certificates.issuing.orders import failed_orders, failing, try_all_again
from common.jobs import failed_jobs, run_again
from common.web.ids import ids_of
from common.web.methods import require_POST

from .selectors import failed_ids, titled
from .views import reader_of

SHOWN = 100


@signed_in_required(Sphere.STAFF, Sphere.SYSTEM_ADMIN)
@never_cache
@require_safe
def failures(request: HttpRequest) -> HttpResponse:
    reader_of(request)
    context = {
        "orders": failed_orders(SHOWN),
        "order_count": failing(),
        "jobs": titled(failed_jobs()[:SHOWN]),
        "job_count": failed_jobs().count(),
        "shown": SHOWN,
    }
    return render(request, "portal/failures.html", context)


@signed_in_required(Sphere.STAFF, Sphere.SYSTEM_ADMIN)
@require_POST
def documents_again(request: HttpRequest) -> HttpResponse:
    user = reader_of(request)
    count = try_all_again()
    if count:
        audit.record("documents.tried_again", by=user, detail={"count": count}, request=request)
        messages.success(request, f"{count} 份文件已重新排队签发，稍后刷新本页查看结果。")
    else:
        messages.info(request, "没有签发失败的文件。")
    return redirect("jobs:failures")


@signed_in_required(Sphere.STAFF, Sphere.SYSTEM_ADMIN)
@require_POST
def jobs_again(request: HttpRequest) -> HttpResponse:
    """Runs the job that the form names; the form without one runs all that are shown."""
    user = reader_of(request)
    ids = ids_of([request.POST["job"]]) if "job" in request.POST else failed_ids(SHOWN)
    done = [pk for pk in ids if run_again(pk)]
    if done:
        audit.record("job.run_again", by=user, detail={"jobs": done}, request=request)
        messages.success(request, f"{len(done)} 个任务已重新排队，稍后刷新本页查看结果。")
    else:
        messages.info(request, "没有重新排队：任务已经在排队，或者已不是失败状态。")
    return redirect("jobs:failures")
