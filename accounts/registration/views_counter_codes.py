"""窗口核验码: shows the page on which a clerk lets a person at the counter verify once without a camera."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.access.requests import posted, user_of
from accounts.enums import Duty
from accounts.verification.counter_codes import code_lasts, issue_counter_code
from common.findings import Refused

from .forms import CodeIssueForm
from .views import searched_person


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def counter_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Only the answer to this POST shows the code, for printing."""
    person = searched_person(request, pk)
    form = CodeIssueForm(posted(request))
    now = timezone.now()
    if not form.is_valid():
        context = {"person": person, "form": form}
        return render(request, "accounts/counter_code.html", context, status=400 if form.is_bound else 200)
    try:
        code = issue_counter_code(person, by=user_of(request), now=now)
    except Refused as refused:
        context = {"person": person, "refusals": refused.findings}
        return render(request, "accounts/counter_person.html", context, status=409)
    context = {
        "person": person,
        "code": f"{code[:4]} {code[4:]}",
        "until": now + code_lasts(now),
        "address": request.build_absolute_uri("/m/"),
    }
    return render(request, "accounts/counter_code_slip.html", context)
