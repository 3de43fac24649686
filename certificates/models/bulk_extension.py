"""Stores policy extensions (政策延续): one document extends every certificate that ends in a window."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from certificates.enums import Category, LegalState, PolicyOutcome, PolicyState
from workflow.models import Application

from .certificate import Certificate, CertificateTerm, CertificateVersion


class PolicyBatch(models.Model):
    """A batch runs in the background and is reversible as a whole; old records that are matched later receive it too.

    Empty `categories` mean all. `expected` is counted at the start, to show the progress; `counts` holds the number of
    rows by outcome after the last chunk. `reversed_by` is who approved the reversal where `reversal_asked_by` asked for it.
    """

    window_from = models.DateField("有效期止自")
    window_to = models.DateField("有效期止至")
    new_end = models.DateField("统一延续至", null=True, blank=True)
    months = models.PositiveSmallIntegerField("各延续月数", null=True, blank=True)
    categories = ArrayField(models.CharField(max_length=2, choices=Category), verbose_name="证书类别", default=list)
    document_number = models.CharField("文号", max_length=100)
    reason = models.CharField("依据和说明", max_length=300)
    state = models.CharField("状态", max_length=10, choices=PolicyState, default=PolicyState.DRAFT)
    expected = models.PositiveIntegerField("符合条件的证书", default=0)
    counts = models.JSONField("结果", default=dict)
    error = models.CharField("错误", max_length=500, blank=True)
    # PROTECT: who decided is evidence.
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    # PROTECT: see created_by
    asked_by = models.ForeignKey(User, models.PROTECT, verbose_name="报批人", null=True, related_name="+")
    asked_at = models.DateTimeField("报批时间", null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, verbose_name="批准人", null=True, related_name="+")
    approved_at = models.DateTimeField("批准时间", null=True)
    return_reason = models.CharField("不予批准的原因", max_length=200, blank=True)
    run_at = models.DateTimeField("执行时间", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    # PROTECT: see created_by
    reversal_asked_by = models.ForeignKey(User, models.PROTECT, verbose_name="撤回报批人", null=True, related_name="+")
    reversal_asked_at = models.DateTimeField("撤回报批时间", null=True)
    reversed_at = models.DateTimeField("撤回时间", null=True, blank=True)
    reversed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # PROTECT: see created_by
    reversal_document = models.CharField("撤回文号", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "政策延续"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(window_to__gte=F("window_from")),
                name="policy_window_ends_after_it_starts",
                violation_error_message="有效期止的范围，结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(new_end__isnull=False, months__isnull=True) | Q(new_end__isnull=True, months__gt=0),
                name="policy_has_one_new_end",
                violation_error_message="“统一延续至”和“各延续月数”须填写且只填写一项。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(asked_by__isnull=False) & ~Q(approved_by=F("asked_by")),
                name="policy_is_approved_by_a_second_person",
                violation_error_message="政策延续须由报批人以外的人批准。",
            ),
            models.CheckConstraint(
                condition=Q(reversed_by__isnull=True)
                | Q(reversal_asked_by__isnull=True)
                | ~Q(reversed_by=F("reversal_asked_by")),
                name="policy_is_reversed_by_a_second_person",
                violation_error_message="撤回政策延续须由报批人以外的人批准。",
            ),
        ]

    def __str__(self) -> str:
        return self.document_number


class PolicyBatchRow(models.Model):
    """Records what the batch did with one certificate.

    There is no version where none could be issued: without a photo, or still past the end. `closed` is the open
    application for an extension that the batch made needless.
    """

    batch = models.ForeignKey(PolicyBatch, models.PROTECT, related_name="rows", db_index=False)  # PROTECT: evidence
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="policy_rows")  # PROTECT: public record
    old_end = models.DateField("原有效期止")
    old_state = models.CharField(max_length=2, choices=LegalState)
    outcome = models.CharField("结果", max_length=10, choices=PolicyOutcome)
    refusal = models.CharField("未延续或未撤回的原因", max_length=200, blank=True)
    # PROTECT: public records.
    term = models.ForeignKey(CertificateTerm, models.PROTECT, null=True, related_name="+")
    version = models.ForeignKey(CertificateVersion, models.PROTECT, null=True, related_name="+")
    closed = models.ForeignKey(  # PROTECT: evidence
        Application, models.PROTECT, verbose_name="因此终止的办件", null=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "政策延续明细"
        ordering = ["batch", "id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "certificate"], name="one_policy_row_per_certificate"),
            models.CheckConstraint(
                condition=Q(outcome="refused", term__isnull=True) | ~Q(outcome="refused") & Q(term__isnull=False),
                name="policy_row_has_its_term",
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "outcome", "id"], name="policy_rows"),
            models.Index(fields=["closed"], name="policy_closed_cases", condition=Q(closed__isnull=False)),
        ]
