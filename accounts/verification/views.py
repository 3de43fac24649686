"""Shows the pages of the second verification: by face, by a code from the counter, or by a clerk's approval."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import sessions
from accounts.access.decorators import person_required
from accounts.access.destinations import destination, onward
from accounts.access.home_addresses import PHONE_PAGES
from accounts.access.requests import person_of, posted, user_of
from accounts.credentials import reset_waits, totp
from accounts.credentials.forms import CodeForm
from accounts.credentials.lockouts import source_of
from accounts.enums import FacePurpose, FaceResult
from accounts.models import FaceCheck, Person, User
from accounts.people.selectors import registration_points_near
from accounts.verification.assurance import BY_FACE_ALONE, face_suffices
from accounts.verification.configured import verifier
from accounts.verification.contract import RedirectVerifier, Subject
from accounts.verification.verdicts import ProviderFailed
from administration.throttle import Limit, seconds_to_wait
from common.findings import Finding, Refused
from common.web.errors import too_many_requests
from common.web.methods import require_POST
from common.web.middleware import client_address

from . import messages as words
from .available_methods import available_methods_of, has_consent, may_use_totp, takes_frames
from .challenges import issue_challenge, take_challenge
from .consent import give_consent, withdraw_consent
from .counter_codes import use_counter_code
from .forms import CounterCodeForm, FacePhotoForm
from .reviews import use_approval
from .services import check_face, check_page, check_photo, portrait_of
from .views_frames import frames_of, nonce_of, remember_nonce, wait_of

HOME = PHONE_PAGES
CODES = Limit("counter_code", 5)
"""The unit is tries of one account; a code has eight digits."""
CODES_OF_ADDRESS = Limit("counter_code_address", 60)
WRONG_CODE = Finding(
    "verify.code",
    "核验码不正确、已使用或已过期",
    "核验码只能使用一次。请对照回执重新输入；需要新的，请携带身份证到就近的登记点。",
    turn="本人",
    cure=words.POINTS,
)


@person_required
@never_cache
@sensitive_post_parameters("code", "totp-code")
@require_http_methods(["GET", "HEAD", "POST"])
def mobile_verify(request: HttpRequest) -> HttpResponse:
    """Offers the methods and takes codes."""
    by_totp = "totp-code" in request.POST
    totp_form = CodeForm(posted(request) if by_totp else None, prefix="totp")
    form = CounterCodeForm(None if by_totp else posted(request))
    finding = None
    if totp_form.is_valid():
        finding = _totp_refusal(request, totp_form.cleaned_data["code"])
        if finding is None:
            return go_on(request, "totp")
    elif form.is_valid():
        if wait := wait_for_codes(request, user_of(request)):
            return too_many_requests(request, wait)
        if use_counter_code(person_of(request), form.cleaned_data["code"], now=timezone.now()):
            return go_on(request, "counter_code")
        finding = WRONG_CODE
    return methods_page(request, [finding] if finding else [], form=form, totp_form=totp_form)


def methods_page(
    request: HttpRequest,
    refusals: list[Finding],
    *,
    form: CounterCodeForm | None = None,
    totp_form: CodeForm | None = None,
) -> HttpResponse:
    person = person_of(request)
    methods = available_methods_of(person, now=timezone.now())
    context = {
        "form": form or CounterCodeForm(),
        "totp_form": totp_form or CodeForm(prefix="totp"),
        "refusals": refusals,
        "methods": methods,
        "wait": reset_waits.wait_in(request),
        "face_closed": _face_closed(request),
        "points": [] if methods.has_own_way else registration_points_near(person),
        "next": sessions.safe_next(request),
    }
    return render(request, "accounts/mobile_verify.html", context, status=400 if request.method == "POST" else 200)


def _face_closed(request: HttpRequest) -> Finding | None:
    """In a session that a face alone has opened, a second face would be the same factor again."""
    is_second = face_suffices() or sessions.login_method(request) not in BY_FACE_ALONE
    return None if is_second else words.FACE_TWICE


def _totp_refusal(request: HttpRequest, code: str) -> Finding | None:
    if not may_use_totp(person_of(request)):
        return words.TOTP_UNPROVEN
    user = user_of(request)
    return totp.verify(user, code, now=timezone.now(), source=source_of(request, user.login)).finding


def wait_for_codes(request: HttpRequest, user: User) -> int:
    return max(
        seconds_to_wait(CODES, f"user:{user.pk}"),
        seconds_to_wait(CODES_OF_ADDRESS, client_address(request)),
    )


@person_required
@require_POST
def verify_approved(request: HttpRequest) -> HttpResponse:
    """Uses the approval of a clerk."""
    if not _face_closed(request) and use_approval(person_of(request), now=timezone.now()):
        return go_on(request, "face_review")
    messages.error(request, "核对结果已使用或已过期，请重新验证。")
    return onward(request, "accounts:mobile_verify")


@person_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_face(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if _face_closed(request):
        return onward(request, "accounts:mobile_verify")
    if not has_consent(person):
        return onward(request, "accounts:face_consent")
    if not takes_frames():
        return onward(request, "accounts:verify_page")
    if request.method != "POST":
        return _face_page(request, person)
    if wait := wait_of(request, user_of(request)):
        return too_many_requests(request, wait)
    return _checked(request, person, lambda: _check_frames(request, person))


def _check_frames(request: HttpRequest, person: Person) -> FaceCheck:
    nonce = nonce_of(request, request.POST.get("nonce", ""))
    return check_face(person, nonce=nonce, frames=frames_of(request), by=user_of(request), now=timezone.now())


def _checked(request: HttpRequest, person: Person, check: Callable[[], FaceCheck]) -> HttpResponse:
    try:
        found = check()
    except Refused as refused:
        return _face_page(request, person, refused.findings)
    return _answer(request, person, found)


@person_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_photo(request: HttpRequest) -> HttpResponse:
    """Takes one picture without a camera in the page, which a clerk compares."""
    person = person_of(request)
    form = FacePhotoForm(posted(request), request.FILES or None)
    if request.method != "POST" or not takes_frames() or not has_consent(person) or _face_closed(request):
        return onward(request, "accounts:verify_face")
    if wait := wait_of(request, user_of(request)):
        return too_many_requests(request, wait)
    if not form.is_valid():
        return _face_page(request, person, form=form)
    picture = form.cleaned_data["photo"].read()
    return _checked(request, person, lambda: check_photo(person, picture, by=user_of(request), now=timezone.now()))


@person_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def face_consent(request: HttpRequest) -> HttpResponse:
    """The consent is given before the first check and separately; it can be withdrawn here at any time."""
    person = person_of(request)
    if request.method != "POST":
        context = {"has_consent": has_consent(person), "next": sessions.safe_next(request)}
        return render(request, "accounts/face_consent.html", context)
    if request.POST.get("action") == "withdraw":
        withdraw_consent(person, by=user_of(request), now=timezone.now())
        messages.success(request, "已撤回同意，今后不再使用人脸识别。您仍可用窗口核验码等其他方式验证。")
        return onward(request, "accounts:mobile_verify")
    give_consent(person, by=user_of(request), now=timezone.now())
    return onward(request, "accounts:verify_face")


@person_required
@never_cache
@require_safe
def verify_page(request: HttpRequest) -> HttpResponse:
    """Shows a link to a provider's own page, since the portal's forms may not lead elsewhere."""
    person = person_of(request)
    if takes_frames() or not has_consent(person) or _face_closed(request):
        return onward(request, "accounts:verify_face")
    methods = available_methods_of(person, now=timezone.now())
    refusals = [methods.no_face] if methods.no_face else []
    address = "" if refusals else _provider_page(request, person)
    if not address and not refusals:
        refusals = [words.UNAVAILABLE]
    context = {"address": address, "refusals": refusals, "next": sessions.safe_next(request)}
    return render(request, "accounts/face_page.html", context)


def _provider_page(request: HttpRequest, person: Person) -> str:
    provider = verifier()
    portrait = portrait_of(person)
    if not isinstance(provider, RedirectVerifier) or portrait is None or wait_of(request, user_of(request)):
        return ""
    challenge = issue_challenge(purpose=FacePurpose.VERIFY, person=person, now=timezone.now())
    remember_nonce(request, challenge.nonce)
    request.session["face_next"] = sessions.safe_next(request)
    try:
        return provider.start(
            nonce=challenge.nonce,
            subject=Subject(person.name, person.id_number, portrait),
            return_url=request.build_absolute_uri(reverse("accounts:verify_return")),
        )
    except ProviderFailed:
        return ""


@person_required
@never_cache
@require_safe
def verify_return(request: HttpRequest) -> HttpResponse:
    """Receives the person from the provider's page, with the signed answer in the address."""
    person, provider = person_of(request), verifier()
    if not isinstance(provider, RedirectVerifier) or _face_closed(request):
        return onward(request, "accounts:mobile_verify")
    answer = request.GET.dict()
    try:
        nonce = nonce_of(request, answer.get("nonce", ""))
        take_challenge(nonce, purpose=FacePurpose.VERIFY, person=person, now=timezone.now())
        check = check_page(
            person,
            lambda: provider.finish(nonce=nonce, answer=answer),
            nonce=nonce,
            by=user_of(request),
            now=timezone.now(),
        )
    except Refused as refused:
        return _refused_on_return(request, refused.findings)
    if check.result == FaceResult.ACCEPTED:
        address = request.session.pop("face_next", "")
        sessions.mark_verified(request, method="face")
        return HttpResponseRedirect(address or destination(request, user_of(request), home=HOME))
    if check.result == FaceResult.REVIEW:
        return _told_review(request)
    return _refused_on_return(request, words.findings_for(FaceResult(check.result), check.problems))


