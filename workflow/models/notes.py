"""Stores what members of offices note about a case for each other."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models import User

from .cases import Application


class CaseNote(models.Model):
    """A note about a case, inside offices: it is no event, so that nothing that applicants read can show it.

    Rows are never changed or deleted. Name and office are kept as they were.
    """

    # PROTECT: the record stays
    application = models.ForeignKey(Application, models.PROTECT, "notes", verbose_name="办件", db_index=False)
    author = models.ForeignKey(
        User, models.PROTECT, verbose_name="记录人", related_name="+", db_index=False
    )  # PROTECT: evidence
    author_name = models.CharField("记录人姓名", max_length=100)
    office_name = models.CharField("部门", max_length=200)
    text = models.TextField("备注")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "内部备注"
        ordering = ["id"]
        indexes = [models.Index(fields=["application", "id"], name="case_note_case")]
