"""Stores counts of lookups by ID number, and alarms about unusual ones, but no ID number."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..enums import AskerKind


class LookupCount(models.Model):
    """Counts the ID numbers that one asker has looked up in one hour (`administration.lookups.limits`).

    `key` is the id of the enterprise, user or machine, or the keyed hash of an address.
    """

    kind = models.CharField(max_length=20, choices=AskerKind)
    key = models.CharField(max_length=64)
    since = models.DateTimeField()
    asked = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)
    outside = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "按身份证号查询次数"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["kind", "key", "since"], name="one_lookup_count_an_hour")]
        indexes = [models.Index(fields=["since"], name="lookup_count_since")]


class LookupAlarm(models.Model):
    """Stores an alarm about one asker on one day; the security administrator decides about it.

    `user_id` is that of the user who asked last, no foreign key, since accounts lives to the right of this app.
    `reasons` are `many`, `misses`, `outside` and `refused`.
    """

    kind = models.CharField("身份", max_length=20, choices=AskerKind)
    key = models.CharField(max_length=64)
    name = models.CharField("查询者", max_length=200)
    user_id = models.BigIntegerField(null=True, blank=True)
    day = models.DateField("日期")
    reasons = models.JSONField(default=list)
    asked = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)
    outside = models.PositiveIntegerField(default=0)
    raised_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.CharField(max_length=100, blank=True)
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "异常查询"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "day"], name="one_lookup_alarm_a_day"),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True) | (~Q(seen_by="") & ~Q(remark="")),
                name="seen_lookup_alarm_says_by_whom_and_why",
            ),
        ]
