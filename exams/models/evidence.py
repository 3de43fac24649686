"""Stores the scans by which a person proves education, title and years of work."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person, User
from common.database.fields import EncryptedFileSystemStorage
from exams.enums import EvidenceKind


class Evidence(models.Model):
    """报考材料: uploaded once by the person and read by the review of every later entry.

    What the person takes back stays for the entries that were made before, because a reviewer may have relied on it.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="exam_evidence", db_index=False
    )  # PROTECT: an entry rests on it
    kind = models.CharField("材料", max_length=12, choices=EvidenceKind)
    file = models.FileField(upload_to="evidence/", storage=EncryptedFileSystemStorage())
    original_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=50)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")  # PROTECT: who brought it
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)
    removed_at = models.DateTimeField("撤下时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "报考材料"
        ordering = ["person", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="one_evidence_per_content",
                violation_error_message="这份材料已经上传。",
            ),
            models.CheckConstraint(condition=Q(kind__in=EvidenceKind.values), name="exam_evidence_kind_known"),
        ]
        indexes = [models.Index(fields=["person", "id"], name="exam_evidence_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"
