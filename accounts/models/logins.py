"""Stores what belongs to a login beside its password: the second factor, running sessions and former passwords."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.enums import SessionEnd
from common.database.fields import EncryptedTextField


class SecondFactor(models.Model):
    """Stores a time-based one-time password (RFC 6238). The row exists only after a first right code (docs/adr/0011)."""

    # CASCADE: a secret without its login opens nothing.
    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="second_factor")
    secret = EncryptedTextField()
    """The text is base32, as authenticators take it."""
    enrolled_at = models.DateTimeField(default=timezone.now)
    last_step = models.BigIntegerField(default=-1)
    """The unit is time steps. Neither the last accepted code nor an earlier one is ever accepted again."""

    class Meta:
        verbose_name = verbose_name_plural = "动态口令"
        ordering = ["id"]


class LoginFailures(models.Model):
    """Counts how often one source has failed at one login. Neither can be read from the row.

    `source` is empty for all unknown sources together.
    """

    login = models.CharField(max_length=64)
    source = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=10)
    times = models.PositiveIntegerField()
    until = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "登录失败次数"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["login", "source", "kind"], name="one_count_of_failures"),
        ]
        indexes = [models.Index(fields=["until"], name="login_failures_until")]


class RecoveryCode(models.Model):
    """Serves once in place of a code of the authenticator. Only its keyed hash is stored."""

    # CASCADE: recovery codes are of no use without the second factor.
    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes", db_index=False)
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "恢复码"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["factor", "code_hash"], name="one_recovery_code_of_each")]


class Passkey(models.Model):
    """Stores the public half of a key that a person's device keeps (WebAuthn). It opens nothing by itself."""

    # CASCADE: a public key without its login opens nothing.
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(max_length=1023)
    credential = models.BinaryField()
    """The attested credential data of the standard: make of the device, credential id and public key (COSE)."""
    counter = models.BigIntegerField(default=0)
    """The device counts its signatures and says how many; keys that are synchronised always say 0."""
    name = models.CharField("名称", max_length=30)
    proven_by = models.CharField(max_length=20)
    """The second verification in whose ten minutes it was added."""
    added_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)
    copied_at = models.DateTimeField(null=True, blank=True)
    """Its counter went back then, which only a copy explains; it is not accepted any more."""

    class Meta:
        verbose_name = verbose_name_plural = "通行密钥"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["credential_id"], name="one_passkey_of_each_device"),
            models.CheckConstraint(condition=~Q(proven_by=""), name="passkey_was_proven"),
        ]


class LoginSession(models.Model):
    """Stores one session of one user in one browser, also after its end, because the browser is then told why it
    ended.
    """

    # CASCADE: the row says nothing without its login; the audit keeps every login.
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="login_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    is_exclusive = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=20, choices=SessionEnd, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录会话"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at__isnull=True, is_exclusive=True),
                name="staff_have_one_session",
                violation_error_message="工作人员同一时间只能在一处登录。",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="") | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="ended_session_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="login_session_open", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["started_at"], name="login_session_started"),
        ]


class FormerPassword(models.Model):
    """Stores the hash of a password that is not accepted again for a while."""

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="former_passwords"
    )  # CASCADE: of no use without its login
    password = models.CharField(max_length=128)
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "用过的密码"
        ordering = ["-id"]


class PhoneLogin(models.Model):
    """Stores a QR code that a web session shows and that lets one phone in. Only the keyed hash of its token is
    stored.

    It becomes invalid when the web session that showed it ends or changes its key, and when the password changes.
    """

    # CASCADE: the row opens nothing without its login; the audit keeps every login.
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="phone_logins")
    session_key = models.CharField(max_length=40)
    auth_hash = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    phone = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "扫码登录"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(used_at__lte=models.F("expires_at")),
                name="phone_login_used_in_time",
            )
        ]
        indexes = [models.Index(fields=["expires_at"], name="phone_login_expires")]
