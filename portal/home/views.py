"""Shows the home page, and what the portal says of itself: accessibility, privacy, contact for weaknesses."""

from __future__ import annotations

import re
from datetime import UTC, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access.decorators import public
from administration.notices.selectors import latest_notices
from portal.navigation.rendering import guide_links

HOME_NOTICES = 6
SECURITY_TEXT_LASTS = timedelta(days=180)


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html", {"notices": latest_notices(HOME_NOTICES), "guides": guide_links()})


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


@public
@require_safe
def security_text(request: HttpRequest) -> HttpResponse:
    """Says to whom a weakness is reported (RFC 9116), as the operator has set it."""
    contact: str = settings.SECURITY_CONTACT
    if not re.fullmatch(r"(https|mailto):[!-~]+", contact):
        raise Http404("SECURITY_CONTACT is not set")
    expires = (timezone.now() + SECURITY_TEXT_LASTS).astimezone(UTC).isoformat(timespec="seconds")
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires}",
        "Preferred-Languages: zh, en",
        f"Canonical: {settings.PUBLIC_BASE_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Lets search engines find the public pages; a page about one certificate is for those who have its code."""
    closed = (
        "/v/",
        "/s/",
        "/person/",
        "/enterprise/",
        "/office/",
        "/m/",
        "/api/",
        "/applications/",
        "/feedback/",
        "/lookup/",
        "/verify/",
    )
    lines = ["User-agent: *", *(f"Disallow: {beginning}" for beginning in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers and link checkers ask for this address without having read a page."""
    return redirect(static("img/favicon.svg"))
