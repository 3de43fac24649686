"""Stores public notices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from administration.enums import NoticeKind
from common.database.fields import EncryptedFileSystemStorage

from .offices import Office


class NoticeQuerySet(models.QuerySet["Notice"]):
    def public(self) -> NoticeQuerySet:
        """Answers what the board lists: an official notice stays there when it is withdrawn."""
        now = timezone.now()
        standing = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=now) | ~Q(kind=NoticeKind.NEWS)
        return self.filter(standing, published_at__lte=now)


class Notice(models.Model):
    kind = models.CharField("类别", max_length=20, choices=NoticeKind, default=NoticeKind.NEWS)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文")
    published_at = models.DateTimeField("发布时间", default=timezone.now)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawal_reason = models.TextField("撤回理由", blank=True)
    changed_at = models.DateTimeField("最近变动", default=timezone.now, editable=False)
    # PROTECT: an office that published is deactivated, never deleted.
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="发布部门", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公告"
        ordering = ["-published_at", "-id"]
        indexes = [models.Index(fields=["-published_at", "-id"], name="notice_published")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(kind=NoticeKind.NEWS) | ~Q(withdrawal_reason=""),
                name="official_notice_is_withdrawn_with_a_reason",
                violation_error_message="撤回公告须写明理由。",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_official(self) -> bool:
        return self.kind != NoticeKind.NEWS

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None and self.withdrawn_at <= timezone.now()


class NoticeLine(models.Model):
    """Stores one matter of a notice that lists several; an overturned one is struck out without touching the others.

    `source` names the thing that is announced, as `certificate_event:<id>`.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="lines")  # CASCADE: part of the notice
    source = models.CharField(max_length=60, db_index=True)
    text = models.TextField("内容")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawal_reason = models.TextField("撤回理由", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公告事项"
        ordering = ["notice", "id"]

    def __str__(self) -> str:
        return self.text


class NoticeAttachment(models.Model):
    """Stores a file that everybody may fetch beside a notice; one that was taken away stays for the record."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="attachments")  # PROTECT: was public
    file = models.FileField(upload_to="notices/", storage=EncryptedFileSystemStorage())
    original_name = models.CharField("文件名", max_length=255)
    content_type = models.CharField(max_length=50)
    size = models.PositiveIntegerField("大小")
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)
    removed_at = models.DateTimeField("移除时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "公告附件"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="one_notice_attachment_per_content",
                violation_error_message="这个附件已经上传。",
            )
        ]

    def __str__(self) -> str:
        return self.original_name
