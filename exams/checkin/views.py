"""Shows the organiser the exam day of a batch, and the link by which a room checks people in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from common.findings import Finding, Refused
from common.printing.qr import svg_path
from common.web.ids import id_of
from exams.models import CheckInLink, ExamBatch
from exams.permissions import why_not_record
from exams.selectors import batch_to_record
from workflow.actors import Actor
from workflow.request_actor import actor_for

from .day import RoomLine, excused, not_there, room_lines, seat_lines, stages, strangers_of, without_result
from .links import make_link, revoke_link
from .room_list import place_of

HOLDERS = (Duty.ORGANISE, Duty.DECIDE)


@staff_required(HOLDERS)
@never_cache
@require_safe
def day(request: HttpRequest, pk: int) -> HttpResponse:
    """`?room=` names the room that is shown seat by seat; the first one otherwise."""
    actor = actor_for(request)
    batch, now = batch_to_record(actor, pk), timezone.now()
    lines = room_lines(batch)
    shown = _shown(lines, request.GET.get("room"))
    lacking, lacking_count = without_result(batch, now=now)
    awaited, awaited_count = not_there(lines)
    going_on = [line for line in lines if line.is_on]
    may_record = why_not_record(actor, batch, today=timezone.localdate(now)) is None
    context = {
        "batch": batch,
        "lines": lines,
        "stages": stages(batch, lines, now=now),
        "shown": shown,
        "seats": seat_lines(shown.room) if shown else [],
        "has_begun": any(line.room.starts_at <= now for line in lines),
        "is_over": any(line.is_over for line in lines),
        "is_on": bool(going_on),
        "awaited": awaited,
        "awaited_count": awaited_count,
        "expected": sum(line.seated for line in going_on),
        "here": sum(line.present for line in going_on),
        "is_open": shown is not None and CheckInLink.opens(shown.room) <= now,
        "lacking": lacking,
        "lacking_count": lacking_count,
        "excused": excused(lacking),
        "settled": sum(line.settled for line in lines),
        "seated": sum(line.seated for line in lines),
        "strangers": strangers_of(batch),
        "may_record": may_record,
        "may_upload": may_record and Duty.ORGANISE in actor.duties,
    }
    return render(request, "exams/day.html", context)


def _shown(lines: list[RoomLine], wanted: str | None) -> RoomLine | None:
    room_id = id_of(wanted)
    return next((line for line in lines if line.room.pk == room_id), lines[0] if lines else None)


@staff_required(HOLDERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, pk: int, room: int) -> HttpResponse:
    actor = actor_for(request)
    batch = batch_to_record(actor, pk)
    line = next((line for line in room_lines(batch) if line.room.pk == room), None)
    if line is None:
        raise Http404("没有这个考场")
    if request.method != "POST":
        return _link_page(request, batch, line)
    try:
        _act(request, line, actor)
    except Refused as refused:
        return _link_page(request, batch, line, refused.findings)
    return redirect("exams:check_in_link", pk, room)


def _act(request: HttpRequest, line: RoomLine, actor: Actor) -> None:
    if request.POST.get("action") == "revoke":
        revoke_link(line.room.pk, by=actor)
        messages.success(request, "链接已停用。打开过它的手机不能再签到，也不能再上传。")
    else:
        make_link(line.room.pk, by=actor)
        messages.success(request, "签到链接已生成。" + ("原来的链接不能再用。" if line.link else ""))


def _link_page(
    request: HttpRequest, batch: ExamBatch, line: RoomLine, refusals: tuple[Finding, ...] = ()
) -> HttpResponse:
    context: dict[str, object] = {"batch": batch, "line": line, "refusals": refusals, "place": place_of(line.room)}
    context |= {"opens": CheckInLink.opens(line.room), "closes": CheckInLink.closes(line.room)}
    context["merges_until"] = CheckInLink.merges_until(line.room)
    if line.link is not None:
        address = request.build_absolute_uri(reverse("exams:check_in", args=[line.link.token]))
        path, side = svg_path(address)
        context |= {"address": address, "qr_side": side, "qr_path": path}
    return render(request, "exams/check_in_link.html", context, status=409 if refusals else 200)
