"""Stores the order of all lists of a batch, and the file that the worker made of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from common.database.fields import EncryptedFileSystemStorage

from .batches import ExamBatch


class PaperOrder(models.Model):
    """考场材料 of a batch, of which the last order counts. Numbers are people in rooms, of all papers together.

    The file is deleted some days after the exam, because it holds names and photos.
    """

    batch = models.OneToOneField(ExamBatch, models.PROTECT, related_name="paper_order")
    ordered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField("要求时间", default=timezone.now)
    total = models.PositiveIntegerField("总数")
    done = models.PositiveIntegerField("已完成", default=0)
    made_at = models.DateTimeField("完成时间", null=True, blank=True)
    file = models.FileField(upload_to="exam-papers/", storage=EncryptedFileSystemStorage(), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "考场材料"
        ordering = ["-ordered_at"]
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="exam_papers_not_more_than_all"),
            models.CheckConstraint(
                condition=Q(file="") | Q(made_at__isnull=False), name="exam_papers_made_have_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"考场材料 {self.batch_id}"
