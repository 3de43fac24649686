"""Stores what was done at the review of entries."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from exams.enums import ReturnReason, ReviewAct

from .entries import ExamEntry


class EntryReview(models.Model):
    """报名审核记录. Rows are never changed; the last one of an entry tells a reader of an older page that it is outdated."""

    entry = models.ForeignKey(ExamEntry, models.PROTECT, related_name="reviews", db_index=False)
    act = models.CharField("事项", max_length=12, choices=ReviewAct)
    reasons = ArrayField(models.CharField(max_length=12, choices=ReturnReason), verbose_name="原因", default=list)
    comment = models.CharField("说明", max_length=300, blank=True)
    at = models.DateTimeField("时间", default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    acting_for = models.CharField("办理单位", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "报名审核记录"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(act__in=ReviewAct.values), name="entry_review_act_known"),
            models.CheckConstraint(
                condition=~Q(act="returned") | Q(reasons__len__gte=1),
                name="entry_return_has_reasons",
                violation_error_message="退回补正至少勾选一项原因。",
            ),
            models.CheckConstraint(
                condition=~Q(act="refused") | ~Q(comment=""),
                name="entry_refusal_has_a_reason",
                violation_error_message="审核不通过必须写明原因。",
            ),
        ]
        indexes = [models.Index(fields=["entry", "id"], name="entry_review_of_entry")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.act}"
