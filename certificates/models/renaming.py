"""Stores renames of enterprises (企业名称变更): one approved application reissues every certificate of the enterprise."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from certificates.enums import RenameOutcome, RenameState
from enterprises.models import Enterprise
from workflow.models import Application

from .certificate import Certificate, CertificateVersion


class RenameBatch(models.Model):
    """A batch runs block by block in the background; old records that are matched later receive it too.

    `name` is the registry's at the decision. `expected` is counted at the decision, to show the progress.
    """

    # PROTECT is used throughout, because the rows are evidence of what was issued, and why.
    application = models.OneToOneField(Application, models.PROTECT, related_name="rename")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="renames")
    name = models.CharField("变更后名称", max_length=200)
    state = models.CharField("状态", max_length=10, choices=RenameState, default=RenameState.RUNNING)
    expected = models.PositiveIntegerField("涉及证书", default=0)
    error = models.CharField("错误", max_length=500, blank=True)
    decided_at = models.DateTimeField("决定时间", default=timezone.now)
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "企业名称变更换发"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class RenameRow(models.Model):
    """Records what the rename did with one certificate."""

    batch = models.ForeignKey(RenameBatch, models.PROTECT, related_name="rows", db_index=False)  # PROTECT: evidence
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="rename_rows")  # PROTECT: public record
    outcome = models.CharField("结果", max_length=10, choices=RenameOutcome)
    reason = models.CharField("未换发的原因", max_length=200, blank=True)
    version = models.ForeignKey(CertificateVersion, models.PROTECT, null=True, related_name="+")  # PROTECT: see above

    class Meta:
        verbose_name = verbose_name_plural = "企业名称变更换发明细"
        ordering = ["batch", "id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "certificate"], name="one_rename_row_per_certificate"),
            models.CheckConstraint(
                condition=models.Q(outcome="reissued", version__isnull=False)
                | models.Q(outcome="kept", version__isnull=True),
                name="rename_row_has_its_version",
            ),
        ]
        indexes = [models.Index(fields=["batch", "outcome", "id"], name="rename_rows")]
