"""Stores the reasons that reviewers tick when they return or reject a case."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User

from ..enums import Action

REASONED = ((Action.RETURN.value, "退回补正"), (Action.REJECT.value, "不予通过"))


class DecisionReason(models.Model):
    """A ticked reason goes into the notice as it stands. The notice keeps the words, so a retired reason stays readable.

    Without a kind it serves every business. `basis` is the article of the law that the notice names.
    """

    kind = models.CharField("业务", max_length=40, blank=True)
    action = models.CharField("用于", max_length=20, choices=REASONED)
    words = models.CharField("原因", max_length=200)
    basis = models.CharField("依据", max_length=200, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)  # PROTECT: evidence
    added_at = models.DateTimeField("增加时间", default=timezone.now)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "常用原因"
        ordering = ["action", "kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "action", "words"],
                condition=Q(retired_at__isnull=True),
                name="one_decision_reason_per_words",
                violation_error_message="这项业务已有同样的原因。",
            ),
            models.CheckConstraint(
                condition=Q(action__in=[action for action, _ in REASONED]), name="decision_reason_returns_or_rejects"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="decision_reason_has_words"),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """The reason as the applicant reads it."""
        return f"{self.words}（依据：{self.basis}）" if self.basis else self.words
