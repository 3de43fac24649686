"""Stores messages in mailboxes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from administration.enums import MessageKind


class Mailbox(models.Model):
    """Holds in-app messages of one owner: a person, an enterprise or an office points here."""

    class Meta:
        verbose_name = verbose_name_plural = "消息箱"


class Message(models.Model):
    # CASCADE: meaningless without its owner
    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField("类别", max_length=12, choices=MessageKind, default="other", db_default="other")
    title = models.CharField("标题", max_length=300)
    body = models.TextField("内容", blank=True)
    link = models.CharField("链接", max_length=300, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["mailbox", "-id"], name="message_box"),
            models.Index(fields=["mailbox", "kind", "-id"], name="message_kind"),
            models.Index(fields=["mailbox"], name="message_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.title
