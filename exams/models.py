"""Stores exam batches and entries."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Person, User
from administration.models import ImportRun, Office, Region
from certificates.enums import Category
from certificates.models import Certificate
from enterprises.enums import Post
from enterprises.models import Enterprise
from workflow.models import Application

from .enums import BatchStatus, EntryState, ExamType


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


class ExamEntry(models.Model):
    """报名: one entry is for one person, one category and one batch.

    Only services of this app write its state. `enterprise` signed the person up; `office` reviews the entries of that
    enterprise's region. `application` is the first issue that the system opened, and `certificate` is its result.
    """

    # PROTECT is used throughout, because results and bars follow from an entry.
    batch = models.ForeignKey(ExamBatch, models.PROTECT, related_name="entries", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="exam_entries")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="exam_entries", db_index=False)
    category = models.CharField("证书类别", max_length=3, choices=Category)
    post = models.CharField("职务", max_length=2, choices=Post)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=12, choices=EntryState, default=EntryState.ENTERED)
    entered_at = models.DateTimeField("报名时间", default=timezone.now)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField("审核时间", null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    comment = models.CharField("审核意见", max_length=300, blank=True)
    ticket_number = models.CharField("准考证号", max_length=30, blank=True)
    knowledge_score = models.DecimalField("知识考核", max_digits=4, decimal_places=1, null=True)
    ability_score = models.DecimalField("能力考核", max_digits=4, decimal_places=1, null=True)
    remark = models.CharField("备注", max_length=200, blank=True)
    settled_at = models.DateTimeField("成绩登记时间", null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    import_run = models.ForeignKey(ImportRun, models.PROTECT, null=True)
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="exam_entries")
    certificate = models.OneToOneField(Certificate, models.PROTECT, null=True, related_name="exam_entry")

    class Meta:
        verbose_name = verbose_name_plural = "考试报名"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "person", "category"],
                condition=Q(state__in=["entered", "approved", "absent", "excused", "failed", "passed", "cheated"]),
                name="one_live_entry_per_person_category_batch",
                violation_error_message="此人在该批次已报名这一类别。",
            ),
            models.UniqueConstraint(
                fields=["person", "category"],
                condition=Q(state__in=["entered", "approved"]),
                name="one_pending_entry_per_person_category",
                violation_error_message="此人已报名这一类别的考试，考完前不能重复报名。",
            ),
            models.CheckConstraint(condition=Q(state__in=EntryState.values), name="exam_entry_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["entered", "withdrawn", "called_off"])
                | Q(
                    reviewed_at__isnull=False,
                    state__in=["approved", "absent", "excused", "failed", "passed", "cheated"],
                )
                | Q(state="refused", reviewed_at__isnull=False) & ~Q(comment=""),
                name="exam_entry_review_fits_state",
                violation_error_message="审核不通过必须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["failed", "passed"], knowledge_score__isnull=False)
                | ~Q(state__in=["failed", "passed"]) & Q(knowledge_score__isnull=True, ability_score__isnull=True),
                name="exam_entry_scores_fit_state",
                violation_error_message="合格、不合格须有成绩；缺考、违纪没有成绩。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["absent", "excused", "failed", "passed", "cheated"], settled_at__isnull=False)
                | ~Q(state__in=["absent", "excused", "failed", "passed", "cheated"]) & Q(settled_at__isnull=True),
                name="exam_entry_settled_fits_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["excused", "cheated"]) | ~Q(remark=""),
                name="exam_entry_remark_where_needed",
                violation_error_message="因故缺考和违纪作弊须写明情况。",
            ),
            models.CheckConstraint(
                # A result may be corrected after the province rejected the application; the application stays.
                condition=Q(certificate__isnull=True) | Q(state="passed"),
                name="exam_certificate_needs_a_pass",
                violation_error_message="只有合格人员才能发证。",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "id"], name="exam_entry_queue", condition=Q(state="entered")),
            models.Index(fields=["enterprise", "-id"], name="exam_entry_enterprise"),
            models.Index(fields=["batch", "id"], name="exam_entry_batch"),
            models.Index(
                fields=["person"], name="exam_entry_to_issue", condition=Q(state="passed", application__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.category} @ {self.batch_id}"
