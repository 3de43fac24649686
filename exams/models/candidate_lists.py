"""Stores whom an enterprise's clerk has ticked for a batch but not signed up yet."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models import User
from certificates.enums import Category
from common.database.fields import EncryptedJSONField

from .batches import ExamBatch


class CandidateList(models.Model):
    """拟报名名单: kept over pages, filters and logins, without any legal effect, until sign-up ends.

    `picked` maps the id of a person to the post. `checked` holds the rows of a list of ID numbers that the clerk gave:
    name, number, and the place in the list.
    """

    batch = models.ForeignKey(
        ExamBatch, models.PROTECT, related_name="candidate_lists", db_index=False
    )  # PROTECT: a batch is never deleted with lists on it
    user = models.ForeignKey(User, models.PROTECT, related_name="+")  # PROTECT: logins stay
    category = models.CharField("证书类别", max_length=3, choices=Category)
    picked = models.JSONField("勾选的人员", default=dict)
    checked = EncryptedJSONField("核对的名单", null=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "拟报名名单"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "user", "category"], name="one_candidate_list_per_clerk")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.category} @ {self.batch_id}"
