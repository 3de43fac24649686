"""Stores the calendar of working days."""

from __future__ import annotations

from django.db import models


class CalendarDay(models.Model):
    """Stores a day of the State Council's yearly calendar. A year is known when it has rows; other years fall back to
    Mon–Fri.
    """

    day = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("工作日")
    note = models.CharField("说明", max_length=50, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'班' if self.is_workday else '休'}"
