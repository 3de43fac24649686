"""Stores the files in which an enterprise takes all e-certificates of its people at once."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from common.database.fields import EncryptedFileSystemStorage
from enterprises.models import Enterprise


class CertificateArchive(models.Model):
    """电子证书打包: an enterprise's last order counts, and its parts are deleted some days later.

    `attempt` names the parts that belong together; it is set once all are there. `left_out` counts certificates whose
    document is still being signed or cannot be read. Parts are pieces of one ZIP file, so that no process ever holds all of it.
    """

    # PROTECT: who took copies of what is evidence.
    enterprise = models.OneToOneField(Enterprise, models.PROTECT, related_name="certificate_archive")
    ordered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField("要求时间", default=timezone.now)
    total = models.PositiveIntegerField("总数")
    done = models.PositiveIntegerField("已完成", default=0)
    left_out = models.PositiveIntegerField("未包括", default=0)
    made_at = models.DateTimeField("完成时间", null=True, blank=True)
    attempt = models.UUIDField(null=True, blank=True, editable=False)
    size = models.PositiveBigIntegerField("字节数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "电子证书打包"
        ordering = ["-ordered_at"]
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="archive_not_more_than_all"),
            models.CheckConstraint(
                condition=Q(attempt__isnull=True) | Q(made_at__isnull=False), name="archive_made_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"电子证书打包 {self.enterprise_id}"


class ArchivePart(models.Model):
    archive = models.ForeignKey(
        CertificateArchive, models.CASCADE, related_name="parts", db_index=False
    )  # CASCADE: of no use without the others
    attempt = models.UUIDField()
    number = models.PositiveIntegerField()
    file = models.FileField(upload_to="archives/", storage=EncryptedFileSystemStorage())

    class Meta:
        verbose_name = verbose_name_plural = "电子证书打包的分段"
        ordering = ["archive", "attempt", "number"]
        constraints = [models.UniqueConstraint(fields=["archive", "attempt", "number"], name="one_part_of_each_number")]
