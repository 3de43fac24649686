"""Stores registration machines and their requests. None of these rows holds an ID number."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from administration.models import Office
from common.database.fields import EncryptedTextField

if TYPE_CHECKING:
    from .people import HeldCard, Person, User


class Outcome(models.TextChoices):
    REGISTERED = "registered", "已登记，已开通登录账号"
    UPDATED = "updated", "身份证信息已更新"
    HELD = "held", "姓名与原登记不一致，已转人工核实"


class KioskDevice(models.Model):
    """The machine stands in one office and signs each request with its private key, which never leaves it."""

    name = models.CharField("名称", max_length=60, help_text="例如：东湖区政务大厅 1 号机。")
    # PROTECT: which office a person registered at is evidence; offices are deactivated, never deleted.
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="所在部门", related_name="kiosks")
    key_id = models.CharField("密钥编号", max_length=40, unique=True, editable=False)
    public_key = models.CharField(
        "设备公钥", max_length=44, unique=True, error_messages={"unique": "这把公钥已经登记给另一台设备。"}
    )
    """The key is Ed25519, written as base64 of 32 bytes."""
    valid_until = models.DateField("密钥有效期至")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    last_seen_at = models.DateTimeField("最近使用", null=True, blank=True)
    created_at = models.DateTimeField("登记时间", default=timezone.now)
    # PROTECT: who let a machine in is evidence.
    created_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name="登记人", null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "登记一体机"
        ordering = ["office_id", "name"]

    def __str__(self) -> str:
        return self.name

    def is_expired(self, today: date) -> bool:
        return self.valid_until < today


class KioskNonce(models.Model):
    """Stores nonces, so that each signature counts once. Rows older than the clock window are of no more use."""

    # PROTECT: machines are revoked, never deleted
    device = models.ForeignKey(KioskDevice, models.PROTECT, db_index=False)
    nonce = models.CharField(max_length=64)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "一体机请求随机数"
        constraints = [models.UniqueConstraint(fields=["device", "nonce"], name="kiosk_nonce_once")]


class KioskRequest(models.Model):
    """Stores a registration that a machine sent, so that its repetition gets this answer again and registers nobody
    twice.

    `outcome` is empty only inside the transaction that registers. `password` and `receipt_until` are kept until the
    receipt was printed or its time has passed.
    """

    # PROTECT, all three: the rows say who was registered from where.
    device = models.ForeignKey(KioskDevice, models.PROTECT, db_index=False)
    request_id = models.UUIDField()
    body_index = models.CharField(max_length=64)
    received_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    findings = models.JSONField(default=list)
    person: models.ForeignKey[Person | None, Person | None] = models.ForeignKey(
        "accounts.Person", models.PROTECT, null=True
    )
    held_card: models.ForeignKey[HeldCard | None, HeldCard | None] = models.ForeignKey(
        "accounts.HeldCard", models.PROTECT, null=True
    )
    password = EncryptedTextField(blank=True)
    receipt_until = models.DateTimeField(null=True)
    printed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "一体机登记请求"
        constraints = [
            models.UniqueConstraint(fields=["device", "request_id"], name="kiosk_request_once"),
            models.CheckConstraint(
                condition=Q(printed_at__isnull=True) | Q(receipt_until__isnull=True),
                name="kiosk_receipt_gone_once_printed",
            ),
        ]
        indexes = [
            models.Index(fields=["receipt_until"], name="kiosk_receipt_kept", condition=Q(receipt_until__isnull=False))
        ]
