"""Shows what a share link leads to, to whoever has it: public facts, and the e-certificate where its holder allowed it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access.decorators import public
from administration.throttle import Limit, seconds_to_wait
from certificates.documents.downloads import UNREADABLE, pdf_response, picture_response
from certificates.models import Document
from common.encryption import DecryptionError
from common.web.errors import too_many_requests
from common.web.middleware import client_address

from .selectors import Shared, shared_by
from .services import count_use

logger = logging.getLogger(__name__)
SHARED = Limit("share", 120)
Send = Callable[[Document], HttpResponseBase]


@public
@never_cache
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponseBase:
    return _answer(request, token, None)


@public
@never_cache
@require_safe
def shared_document(request: HttpRequest, token: str) -> HttpResponseBase:
    return _answer(request, token, pdf_response)


@public
@never_cache
@require_safe
def shared_image(request: HttpRequest, token: str) -> HttpResponseBase:
    return _answer(request, token, picture_response)


def _answer(request: HttpRequest, token: str, send: Send | None) -> HttpResponseBase:
    if wait := seconds_to_wait(SHARED, client_address(request)):
        return too_many_requests(request, wait)
    found = shared_by(token, localdate())
    response = _page(request, token, found) if send is None else _file(request, found, send)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _page(request: HttpRequest, token: str, found: Shared | None) -> HttpResponse:
    if found is None:
        return _over(request)
    count_use(found.link, now=now(), views=1)
    return render(request, "certificates/public/shared.html", {"shared": found, "token": token})


def _file(request: HttpRequest, found: Shared | None, send: Send) -> HttpResponseBase:
    """A link without the file is answered like one that has ended."""
    if found is None or found.document is None:
        return _over(request)
    try:
        response = send(found.document)
    except (OSError, DecryptionError) as error:
        logger.exception("a stored document of certificate %s cannot be read", found.link.certificate_id)
        raise Http404(UNREADABLE) from error
    count_use(found.link, now=now(), downloads=1)
    return response


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "certificates/public/share_over.html", status=404)
