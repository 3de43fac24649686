"""Stores exam batches."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from administration.models import Office, Region
from certificates.enums import Category
from exams.enums import BatchStatus, ExamType


class ExamBatch(models.Model):
    """考试批次. A batch is offered to the enterprises registered in its region.

    `taken` is written under the batch's lock together with the entries; a constraint ensures it. The organiser records
    the results; without one the province does.
    """

    name = models.CharField(
        "批次名称", max_length=100, unique=True, error_messages={"unique": "已有同名的批次，请换一个名称。"}
    )
    # PROTECT is used throughout, because a batch is a public record.
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="考试地区", db_index=False)
    exam_type = models.CharField("考试类型", max_length=10, choices=ExamType, default=ExamType.NEW)
    categories = ArrayField(models.CharField(max_length=3, choices=Category), verbose_name="证书类别")
    sign_up_from = models.DateField("报名开始")
    sign_up_to = models.DateField("报名截止")
    exam_from = models.DateField("考试日期")
    exam_to = models.DateField("考试结束日期")
    site = models.CharField("考试地点", max_length=300)
    note = models.CharField("说明", max_length=500, blank=True)
    quota = models.PositiveIntegerField("名额")
    taken = models.PositiveIntegerField("已占名额", default=0)
    organiser = models.ForeignKey(Office, models.PROTECT, verbose_name="考试机构", null=True, blank=True)
    status = models.CharField("状态", max_length=10, choices=BatchStatus, default=BatchStatus.DRAFT)
    announced_at = models.DateTimeField("公布时间", null=True, blank=True)
    # Whoever was entered before may withdraw until the exam begins, and is not barred.
    moved_at = models.DateTimeField("时间或地点变更", null=True, blank=True)
    called_off_at = models.DateTimeField("取消时间", null=True, blank=True)
    called_off_reason = models.CharField("取消原因", max_length=300, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "考试批次"
        ordering = ["-exam_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=F("quota")),
                name="exam_quota_not_overrun",
                violation_error_message="该批次名额已满。",
            ),
            models.CheckConstraint(
                condition=Q(sign_up_to__gte=F("sign_up_from")),
                name="exam_sign_up_ends_after_it_starts",
                violation_error_message="报名截止不能早于报名开始。",
            ),
            models.CheckConstraint(
                condition=Q(exam_from__gt=F("sign_up_to")),
                name="exam_after_sign_up",
                violation_error_message="考试日期应在报名截止之后。",
            ),
            models.CheckConstraint(
                condition=Q(exam_to__gte=F("exam_from")),
                name="exam_ends_after_it_starts",
                violation_error_message="考试结束日期不能早于考试日期。",
            ),
            models.CheckConstraint(
                condition=Q(categories__len__gte=1),
                name="exam_batch_has_a_category",
                violation_error_message="请至少选择一个证书类别。",
            ),
            models.CheckConstraint(
                condition=Q(quota__gte=1), name="exam_batch_has_places", violation_error_message="名额至少为1。"
            ),
            models.CheckConstraint(
                condition=Q(status="called_off", called_off_at__isnull=False) & ~Q(called_off_reason="")
                | ~Q(status="called_off") & Q(called_off_at__isnull=True, called_off_reason=""),
                name="exam_called_off_has_a_reason",
                violation_error_message="取消批次必须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(status="announced", announced_at__isnull=False)
                | Q(status="draft", announced_at__isnull=True)
                | Q(status="called_off"),
                name="exam_announced_has_a_time",
            ),
            models.CheckConstraint(condition=Q(status__in=BatchStatus.values), name="exam_status_known"),
        ]
        indexes = [models.Index(fields=["region", "-exam_from"], name="exam_batch_region")]

    def __str__(self) -> str:
        return self.name

    @property
    def places_left(self) -> int:
        return self.quota - self.taken

    @property
    def category_labels(self) -> str:
        return "、".join(f"{category}证" for category in self.categories)

    def is_open(self, on: date) -> bool:
        """Answers whether enterprises may sign people up on the day."""
        return self.status == BatchStatus.ANNOUNCED and self.sign_up_from <= on <= self.sign_up_to


class BatchChange(models.Model):
    """变更记录 of an announced batch: what everybody signed up was told. It is never changed.

    `what` is a list of three words each: what changed, how it was, how it is. `moves` says that time or place is
    another; `told` counts the people.
    """

    batch = models.ForeignKey(ExamBatch, models.PROTECT, related_name="changes")
    at = models.DateTimeField("时间", default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    what = models.JSONField("变更内容")
    reason = models.CharField("原因", max_length=300)
    moves = models.BooleanField("时间或地点有变")
    told = models.PositiveIntegerField("通知人数")

    class Meta:
        verbose_name = verbose_name_plural = "批次变更"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="exam_change_has_a_reason",
                violation_error_message="公布后的变更必须写明原因。",
            )
        ]

    def __str__(self) -> str:
        return "；".join(f"{name}：{old} → {new}" for name, old, new in self.what)
