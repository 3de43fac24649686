"""复核: a second person of the office looks at decided cases that chance has drawn."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from common.findings import Refused
from common.web.paging import paginate
from workflow.request_actor import actor_for

from ..business import business_of
from ..enums import LookOutcome
from ..forms import CommentField
from ..models import SecondLook
from ..selectors.second_looks import find_look, looks_done, looks_waiting
from ..services.second_looks import look_again
from .queue import DESK_DUTIES


class LookForm(forms.Form):
    """The pressed button is the outcome."""

    outcome = forms.ChoiceField(choices=LookOutcome.choices)
    words = CommentField(label="复核意见", required=False)


@staff_required((*DESK_DUTIES, Duty.HEAD))
@require_http_methods(["GET", "HEAD", "POST"])
def second_looks(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    form = LookForm(request.POST if request.method == "POST" else None)
    wrong: dict[str, Any] = {}
    if request.method == "POST":
        look = find_look(actor, request.POST.get("number", ""))
        if look is None:
            raise Http404("没有这件复核")
        wrong = {"number": request.POST["number"], "words": request.POST.get("words", ""), "refusals": []}
        if form.is_valid():
            values = form.cleaned_data
            try:
                look_again(look.pk, actor=actor, outcome=LookOutcome(values["outcome"]), words=values["words"])
            except Refused as refused:
                wrong["refusals"] = list(refused.findings)
            else:
                messages.success(request, f"{request.POST['number']} 已复核。")
                return redirect("workflow:second_looks")
    is_done = request.GET.get("show") == "done"
    rows, order = (looks_done(actor), ("-id",)) if is_done else (looks_waiting(actor), ("id",))
    page = paginate(rows, order=order, cursor=request.GET.get("cursor"))
    lines = [_line(look, wrong) for look in page.items]
    context = {"page": page, "lines": lines, "is_done": is_done, "form": form, "refusals": wrong.get("refusals", [])}
    return render(request, "workflow/second_looks.html", context, status=409 if wrong else 200)


def _line(look: SecondLook, wrong: dict[str, Any]) -> dict[str, Any]:
    """The line that was refused keeps what was typed for it."""
    is_wrong = look.application.number == wrong.get("number")
    title = business_of(look.application.kind).title
    return {"look": look, "title": title, "words": wrong["words"] if is_wrong else ""}
