"""Declares the registries (登记台账): Django's admin behind the portal's own login, with the portal's look."""

from __future__ import annotations

from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver

from accounts.access import audit
from accounts.access.decorators import Access, send_to_login
from accounts.enums import Sphere
from accounts.models import User
from common.web.admin import registry_changed

PACKAGES = (
    "administration",
    "accounts",
    "enterprises",
    "workflow",
    "training",
    "employment",
    "certificates",
    "exams",
)
_UNUSED = frozenset(
    {"login", "logout", "password_change", "password_change_done", "jsi18n", "autocomplete", "view_on_site"}
)
"""These pages of Django's own admin are not used, because logins are the portal's and nothing here needs scripts."""


class RegistryAccess(Access):
    """Lets the system administrator enter, and staff of any office with that duty (`User.is_staff`)."""

    def why_not(self, user: User) -> str | None:
        if not user.is_active or not user.is_staff:
            return "登记台账由系统管理员和有“登记台账”职责的工作人员使用，您的账号没有这项职责。"
        return None


ACCESS = RegistryAccess(frozenset({Sphere.SYSTEM_ADMIN, Sphere.STAFF}))


class RegistrySite(admin.AdminSite):
    site_title = site_header = index_title = "登记台账"
    site_url = None
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and ACCESS.why_not(request.user) is None

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return send_to_login(request, Access(frozenset({Sphere.STAFF})))
            if reason := ACCESS.why_not(request.user):
                raise PermissionDenied(reason)
            answer: HttpResponseBase = inner(request, *args, **kwargs)
            return answer

        guarded.access = ACCESS  # type: ignore[attr-defined]
        return guarded

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [entry for entry in super().get_urls() if getattr(entry, "name", "") not in _UNUSED]


def load_registries() -> None:
    """Loads our own registries only, because other packages bring registries that nobody here should edit."""
    for package in PACKAGES:
        if find_spec(f"{package}.admin") is not None:
            import_module(f"{package}.admin")


@receiver(registry_changed, dispatch_uid="portal.registry_changed")
def note_change(sender: Any, *, request: HttpRequest, action: str, about: Any, fields: list[str], **_: Any) -> None:
    user = request.user
    audit.record(
        f"registry_{action}",
        by=user if isinstance(user, User) else None,
        about=about,
        detail={"row": str(about), "fields": fields},
        request=request,
    )
