"""未脱敏导出: a member of an office or the system administrator asks for it, and takes the file; the security administrator decides."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import admin_required, signed_in_required
from accounts.access.requests import posted, user_of
from accounts.enums import Sphere
from administration.parameters.book import ParameterBook
from common.dates import chinese_date
from common.encryption import DecryptionError
from common.findings import Finding, Refused
from common.forms import said_at_fields
from common.tabular.text_workbook import XLSX
from common.web.downloads import file_to_save
from common.web.methods import require_POST
from common.web.paging import paginate

from .forms import ExportAnswerForm, ExportAskForm
from .lists import opened
from .selectors import ASKERS, RECENT, decided_exports, find_export, own_exports, place_of, row_of, waiting_exports
from .services import ask_export, decide_export, take_export

logger = logging.getLogger(__name__)
TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}


@signed_in_required(*ASKERS)
@never_cache
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    page = paginate(own_exports(user_of(request)), order=("-pk",), cursor=request.GET.get("cursor"))
    context = {"page": page, "rows": [row_of(one, now()) for one in page.items], "days": _days()}
    return render(request, "workflow/exports/own.html", context)


@signed_in_required(*ASKERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export_new(request: HttpRequest, key: str) -> HttpResponse:
    """The address has the filters of the list beside it, and the form is sent to the same address."""
    user, query = user_of(request), request.GET.urlencode()
    listed = opened(key, user, query)
    form = ExportAskForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            ask_export(key=key, query=query, by=user, **form.cleaned_data)
        except Refused as refused:
            refusals, status = said_at_fields(form, refused.findings), 409
        else:
            where = "结果有消息告诉您。" if user.office else "结果显示在这里，可以下载时首页也有提示。"
            messages.success(request, f"已提交申请。安全管理员审批后，{where}")
            return redirect("workflow:exports")
    context = {
        "form": form,
        "refusals": refusals,
        "title": listed.title,
        "titles": listed.titles(False),
        "days": _days(),
    }
    return render(request, "workflow/exports/new.html", context, status=status)


@signed_in_required(*ASKERS)
@never_cache
@require_POST
def export_take(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A POST, because each download is noted."""
    try:
        ready = take_export(pk, by=user_of(request))
    except Refused as refused:
        messages.warning(request, refused.in_words)
        return redirect("workflow:exports")
    audit.record(
        "export.take",
        by=user_of(request),
        about=ready,
        detail={"list": ready.key, "title": ready.title},
        request=request,
    )
    name = f"{ready.title}-{localdate(ready.made_at):%Y%m%d}.{ready.form}"
    try:
        return file_to_save(ready.file, name=name, content_type=TYPES[ready.form])
    except (OSError, DecryptionError):
        logger.exception("the file of export %s cannot be read", pk)
        messages.error(request, "这个文件暂时读不出来，已报告系统管理员，请稍后再试。")
        return redirect("workflow:exports")


@admin_required(Sphere.SECURITY_ADMIN)
@never_cache
@require_safe
def export_requests(request: HttpRequest) -> HttpResponse:
    page = paginate(decided_exports(), order=("-pk",), cursor=request.GET.get("cursor"))
    context = {
        "waiting": list(waiting_exports()[:RECENT]),
        "page": page,
        "rows": [row_of(one, now()) for one in page.items],
    }
    return render(request, "workflow/exports/requests.html", context)


@admin_required(Sphere.SECURITY_ADMIN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export_decide(request: HttpRequest, pk: int) -> HttpResponse:
    asked = find_export(pk)
    if asked is None:
        raise Http404("没有这项申请")
    form = ExportAnswerForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        approve = form.cleaned_data["decision"] == "approve"
        try:
            decide_export(pk, approve=approve, answer=form.cleaned_data["answer"], by=user_of(request))
        except Refused as refused:
            refusals, status = said_at_fields(form, refused.findings), 409
        else:
            said = "已同意，文件由系统生成后通知申请人。" if approve else "已告诉申请人。"
            messages.success(request, said)
            return redirect("workflow:export_requests")
    facts = [
        ("清单", asked.title),
        ("申请人", f"{asked.asked_by.name}（{place_of(asked.asked_by)}）"),
        ("职责", asked.asked_by.duties_in_words or "—"),
        ("申请时间", chinese_date(localdate(asked.asked_at))),
        ("用途和理由", asked.reason),
    ]
    context = {"asked": asked, "row": row_of(asked, now()), "form": form, "refusals": refusals, "facts": facts}
    return render(request, "workflow/exports/decide.html", context, status=status)


def _days() -> int:
    return ParameterBook.load().integer("export_days", localdate())
