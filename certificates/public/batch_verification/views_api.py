"""Answers other systems that verify certificates with a key (docs/batch-verification.md): JSON, no session, no cookie."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access.decorators import public
from administration.throttle import seconds_to_wait
from certificates.models import VerificationKey
from common.dates import SHANGHAI
from common.findings import Refused
from common.text.masking import mask_name
from common.web.errors import api_refusal, too_many_requests
from common.web.methods import require_POST
from common.web.middleware import client_address

from . import openapi
from .checking import Checked, check_all
from .limits import REQUESTS_OF_KEY, WRONG_KEYS
from .reading import MOST_ITEMS, items_of
from .selectors import key_of, why_not_usable
from .services import count_use


@public
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    answer = JsonResponse(openapi.document(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@public
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    context = {"most_items": MOST_ITEMS, "per_minute": REQUESTS_OF_KEY.times}
    return render(request, "certificates/public/verification_api.html", context)


@public
@never_cache
@require_POST
def verifications(request: HttpRequest) -> HttpResponse:
    key = _key(request)
    if isinstance(key, HttpResponse):
        return key
    if wait := seconds_to_wait(REQUESTS_OF_KEY, f"key {key.pk}"):
        return too_many_requests(request, wait)
    if request.content_type != "application/json":
        return api_refusal(415, "request.not_json", "请求体应是 JSON（Content-Type: application/json）。")
    try:
        asked = items_of(request.body)
    except Refused as refused:
        return api_refusal(400, refused.findings[0].code, str(refused), refused.findings)
    moment = now()
    left = count_use(key, rows=len(asked), now=moment)
    if left is None:
        sentence = f"超过了这个密钥每天 {key.rows_per_day:,} 条的限额，请明天再试，或者联系发证机关。"
        return api_refusal(429, "key.used_up", sentence)
    at = moment.astimezone(SHANGHAI).isoformat(timespec="seconds")
    results = [_result(place, one) for place, one in enumerate(check_all(asked), 1)]
    answer = JsonResponse(
        {"checked_at": at, "rows_left_today": left, "results": results}, json_dumps_params={"ensure_ascii": False}
    )
    answer["Cache-Control"] = "no-store"
    return answer


verifications.csrf_exempt = True  # type: ignore[attr-defined]  # no page can forge it, because browsers send no key


def _key(request: HttpRequest) -> VerificationKey | HttpResponse:
    """Answers the key that was sent, or the refusal. Wrong ones are counted, so that nobody tries many."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    key = key_of(text.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        if wait := seconds_to_wait(WRONG_KEYS, client_address(request)):
            return too_many_requests(request, wait)
        refusal = api_refusal(401, "key.unknown", "没有密钥，或者密钥不对（Authorization: Bearer 密钥）。")
        refusal["WWW-Authenticate"] = 'Bearer realm="verification"'
        return refusal
    if reason := why_not_usable(key, localdate()):
        return api_refusal(403, "key.closed", f"这个密钥{reason}，请联系发证机关。")
    return key


def _result(place: int, one: Checked) -> dict[str, object]:
    found = one.found
    certificate = found and {
        "number": found.number,
        "category": found.category,
        "category_name": found.category_label,
        "holder": mask_name(found.name),
        "enterprise": found.enterprise_name,
        "ends_on": found.ends_on.isoformat(),
        "status": found.state.word,
    }
    return {"place": place, "outcome": str(one.outcome), "message": one.sentence, "certificate": certificate}
