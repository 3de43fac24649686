"""Stores the figures of heads of section, which jobs count anew: pages never count open cases of other offices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from administration.models import Office
from workflow.enums import Desk


class DeskFigure(models.Model):
    """Counts open cases of one office, desk, kind and clerk, by how they stand to their limit (`Band`).

    All rows are replaced together every few minutes. `came` of the cases reached the desk today.
    """

    # PROTECT throughout: rows are replaced, never orphaned.
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    desk = models.CharField(max_length=20, choices=Desk)
    kind = models.CharField(max_length=40)
    assignee = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_index=False)
    band = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    came = models.PositiveIntegerField()
    oldest_due_on = models.DateField(null=True)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "办理情况"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "desk", "kind", "assignee", "band"],
                name="one_desk_figure_for_each_cell",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(number__gte=models.F("came")), name="desk_figure_came_is_a_part"),
        ]


class LateWeek(models.Model):
    """Keeps how many cases of an office were late when they were last counted in a week, which begins on a Monday."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)  # PROTECT: offices stay
    week = models.DateField()
    late = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "每周超期"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["office", "week"], name="one_late_count_per_office_and_week")]


class DeskTime(models.Model):
    """Tells how many working days acceptance and decision took of the cases of a city that were closed in the last
    30 days: the median, and the days within which nine of ten were done. The province's own row has no city.
    """

    city = models.CharField(max_length=6, blank=True, unique=True)
    accept_median = models.PositiveSmallIntegerField(null=True)
    accept_most = models.PositiveSmallIntegerField(null=True)
    decide_median = models.PositiveSmallIntegerField(null=True)
    decide_most = models.PositiveSmallIntegerField(null=True)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "办理用时"
        ordering = ["id"]
