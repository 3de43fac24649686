"""Shows the admit card to its person, and hands papers out to enterprises and the organiser."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import operator_required, person_required, staff_required
from accounts.access.requests import person_of
from accounts.access.rights import Right, post_needs
from accounts.enums import Duty
from administration.parameters.book import ParameterBook
from common.findings import Finding, Refused
from common.printing.qr import svg_path
from common.web.downloads import content_to_save
from common.web.methods import require_POST
from enterprises.ca_login.backend import enterprise_of
from exams.enums import Paper
from exams.models import PaperOrder
from exams.selectors import batch_to_record
from workflow.request_actor import actor_for

from .orders import is_at_work, is_outdated, order_papers, take_papers
from .printing import print_cards, rules_of, site_of
from .selectors import batch_of_cards, batches_with_seats, paper_order_of, room_to_print, seat_of_person
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
    context = {"enterprise": enterprise, "batches": batches_with_seats(enterprise.pk, localdate())}
    return render(request, "exams/enterprise_cards.html", context)


@operator_required
@post_needs(Right.READ)
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


@staff_required((Duty.ORGANISE, Duty.DECIDE))
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Orders all lists of a batch, and shows how far the work is."""
    actor = actor_for(request)
    batch = batch_to_record(actor, pk)
    refusals: tuple[Finding, ...] = ()
    if request.method == "POST":
        try:
            order_papers(batch.pk, by=actor)
        except Refused as refused:
            refusals = refused.findings
        else:
            return redirect("exams:papers", pk=pk)
    order = paper_order_of(batch)
    context = {
        "batch": batch,
        "order": order,
        "is_outdated": order is not None and is_outdated(order),
        "progress": _progress(order) if order else None,
        "refusals": refusals,
    }
    return render(request, "exams/papers.html", context, status=409 if refusals else 200)


def _progress(order: PaperOrder) -> dict[str, object]:
    is_running = is_at_work(order)
    return {
        "id": "exam-papers",
        "label": "门贴、考场名册、签到表",
        "done": order.done,
        "total": order.total,
        "running": is_running,
        "failed": order.made_at is None and not is_running,
        "note": "" if order.made_at or is_running else "没有生成成功，请重新生成；仍不成功的，请联系系统管理员。",
        "result_url": reverse("exams:papers_file", args=[order.batch_id]) if order.file else "",
        "result_label": "下载",
    }


@staff_required((Duty.ORGANISE, Duty.DECIDE))
@require_safe
def papers_file(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_for(request)
    order = paper_order_of(batch_to_record(actor, pk))
    if order is None or not order.file:
        raise Http404("还没有生成材料")
    return content_to_save(take_papers(order, by=actor), name=f"exam-papers-{pk}.zip", content_type="application/zip")


def pdf(content: bytes, name: str) -> HttpResponse:
    return content_to_save(content, name=name, content_type="application/pdf")
