"""Stores entries for an exam, with their results."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.models import Person, User
from administration.models import ImportRun, Office
from certificates.enums import Category
from certificates.models import Certificate
from enterprises.enums import Post
from enterprises.models import Enterprise
from exams.enums import PENDING, EntryState
from workflow.models import Application

from .batches import ExamBatch

LIVE_STATES = ["entered", "returned", "approved", "absent", "excused", "failed", "passed", "cheated"]


class ExamEntry(models.Model):
    """报名: one entry is for one person, one category and one batch.

    Only services of this app write its state. `enterprise` signed the person up; `office` reviews the entries of that
    enterprise's region. `notified_at` is when the message that admits to the exam was put into the person's mailbox;
    without it nobody is barred for an absence. `reopened_at` is when the exam was so long over without a result that the
    person may be signed up again; the result may still come. `application` is the first issue that the system opened, and
    `certificate` is its result. `resubmit_by` is the last day on which a returned entry may be handed in again; it ends by
    itself after that.
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
    notified_at = models.DateTimeField("准考通知时间", null=True, blank=True)
    comment = models.CharField("审核意见", max_length=300, blank=True)
    resubmit_by = models.DateField("补正截止", null=True)
    resubmitted_at = models.DateTimeField("补正后提交时间", null=True)
    ticket_number = models.CharField("准考证号", max_length=30, blank=True)
    knowledge_score = models.DecimalField("知识考核", max_digits=4, decimal_places=1, null=True)
    ability_score = models.DecimalField("能力考核", max_digits=4, decimal_places=1, null=True)
    remark = models.CharField("备注", max_length=200, blank=True)
    settled_at = models.DateTimeField("成绩登记时间", null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    import_run = models.ForeignKey(ImportRun, models.PROTECT, null=True)
    reopened_at = models.DateTimeField("允许重新报名时间", null=True, blank=True)
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="exam_entries")
    certificate = models.OneToOneField(Certificate, models.PROTECT, null=True, related_name="exam_entry")

    class Meta:
        verbose_name = verbose_name_plural = "考试报名"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "person", "category"],
                condition=Q(state__in=LIVE_STATES),
                name="one_live_entry_per_person_category_batch",
                violation_error_message="此人在该批次已报名这一类别。",
            ),
            models.UniqueConstraint(
                fields=["person", "category"],
                condition=Q(state__in=["entered", "returned", "approved"], reopened_at__isnull=True),
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
                | Q(state__in=["refused", "returned"], reviewed_at__isnull=False) & ~Q(comment=""),
                name="exam_entry_review_fits_state",
                violation_error_message="审核不通过、退回补正必须写明原因。",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(resubmit_by__isnull=False),
                name="exam_entry_returned_until",
                violation_error_message="退回补正须写明补正截止日期。",
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
                condition=~Q(state="absent") | Q(notified_at__isnull=False),
                name="exam_absence_needs_a_notice",
                violation_error_message="没有给本人发过准考通知的，不能登记无故缺考。",
            ),
            models.CheckConstraint(
                # A result may be corrected after the province rejected the application; the application stays.
                condition=Q(certificate__isnull=True) | Q(state="passed"),
                name="exam_certificate_needs_a_pass",
                violation_error_message="只有合格人员才能发证。",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "state", "id"],
                name="exam_entry_queue",
                condition=Q(state__in=["entered", "returned"]),
            ),
            models.Index(fields=["enterprise", "-id"], name="exam_entry_enterprise"),
            models.Index(fields=["batch", "id"], name="exam_entry_batch"),
            models.Index(
                fields=["person"], name="exam_entry_to_issue", condition=Q(state="passed", application__isnull=True)
            ),
            models.Index(fields=["batch"], name="exam_entry_unsettled", condition=Q(state="approved")),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.category} @ {self.batch_id}"

    @property
    def may_be_excused(self) -> bool:
        """Says whether a link to the proof of an absence makes sense; the page tells who is too late."""
        begun = self.batch.exam_from <= localdate()
        return self.state == EntryState.ABSENT or (self.state == EntryState.APPROVED and begun)

    @property
    def was_moved(self) -> bool:
        """Answers whether time or place of the exam became another after the sign-up. It reads the batch."""
        moved_at = self.batch.moved_at
        return self.state in PENDING and moved_at is not None and self.entered_at <= moved_at
