"""Shows the form by which the organiser takes the people of a batch as a table, and sends the table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.access.requests import posted
from accounts.enums import Duty
from common.tabular.text_workbook import XLSX
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
    response = HttpResponse(export_people(batch, by=actor, **values), content_type=TYPES[values["form"]])
    response["Content-Disposition"] = f'attachment; filename="exam-people-{pk}.{values["form"]}"'
    response["Cache-Control"] = "private, no-store"
    return response
