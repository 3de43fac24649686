"""Guessing: five wrong passwords lock a login (django-axes), many failures over many logins slow an address down.

A locked login answers before any hash is computed, and its owner is told once a day, however long somebody goes on.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from administration.throttle import Limit

from .models import User
from .notices import tell_owner

FAILURES_OF_ADDRESS = Limit("login_failures", 200)
"""Of ten minutes: a town hall or a building site behind one address mistypes less. Guesses at a locked login are not counted,
so that nobody can shut out their neighbours by hammering one account."""
TOLD_EVERY = timedelta(hours=24)


def tell_once(sender: object, *, username: str = "", **_: object) -> None:
    """Receiver of axes' signal, which comes with every guess at a locked login."""
    now = timezone.now()
    due = Q(locked_at__isnull=True) | Q(locked_at__lt=now - TOLD_EVERY)
    # One statement decides: of two guesses at once one tells.
    if not User.objects.filter(due, login=username).update(locked_at=now):
        return
    user = User.objects.select_related("office").get(login=username)
    tell_owner(
        user,
        "有人连续输错密码，账号已锁定15分钟",
        "锁定期间谁也不能用密码登录，15分钟后自动解除。是您本人忘记密码的，请按登录页的说明重置；"
        "不是您本人的，请登录后修改密码，并启用动态口令。这类提醒每天最多一条。",
    )
