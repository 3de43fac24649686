"""Shows the check-in page of one room at its door: with a script it works without a network, without one by a form."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import public
from accounts.photo.pictures import picture
from administration.throttle import Limit, seconds_to_wait
from common.findings import Finding, Refused
from common.web.errors import too_many_requests
from common.web.methods import require_POST
from common.web.middleware import client_address
from common.web.workers import worker_response
from exams.enums import CheckInKind
from exams.models import CheckInLink, ExamSeat

from .findings import ENDED, REVOKED, TOO_EARLY, UNKNOWN
from .forms import MALFORMED, CheckInForm, read_merge
from .merging import Device, Said, merge_check_ins, why_not_merge
from .room_list import list_of, place_of, state_of
from .selectors import Presence, link_by_token, live_seats, presence_of_seats, seat_here, seat_ids

UNKNOWN_LINKS = Limit("check_in_unknown", 60)
"""A token has 192 bits; the limit keeps programs that guess from costing anything."""
SCRIPT = "js/exam_check_in_worker.js"
SCOPE = "/checkin/"


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker lies at the root of its scope, because a browser gives it no other."""
    return worker_response(SCRIPT)


@public
@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows no names, because programs that preview a link would see them."""
    link, finding = _opened(token)
    if link is None and (wait := seconds_to_wait(UNKNOWN_LINKS, client_address(request))):
        return too_many_requests(request, wait)
    if link is None or finding == TOO_EARLY:
        return render(request, "exams/check_in_closed.html", {"findings": [finding]}, status=409 if link else 404)
    context: dict[str, object] = {"link": link, "room": link.session_room, "token": token}
    context["place"] = place_of(link.session_room)
    if finding is not None:
        # With its script: a device may still have to send something.
        return _page(request, context | {"over": [finding]}, status=410)
    try:
        return _form(request, link, context)
    except Refused as refused:
        return _page(request, context | {"over": refused.findings}, status=410)


def _form(request: HttpRequest, link: CheckInLink, context: dict[str, object]) -> HttpResponse:
    """The number finds the seat; what is said about it comes with the second form."""
    form = CheckInForm(request.POST if request.method == "POST" else None)
    context["form"] = form
    if not form.is_valid():
        return _page(request, context, status=400 if form.is_bound else 200)
    seat = _seat(link, form.cleaned_data["number"])
    if seat is None:
        form.add_error("number", "本考场没有这个准考证号或座位号。请核对考场号，不在本考场的请去准考证上的考场。")
        return _page(request, context, status=400)
    kind = request.POST.get("kind", "")
    if kind in (CheckInKind.PRESENT, CheckInKind.STRANGER):
        context["done"] = _say(link, seat, CheckInKind(kind), form.cleaned_data["by_name"], request.POST.get("key", ""))
        context["form"] = CheckInForm(initial={"by_name": form.cleaned_data["by_name"]})
        return _page(request, context)
    context |= {"seat": seat, "key": uuid.uuid4(), "presence": presence_of_seats([seat.pk]).get(seat.pk, Presence())}
    return _page(request, context)


def _page(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    response = render(request, "exams/check_in.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _say(link: CheckInLink, seat: ExamSeat, kind: CheckInKind, by_name: str, key: str) -> str:
    """The page made the key, so that a form that is sent twice counts once. Each page is a device of its own."""
    now = timezone.now()
    try:
        one = uuid.UUID(key)
    except ValueError:
        one = uuid.uuid4()
    merge_check_ins(link.pk, [Said(one, seat.pk, kind, now)], device=Device(one, by_name), now=now)
    words = "已签到" if kind == CheckInKind.PRESENT else "已记录“不是本人”，没有签到"
    return f"{seat.number:02d}号 {seat.entry.person.name}：{words}。"


def _seat(link: CheckInLink, number: str) -> ExamSeat | None:
    for seat in live_seats(link.session_room):
        if number in (seat.candidate_number, str(seat.number), f"{seat.number:02d}"):
            return seat
    return None


@public
@never_cache
@sensitive_variables("token")
@require_POST
def room_list(request: HttpRequest, token: str) -> JsonResponse:
    link, finding = _opened(token)
    if link is None or finding is not None:
        return _refusal([finding or UNKNOWN])
    answer = list_of(link, token, now=timezone.now())
    return JsonResponse(answer | {"csrf": get_token(request)})


@public
@never_cache
@sensitive_variables("token")
@require_POST
def merge(request: HttpRequest, token: str) -> JsonResponse:
    """Answers what was taken, and what other devices have said meanwhile."""
    link = link_by_token(token)
    now = timezone.now()
    if link is None:
        return _refusal([UNKNOWN])
    try:
        device, said = read_merge(_body_of(request), now=now)
        merged = merge_check_ins(link.pk, said, device=device, now=now)
    except Refused as refused:
        return _refusal(refused.findings)
    is_shown = now <= CheckInLink.closes(link.session_room)
    seats = seat_ids(link.session_room) if is_shown else ()
    return JsonResponse({"taken": merged.taken, "elsewhere": merged.elsewhere, "state": state_of(seats)})


def _body_of(request: HttpRequest) -> bytes:
    """Raises Refused where the body is a form, which was read when its CSRF token was looked for."""
    try:
        return request.body
    except RawPostDataException as error:
        raise Refused(MALFORMED) from error


@public
@never_cache
@sensitive_variables("token")
@require_safe
def photo(request: HttpRequest, token: str, seat: int) -> HttpResponse:
    link, finding = _opened(token)
    if link is None or finding is not None:
        raise Http404("没有图片")
    found = seat_here(link.session_room, seat)
    if found is None:
        raise Http404("没有图片")
    return picture(found.entry.person.id_photo_small)


def _opened(token: str) -> tuple[CheckInLink | None, Finding | None]:
    """Answers the link, and why its list is not shown."""
    link = link_by_token(token)
    if link is None:
        return None, UNKNOWN
    now = timezone.now()
    if finding := why_not_merge(link, link.session_room, now):
        return link, finding
    return link, ENDED if now > CheckInLink.closes(link.session_room) else None


def _refusal(findings: Sequence[Finding]) -> JsonResponse:
    """A device that reads `ended` forgets its list; what it has not sent it keeps and shows."""
    ended = any(one in (REVOKED, ENDED, UNKNOWN) for one in findings)
    words = " ".join(f"{one.message}。{one.detail}" for one in findings)
    status = 410 if ended else 409 if TOO_EARLY in findings else 400
    return JsonResponse({"ended": ended, "message": words}, status=status)
