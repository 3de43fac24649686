"""Stores questions that people often ask, with the answers of the province."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User

FEWEST_TOLD = 10


class HelpAnswer(models.Model):
    """Without a kind it belongs to every guide; otherwise to the guide of that business or topic.

    `reason` are the words of a return or a rejection that the answer cures; `number` counts the notices of the last
    twelve months that say so, by a nightly job.
    """

    kind = models.CharField("指南", max_length=40, blank=True)
    question = models.CharField("问题", max_length=200)
    answer = models.TextField("回答")
    reason = models.CharField("退回或不予通过的原因", max_length=200, blank=True)
    number = models.PositiveIntegerField("近12个月的件数", default=0)
    counted_at = models.DateTimeField("统计时间", null=True, blank=True)
    changed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False
    )  # PROTECT: evidence
    changed_at = models.DateTimeField("修改时间", default=timezone.now)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "常见问题"
        ordering = ["-number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "question"],
                condition=Q(retired_at__isnull=True),
                name="one_help_answer_per_question",
                violation_error_message="这份指南已有同样的问题。",
            ),
            models.CheckConstraint(
                condition=~Q(question="") & ~Q(answer=""), name="help_answer_has_question_and_answer"
            ),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def is_often(self) -> bool:
        """The public is told no small number, as in the statistics."""
        return self.number >= FEWEST_TOLD
