"""Stores messages, and their copies for telephones."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from administration.enums import Channel, DeliveryState, MessageKind
from common.database.fields import EncryptedTextField


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


class Delivery(models.Model):
    """Is the outbox of the SMS and e-mail gateways, filled in the transaction that causes it and sent by the worker."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")  # CASCADE: a copy of the message
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    address = EncryptedTextField("地址")
    state = models.CharField("状态", max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    last_error = models.CharField("最近错误", max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "外发消息"
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], name="delivery_waiting", condition=Q(state="waiting"))]
