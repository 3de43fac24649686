"""Stores the results of the checks of an ID photo."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone


class PhotoCheck(models.Model):
    """Each ID photo that was stored has one row. Rows are append-only, also by trigger.

    `photo` names the master, which stays when the person uploads another photo.
    """

    # PROTECT: evidence of what was accepted as the holder's likeness.
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="photo_checks", db_index=False)
    photo = models.CharField("文件", max_length=200)
    sha256 = models.CharField(max_length=64)
    passed = ArrayField(models.CharField(max_length=20), verbose_name="通过的检查")
    overridden = ArrayField(models.CharField(max_length=20), verbose_name="人工放行的检查", default=list)
    reason = models.CharField("放行理由", max_length=200, blank=True)
    measures = models.JSONField("测量值", default=dict)
    # PROTECT: who uploaded or let it pass is evidence.
    by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="操作人", related_name="+")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "证件照检查记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["person", "-id"], name="photo_check_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(overridden=[], reason="") | (~Q(overridden=[]) & ~Q(reason="")),
                name="overridden_photo_checks_have_a_reason",
                violation_error_message="放行没有通过检查的证件照，必须写明理由。",
            )
        ]
