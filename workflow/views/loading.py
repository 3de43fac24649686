"""Loads applications and businesses for pages, or refuses with 404 or 403."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import NoReverseMatch, reverse

from accounts.enums import Duty, Sphere
from workflow.actors import Actor
from workflow.business import Business, UnknownBusiness, business_of
from workflow.enums import Party
from workflow.models import Application
from workflow.permissions import DUTY_OF_DESK, desks_of
from workflow.selectors.readable import find_readable

NO_DESK = "办件只供办理人员查阅，需要“{}”中的一项职责，您的账号没有。需要时请联系本单位的系统管理员。".format(
    "、".join(duty.label for duty in DUTY_OF_DESK.values())
)
ACTING = (Sphere.PERSON, Sphere.OPERATOR, Sphere.STAFF)


def business_or_404(kind: str) -> Business:
    try:
        return business_of(kind)
    except UnknownBusiness as error:
        raise Http404("没有这项业务") from error


def address_of(business: Business) -> str:
    """Answers the address where it is started; "" where that page is not served here."""
    if business.start_on_web:
        return reverse("workflow:start", args=[business.kind])
    if not business.start_url_name:
        return ""
    try:
        return reverse(business.start_url_name)
    except NoReverseMatch:  # its page belongs to an app that is not served here
        return ""


def load_visible(actor: Actor, number: str) -> Application:
    """Foreign and unknown applications are answered alike. An office's open cases are shown only to staff who decide
    on some.
    """
    if actor.party == Party.OFFICE and not desks_of(actor) and Duty.HEAD not in actor.duties:
        raise PermissionDenied(NO_DESK)
    application = find_readable(actor, number)
    if application is None:
        raise Http404("没有这个办件")
    return application
