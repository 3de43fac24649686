"""Stores the figures of the statistics, which a job counts anew."""

from __future__ import annotations

from django.db import models


class Figure(models.Model):
    """Is one count: of a subject, in a city, of a part (a category, a kind of application) and a key within it.

    `city` is blank where no region is known. All rows are replaced together (`portal.statistics.services`).
    """

    subject = models.CharField("统计内容", max_length=20)
    city = models.CharField("设区市", max_length=6, blank=True)
    part = models.CharField("类别或业务", max_length=40, blank=True)
    key = models.CharField("分项", max_length=40)
    number = models.PositiveBigIntegerField("数量")
    counted_at = models.DateTimeField("统计时间")

    class Meta:
        verbose_name = verbose_name_plural = "统计数字"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "city", "part", "key"], name="one_figure_for_each_cell")
        ]
