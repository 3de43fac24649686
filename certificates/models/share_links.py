"""Stores the links by which holders show a certificate to others, and how often each of them was opened."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .certificate import Certificate


class ShareLink(models.Model):
    """Leads whoever has it to the public facts of one certificate until a day. Only a keyed hash of its token is stored;
    `mark` is its visible beginning, by which the holder tells links apart.
    """

    # PROTECT: a link is deleted by its own retention, and before it nothing of its certificate is.
    certificate = models.ForeignKey(Certificate, models.PROTECT, verbose_name="证书", related_name="share_links")
    purpose = models.CharField("用途", max_length=100)
    mark = models.CharField("链接开头", max_length=8)
    token_hash = models.CharField(max_length=64, unique=True)
    with_document = models.BooleanField("可以下载电子证书", default=False)
    ends_on = models.DateField("有效期至")
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    revoked_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "分享链接"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(purpose=""), name="share_link_has_a_purpose", violation_error_message="请写明用途。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose}（{self.mark}…）"


class ShareUse(models.Model):
    """Counts how often one link was opened on one day. Who opened it is not kept."""

    # PROTECT: the counts of a link are deleted together with it, and never before.
    link = models.ForeignKey(ShareLink, models.PROTECT, related_name="uses", db_index=False)
    day = models.DateField("日期")
    views = models.PositiveIntegerField("打开次数", default=0)
    downloads = models.PositiveIntegerField("下载次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "分享链接打开次数"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["link", "day"], name="one_count_per_link_and_day")]
