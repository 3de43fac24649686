"""Shows the statistics: to everybody without small cells, to offices whole, narrowed to a city."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import audit
from accounts.access.decorators import public, signed_in_required
from accounts.access.requests import user_of
from accounts.enums import Sphere
from administration.nightly import progress_of, queue_nightly
from common.web.downloads import content_to_save
from common.web.methods import require_POST
from common.web.replica import may_read_replica

from .charts import chart_of
from .files import statistics_file
from .selectors import Statistics, cities, statistics, subjects_in_words
from .services import JOB

OFFICES = (Sphere.STAFF, Sphere.SYSTEM_ADMIN, Sphere.SECURITY_ADMIN, Sphere.AUDIT_ADMIN)
FORMS = ("csv", "xlsx")


class CityFilter(forms.Form):
    """The filter is bound to the address; an invalid value filters nothing."""

    city = forms.ChoiceField(label="设区市", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["city"].choices = [("", "全省"), *cities()]  # type: ignore[attr-defined]  # of a ChoiceField

    @property
    def wanted(self) -> str:
        return str(self.cleaned_data.get("city", "")) if self.is_valid() else ""


def _page(request: HttpRequest, found: Statistics, **more: Any) -> HttpResponse:
    context = {
        "statistics": found,
        "drawn": [(sheet, chart_of(sheet)) for sheet in found.sheets if not sheet.is_empty],
        "dictionary": subjects_in_words(),
        **more,
    }
    return render(request, "portal/statistics.html", context)


def _file(found: Statistics, form: str, name: str) -> HttpResponse:
    if form not in FORMS:
        raise Http404("没有这种文件")
    content, file_name, content_type = statistics_file(found, form, name=name)
    return content_to_save(content, name=file_name, content_type=content_type)


@public
@require_safe
@may_read_replica
def open_statistics(request: HttpRequest) -> HttpResponse:
    return _page(request, statistics(is_open=True), is_open=True, filters=None, is_underway=False, city="")


@public
@require_safe
@may_read_replica
def open_file(request: HttpRequest, form: str) -> HttpResponse:
    return _file(statistics(is_open=True), form, "statistics")


@signed_in_required(*OFFICES)
@require_safe
def office_statistics(request: HttpRequest) -> HttpResponse:
    filters = CityFilter(request.GET)
    city = filters.wanted
    found = statistics(is_open=False, city=city)
    underway = progress_of(JOB).is_underway
    return _page(request, found, is_open=False, filters=filters, is_underway=underway, city=city)


@signed_in_required(*OFFICES)
@require_safe
def office_file(request: HttpRequest, form: str) -> HttpResponse:
    return _file(statistics(is_open=False, city=CityFilter(request.GET).wanted), form, "office-statistics")


@signed_in_required(*OFFICES)
@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    if queue_nightly(JOB) is None:
        messages.info(request, "正在重新统计，不需要再按。")
    else:
        audit.record("job.started", by=user_of(request), detail={"name": JOB}, request=request)
        messages.success(request, "已开始重新统计，稍后刷新本页查看。")
    return redirect("office_statistics")
