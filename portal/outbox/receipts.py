"""Takes the receipts of the SMS service (docs/messages.md): signed requests, no session."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.timezone import now

from accounts.access.decorators import public
from administration.outbox.receipts import Unreadable, read_reports, take_receipts
from administration.outbox.signing import is_signed
from administration.throttle import Limit, seconds_to_wait
from common.web.methods import require_POST
from common.web.middleware import client_address

REFUSALS = Limit("sms_receipts_refused", 60)
"""The unit is refusals of one address in ten minutes, after which its requests are not read any more."""


@public
@require_POST
def receipts(request: HttpRequest) -> JsonResponse:
    if request.content_type != "application/json":  # the body of a form has been read already
        return JsonResponse({"code": "request.not_json"}, status=400)
    body = request.body
    if not is_signed(request.headers, body, key=settings.SMS_KEY, secret=settings.SMS_SECRET):
        wait = seconds_to_wait(REFUSALS, client_address(request))
        return JsonResponse({"code": "request.too_many" if wait else "signature.wrong"}, status=429 if wait else 403)
    try:
        reports = read_reports(json.loads(body))
    except (Unreadable, UnicodeDecodeError, ValueError, RecursionError):
        return JsonResponse({"code": "request.unreadable"}, status=400)
    return JsonResponse({"taken": take_receipts(reports, now=now())})


receipts.csrf_exempt = True  # type: ignore[attr-defined]  # no page can forge it, because browsers cannot sign
