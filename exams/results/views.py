"""Shows the office's page on which the result of one entry is recorded, and sends the file of candidates."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.access.requests import posted
from accounts.enums import Duty
from administration.parameters.book import ParameterBook
from common.findings import Finding
from common.tabular.text_workbook import XLSX
from common.web.methods import require_POST
from exams.results import services as results_services
from exams.results.candidates_file import write_candidates
from exams.results.forms import ResultForm, initial_result
from exams.selectors import batch_to_record, entry_to_record
from workflow.request_actor import actor_for


@staff_required((Duty.ORGANISE, Duty.DECIDE))
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_for(request)
    entry = entry_to_record(actor, pk)
    form = ResultForm(posted(request), initial=initial_result(entry))
    refusals: list[Finding] = []
    if form.is_valid():
        pass_mark = ParameterBook.load().integer("exam_pass_mark", localdate())
        recorded = results_services.record_results(
            [form.result(entry, pass_mark=pass_mark)], by=actor, found_on=form.cleaned_data["found_on"]
        )
        refusals = recorded.refused.get(pk, [])
        if not refusals:
            messages.success(request, f"{entry.person.name}的考试结果已登记。")
            return redirect("exams:batch", pk=entry.batch_id)
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "exams/result.html", {"entry": entry, "form": form, "refusals": refusals}, status=status)


@staff_required((Duty.ORGANISE, Duty.DECIDE))
@require_POST
def candidates(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST, because who takes the full numbers is noted."""
    actor = actor_for(request)
    content = write_candidates(batch_to_record(actor, pk), by=actor)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="candidates-{pk}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response
