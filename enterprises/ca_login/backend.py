"""Identifies operators by their CA key alone: there is no password, and a session ends when the key may not be used."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from accounts.enums import Sphere
from accounts.models import User
from enterprises.models import CaKey, Enterprise
from enterprises.rights.rules import with_delegations

BACKEND = "enterprises.ca_login.backend.CaKeyBackend"


class CaKeyBackend(BaseBackend):
    """Takes a key that `enterprises.ca_login.services` has verified; it never receives a password."""

    def authenticate(self, request: HttpRequest | None, ca_key: CaKey | None = None, **others: object) -> User | None:
        return ca_key.user if ca_key is not None and ca_key.user.is_active and is_usable(ca_key) else None

    def get_user(self, user_id: int) -> User | None:
        """Django asks at every request, so a session ends when its key is blocked or expires, or the enterprise ends."""
        operators = User.objects.filter(sphere=Sphere.OPERATOR, ca_key__isnull=False)
        user = with_delegations(operators).select_related("ca_key__enterprise").filter(pk=user_id).first()
        return user if user is not None and user.is_active and is_usable(user.ca_key) else None


def is_usable(key: CaKey) -> bool:
    return key.blocked_at is None and timezone.now() <= key.valid_to and not key.enterprise.is_gone


def key_of(request: HttpRequest) -> CaKey:
    """The page must be behind `operator_required`."""
    key = getattr(request.user, "ca_key", None)
    if not isinstance(key, CaKey):
        raise PermissionDenied("您的账号没有绑定 CA 锁，请用 CA 锁重新登录。")
    return key


def enterprise_of(request: HttpRequest) -> Enterprise:
    """The page must be behind `operator_required`."""
    return key_of(request).enterprise
