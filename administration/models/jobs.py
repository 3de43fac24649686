"""Stores runs of nightly jobs, and reminders that were sent."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils import timezone

from administration.enums import RunState


class JobRun(models.Model):
    name = models.CharField("任务", max_length=60)
    day = models.DateField("日期", default=date.today)
    state = models.CharField("状态", max_length=10, choices=RunState, default=RunState.RUNNING)
    started_at = models.DateTimeField("开始", default=timezone.now)
    finished_at = models.DateTimeField("结束", null=True, blank=True)
    counts = models.JSONField("结果", default=dict)
    error = models.TextField("错误", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "定时任务"
        ordering = ["-id"]
        indexes = [models.Index(fields=["name", "-id"], name="jobrun_latest")]


class SentReminder(models.Model):
    """Stores a reminder that was sent (`administration.reminders`), so that none is sent twice.

    The thing ends on `ends_on`; when it is extended, the reminder is sent anew.
    """

    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    ends_on = models.DateField()
    days = models.SmallIntegerField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "已发送的提醒"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "ends_on", "days"], name="one_reminder_of_each")
        ]
