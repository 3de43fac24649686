"""Logs in to the phone pages by ID number and face, and resets a forgotten password the same way.

Where a face does not suffice (`verification.assurance`), the login asks for the password too, and the reset for a
code.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import sessions
from accounts.access.decorators import public
from accounts.access.requests import posted
from accounts.credentials.password import authenticate_person
from accounts.enums import FacePurpose
from accounts.login import admission
from accounts.login.views import person_refusal
from accounts.models import Person
from accounts.people.selectors import person_by_id_number
from accounts.verification.assurance import face_suffices, is_demonstration_only
from accounts.verification.available_methods import has_withdrawn, takes_frames
from accounts.verification.consent import give_consent
from accounts.verification.face_tries import FaceTries
from accounts.verification.services import LoginAnswer, check_login
from accounts.verification.views_frames import frames_of, nonce_of, wait_of
from common.findings import Finding, Refused
from common.web.errors import too_many_requests

from .forms import FaceLoginForm, FacePasswordForm

_NO_FRAMES = Finding("face.by_page", "这里不能用人脸登录", "请用密码登录，办理事项时再进行人脸识别。", turn="本人")


@public
@never_cache
@sensitive_post_parameters("id_number", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def face_login(request: HttpRequest) -> HttpResponse:
    return _by_face(request, FacePurpose.LOGIN)


@public
@never_cache
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "HEAD", "POST"])
def face_reset(request: HttpRequest) -> HttpResponse:
    """忘记密码: resets a forgotten password."""
    return _by_face(request, FacePurpose.RESET)


def _by_face(request: HttpRequest, purpose: FacePurpose) -> HttpResponse:
    form = _form_class(purpose)(posted(request))
    if not form.is_valid():
        return _page(request, purpose, form)
    if wait := wait_of(request, None):
        return too_many_requests(request, wait)
    if isinstance(form, FacePasswordForm):
        attempt = authenticate_person(
            request, id_number=form.cleaned_data["id_number"], password=form.cleaned_data["password"]
        )
        if attempt.user is None:
            status = 429 if attempt.is_locked or attempt.is_throttled else 400
            return _page(request, purpose, form, (person_refusal(attempt),), status=status)
    id_number: str = form.cleaned_data["id_number"]
    person = person_by_id_number(id_number)
    if person is not None and (person.user is None or not person.user.is_active or has_withdrawn(person)):
        person = None  # answered like a number that nobody has
    tries = FaceTries.of(request, id_number, person)
    if refusal := tries.count():
        return _page(request, purpose, form, (refusal,), status=429)
    answer = _ask(request, purpose, person)
    if not answer.counts:
        tries.give_back()
    if not answer.accepted or person is None or person.user is None:
        return _page(request, purpose, form, answer.findings)
    # The consent on the page counts once it is known whose it was.
    give_consent(person, by=person.user, now=timezone.now())
    return admission.admit(request, person.user, _door(purpose))


def _form_class(purpose: FacePurpose) -> type[FaceLoginForm]:
    """A forgotten password cannot be asked for, so its reset asks for another factor afterwards."""
    return FaceLoginForm if face_suffices() or purpose == FacePurpose.RESET else FacePasswordForm


def _door(purpose: FacePurpose) -> admission.Door:
    if purpose == FacePurpose.RESET:
        return admission.RESET
    return admission.FACE if face_suffices() else admission.PASSWORD_AND_FACE


def _ask(request: HttpRequest, purpose: FacePurpose, person: Person | None) -> LoginAnswer:
    try:
        nonce = nonce_of(request, request.POST.get("nonce", ""))
        return check_login(person, purpose=purpose, nonce=nonce, frames=frames_of(request), now=timezone.now())
    except Refused as refused:
        return LoginAnswer(False, refused.findings)


def _page(
    request: HttpRequest, purpose: FacePurpose, form: FaceLoginForm, refusals: object = (), *, status: int = 400
) -> HttpResponse:
    context = {
        "form": form,
        "refusals": refusals if takes_frames() else (_NO_FRAMES,),
        "takes_frames": takes_frames(),
        "purpose": purpose.value,
        "is_reset": purpose == FacePurpose.RESET,
        "face_suffices": face_suffices(),
        "is_demonstration_way": is_demonstration_only(),
        "next": sessions.safe_next(request),
    }
    return render(request, "accounts/face_login.html", context, status=status if form.is_bound else 200)
