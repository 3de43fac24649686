"""Stores what persons and enterprises hand in to prove the cause of an absence."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from common.database.fields import EncryptedFileSystemStorage
from exams.enums import ExcuseState
from workflow.enums import Party

from .entries import ExamEntry


class Excuse(models.Model):
    """缺考证明: the person or the enterprise hands it in after the exam, and whoever records the results decides on it."""

    # PROTECT is used throughout, because a result rests on it.
    entry = models.ForeignKey(ExamEntry, models.PROTECT, related_name="excuses", db_index=False)
    reason = models.CharField("缺考原因", max_length=300)
    file = models.FileField(upload_to="excuses/", storage=EncryptedFileSystemStorage())
    original_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=50)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    filed_as = models.CharField("提交方", max_length=12, choices=Party)
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    filed_at = models.DateTimeField("提交时间", default=timezone.now)
    state = models.CharField("审核", max_length=10, choices=ExcuseState, default=ExcuseState.WAITING)
    decided_at = models.DateTimeField("审核时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    comment = models.CharField("审核意见", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "缺考证明"
        ordering = ["entry", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(state="waiting"),
                name="one_waiting_excuse",
                violation_error_message="这次考试已有一份缺考证明在审核。",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | Q(state__in=["accepted", "refused"], decided_at__isnull=False) & ~Q(comment=""),
                name="excuse_decided_with_a_comment",
                violation_error_message="审核缺考证明必须写明理由。",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="excuse_says_why"),
            models.CheckConstraint(condition=Q(filed_as__in=["person", "enterprise"]), name="excuse_filed_by_a_party"),
        ]
        indexes = [models.Index(fields=["entry", "id"], name="excuse_entry")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.state}"
