"""审计: shows the audit administrator what everybody did, and whether the audit chain is in order."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.access import audit
from accounts.access.decorators import admin_required
from accounts.enums import Sphere
from accounts.lookups.services import find_person
from accounts.models import User
from administration.audit.actions import label_of
from administration.audit.chain import last_check
from administration.models import AuditEntry
from common.tabular.problem_file import neutralised
from common.web.methods import require_POST
from common.web.paging import paginate
from common.web.replica import alias_for

from .forms import AuditFilter, IdNumberForm
from .selectors import entries_of, matching, newest_link, person_of
from .words import detail_in_words

ORDER = ("-at", "-id")
EXPORT_LIMIT = 100_000
EXPORT_BLOCK = 2_000
COLUMNS = ("编号", "时间", "操作人编号", "操作人", "身份", "操作", "对象", "内容", "来源地址", "请求编号")

audit_admin_required = admin_required(Sphere.AUDIT_ADMIN)


@audit_admin_required
@never_cache
@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    filters = AuditFilter(request.GET)
    page = None
    if filters.is_valid():
        page = paginate(matching(filters.cleaned_data), order=ORDER, cursor=request.GET.get("cursor"))
    return _list(request, filters=filters, page=page, status=200 if page else 400)


def _list(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    context = {
        "filters": AuditFilter(),
        "id_form": IdNumberForm(),
        "rows": [_row(entry) for entry in context["page"].items] if context.get("page") else [],
        "is_narrowed": any(value for key, value in request.GET.items() if key != "cursor"),
        "check": last_check(),
        "newest": newest_link(),
        **context,
    }
    return render(request, "portal/audit.html", context, status=status)


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "entry": entry,
        "label": label_of(entry.action),
        "sphere": _sphere(entry.sphere),
        "about": f"{entry.object_type}:{entry.object_id}" if entry.object_type else "",
        "about_words": _name_of(entry),
        "detail": detail_in_words(entry.detail),
    }


def _sphere(sphere: str) -> str:
    if sphere == audit.KIOSK:
        return "登记一体机"
    return Sphere(sphere).label if sphere in Sphere else ""


def _name_of(entry: AuditEntry) -> str:
    try:
        return f"{apps.get_model(entry.object_type)._meta.verbose_name} {entry.object_id}"
    except (LookupError, ValueError):  # of a model that is gone meanwhile
        return f"{entry.object_type}:{entry.object_id}"


@audit_admin_required
@never_cache
@require_POST
@sensitive_post_parameters("id_number")
def audit_of_person(request: HttpRequest) -> HttpResponse:
    """Shows what somebody did or what was done about them. The ID number is posted, so that no address contains it."""
    form = IdNumberForm(request.POST)
    if not form.is_valid():
        return _list(request, id_form=form, status=400)
    person = find_person(request, form.cleaned_data["id_number"])
    audit.record("audit.search_by_id_number", by=_user(request), about=person, request=request)
    if person is None:
        form.add_error("id_number", "没有这个身份证号码的人员。")
        return _list(request, id_form=form, status=400)
    return redirect("audit:person", pk=person.pk)


@audit_admin_required
@never_cache
@require_safe
def audit_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(pk)
    if person is None:
        raise Http404("没有这个人员")
    page = paginate(entries_of(person), order=ORDER, cursor=request.GET.get("cursor"))
    return _list(request, page=page, person=person)


@audit_admin_required
@never_cache
@require_safe
def audit_export(request: HttpRequest) -> HttpResponseBase:
    """Writes the rows of the list, newest first; the export is an audit entry itself."""
    filters = AuditFilter(request.GET)
    if not filters.is_valid():
        return redirect(f"{reverse('audit:list')}?{request.GET.urlencode()}")
    used: dict[str, object] = {key: str(value) for key, value in request.GET.items() if value and key != "cursor"}
    audit.record("audit.exported", by=_user(request), detail=used, request=request)
    response = StreamingHttpResponse(
        _csv(matching(filters.cleaned_data).using(alias_for(request))), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv(rows: QuerySet[AuditEntry]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # Spreadsheets read the file as UTF-8 because of the mark.
    yield "\ufeff" + writer.writerow(COLUMNS)
    cursor, count = None, 0
    while count < EXPORT_LIMIT:
        page = paginate(rows, order=ORDER, cursor=cursor, size=EXPORT_BLOCK)
        for entry in page.items:
            yield writer.writerow([_safe(value) for value in _columns(entry)])
        count += len(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return


def _columns(entry: AuditEntry) -> list[object]:
    row = _row(entry)
    return [
        entry.pk,
        localtime(entry.at).isoformat(timespec="seconds"),
        entry.actor_id or "",
        entry.actor_name,
        row["sphere"],
        row["label"],
        row["about"],
        json.dumps(entry.detail, ensure_ascii=False) if entry.detail else "",
        entry.address or "",
        entry.request_id,
    ]


def _safe(value: object) -> object:
    return neutralised(value) if isinstance(value, str) else value


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
