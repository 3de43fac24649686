"""Declares who may open which page: every view of the project carries one of these decorators.

    @public                              everybody
    @person_required                     个人
    @operator_required                   企业操作员
    @staff_required()                    staff of any office; staff_required(Duty.REVIEW) or staff_required([…]): any of
    @admin_required()                    the three administrators; admin_required(Sphere.AUDIT_ADMIN): only that one
    @signed_in_required(Sphere.…, …)     pages that several kinds of users share; without spheres: whoever is logged in
    @verified_required                   individuals after a second verification (phone pages)
    @device_required("POST")             registration machines: signed requests, no session (`accounts.kiosk.decorators`)

Every POST of an operator also needs a right that the enterprise has given (`accounts.access.rights`): by default to do
its business, so that whoever may only read is refused here, for all pages at once.

The rule can be read from the view: `view.access`. A guard test lists it for every address.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse

from accounts.enums import Duty, Sphere
from accounts.models import User

from . import expired_form
from .destinations import with_next
from .home_addresses import ADMINISTRATORS, home_address, login_address, platform_of
from .rights import Right, right_of_post, why_no_post
from .sessions import former_user_id, is_verified, page_before

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Access:
    """`spheres` is None if everybody may enter, logged in or not.

    The user must have one of `duties`; an empty set asks for none.
    """

    spheres: frozenset[Sphere] | None
    duties: frozenset[Duty] = frozenset()
    needs_verification: bool = False
    is_for_devices: bool = False
    post_right: Right = Right.FILE

    @property
    def is_public(self) -> bool:
        return self.spheres is None

    def why_not(self, user: User) -> str | None:
        """Answers a sentence for this user, or None if the page is open to them."""
        if self.spheres is None:
            return None
        if self.is_for_devices:
            return "这个地址只供登记一体机使用。"
        if not user.is_active:
            return "您的账号已停用，请联系本单位的系统管理员。"
        if user.sphere not in self.spheres:
            return _wrong_sphere(Sphere(user.sphere), self.spheres)
        if self.duties and not self.duties & set(user.duties):
            wanted = "、".join(sorted(Duty(duty).label for duty in self.duties))
            return f"这个页面需要“{wanted}”职责，您的账号没有。请联系系统管理员。"
        return None

    def __str__(self) -> str:
        if self.spheres is None:
            return "public"
        if self.is_for_devices:
            return "device"
        parts = ["|".join(sorted(self.spheres))]
        if self.duties:
            parts.append("duty " + "|".join(sorted(self.duties)))
        if self.needs_verification:
            parts.append("verified")
        if self.post_right != Right.FILE and Sphere.OPERATOR in self.spheres:
            parts.append(f"operators post by right {self.post_right}")
        return ", ".join(parts)


def why_not_open(user: User, address: str) -> str | None:
    """Answers why a page of the portal is closed to this login, or None. Pages of the registry's own admin say it
    themselves, and so does a page about an object that the reader may not see.
    """
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return "这个页面已不存在。"
    access = getattr(match.func, "access", None)
    return access.why_not(user) if isinstance(access, Access) else None


def _wrong_sphere(own: Sphere, wanted: frozenset[Sphere]) -> str:
    platforms = "、".join(dict.fromkeys(platform_of(sphere) for sphere in Sphere if sphere in wanted))
    return f"这个页面属于{platforms}，您现在以“{own.label}”身份登录。"


def public(view: View) -> View:
    return _declare(view, Access(None))


def person_required(view: View) -> View:
    return _declare(view, Access(frozenset({Sphere.PERSON})))


def operator_required(view: View) -> View:
    return _declare(view, Access(frozenset({Sphere.OPERATOR})))


def staff_required(duty: Duty | Collection[Duty] | None = None) -> Callable[[View], View]:
    duties = frozenset[Duty]() if duty is None else frozenset([duty] if isinstance(duty, Duty) else duty)
    return lambda view: _declare(view, Access(frozenset({Sphere.STAFF}), duties))


def admin_required(*spheres: Sphere) -> Callable[[View], View]:
    wanted = frozenset(spheres) or ADMINISTRATORS
    if not wanted <= ADMINISTRATORS:
        raise ValueError("admin_required takes administrators only")
    return lambda view: _declare(view, Access(frozenset(wanted)))


def signed_in_required(*spheres: Sphere) -> Callable[[View], View]:
    return lambda view: _declare(view, Access(frozenset(spheres or Sphere)))


def verified_required(view: View) -> View:
    return _declare(view, Access(frozenset({Sphere.PERSON}), needs_verification=True))


def _declare(view: View, access: Access) -> View:
    access = replace(access, post_right=right_of_post(view))

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if access.is_public:
            return view(request, *args, **kwargs)
        user = request.user
        if not isinstance(user, User):
            return send_to_login(request, access)
        if reason := access.why_not(user):
            raise PermissionDenied(reason)
        if finding := why_no_post(request, user, access.post_right):
            return render(request, "403_right.html", {"refusals": [finding]}, status=403)
        if access.needs_verification and not is_verified(request):
            return _send_to_verification(request, user)
        return _answer_to_kept(view, request, user, *args, **kwargs)

    guarded.access = access  # type: ignore[attr-defined]
    return guarded


def _answer_to_kept(
    view: View, request: HttpRequest, user: User, /, *args: object, **kwargs: object
) -> HttpResponseBase:
    """A kept form is deleted once its page has answered. Pages that open only after a search in the same session answer
    404 to it after a new login; the content then stays, and whoever sent it is told how to go on.
    """
    is_kept = expired_form.is_being_sent(request)
    try:
        answer = view(request, *args, **kwargs)
    except Http404:
        if not is_kept:
            raise
        messages.warning(
            request, "登录已重新开始，这个页面要重新查询后才能打开。您填写的内容还在，查询后可以继续提交。"
        )
        return HttpResponseRedirect(home_address(Sphere(user.sphere)))
    if is_kept:
        expired_form.forget(request)
    return answer


def send_to_login(request: HttpRequest, access: Access) -> HttpResponse:
    """Redirects to the login page for this kind of user; a form that was sent is kept for its owner.

    Where several kinds of users may open the page, it is the login page that this browser has used last.
    """
    spheres = access.spheres or frozenset(Sphere)
    former = former_user_id(request)
    own = (
        User.objects.filter(pk=former, sphere__in=spheres).values_list("sphere", flat=True).first() if former else None
    )
    door = Sphere(own) if own else next(sphere for sphere in Sphere if sphere in spheres)
    expired_form.keep(request, former)
    return HttpResponseRedirect(with_next(login_address(door, request.path), _where_to_return(request)))


def _send_to_verification(request: HttpRequest, user: User) -> HttpResponse:
    expired_form.keep(request, user.pk)
    return HttpResponseRedirect(with_next(reverse("accounts:mobile_verify"), _where_to_return(request)))


def _where_to_return(request: HttpRequest) -> str:
    """For a form this is the page that it was on, because many addresses accept a POST only."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return page_before(request)
