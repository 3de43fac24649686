"""Sends the cases of a desk or of a head's office, what is late, and what was done, as a table: narrowed as the list, names masked."""

from __future__ import annotations

from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import audit
from accounts.access.decorators import signed_in_required, staff_required
from accounts.access.requests import user_of
from accounts.enums import Duty, Sphere
from administration.table_downloads import FORMS, narrowed_by, table_to_save

from ..request_actor import actor_for
from ..views.queue import DESK_DUTIES, desk_or_404
from .exporting import done_list, overdue_list, queue_list, team_list
from .lists import Listed, opened


@staff_required(DESK_DUTIES)
@never_cache
@require_safe
def queue_export(request: HttpRequest, desk: str, form: str) -> HttpResponseBase:
    place = desk_or_404(desk, actor_for(request))
    query = QueryDict(request.GET.urlencode(), mutable=True)
    query["desk"] = place.value
    return _export(request, queue_list(user_of(request), query), form, f"queue-{place.value}")


@staff_required(Duty.HEAD)
@never_cache
@require_safe
def team_export(request: HttpRequest, form: str) -> HttpResponseBase:
    return _export(request, team_list(user_of(request), request.GET), form, "cases")


@staff_required(DESK_DUTIES)
@never_cache
@require_safe
def overdue_export(request: HttpRequest, form: str) -> HttpResponseBase:
    return _export(request, overdue_list(user_of(request), request.GET), form, "overdue")


@staff_required(DESK_DUTIES)
@never_cache
@require_safe
def done_export(request: HttpRequest, form: str) -> HttpResponseBase:
    return _export(request, done_list(user_of(request), request.GET), form, "done", sheet="已办")


@signed_in_required(Sphere.STAFF, Sphere.SYSTEM_ADMIN, Sphere.SECURITY_ADMIN)
@never_cache
@require_safe
def list_export(request: HttpRequest, key: str, form: str) -> HttpResponseBase:
    """Serves the lists that have no address of their own: registries and logins. The list itself says who may read it."""
    listed = opened(key, user_of(request), request.GET)
    return _export(request, listed, form, key, action="list.export", sheet="清单")


def _export(
    request: HttpRequest, listed: Listed, form: str, name: str, *, action: str = "cases.export", sheet: str = "办件"
) -> HttpResponseBase:
    """Every list that is taken stands in the audit, with what narrowed it but for the words that were searched."""
    if form not in FORMS:
        raise Http404("没有这种文件")
    audit.record(action, by=user_of(request), detail={"list": name, **narrowed_by(request.GET)}, request=request)
    return table_to_save(listed.titles(True), listed.lines(True), name=name, sheet=sheet, form=form)
