"""Stores public notices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from administration.enums import NoticeKind

from .offices import Office


class NoticeQuerySet(models.QuerySet["Notice"]):
    def public(self) -> NoticeQuerySet:
        return self.filter(published_at__lte=timezone.now(), withdrawn_at__isnull=True)


class Notice(models.Model):
    kind = models.CharField("类别", max_length=20, choices=NoticeKind, default=NoticeKind.NEWS)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文")
    published_at = models.DateTimeField("发布时间", default=timezone.now)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    # PROTECT: an office that published is deactivated, never deleted.
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="发布部门", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公告"
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="notice_public", condition=Q(withdrawn_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.title


class NoticeLine(models.Model):
    """Stores one matter of a notice that lists several; an overturned one is struck out without touching the others.

    `source` names the thing that is announced, as `certificate_event:<id>`.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="lines")  # CASCADE: part of the notice
    source = models.CharField(max_length=60, db_index=True)
    text = models.CharField("内容", max_length=300)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公告事项"
        ordering = ["notice", "id"]

    def __str__(self) -> str:
        return self.text
