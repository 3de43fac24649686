"""Stores the decided cases that are drawn for a second look (复核), and what a second person found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from administration.models import Office

from ..enums import LookOutcome
from .cases import Application


class SecondLook(models.Model):
    """An approved case was drawn by chance; another natural person of the office looks at it again.

    It changes nothing in the case: what follows from a doubt is an act of the authority.
    """

    application = models.OneToOneField(Application, models.PROTECT, related_name="+")  # PROTECT: evidence
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="部门", related_name="+", db_index=False)  # PROTECT
    desk = models.CharField("环节", max_length=20)
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="作出决定的人", related_name="+", db_index=False
    )  # PROTECT: evidence
    drawn_at = models.DateTimeField("抽取时间", default=timezone.now)
    looked_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="复核人", null=True, related_name="+", db_index=False
    )  # PROTECT: evidence
    looked_at = models.DateTimeField("复核时间", null=True)
    outcome = models.CharField("复核结果", max_length=10, choices=LookOutcome, blank=True)
    words = models.TextField("复核意见", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "复核"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", looked_at__isnull=True, looked_by__isnull=True)
                | ~Q(outcome="") & Q(looked_at__isnull=False, looked_by__isnull=False),
                name="second_look_is_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="doubts") | ~Q(words=""), name="doubts_of_a_second_look_have_words"
            ),
            models.CheckConstraint(
                condition=Q(looked_by__isnull=True) | ~Q(looked_by=models.F("decided_by")),
                name="second_look_by_another",
                violation_error_message="作出决定的人不能复核自己的办件。",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "id"], name="second_look_waiting", condition=Q(looked_at__isnull=True)),
            models.Index(fields=["office", "-id"], name="second_look_done", condition=Q(looked_at__isnull=False)),
        ]
