"""合并人员登记: shows two records side by side, on which one clerk asks for a merge and another decides."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import posted, user_of
from accounts.corrections.forms import DecideForm
from accounts.corrections.pages import CasePage, Findings, Values, ask_response, case_response, marked
from accounts.corrections.selectors import correction_for, open_correction
from accounts.corrections.services import refuse_correction
from accounts.enums import CorrectionKind, Duty
from accounts.lookups.services import find_person
from accounts.models import Person, RegisterCorrection
from accounts.registration.views import open_page, searched_person
from common.findings import Finding

from .forms import MergeForm, OtherRecordForm, UndoForm
from .rules import conflicts_of, undo_until, why_not_undo
from .selectors import merge_to_undo, side_by_side, state_of
from .services import Pair, ask_for_merge, ask_for_undoing, decide_merge

KINDS = (CorrectionKind.MERGE, CorrectionKind.UNMERGE)


@staff_required(Duty.REGISTER)
@never_cache
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "HEAD", "POST"])
def merge_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the number of the other record by POST, as every search does."""
    person, form = searched_person(request, pk), OtherRecordForm(posted(request))
    refusals: Findings = ()
    if form.is_valid():
        other = find_person(request, form.cleaned_data["id_number"])
        if other is not None and other.pk != person.pk:
            audit.record("find_person", by=user_of(request), about=other, request=request)
            open_page(request, other)
            return redirect("accounts:merge_ask", person.pk, other.pk)
        refusals = (_nothing_to_merge(other),)
    context = {"person": person, "form": form, "refusals": refusals, "waiting": open_correction(person)}
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "accounts/merge_search.html", context, status=status)


def _nothing_to_merge(other: Person | None) -> Finding:
    if other is None:
        detail = "请核对号码。没有登记过的号码不需要合并；号码由公安机关更正的，办理身份证号码更正。"
        return Finding("merge.unknown", "没有查到用这个号码的登记", detail, turn="登记人员")
    return Finding("merge.same", "两个号码查到的是同一份登记", "不需要合并，请核对另一份登记的号码。", turn="登记人员")


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge_ask(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    left, right = searched_person(request, pk), searched_person(request, other)

    def ask(form: MergeForm) -> HttpResponse:
        pair = Pair(left, right) if form.cleaned_data["stays"] == "left" else Pair(right, left)
        case = ask_for_merge(pair, grounds=form.grounds, by=user_of(request), now=timezone.now())
        messages.success(request, "已提出合并，等待另一名登记人员复核。复核之前，两份登记都不变。")
        return redirect("accounts:merge", case.pk)

    def show(refusals: Findings) -> Values:
        return {
            "people": (left, right),
            "rows": side_by_side(left, right),
            "findings": [] if refusals else conflicts_of(left, right),
        }

    # The slot names both, since a document speaks of these two and of no third record.
    slot = f"merge_{left.pk}_{right.pk}"
    return ask_response(request, MergeForm, "accounts/merge_ask.html", slot=slot, ask=ask, show=show)


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    person = searched_person(request, pk)
    done = merge_to_undo(person)
    if done is None:
        raise Http404("这份登记没有可以撤销的合并")

    def ask(form: UndoForm) -> HttpResponse:
        case = ask_for_undoing(done, grounds=form.grounds, by=user_of(request), now=timezone.now())
        messages.success(request, "已提出撤销合并，等待另一名登记人员复核。复核之前什么也不变。")
        return redirect("accounts:merge", case.pk)

    return ask_response(
        request,
        UndoForm,
        "accounts/merge_undo.html",
        slot=f"unmerge_{person.pk}",
        ask=ask,
        show=lambda refusals: {"done": done, "until": undo_until(done)},
        standing=tuple(why_not_undo(done, on=localdate())),
    )


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    case = correction_for(user_of(request), pk)
    if case is None or case.kind not in KINDS:
        raise Http404("没有这件合并，或不属于本市的登记点")
    return case_response(request, case, _PAGE)


def _decide(request: HttpRequest, case: RegisterCorrection, values: Values) -> HttpResponse:
    done = decide_merge(case, state=values["state"], by=user_of(request), now=timezone.now())
    open_page(request, done.person)
    messages.success(request, "已办理，本人会收到消息。请告知今后用哪个号码登录。")
    return redirect("accounts:merge", case.pk)


def _refuse(request: HttpRequest, case: RegisterCorrection, answer: str) -> HttpResponse:
    refuse_correction(case, answer=answer, by=user_of(request), now=timezone.now())
    messages.success(request, "已办结，两份登记都没有改变。")
    return redirect("accounts:corrections")


def _show(request: HttpRequest, case: RegisterCorrection, sent: forms.Form | None, refusals: Findings) -> Values:
    if case.other is None:
        raise Http404("这件更正没有第二份登记")
    kept, gone = case.person, case.other
    return {
        "people": (kept, gone),
        "rows": side_by_side(kept, gone) if case.is_open else [],
        "findings": _findings(case, kept, gone) if case.is_open and not refusals else [],
        **marked(state_of(kept, gone) if case.is_open else "", sent, refusals),
    }


def _findings(case: RegisterCorrection, kept: Person, gone: Person) -> list[Finding]:
    if case.undoes is not None:
        return why_not_undo(case.undoes, on=localdate())
    return conflicts_of(kept, gone, case=case)


_PAGE = CasePage("accounts/merge.html", DecideForm, _decide, _refuse, _show)
