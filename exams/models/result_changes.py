"""Stores the history of the results of entries."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from administration.models import ImportRun
from exams.enums import EntryState

from .entries import ExamEntry


class ResultChange(models.Model):
    """成绩记录: one line for each time that the result of an entry was recorded, corrected or taken back.

    Services only add lines. A line that changes a result says why; the first result needs no reason.
    """

    # PROTECT is used throughout, because the line proves what a bar or a certificate rested on.
    entry = models.ForeignKey(ExamEntry, models.PROTECT, related_name="result_changes", db_index=False)
    former_state = models.CharField("原结果", max_length=12, choices=EntryState)
    former_knowledge = models.DecimalField("原知识考核", max_digits=4, decimal_places=1, null=True)
    former_ability = models.DecimalField("原能力考核", max_digits=4, decimal_places=1, null=True)
    former_remark = models.CharField("原备注", max_length=200, blank=True)
    state = models.CharField("结果", max_length=12, choices=EntryState)
    knowledge = models.DecimalField("知识考核", max_digits=4, decimal_places=1, null=True)
    ability = models.DecimalField("能力考核", max_digits=4, decimal_places=1, null=True)
    remark = models.CharField("备注", max_length=200, blank=True)
    reason = models.CharField("更正原因", max_length=300, blank=True)
    changed_at = models.DateTimeField("登记时间", default=timezone.now)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    import_run = models.ForeignKey(ImportRun, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = "成绩记录"
        ordering = ["entry", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(former_state="approved") | ~Q(reason=""),
                name="exam_correction_has_a_reason",
                violation_error_message="更正成绩必须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(
                    former_state__in=["approved", "absent", "excused", "failed", "passed", "cheated"],
                    state__in=["approved", "absent", "excused", "failed", "passed", "cheated"],
                ),
                name="exam_result_change_states_known",
            ),
        ]
        indexes = [models.Index(fields=["entry", "id"], name="exam_result_history")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.former_state} → {self.state}"
