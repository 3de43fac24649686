"""Into the phone pages by ID number and face, as the manual says; and to a new password the same way."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import sessions
from accounts.access import public
from accounts.enums import FacePurpose
from accounts.forms import FaceLoginForm
from accounts.identity import id_number_index
from accounts.models import Person, User
from accounts.selectors import person_by_id_number
from accounts.services import check_login, give_consent, reset_password_by_face
from accounts.services.faces import LoginAnswer
from accounts.verification import words
from accounts.verification.standing import has_withdrawn, takes_frames
from administration.parameters import ParameterBook
from administration.throttle import Limit, give_back, seconds_to_wait
from jxcloud.base.errors import too_many_requests
from jxcloud.base.findings import Finding, Refused

from .face_frames import frames_of, nonce_of, wait_of
from .login import destination
from .requests import posted
from .verification import HOME

_NO_FRAMES = Finding("face.by_page", "这里不能用人脸登录", "请用密码登录，办理事项时再进行人脸识别。", turn="本人")


@public
@never_cache
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "POST"])
def face_login(request: HttpRequest) -> HttpResponse:
    return _by_face(request, FacePurpose.LOGIN)


@public
@never_cache
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "POST"])
def face_reset(request: HttpRequest) -> HttpResponse:
    """忘记密码."""
    return _by_face(request, FacePurpose.RESET)


def _by_face(request: HttpRequest, purpose: FacePurpose) -> HttpResponse:
    form = FaceLoginForm(posted(request))
    if not form.is_valid():
        return _page(request, purpose, form)
    if wait := wait_of(request, None):
        return too_many_requests(request, wait)
    id_number: str = form.cleaned_data["id_number"]
    person = person_by_id_number(id_number)
    if person is not None and (person.user is None or not person.user.is_active or has_withdrawn(person)):
        person = None  # answered like a number that nobody has
    limit = _tries()
    # By number, known or not: who tries learns nothing from being stopped.
    source = f"face:{id_number_index(id_number)}"
    if seconds_to_wait(limit, source):
        return _page(request, purpose, form, (words.LOGIN_CLOSED,), status=429)
    answer = _ask(request, purpose, person)
    if not answer.counts:
        give_back(limit, source)
    if not answer.accepted or person is None or person.user is None:
        return _page(request, purpose, form, answer.findings)
    return _enter(request, purpose, person, person.user)


def _ask(request: HttpRequest, purpose: FacePurpose, person: Person | None) -> LoginAnswer:
    try:
        nonce = nonce_of(request, request.POST.get("nonce", ""))
        return check_login(person, purpose=purpose, nonce=nonce, frames=frames_of(request), now=timezone.now())
    except Refused as refused:
        return LoginAnswer(False, refused.findings)


def _enter(request: HttpRequest, purpose: FacePurpose, person: Person, user: User) -> HttpResponse:
    # The tick on the page, once it is known whose it was.
    give_consent(person, by=user, now=timezone.now())
    if purpose == FacePurpose.RESET:
        reset_password_by_face(user)
    sessions.log_in(request, user, method=f"face_{purpose}")
    return HttpResponseRedirect(destination(request, user, home=HOME))


def _tries() -> Limit:
    times = ParameterBook.load().integer("face_tries", timezone.localdate())
    return Limit("face_login", times, timedelta(days=1))


def _page(
    request: HttpRequest, purpose: FacePurpose, form: FaceLoginForm, refusals: object = (), *, status: int = 400
) -> HttpResponse:
    context = {
        "form": form,
        "refusals": refusals if takes_frames() else (_NO_FRAMES,),
        "takes_frames": takes_frames(),
        "purpose": purpose.value,
        "is_reset": purpose == FacePurpose.RESET,
        "next": sessions.safe_next(request),
    }
    return render(request, "accounts/face_login.html", context, status=status if form.is_bound else 200)
