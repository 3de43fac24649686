"""Answers which login page and which home page belong to a user; URL names are used, so that apps to the right may
own them.
"""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from accounts.enums import Sphere

ADMINISTRATORS = frozenset({Sphere.SYSTEM_ADMIN, Sphere.SECURITY_ADMIN, Sphere.AUDIT_ADMIN})

_LOGIN = {Sphere.PERSON: "accounts:login", Sphere.OPERATOR: "enterprises:login"}
_HOME = {Sphere.PERSON: "accounts:person_home", Sphere.OPERATOR: "enterprises:home"}
_SECURITY = {Sphere.PERSON: "accounts:person_security", Sphere.OPERATOR: "accounts:enterprise_security"}
_PLATFORM = {Sphere.PERSON: "个人服务平台", Sphere.OPERATOR: "企业服务平台", Sphere.STAFF: "业务审批"}
PHONE_PAGES = "/m/"


def login_address(sphere: Sphere, path: str = "") -> str:
    if sphere == Sphere.PERSON and path.startswith(PHONE_PAGES):
        return reverse("accounts:mobile_login")
    return reverse(_LOGIN.get(sphere, "accounts:office_login"))


def home_address(sphere: Sphere) -> str:
    try:
        return reverse(_HOME.get(sphere, "workflow:office"))
    except NoReverseMatch:  # an installation without that app still has a front page
        return "/"


def security_address(sphere: Sphere) -> str:
    return reverse(_SECURITY.get(sphere, "accounts:office_security"))


def platform_of(sphere: Sphere) -> str:
    return _PLATFORM.get(sphere, "管理员页面")
