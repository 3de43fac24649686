"""死亡登记: shows the pages on which a clerk asks for the record of a death, and the province decides."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit, temporary_uploads
from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.corrections.evidence import bound, kept_scan
from accounts.corrections.forms import DecideForm, RefuseForm
from accounts.corrections.selectors import correction_for, open_correction
from accounts.enums import Duty
from accounts.models import Person, RegisterCorrection
from accounts.people.natural_persons import is_same_person
from accounts.registration.views import searched_person
from common.files.uploads import FileType
from common.findings import Finding, Refused
from common.web.downloads import file_to_save

from .forms import DeathForm, TakeBackForm
from .rules import decides
from .selectors import death_for, death_to_take_back, deaths_waiting, state_of
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
    slot = f"death_{person.pk}"
    refusals: tuple[Finding, ...] = ()
    form = bound(request, DeathForm, slot) if request.method == "POST" else DeathForm()
    if form.is_valid():
        try:
            ask_for_death(
                person,
                died_on=form.cleaned_data["died_on"],
                grounds=form.grounds,
                by=user_of(request),
                now=timezone.now(),
            )
        except Refused as refused:
            refusals = refused.findings
        else:
            return _asked(request, person, slot)
    return _ask_page(request, person, form, slot, refusals)


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def death_undo(request: HttpRequest, pk: int) -> HttpResponse:
    person = searched_person(request, pk)
    done = death_to_take_back(person)
    if done is None:
        raise Http404("此人没有登记死亡")
    slot = f"death_undo_{person.pk}"
    refusals: tuple[Finding, ...] = ()
    form = bound(request, TakeBackForm, slot) if request.method == "POST" else TakeBackForm()
    if form.is_valid():
        try:
            ask_to_take_back(done, grounds=form.grounds, by=user_of(request), now=timezone.now())
        except Refused as refused:
            refusals = refused.findings
        else:
            return _asked(request, person, slot)
    return _ask_page(request, person, form, slot, refusals, done)


def _asked(request: HttpRequest, person: Person, slot: str) -> HttpResponse:
    temporary_uploads.drop(request, slot)
    messages.success(request, ASKED)
    return redirect("accounts:counter_person", person.pk)


def _ask_page(
    request: HttpRequest,
    person: Person,
    form: DeathForm | TakeBackForm,
    slot: str,
    refusals: tuple[Finding, ...],
    done: RegisterCorrection | None = None,
) -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "done": done,
        "lines": what_ends(person),
        "refusals": refusals,
        "waiting": open_correction(person),
        "kept_scan": kept_scan(request, slot),
    }
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "accounts/death_ask.html", context, status=status)


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
    case = _readable(request, pk)
    if request.method != "POST":
        detail: dict[str, object] = {"correction": case.pk}
        audit.record("view_correction", by=user_of(request), about=case.person, detail=detail, request=request)
        return _page(request, case)
    if request.POST.get("action") == "refuse":
        return _refuse(request, case)
    form = DecideForm(request.POST, auto_id="decide_%s")
    if not form.is_valid():
        return _page(request, case, decide=form)
    try:
        decide_death(case, state=form.cleaned_data["state"], by=user_of(request), now=timezone.now())
    except Refused as refused:
        return _page(request, case, refused.findings, decide=form)
    messages.success(request, "已办理，有关企业已收到消息。")
    return redirect("accounts:death", case.pk)


def _refuse(request: HttpRequest, case: RegisterCorrection) -> HttpResponse:
    form = RefuseForm(request.POST, auto_id="refuse_%s")
    if not form.is_valid():
        return _page(request, case, refuse=form)
    try:
        refuse_death(case, answer=form.cleaned_data["answer"], by=user_of(request), now=timezone.now())
    except Refused as refused:
        return _page(request, case, refused.findings, refuse=form)
    messages.success(request, "已办结，此人的登记没有改变。")
    return redirect("accounts:death", case.pk)


@staff_required(READERS)
@require_safe
def death_evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    case = _readable(request, pk)
    detail: dict[str, object] = {"correction": case.pk, "picture": "evidence"}
    audit.record("view_correction", by=user_of(request), about=case.person, detail=detail, request=request)
    name = f"证明材料-{case.pk}.{FileType(case.evidence_type).extension}"
    return file_to_save(case.evidence, name=name, content_type=case.evidence_type)


def _readable(request: HttpRequest, pk: int) -> RegisterCorrection:
    user = user_of(request)
    case = death_for(user, pk, correction_for(user, pk))
    if case is None:
        raise Http404("没有这件死亡登记，或不属于本市")
    return case


def _page(
    request: HttpRequest,
    case: RegisterCorrection,
    refusals: tuple[Finding, ...] = (),
    *,
    decide: DecideForm | None = None,
    refuse: RefuseForm | None = None,
) -> HttpResponse:
    user = user_of(request)
    context = {
        "case": case,
        "is_own": is_same_person(user, case.requested_by),
        "may_decide": decides(user),
        "lines": what_ends(case.person) if case.is_open and case.undoes is None else [],
        "decide": DecideForm(initial={"state": state_of(case.person)}, auto_id="decide_%s"),
        "decide_errors": decide.errors if decide is not None and not refusals else {},
        "refuse": refuse or RefuseForm(auto_id="refuse_%s"),
        "refusals": refusals,
    }
    status = 409 if refusals else 400 if decide or refuse else 200
    return render(request, "accounts/death.html", context, status=status)
