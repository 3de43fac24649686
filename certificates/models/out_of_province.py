"""Stores certificates of other provinces."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Person
from administration.models import ImportRun
from certificates.enums import Ending
from common.database.fields import EncryptedFileSystemStorage


class OutOfProvinceCertificate(models.Model):
    """Rule X-1 uses the imported register, and certificates that persons declare themselves."""

    id_number_index = models.CharField(max_length=64, editable=False)
    number = models.CharField("证书编号", max_length=40)
    province = models.CharField("省份", max_length=30)
    category = models.CharField("类别", max_length=3)
    name = models.CharField("姓名", max_length=100)
    enterprise_name = models.CharField("企业名称", max_length=200, blank=True)
    valid_to = models.DateField("有效期止")
    settled_at = models.DateTimeField("已换证或注销时间", null=True, blank=True)
    ending = models.CharField("终止方式", max_length=12, choices=Ending, blank=True)
    ended_on = models.DateField("终止日期", null=True, blank=True)
    import_run = models.ForeignKey(
        ImportRun, models.PROTECT, verbose_name="导入批次", null=True, related_name="+"
    )  # PROTECT: its source
    declared_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name="申报人", null=True, blank=True, related_name="declared_certificates"
    )  # PROTECT: a declaration is evidence
    declared_at = models.DateTimeField("申报时间", null=True, blank=True)
    scan = models.FileField("扫描件", upload_to="declared/", storage=EncryptedFileSystemStorage(), blank=True)
    scan_type = models.CharField(max_length=50, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "外省证书登记"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(declared_by__isnull=True),
                name="one_registered_certificate_per_number",
                violation_error_message="该编号已在外省证书登记中。",
            ),
            # A false declaration of a number must not prevent its real holder from declaring it.
            models.UniqueConstraint(
                fields=["declared_by", "number"],
                condition=Q(settled_at__isnull=True),
                name="one_open_declaration_per_number",
                violation_error_message="您已申报过这本证书。",
            ),
        ]
        indexes = [models.Index(fields=["id_number_index"], name="outofprovince_person")]

    def __str__(self) -> str:
        return self.number

    @property
    def source(self) -> str:
        return "本人申报" if self.declared_by_id else "外省证书登记库"
