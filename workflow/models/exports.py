"""Stores requests for lists that are not masked, and the files that were made of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from common.database.fields import EncryptedFileSystemStorage, EncryptedTextField


class ExportRequest(models.Model):
    """A member of an office asks for a list with whole names and numbers; the security administrator decides.

    `query` is what stood in the address of the list. The file is made by a job after the approval, and deleted after
    `expires_at`; the request stays.
    """

    # PROTECT: who took which data, and who allowed it, is evidence.
    asked_by = models.ForeignKey(User, models.PROTECT, verbose_name="申请人", related_name="+", db_index=False)
    key = models.CharField("清单代码", max_length=60)
    title = models.CharField("清单", max_length=100)
    query = EncryptedTextField(blank=True)
    form = models.CharField("格式", max_length=4)
    reason = models.CharField("用途和理由", max_length=500)
    asked_at = models.DateTimeField("申请时间", default=timezone.now)
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="审批人", related_name="+", db_index=False, null=True
    )
    decided_at = models.DateTimeField("审批时间", null=True)
    is_approved = models.BooleanField("同意", null=True)
    answer = models.CharField("审批意见", max_length=500, blank=True)
    made_at = models.DateTimeField("生成时间", null=True)
    error = models.CharField("没有生成的原因", max_length=200, blank=True)
    expires_at = models.DateTimeField("失效时间", null=True)
    file = models.FileField(upload_to="exports/", storage=EncryptedFileSystemStorage(), blank=True)
    taken = models.PositiveIntegerField("下载次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "未脱敏导出申请"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, is_approved__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_approved__isnull=False),
                name="export_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")),
                name="export_decided_by_another",
                violation_error_message="不能审批自己的导出申请。",
            ),
            models.CheckConstraint(
                condition=Q(file="") | Q(is_approved=True, made_at__isnull=False, expires_at__isnull=False),
                name="export_file_was_approved",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="export_asker"),
            models.Index(fields=["id"], name="export_waiting", condition=Q(decided_at__isnull=True)),
            models.Index(fields=["expires_at"], name="export_expiring", condition=~Q(file="")),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.pk}"