def _refused_on_return(request: HttpRequest, findings: object) -> HttpResponse:
    context = {"address": "", "refusals": findings, "next": request.session.get("face_next", "")}
    return render(request, "accounts/face_page.html", context, status=400)


def _answer(request: HttpRequest, person: Person, check: FaceCheck) -> HttpResponse:
    if check.result == FaceResult.ACCEPTED:
        return go_on(request, "face")
    if check.result == FaceResult.REVIEW:
        return _told_review(request)
    return _face_page(request, person, words.findings_for(FaceResult(check.result), check.problems))


def _told_review(request: HttpRequest) -> HttpResponse:
    messages.success(request, "照片已提交，由窗口人员与登记的人像核对，结果会发到您的消息里。")
    return onward(request, "accounts:mobile_verify")


def _face_page(
    request: HttpRequest, person: Person, refusals: object = (), *, form: FacePhotoForm | None = None
) -> HttpResponse:
    context = {
        "methods": available_methods_of(person, now=timezone.now()),
        "refusals": refusals,
        "form": form or FacePhotoForm(),
        "purpose": FacePurpose.VERIFY.value,
        "next": sessions.safe_next(request),
    }
    return render(request, "accounts/face.html", context, status=400 if request.method == "POST" else 200)


def go_on(request: HttpRequest, method: str) -> HttpResponse:
    sessions.mark_verified(request, method=method)
    if method in reset_waits.CONFIRMING:
        reset_waits.confirm(request)
    return HttpResponseRedirect(destination(request, user_of(request), home=HOME))
