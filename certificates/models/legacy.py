"""Stores old records as they were imported."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from administration.models import ImportRun
from certificates.enums import LegacyDecision, LegacyState
from common.database.fields import EncryptedTextField

from .certificate import Certificate


class LegacyCertificate(models.Model):
    """Stores an imported old record, which has no effect until its person registers and it is matched.

    The index is that of the 18-digit form of the ID number, because old rows may hold 15 digits. `number` has its
    canonical form where it parses; the yearly sequence skips `number_serial`. `fingerprint` is the SHA-256 over the
    normalised row: importing the same file twice changes nothing. `extra` never holds an ID number. `is_verified`: a
    clerk has looked at the paper, so that unlikely days are true.
    """

    id_number = EncryptedTextField("证件号码")
    id_number_index = models.CharField(max_length=64)
    name = models.CharField("姓名", max_length=100)
    sex = models.CharField("性别", max_length=6, blank=True)
    number = models.CharField("证书编号", max_length=30, blank=True)
    number_year = models.PositiveSmallIntegerField("编号年份", null=True)
    number_serial = models.PositiveIntegerField("编号序号", null=True)
    category = models.CharField("类别", max_length=3)
    enterprise_name = models.CharField("企业名称", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    post = models.CharField("职务", max_length=60, blank=True)
    first_issued_on = models.DateField("初次领证日期", null=True)
    issued_on = models.DateField("发证日期", null=True)
    valid_from = models.DateField("有效期起", null=True)
    valid_to = models.DateField("有效期止")
    source_state = models.CharField("原状态", max_length=30, blank=True)
    state = models.CharField("匹配状态", max_length=12, choices=LegacyState, default=LegacyState.UNMATCHED)
    is_verified = models.BooleanField("已人工核实", default=False, db_default=False)
    quarantine_reason = models.TextField("待核实原因", blank=True)
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, verbose_name="证书", null=True, related_name="legacy_records"
    )  # PROTECT: its source
    # PROTECT: where it came from
    import_run = models.ForeignKey(ImportRun, models.PROTECT, verbose_name="导入批次", related_name="+", db_index=False)
    row_number = models.PositiveIntegerField("行号")
    fingerprint = models.CharField(max_length=64, unique=True)
    extra = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "历史证书数据"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(state__in=["unmatched", "matched"]) & ~Q(number=""),
                name="one_live_legacy_row_per_number",
                violation_error_message="同一证书编号已有一条历史数据，请人工核实。",
            )
        ]
        indexes = [
            models.Index(fields=["id_number_index"], name="legacy_person", condition=Q(state="unmatched")),
            models.Index(fields=["number"], name="legacy_number"),
            models.Index(
                fields=["number_year", "number_serial"], name="legacy_serial", condition=Q(number_serial__isnull=False)
            ),
            models.Index(fields=["state", "id"], name="legacy_state"),
            models.Index(fields=["import_run", "id"], name="legacy_run"),
            models.Index(fields=["id_number_index", "id"], name="legacy_id_number"),
        ]

    def __str__(self) -> str:
        return self.number or f"第{self.row_number}行"


class LegacySettlement(models.Model):
    """Stores who decided what about an old record, on what basis. It is append-only, also by a trigger.

    `other` is the record beside which it was shown, `replacement` the one that a correction made.
    """

    # PROTECT is used throughout, because a decision outlasts what it is about.
    record = models.ForeignKey(
        LegacyCertificate, models.PROTECT, verbose_name="历史证书数据", related_name="settlements", db_index=False
    )
    other = models.ForeignKey(LegacyCertificate, models.PROTECT, verbose_name="对照", null=True, related_name="+")
    replacement = models.ForeignKey(
        LegacyCertificate, models.PROTECT, verbose_name="更正后", null=True, related_name="+"
    )
    decision = models.CharField("处理", max_length=10, choices=LegacyDecision)
    basis = models.TextField("依据")
    reason = models.TextField("待核实原因", blank=True)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="办理人", related_name="+")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "历史数据核实记录"
        ordering = ["id"]
        indexes = [models.Index(fields=["record", "id"], name="settlement_record")]
