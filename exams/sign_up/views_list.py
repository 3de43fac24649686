"""Takes a list of ID numbers, shows what became of each, and answers that as a file; nobody is entered by it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.access.decorators import operator_required
from accounts.access.requests import user_of
from administration.parameters.book import ParameterBook
from common.tabular.template_file import write_template
from common.tabular.text_workbook import XLSX
from common.web.downloads import content_to_save
from common.web.methods import require_POST
from enterprises.ca_login.backend import enterprise_of
from exams.selectors import batch_for

from .forms import ListForm, SignUpForm
from .listed import checked_lines, items_of, keep_lines, write_report
from .pasted import COLUMNS
from .picking import list_of, picks_in
from .views_candidates import narrowing, page_of


@operator_required
@require_POST
def check_list(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = enterprise_of(request)
    batch = batch_for(enterprise, pk)
    seen = narrowing(request.POST, batch, enterprise)
    kept = list_of(batch.pk, user_of(request).pk, seen.category)
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        sign_up_form = SignUpForm(years=ParameterBook.load().integer("exam_experience_years", localdate()))
        return page_of(request, batch, enterprise, seen, kept, sign_up_form, list_form=form, status=400)
    lines = form.lines
    keep_lines(kept, lines, items_of(lines, batch, enterprise, seen.category, on=localdate(), chosen=picks_in(kept)))
    return redirect(reverse("exams:sign_up", args=[batch.pk]) + f"?category={seen.category}&list=1")


@operator_required
@require_safe
def list_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The file holds what the clerk gave, and what the check says today."""
    enterprise = enterprise_of(request)
    batch = batch_for(enterprise, pk)
    seen = narrowing(request.GET, batch, enterprise)
    kept = list_of(batch.pk, user_of(request).pk, seen.category)
    items = items_of(checked_lines(kept), batch, enterprise, seen.category, on=localdate(), chosen=picks_in(kept))
    return content_to_save(write_report(items), name="核对结果.xlsx", content_type=XLSX)


@operator_required
@require_safe
def list_template(request: HttpRequest) -> HttpResponse:
    return content_to_save(write_template(COLUMNS, name="名单"), name="报名名单样表.xlsx", content_type=XLSX)
