"""Takes a passkey as the second verification."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access.decorators import person_required
from accounts.access.destinations import onward
from accounts.access.requests import user_of
from accounts.credentials import passkeys
from administration.throttle import Limit, seconds_to_wait
from common.web.errors import too_many_requests
from common.web.methods import require_POST

from .views import go_on, methods_page

TRIES = Limit("passkey", 30)
"""The unit is tries of one account; a signature cannot be guessed, so this only spares the processor."""


@person_required
@never_cache
@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if seconds_to_wait(TRIES, f"user:{user.pk}"):
        return JsonResponse({"error": "操作太频繁，请10分钟后再试。"}, status=429)
    if not passkeys.has_usable(user.pk):
        return JsonResponse({"error": "您没有可用的通行密钥，请改用其他方式验证。"}, status=409)
    return JsonResponse(passkeys.begin_verifying(request, user))


@person_required
@never_cache
@sensitive_post_parameters("answer")
@require_POST
def verify_passkey(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if wait := seconds_to_wait(TRIES, f"user:{user.pk}"):
        return too_many_requests(request, wait)
    if not request.POST.get("answer"):
        return onward(request, "accounts:mobile_verify")
    finding = passkeys.verify(request, user, answer=request.POST["answer"], now=timezone.now())
    return methods_page(request, [finding]) if finding else go_on(request, passkeys.METHOD)
