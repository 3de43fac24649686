"""常见问题: the province keeps the questions that the guides answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from common.findings import Finding, Refused
from common.web.methods import require_POST
from workflow.request_actor import actor_for
from workflow.selectors.answers import answers_in_use, find_answer
from workflow.services.answers import retire_answer, save_answer

from ..business import businesses
from ..models import HelpAnswer
from ..topics import TOPICS
from .answers_form import AnswerForm


@staff_required(Duty.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest) -> HttpResponse:
    form = AnswerForm(request.POST if request.method == "POST" else None)
    done, refusals = _saved(request, None, form)
    if done:
        return redirect("workflow:answers")
    titles = {one.kind: one.title for one in (*businesses(), *TOPICS)}
    rows = [(row, titles.get(row.kind, "所有指南")) for row in answers_in_use()]
    return _page(request, "workflow/answers.html", form, refusals, rows=rows)


@staff_required(Duty.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(pk)
    initial = {"kind": row.kind, "question": row.question, "answer": row.answer, "reason": row.reason}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    done, refusals = _saved(request, row, form)
    if done:
        return redirect("workflow:answers")
    return _page(request, "workflow/answer_change.html", form, refusals, answer=row)


@staff_required(Duty.DECIDE)
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(pk)
    try:
        retire_answer(row.pk, actor=actor_for(request))
    except Refused as refused:
        messages.error(request, refused.in_words)
    else:
        messages.success(request, f"已停用：{row.question}")
    return redirect("workflow:answers")


def _found(pk: int) -> HelpAnswer:
    row = find_answer(pk)
    if row is None:
        raise Http404("没有这个问题")
    return row


def _saved(request: HttpRequest, row: HelpAnswer | None, form: AnswerForm) -> tuple[bool, list[Finding]]:
    if not (form.is_bound and form.is_valid()):
        return False, []
    try:
        saved = save_answer(row.pk if row else None, **form.cleaned_data, actor=actor_for(request))
    except Refused as refused:
        return False, list(refused.findings)
    messages.success(request, f"已保存：{saved.question}")
    return True, []


def _page(
    request: HttpRequest, template: str, form: AnswerForm, refusals: list[Finding], **context: Any
) -> HttpResponse:
    status = 409 if refusals else 400 if form.errors else 200
    return render(request, template, {"form": form, "refusals": refusals, **context}, status=status)
