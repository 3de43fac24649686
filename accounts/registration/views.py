"""实名登记: shows the pages on which a clerk with the duty `register` finds, registers and updates people.

A person's page opens only after this session has searched their number, so that nobody can go through the register by
address.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit, temporary_uploads
from accounts.access.decorators import staff_required
from accounts.access.destinations import destination
from accounts.access.requests import posted, user_of
from accounts.credentials.passwords import reset_password
from accounts.enums import Duty
from accounts.lookups.services import ask, asker_of, find_person
from accounts.models import Person, User
from accounts.people.home_boxes import COUNTER
from accounts.people.identity import id_number_index
from accounts.people.numbers import FORMER_NUMBER
from accounts.people.selectors import open_held_card
from accounts.photo.pictures import picture
from administration.lookups import limits
from administration.models import Office
from common.files.images import clean_portrait
from common.findings import Finding, Refused
from common.text.id_number import even_id_number, normalise_id_number
from common.text.masking import mask_id_number
from common.web.downloads import content_to_save
from common.web.methods import require_POST

from . import one_time_password_receipt, receipt_pdf
from .forms import CardForm, CounterSearchForm, NameForm
from .selectors import has_merged_records, person_with_registration
from .services import Registration, confirm_name, register_person, update_card

_SEARCHED = "counter_persons"
_KEPT_SEARCHES = 50


@staff_required(Duty.REGISTER)
@never_cache
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """Searches by POST, so that an ID number never stands in an address. An unknown number leads to the registration
    form.
    """
    form = CounterSearchForm(posted(request))
    if not form.is_valid():
        return render(request, "accounts/counter.html", {"form": form}, status=400 if form.is_bound else 200)
    id_number = form.cleaned_data["id_number"]
    person = find_person(request, id_number)
    if person is not None:
        audit.record("find_person", by=user_of(request), about=person, request=request)
        open_page(request, person)
        return HttpResponseRedirect(
            destination(request, user_of(request), home=reverse("accounts:counter_person", args=[person.pk]))
        )
    return _card_page(request, CardForm(initial={"id_number": id_number}), None)


@staff_required(Duty.REGISTER)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def counter_register(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":  # a reloaded form: the number was never in the address
        return redirect("accounts:counter")
    form, portrait = _bound_card_form(request)
    if not form.is_valid() or portrait is None:
        return _card_page(request, form, None)
    ask(request)
    return _written(request, form, None, partial(_register, request, form, portrait))


def _register(request: HttpRequest, form: CardForm, portrait: bytes) -> Registration:
    by, now = user_of(request), timezone.now()
    registration = register_person(card=form.card(), portrait=portrait, by=by, office=_office_of(by), now=now)
    if registration.is_new:
        limits.registered(asker_of(request), now=now)
    return registration


@staff_required(Duty.REGISTER)
@never_cache
@require_safe
def counter_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = searched_person(request, pk)
    boxes = COUNTER.contents_for(request, person).boxes
    context = {"person": person, "has_merge": has_merged_records(person), "boxes": boxes}
    return render(request, "accounts/counter_person.html", context)


@staff_required(Duty.REGISTER)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def counter_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes new card data of a known person; the portrait changes only if a new one was taken."""
    person = searched_person(request, pk)
    if request.method != "POST":
        return _card_page(request, CardForm(initial=CardForm.initial_of(person), portrait_is_kept=True), person)
    form, portrait = _bound_card_form(request, portrait_is_kept=True)
    if not form.is_valid():
        return _card_page(request, form, person)
    by, now = user_of(request), timezone.now()
    write = partial(update_card, person, card=form.card(), portrait=portrait, by=by, office=_office_of(by), now=now)
    return _written(request, form, person, write)


def _written(
    request: HttpRequest, form: CardForm, person: Person | None, write: Callable[[], Registration]
) -> HttpResponse:
    """Shows the form again, with the reasons, where the card is refused."""
    try:
        registration = write()
    except Refused as refused:
        for known in refused.findings:
            if known.code == FORMER_NUMBER and known.cure:  # the clerk holds a card of this person
                open_page(request, person_with_registration(int(str(known.cure.kwargs["pk"]))))
        return _card_page(request, form, person, refused.findings)
    return _registered(request, registration)


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def counter_reset(request: HttpRequest, pk: int) -> HttpResponse:
    person = searched_person(request, pk)
    if request.method != "POST":
        return render(request, "accounts/counter_reset.html", {"person": person})
    try:
        password = reset_password(person, by=user_of(request))
    except Refused as refused:
        context = {"person": person, "refusals": refused.findings}
        return render(request, "accounts/counter_person.html", context, status=409)
    one_time_password_receipt.keep(request, person, password)
    return redirect("accounts:counter_receipt", person.pk)


@staff_required(Duty.REGISTER)
@never_cache
@require_safe
def counter_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the receipt for printing. The one-time password is shown the first time only."""
    person = searched_person(request, pk)
    context = {
        "person": person,
        "password": one_time_password_receipt.take(request, person, one_time_password_receipt.Form.PAGE),
        "has_pdf": one_time_password_receipt.is_kept(request, person, one_time_password_receipt.Form.PDF),
        "office": _office_of(user_of(request)),
        "login_url": _login_url(),
    }
    return render(request, "accounts/counter_receipt.html", context)


@staff_required(Duty.REGISTER)
@never_cache
@require_POST
def counter_receipt_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers a POST only, because a browser that loads links ahead would use up the password."""
    person = searched_person(request, pk)
    password = one_time_password_receipt.take(request, person, one_time_password_receipt.Form.PDF)
    if password is None:
        return redirect("accounts:counter_receipt", person.pk)
    receipt = receipt_pdf.Receipt(
        name=person.name,
        id_number=mask_id_number(person.id_number),
        office=_office_of(user_of(request)).name,
        at=timezone.now(),
        login_url=_login_url(),
        password=password,
    )
    audit.record("print_receipt", by=user_of(request), about=person, request=request)
    return content_to_save(receipt_pdf.render(receipt), name="receipt.pdf", content_type="application/pdf")


