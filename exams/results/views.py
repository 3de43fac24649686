"""Shows the office's page on which the result of one entry is recorded, and sends the file of candidates."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.access.requests import posted
from accounts.enums import Duty
from administration.parameters.book import ParameterBook
from common.findings import Finding, Refused
from common.tabular.text_workbook import XLSX
from common.web.downloads import content_to_save
from common.web.methods import require_POST
from exams.enums import RESULTS
from exams.models import ExamEntry
from exams.results.candidates_file import write_candidates
from exams.results.correcting import correct_result
from exams.results.forms import ResultForm, initial_result, seen_anew
from exams.results.history import Standing
from exams.results.selectors import history_of
from exams.results.services import record_results
from exams.selectors import batch_to_record, entry_to_record
from workflow.actors import Actor
from workflow.request_actor import actor_for


@staff_required((Duty.ORGANISE, Duty.DECIDE))
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_for(request)
    entry = entry_to_record(actor, pk)
    is_correction = entry.state in RESULTS
    form = ResultForm(posted(request), initial=initial_result(entry), is_correction=is_correction)
    refusals: Sequence[Finding] = ()
    if form.is_valid():
        refusals = _record(form, entry, actor)
        if refusals:
            # The page shows what is recorded by now, and what is typed; sent again it is a correction of that.
            entry = entry_to_record(actor, pk)
            is_correction = entry.state in RESULTS
            form = ResultForm(seen_anew(request.POST, entry), is_correction=is_correction)
        else:
            done = "更正，本人和企业会收到消息" if is_correction else "登记"
            messages.success(request, f"{entry.person.name}的考试结果已{done}。")
            return redirect("exams:batch", pk=entry.batch_id)
    context = {
        "entry": entry,
        "form": form,
        "refusals": refusals,
        "is_correction": is_correction,
        "standing": Standing.of(entry).words,
        "events": history_of(entry),
    }
    return render(request, "exams/result.html", context, status=409 if refusals else 400 if form.is_bound else 200)


def _record(form: ResultForm, entry: ExamEntry, actor: Actor) -> Sequence[Finding]:
    """Answers why nothing was recorded. What was recorded meanwhile is seen on the page, and is then a correction."""
    pass_mark = ParameterBook.load().integer("exam_pass_mark", localdate())
    result, found_on = form.result(entry, pass_mark=pass_mark), form.cleaned_data["found_on"]
    if entry.state not in RESULTS:
        recorded = record_results([result], by=actor, found_on=found_on)
        return recorded.refused.get(entry.pk, [])
    try:
        correct_result(result=result, reason=form.cleaned_data["reason"], by=actor, found_on=found_on)
    except Refused as refused:
        return refused.findings
    return ()


@staff_required((Duty.ORGANISE, Duty.DECIDE))
@require_POST
def candidates(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST, because who takes the full numbers is noted."""
    actor = actor_for(request)
    content = write_candidates(batch_to_record(actor, pk), by=actor)
    return content_to_save(content, name=f"candidates-{pk}.xlsx", content_type=XLSX)
