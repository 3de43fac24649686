"""Stores where people are reached outside the portal, what goes out to them and what became of it."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from administration.enums import Channel, DeliveryState, Receipt
from common.database.fields import EncryptedJSONField, EncryptedTextField

from .messages import Mailbox, Message


class Contact(models.Model):
    """Is a telephone number or an e-mail address of one login, to which messages of a mailbox go once it is verified.

    Users live to the right of this app, so the login is named by its id. `declined` lists the events of which its owner
    wants nothing outside the portal. A silent one gets nothing: its owner has died, or the login was closed. One without
    an address was removed; what had gone there stays in the log.
    """

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="contacts")  # CASCADE: means its owner's messages
    user_id = models.BigIntegerField("用户")
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    address = EncryptedTextField("地址", blank=True)
    verified_at = models.DateTimeField("验证时间", null=True, blank=True)
    is_silent = models.BooleanField("停发", default=False)
    declined = ArrayField(models.CharField(max_length=40), verbose_name="不接收的事项", default=list, blank=True)
    code_hash = models.CharField("验证码", max_length=64, blank=True)
    code_sent_at = models.DateTimeField("验证码发出时间", null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField("验证码输入次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "联系方式"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user_id", "channel"], name="one_contact_per_channel"),
        ]


class MessageChoice(models.Model):
    """Is the province's choice by which channels an event is told, and in which words.

    SMS services approve a text, give it an id and fill in numbered parameters: `sms_text` is the approved text with
    {1}, {2} …, and `sms_parameters` names in order what stands there (`administration.messages.wording.SOURCES`).
    """

    event = models.CharField("事项", max_length=40, primary_key=True)
    is_sms_on = models.BooleanField("发短信", default=False)
    sms_template = models.CharField("短信模板编号", max_length=60, blank=True)
    sms_text = models.CharField("短信模板文字", max_length=500, blank=True)
    sms_parameters = ArrayField(models.CharField(max_length=20), verbose_name="短信变量", default=list, blank=True)
    is_email_on = models.BooleanField("发电子邮件", default=False)
    email_subject = models.CharField("邮件标题", max_length=200, blank=True)
    email_text = models.TextField("邮件正文", blank=True)
    changed_at = models.DateTimeField("修改时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "消息外发设置"
        ordering = ["event"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_sms_on=False) | ~Q(sms_template=""), name="sms_choice_has_an_approved_template"
            ),
            models.CheckConstraint(
                condition=Q(is_email_on=False) | (~Q(email_subject="") & ~Q(email_text="")),
                name="email_choice_has_words",
            ),
        ]


class Delivery(models.Model):
    """Is one message to one address: written in the transaction of its cause, sent by the worker (docs/adr/0024).

    `key` names it to the provider, the same at every try. While the worker asks the provider, `due_at` lies in the
    future, so that no other worker asks too and a killed one is followed. `receipt` is what the provider reports later.
    """

    key = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    # CASCADE: a copy of the message; a code has none.
    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", null=True, blank=True)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="deliveries", db_index=False)  # CASCADE: its copy
    event = models.CharField("事项", max_length=40)
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    address = EncryptedTextField("地址")
    content = EncryptedJSONField("内容", null=True, blank=True)
    is_urgent = models.BooleanField("不等待", default=False)
    state = models.CharField("状态", max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    last_error = models.CharField("最近错误", max_length=300, blank=True)
    due_at = models.DateTimeField("最早发送时间", default=timezone.now)
    created_at = models.DateTimeField("生成时间", default=timezone.now)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    provider_id = models.CharField("服务商编号", max_length=100, blank=True)
    receipt = models.CharField("回执", max_length=12, choices=Receipt, blank=True)
    receipt_at = models.DateTimeField("回执时间", null=True, blank=True)
    receipt_code = models.CharField("回执代码", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "外发消息"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENT) | Q(sent_at__isnull=False), name="delivery_sent_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "due_at", "id"], name="delivery_due", condition=Q(state="waiting")),
            models.Index(fields=["contact", "is_urgent", "id"], name="delivery_turn", condition=Q(state="waiting")),
            models.Index(fields=["contact", "-id"], name="delivery_contact"),
            models.Index(fields=["contact", "sent_at"], name="delivery_sent", condition=Q(sent_at__isnull=False)),
            models.Index(fields=["-id"], name="delivery_failed", condition=Q(state="failed")),
            models.Index(fields=["created_at"], name="delivery_failed_lately", condition=Q(state="failed")),
            models.Index(fields=["id"], name="delivery_tried_often", condition=Q(state="waiting", attempts__gte=4)),
        ]
