"""Lets staff with the duty 登记台账 write news and withdraw notices, those of their own office."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as utc_now
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.enums import Duty
from accounts.models import User
from administration.enums import OfficeKind
from administration.models import Notice
from administration.notices.selectors import all_notices, load_notice
from administration.notices.services import state_of, withdraw_notice, write_news
from common.findings import Finding, Refused
from common.web.paging import paginate

from .forms import NewsForm, NoticeFilter, WithdrawalForm

ORDER = ("-published_at",)
NOT_YOURS = "这则公告由另一个部门发布，由该部门或省厅处理。"


def _writer(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or user.office is None:
        raise Http404
    return user


def may_change(user: User, notice: Notice) -> bool:
    """An office answers for its own; the province for all."""
    return user.office is not None and (user.office.kind == OfficeKind.PROVINCIAL or notice.office_id == user.office_id)


def _own(user: User, pk: int) -> Notice:
    notice = load_notice(pk)
    if not may_change(user, notice):
        raise PermissionDenied(NOT_YOURS)
    return notice


@staff_required(Duty.REGISTRY)
@require_safe
def office_notices(request: HttpRequest) -> HttpResponse:
    user, filters = _writer(request), NoticeFilter(request.GET)
    kind = filters.cleaned_data["kind"] if filters.is_valid() else ""
    page = paginate(all_notices(kind), order=ORDER, cursor=request.GET.get("cursor"))
    rows = [(notice, may_change(user, notice)) for notice in page.items]
    return render(request, "portal/office_notices.html", {"filters": filters, "page": page, "rows": rows})


@staff_required(Duty.REGISTRY)
@require_http_methods(["GET", "HEAD", "POST"])
def news_new(request: HttpRequest) -> HttpResponse:
    return _write(request, _writer(request), None)


@staff_required(Duty.REGISTRY)
@require_http_methods(["GET", "HEAD", "POST"])
def news_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = _writer(request)
    notice = _own(user, pk)
    if notice.is_official or (notice.is_withdrawn and request.method != "POST"):
        return redirect("administration:notice", notice.pk)
    return _write(request, user, notice)


def _write(request: HttpRequest, user: User, notice: Notice | None) -> HttpResponse:
    kept = list(notice.attachments.all()) if notice is not None else []
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = NewsForm(*given, notice=notice, kept=kept)
    refusals: Sequence[Finding] = ()
    is_preview = "save_draft" in request.POST
    if form.is_valid() and not is_preview:
        try:
            written = write_news(
                pk=notice.pk if notice else None,
                title=form.cleaned_data["title"],
                body=form.cleaned_data["body"],
                published_at=form.published_at,
                files=form.uploads,
                removed=form.cleaned_data.get("removed", ()),
                seen=form.cleaned_data["seen"],
                office_id=user.office_id,
                by=audit.author(user, request),
                now=utc_now(),
            )
        except Refused as refused:
            refusals = refused.findings
            if notice is not None:
                notice = load_notice(notice.pk)
                form = form.shown_again(notice)
        else:
            is_later = written.published_at > utc_now()
            messages.success(request, "已保存，到发布日期公开。" if is_later else "已发布。")
            return redirect("administration:office_notices")
    if request.FILES:
        messages.warning(request, "附件没有保存，改好后请重新选择。")
    context = {"form": form, "refusals": refusals, "notice": notice, "is_other": _is_changed(refusals)}
    if is_preview and form.is_valid():
        context["preview"] = form.preview(user)
    return render(request, "portal/news.html", context, status=409 if refusals else 400 if form.errors else 200)


def _is_changed(refusals: Sequence[Finding]) -> bool:
    return any(one.code == "notice.changed" for one in refusals)


@staff_required(Duty.REGISTRY)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = _writer(request)
    notice = _own(user, pk)
    form = WithdrawalForm(request.POST if request.method == "POST" else None, initial={"seen": state_of(notice)})
    form.fields["reason"].required = notice.is_official
    refusals: Sequence[Finding] = ()
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            seen = form.cleaned_data["seen"]
            withdraw_notice(pk=pk, reason=reason, by=audit.author(user, request), now=utc_now(), seen=seen)
        except Refused as refused:
            refusals = refused.findings
            notice = load_notice(pk)
            form.show_again(notice)
        else:
            messages.success(request, "已撤回，日期和理由留在公告上。" if notice.is_official else "已撤下。")
            return redirect("administration:office_notices")
    context = {"notice": notice, "form": form, "refusals": refusals, "is_other": _is_changed(refusals)}
    return render(
        request, "portal/notice_withdraw.html", context, status=409 if refusals else 400 if form.errors else 200
    )
