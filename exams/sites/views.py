"""Shows the pages on which an office keeps its sites and their rooms."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import staff_required
from accounts.access.requests import posted
from common.dates import chinese_datetime
from common.findings import Finding, Refused
from common.forms import said_at_fields
from common.web.paging import paginate
from exams.models import ExamSite
from workflow.request_actor import actor_for

from . import services
from .forms import ChangedRoomForm, ChangedSiteForm, RoomForm, SiteForm
from .permissions import KEEPERS
from .selectors import coming_uses, room_for, rooms_of, site_for, sites_for

NOTHING: tuple[Finding, ...] = ()


@staff_required(KEEPERS)
@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    page = paginate(sites_for(actor_for(request)), order=("name",), cursor=request.GET.get("cursor"))
    rooms = rooms_of([one.pk for one in page.items])
    rows = []
    for one in page.items:
        usable = [room for room in rooms.get(one.pk, []) if room.is_active]
        rows.append({"site": one, "rooms": len(usable), "seats": sum(room.seats for room in usable)})
    return render(request, "exams/sites.html", {"page": page, "rows": rows})


@staff_required(KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def site_new(request: HttpRequest) -> HttpResponse:
    form, refusals = SiteForm(posted(request)), NOTHING
    if form.is_valid():
        try:
            made = services.create_site(ExamSite(**form.values()), by=actor_for(request))
        except Refused as refused:
            refusals = said_at_fields(form, refused.findings)
        else:
            messages.success(request, "考点已登记。接着登记可以用作考场的房间。")
            return redirect("exams:site", pk=made.pk)
    return _form_page(request, form, refusals, None, "登记考点")


@staff_required(KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def site_change(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_for(request)
    found = site_for(actor, pk)
    kept = {name: getattr(found, name) for name in ("name", "address", "directions", "phone", "is_active")}
    form, refusals = ChangedSiteForm(posted(request), initial=kept | {"region": found.region_id}), NOTHING
    if form.is_valid():
        try:
            services.change_site(pk, by=actor, **form.values())
        except Refused as refused:
            refusals = said_at_fields(form, refused.findings)
        else:
            messages.success(request, "考点已修改。")
            return redirect("exams:site", pk=pk)
    return _form_page(request, form, refusals, found, "修改考点")


@staff_required(KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST adds a room."""
    actor = actor_for(request)
    found = site_for(actor, pk)
    form, refusals = RoomForm(posted(request)), NOTHING
    if form.is_valid():
        try:
            room = services.add_room(pk, by=actor, **form.cleaned_data)
        except Refused as refused:
            refusals = said_at_fields(form, refused.findings)
        else:
            messages.success(request, f"已登记{room.name}，{room.seats} 个座位。")
            return redirect("exams:site", pk=pk)
    rooms = rooms_of([pk]).get(pk, [])
    context = {
        "site": found,
        "facts": _facts(found),
        "rooms": rooms,
        "seats": sum(room.seats for room in rooms if room.is_active),
        "uses": coming_uses(rooms, now=now()),
        "form": form,
        "refusals": refusals,
    }
    return render(request, "exams/site.html", context, status=_status(form, refusals))


def _facts(found: ExamSite) -> list[tuple[str, object]]:
    return [
        ("考试机构", found.office.name),
        ("所在地区", found.region.name),
        ("地址", found.address),
        ("怎么到", found.directions),
        ("服务电话", found.phone),
        ("登记时间", chinese_datetime(found.created_at)),
    ]


@staff_required(KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def room_change(request: HttpRequest, room: int) -> HttpResponse:
    actor = actor_for(request)
    found = room_for(actor, room)
    kept = {"name": found.name, "seats": found.seats, "is_active": found.is_active}
    form, refusals = ChangedRoomForm(posted(request), initial=kept), NOTHING
    if form.is_valid():
        try:
            services.change_room(room, by=actor, **form.cleaned_data)
        except Refused as refused:
            refusals = said_at_fields(form, refused.findings)
        else:
            messages.success(request, "房间已修改。")
            return redirect("exams:site", pk=found.site_id)
    return _form_page(request, form, refusals, found.site, f"修改房间：{found.name}")


def _form_page(
    request: HttpRequest, form: forms.Form, refusals: tuple[Finding, ...], of: ExamSite | None, title: str
) -> HttpResponse:
    context = {"form": form, "refusals": refusals, "site": of, "title": title}
    return render(request, "exams/site_form.html", context, status=_status(form, refusals))


def _status(form: forms.Form, refusals: tuple[Finding, ...]) -> int:
    """A refusal that stands at its field leaves the form invalid."""
    return 409 if refusals else 400 if form.is_bound else 200