def _login_url() -> str:
    """Answers the public address, because a clerk may work under an address of the office's own network."""
    return f"{settings.PUBLIC_BASE_URL}{reverse('accounts:login')}"


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def counter_name(request: HttpRequest, pk: int) -> HttpResponse:
    person = searched_person(request, pk)
    form = NameForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            confirm_name(person, **form.cleaned_data, by=user_of(request), now=timezone.now())
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, "姓名已核实，待核实状态已解除。")
            return redirect("accounts:counter_person", person.pk)
    context = {"person": person, "form": form, "refusals": refusals, "held": open_held_card(person)}
    return render(request, "accounts/counter_name.html", context, status=400 if form.is_bound else 200)


@staff_required(Duty.REGISTER)
@require_safe
def counter_portrait(request: HttpRequest, pk: int) -> HttpResponse:
    person = searched_person(request, pk)
    audit.record("view_portrait", by=user_of(request), about=person, request=request)
    return picture(person.portrait)


@staff_required(Duty.REGISTER)
@require_safe
def counter_held_portrait(request: HttpRequest, pk: int) -> HttpResponse:
    person = searched_person(request, pk)
    held = open_held_card(person)
    if held is None:
        raise Http404("没有待核实的身份证")
    audit.record("view_portrait", by=user_of(request), about=held, request=request)
    return picture(held.portrait)


def open_page(request: HttpRequest, person: Person) -> None:
    searched = [pk for pk in request.session.get(_SEARCHED, []) if pk != person.pk]
    request.session[_SEARCHED] = [*searched, person.pk][-_KEPT_SEARCHES:]


def searched_person(request: HttpRequest, pk: int) -> Person:
    if pk not in request.session.get(_SEARCHED, []):
        raise Http404("请先按身份证号码查询")
    person = person_with_registration(pk)
    if person.merged_into_id is not None:
        raise Http404("这份登记已并入另一份，请按保留的身份证号码查询")
    return person


def _office_of(user: User) -> Office:
    if user.office is None:
        raise TypeError("staff have an office, by constraint")
    return user.office


def _bound_card_form(request: HttpRequest, *, portrait_is_kept: bool = False) -> tuple[CardForm, bytes | None]:
    """A portrait that can be read survives a failed submit: it is kept until the form passes."""
    slot = _portrait_slot(request.POST.get("id_number", ""))
    kept = temporary_uploads.read(request, slot) if slot else None
    form = CardForm(request.POST, request.FILES, portrait_is_kept=portrait_is_kept or kept is not None)
    form.full_clean()
    upload = form.cleaned_data.get("portrait")
    if upload is None:
        return form, kept
    data: bytes = upload.read()
    try:
        clean_portrait(data)
    except ValidationError as error:
        form.add_error("portrait", error)
        return form, None
    if slot:
        temporary_uploads.keep(request, slot, data)
    return form, data


def _portrait_slot(id_number: str) -> str | None:
    """The slot follows from the number, so that two forms open side by side never exchange their portraits."""
    try:
        return f"portrait_{id_number_index(normalise_id_number(id_number))[:24]}"
    except ValidationError:
        return None


def _card_page(
    request: HttpRequest, form: CardForm, person: Person | None, refusals: tuple[Finding, ...] = ()
) -> HttpResponse:
    slot = _portrait_slot(str(form["id_number"].value() or ""))
    context = {
        "form": form,
        "person": person,
        "refusals": refusals,
        "kept_portrait": _kept_portrait(request, slot),
        "converted": _is_converted(request),
    }
    return render(request, "accounts/counter_card.html", context, status=400 if form.is_bound else 200)


def _is_converted(request: HttpRequest) -> bool:
    """The clerk typed the 15 digits of an old card, and the page has to explain the longer number in the form."""
    return bool(re.fullmatch("[0-9]{15}", even_id_number(request.POST.get("id_number", ""))))


def _kept_portrait(request: HttpRequest, slot: str | None) -> dict[str, object] | None:
    """Answers the values for `ui/upload.html`."""
    data = temporary_uploads.read(request, slot) if slot else None
    return {"name": "人像", "size": len(data), "url": ""} if data is not None else None


def _registered(request: HttpRequest, registration: Registration) -> HttpResponse:
    person = registration.person
    if slot := _portrait_slot(person.id_number):
        temporary_uploads.drop(request, slot)
    open_page(request, person)
    for finding in registration.findings:
        messages.warning(request, f"{finding.message}。{finding.detail}")
    if registration.held is not None:
        return redirect("accounts:counter_person", person.pk)
    if registration.password is None:
        messages.success(request, f"{person.name}此前已登记，身份证信息已更新，原账号和密码不变。")
        return redirect("accounts:counter_person", person.pk)
    one_time_password_receipt.keep(request, person, registration.password)
    return redirect("accounts:counter_receipt", person.pk)
