"""Shows the admit card to its person, and hands papers out to enterprises and the organiser."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from accounts.access.decorators import operator_required, person_required, staff_required
from accounts.access.requests import person_of
from accounts.enums import Duty
from administration.parameters.book import ParameterBook
from common.printing.qr import svg_path
from common.web.methods import require_POST
from enterprises.ca_login.backend import enterprise_of
from exams.enums import Paper
from workflow.request_actor import actor_for

from .printing import print_cards, rules_of, site_of
from .selectors import batch_of_cards, batches_with_seats, room_to_print, seat_of_person
from .services import take_cards_of_enterprise, take_room_paper


@person_required
@require_safe
def admit_card(request: HttpRequest, pk: int) -> HttpResponse:
    """Serves in place of the paper: time, room, seat and the code for the check-in on a telephone."""
    seat = seat_of_person(person_of(request).pk, pk)
    path, side = svg_path(seat.code)
    context = {
        "seat": seat,
        "entry": seat.entry,
        "room": seat.session_room,
        "site": site_of(seat.session_room),
        "rules": rules_of(seat.entry.batch, ParameterBook.load()),
        "qr_path": path,
        "qr_side": side,
    }
    return render(request, "exams/admit_card.html", context)


@person_required
@require_safe
def admit_card_file(request: HttpRequest, pk: int) -> HttpResponse:
    seat = seat_of_person(person_of(request).pk, pk)
    content = print_cards([seat], title=f"准考证 {seat.candidate_number}", day=localdate())
    return pdf(content, f"admit-card-{seat.candidate_number}.pdf")


@operator_required
@require_safe
def enterprise_cards(request: HttpRequest) -> HttpResponse:
    enterprise = enterprise_of(request)
    context = {"enterprise": enterprise, "batches": batches_with_seats(enterprise.pk)}
    return render(request, "exams/enterprise_cards.html", context)


@operator_required
@require_POST
def enterprise_cards_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST, because who takes cards with full numbers is noted."""
    batch = batch_of_cards(enterprise_of(request).pk, pk)
    content, _ = take_cards_of_enterprise(batch, by=actor_for(request), now=now())
    return pdf(content, f"admit-cards-{pk}.pdf")


@staff_required((Duty.ORGANISE, Duty.DECIDE))
@require_POST
def room_paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A POST, because who takes names and photos is noted."""
    if kind not in Paper.values:
        raise Http404("没有这种材料")
    actor = actor_for(request)
    content = take_room_paper(room_to_print(actor, pk), Paper(kind), by=actor, now=now())
    return pdf(content, f"{kind}-{pk}.pdf")


def pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
