"""Shows the page that asks before a registry's change moves open work; what was typed is sent again with the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from common.findings import Finding

SEEN = "moves_seen"


@dataclass(frozen=True)
class Question:
    """With findings the change is refused, and nothing is asked. `seen` is a mark of what the lines say."""

    title: str
    lines: Sequence[str]
    note: str
    findings: Sequence[Finding] = ()
    seen: str = ""


def ask(request: HttpRequest, question: Question, opts: Any) -> HttpResponse:
    """`opts` are those of the registry's model. The caller has rolled the change back."""
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", SEEN)
        for value in values
    ]
    context = {
        "title": question.title,
        "lines": question.lines,
        "note": question.note,
        "findings": question.findings,
        "typed": [*typed, (SEEN, question.seen)] if question.seen else [],
        "back_url": reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"),
        "form_url": request.path,
    }
    return render(request, "admin/routing_question.html", context, status=409 if question.findings else 200)
