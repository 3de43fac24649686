"""死亡登记: shows the pages on which a clerk asks for the record of a death, and the province decides."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.corrections.forms import DecideForm
from accounts.corrections.pages import (
    CasePage,
    F,
    Findings,
    Values,
    ask_response,
    case_response,
    evidence_response,
    marked,
)
from accounts.corrections.selectors import open_correction
from accounts.enums import Duty
from accounts.models import Person, RegisterCorrection
from accounts.registration.views import searched_person

from .forms import DeathForm, TakeBackForm
from .rules import decides
from .selectors import death_for, death_to_take_back, deaths_waiting, mark_of
from .services import ask_for_death, ask_to_take_back, decide_death, refuse_death
from .steps import what_ends

PAGE = 50
READERS = [Duty.REGISTER, Duty.DECIDE]
ASKED = "已提交，等待省厅审核人员复核。复核之前什么也不变。"


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def death_ask(request: HttpRequest, pk: int) -> HttpResponse:
    person = searched_person(request, pk)

    def ask(form: DeathForm) -> RegisterCorrection:
        day = form.cleaned_data["died_on"]
        return ask_for_death(person, died_on=day, grounds=form.grounds, by=user_of(request), now=timezone.now())

    return _ask_response(request, person, DeathForm, f"death_{person.pk}", ask)


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def death_undo(request: HttpRequest, pk: int) -> HttpResponse:
    person = searched_person(request, pk)
    done = death_to_take_back(person)
    if done is None:
        raise Http404("此人没有登记死亡")

    def ask(form: TakeBackForm) -> RegisterCorrection:
        return ask_to_take_back(done, grounds=form.grounds, by=user_of(request), now=timezone.now())

    return _ask_response(request, person, TakeBackForm, f"death_undo_{person.pk}", ask, done)


def _ask_response(
    request: HttpRequest,
    person: Person,
    form_class: type[F],
    slot: str,
    service: Callable[[F], RegisterCorrection],
    done: RegisterCorrection | None = None,
) -> HttpResponse:
    def ask(form: F) -> HttpResponse:
        service(form)
        messages.success(request, ASKED)
        return redirect("accounts:counter_person", person.pk)

    def show(refusals: Findings) -> Values:
        return {"person": person, "done": done, "lines": what_ends(person), "waiting": open_correction(person)}

    return ask_response(request, form_class, "accounts/death_ask.html", slot=slot, ask=ask, show=show)


@staff_required(Duty.DECIDE)
@never_cache
@require_safe
def deaths(request: HttpRequest) -> HttpResponse:
    rows = deaths_waiting(PAGE + 1)
    return render(request, "accounts/deaths.html", {"rows": rows[:PAGE], "has_more": len(rows) > PAGE})


@staff_required(READERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def death(request: HttpRequest, pk: int) -> HttpResponse:
    return case_response(request, _readable(request, pk), _PAGE)


@staff_required(READERS)
@require_safe
def death_evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    return evidence_response(request, _readable(request, pk))


def _readable(request: HttpRequest, pk: int) -> RegisterCorrection:
    case = death_for(user_of(request), pk)
    if case is None:
        raise Http404("没有这件死亡登记，或不属于本市")
    return case


def _decide(request: HttpRequest, case: RegisterCorrection, values: Values) -> HttpResponse:
    decide_death(case, state=values["state"], by=user_of(request), now=timezone.now())
    messages.success(request, "已办理，有关企业已收到消息。")
    return redirect("accounts:death", case.pk)


def _refuse(request: HttpRequest, case: RegisterCorrection, answer: str) -> HttpResponse:
    refuse_death(case, answer=answer, by=user_of(request), now=timezone.now())
    messages.success(request, "已办结，此人的登记没有改变。")
    return redirect("accounts:death", case.pk)


def _show(request: HttpRequest, case: RegisterCorrection, sent: forms.Form | None, refusals: Findings) -> Values:
    ends = what_ends(case.person) if case.is_open else []
    return {
        "may_decide": decides(user_of(request)),
        "lines": ends if case.undoes is None else [],
        **marked(mark_of(case.person, ends), sent, refusals),
    }


_PAGE = CasePage("accounts/death.html", DecideForm, _decide, _refuse, _show)
