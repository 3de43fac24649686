"""Stores signed documents: the order of a document, the document, and the proof of a transfer."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from common.database.fields import EncryptedFileSystemStorage

from .certificate import Certificate, CertificateEvent, CertificateVersion, new_token


class DocumentOrder(models.Model):
    """The document of this version is still to be drawn and signed. The transaction of the version writes the order."""

    version = models.OneToOneField(
        CertificateVersion, models.PROTECT, verbose_name="版本", related_name="order"
    )  # PROTECT: see the version
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    last_error = models.CharField("最近错误", max_length=500, blank=True)
    ordered_at = models.DateTimeField("下达时间", default=timezone.now)
    tried_at = models.DateTimeField("最近尝试", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "待签发文件"
        ordering = ["id"]


class Document(models.Model):
    """Stores the signed PDF of one version. An unsigned one does not exist.

    `signer` is the SHA-256 fingerprint of the signing certificate.
    """

    version = models.OneToOneField(
        CertificateVersion, models.PROTECT, related_name="document"
    )  # PROTECT: public record
    file = models.FileField(upload_to="documents/", storage=EncryptedFileSystemStorage())
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    signed_at = models.DateTimeField(default=timezone.now)
    signer = models.CharField("签名证书", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "电子证书"
        ordering = ["id"]


class TransferProof(models.Model):
    """调出证明: the decision orders it, the worker draws and signs it."""

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, verbose_name="证书", related_name="transfer_proofs"
    )  # PROTECT: public record
    event = models.OneToOneField(
        CertificateEvent, models.PROTECT, verbose_name="所属事件", related_name="transfer_proof"
    )  # PROTECT: its cause
    destination = models.CharField("调入省份", max_length=30)
    new_enterprise = models.CharField("调入单位", max_length=200, blank=True)
    token = models.CharField(max_length=32, unique=True, default=new_token)
    issued_on = models.DateField("出具日期")
    issuer_name = models.CharField("发证机关", max_length=100)
    file = models.FileField(upload_to="proofs/", storage=EncryptedFileSystemStorage(), blank=True)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    signer = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    last_error = models.CharField("最近错误", max_length=500, blank=True)
    ordered_at = models.DateTimeField("下达时间", default=timezone.now)
    tried_at = models.DateTimeField("最近尝试", null=True, blank=True)
    undone_at = models.DateTimeField("取消时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "调出证明"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file="", sha256="", signer="") | ~Q(file="") & ~Q(sha256="") & ~Q(signer=""),
                name="transfer_proof_is_signed_or_absent",
            )
        ]

    def __str__(self) -> str:
        return f"调出证明 {self.certificate_id}"
