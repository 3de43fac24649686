"""Shows the form by which the organiser takes the people of a batch as a table, and sends the table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.access.requests import posted
from accounts.enums import Duty
from common.tabular.text_workbook import XLSX
from common.web.downloads import content_to_save
from exams.selectors import batch_to_record
from workflow.request_actor import actor_for

from .exporting import export_people
from .forms import ExportForm

TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}


@staff_required((Duty.ORGANISE, Duty.DECIDE))
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_for(request)
    batch = batch_to_record(actor, pk)
    form = ExportForm(posted(request), batch=batch)
    if not form.is_valid():
        status = 400 if form.is_bound else 200
        return render(request, "exams/export.html", {"batch": batch, "form": form}, status=status)
    values = form.values()
    content, ending = export_people(batch, by=actor, **values), values["form"]
    return content_to_save(content, name=f"exam-people-{pk}.{ending}", content_type=TYPES[ending])
