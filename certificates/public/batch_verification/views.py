"""Shows the page of batch verification: lines for everybody, a file for whoever has a login. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import public
from accounts.models import User
from common.dates import chinese_datetime
from common.tabular.template_file import write_template
from common.tabular.text_workbook import XLSX
from common.web.downloads import content_to_save
from common.web.errors import too_many_requests
from common.web.middleware import client_address

from .checking import check_all
from .forms import PAGE, ListForm, PasteForm
from .limits import LISTS, ROWS_OF_ADDRESS, ROWS_OF_LOGIN, seconds_for_rows
from .lists import COLUMNS, Line, Report, report_file


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("pasted")
def verify_list(request: HttpRequest) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    if request.method != "POST":
        return _page(request, user, PasteForm(), ListForm())
    is_file = "pasted" not in request.POST
    if is_file and user is None:
        return _page(request, user, PasteForm(), ListForm(), needs_login=True, status=403)
    with_slot = LISTS.take(str(user.pk) if user else client_address(request))
    try:
        form: PasteForm | ListForm = ListForm(request.POST, request.FILES) if is_file else PasteForm(request.POST)
        if not form.is_valid():
            forms = (PasteForm(), form) if is_file else (form, ListForm())
            return _page(request, user, *forms, status=400)
        return _answer(request, user, form)
    finally:
        with_slot.release()


def _answer(request: HttpRequest, user: User | None, form: PasteForm | ListForm) -> HttpResponse:
    lines = form.lines
    wait = seconds_for_rows(len(lines), user=user, address=client_address(request))
    if wait:
        return too_many_requests(request, wait)
    report = _report(lines)
    if user is not None:
        detail: dict[str, object] = {"rows": report.total, "confirmed": report.confirmed}
        audit.record("verification.list", by=user, detail=detail, request=request)
    wanted = form.cleaned_data["form"]
    if wanted == PAGE:
        return _page(request, user, PasteForm(request.POST), ListForm(), report=report)
    content, name, content_type = report_file(report, wanted)
    return content_to_save(content, name=name, content_type=content_type)


def _report(lines: Sequence[Line]) -> Report:
    checked = check_all([line.asked for line in lines])
    return Report(list(zip(lines, checked, strict=True)), chinese_datetime(now()))


def _page(
    request: HttpRequest,
    user: User | None,
    paste_form: PasteForm | ListForm,
    list_form: PasteForm | ListForm,
    *,
    report: Report | None = None,
    needs_login: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "paste_form": paste_form,
        "list_form": list_form,
        "has_login": user is not None,
        "needs_login": needs_login,
        "report": report,
        "rows_per_hour": (ROWS_OF_LOGIN if user else ROWS_OF_ADDRESS).times,
    }
    return render(request, "certificates/public/verify_list.html", context, status=status)


@public
@require_safe
def list_template(request: HttpRequest) -> HttpResponse:
    content = write_template(COLUMNS, name="批量核验")
    return content_to_save(content, name="verification-list.xlsx", content_type=XLSX)
