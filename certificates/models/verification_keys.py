"""Stores the keys by which other systems verify certificates, and how much each of them asks."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User


class VerificationKey(models.Model):
    """Is a key of the interface for batch verification. Only a keyed hash of it is stored; `mark` is its visible
    beginning, by which people name it.
    """

    holder = models.CharField("使用单位", max_length=100)
    purpose = models.CharField("用途", max_length=200)
    mark = models.CharField("密钥开头", max_length=12, unique=True)
    key_hash = models.CharField(max_length=64, unique=True)
    rows_per_day = models.PositiveIntegerField("每天最多核验条数")
    expires_on = models.DateField("有效期至")
    created_at = models.DateTimeField("发放时间", default=timezone.now)
    # PROTECT is used for both: who gave a key and who took it back stays known.
    created_by = models.ForeignKey(User, models.PROTECT, verbose_name="发放人", related_name="+")
    revoked_at = models.DateTimeField("停用时间", null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, verbose_name="停用人", related_name="+", null=True)
    revoke_reason = models.CharField("停用原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "核验接口密钥"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(rows_per_day__gt=0), name="verification_key_has_a_limit"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoke_reason="")
                | Q(revoked_at__isnull=False) & ~Q(revoke_reason=""),
                name="verification_key_revoked_with_a_reason",
                violation_error_message="停用密钥应写明原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder}（{self.mark}…）"


class VerificationUse(models.Model):
    """Counts what one key has asked on one day, and holds it to its limit."""

    # PROTECT: a key that was given out is never deleted.
    key = models.ForeignKey(VerificationKey, models.PROTECT, related_name="uses", db_index=False)
    day = models.DateField("日期")
    requests = models.PositiveIntegerField("请求次数", default=0)
    rows = models.PositiveIntegerField("核验条数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "核验接口用量"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["key", "day"], name="one_count_per_key_and_day"),
            models.CheckConstraint(condition=Q(rows__gte=F("requests")), name="verification_request_has_a_row"),
        ]
