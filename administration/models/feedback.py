"""Stores what people say about the pages, until its time is over."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from administration.enums import FeedbackKind
from common.database.fields import EncryptedTextField

from .messages import Mailbox


class Feedback(models.Model):
    """`page` is an address without its query. `mailbox` is that of a sender who was logged in, and gets the answer."""

    kind = models.CharField("类型", max_length=12, choices=FeedbackKind)
    page = models.CharField("页面", max_length=200, blank=True)
    text = EncryptedTextField("内容")
    contact = EncryptedTextField("联系方式", blank=True)
    # SET_NULL: what was said stays with the office when its sender's mailbox is gone.
    mailbox = models.ForeignKey(Mailbox, models.SET_NULL, null=True, related_name="+")
    sender = models.CharField("身份", max_length=20)
    sent_at = models.DateTimeField("提交时间", default=timezone.now)
    answer = EncryptedTextField("答复", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.CharField("答复人", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "意见反馈"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["-id"], name="feedback_waiting", condition=Q(answered_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by="")
                | Q(answered_at__isnull=False) & ~Q(answered_by=""),
                name="feedback_answered_by_somebody",
                violation_error_message="意见的答复没有写明答复人和时间",
            )
        ]

    def __str__(self) -> str:
        return f"意见反馈 {self.pk}"
