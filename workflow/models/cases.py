"""Stores applications, their attachments and events, archive numbers, and bars."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Person, User
from administration.models import Office, Region
from common.database.fields import EncryptedFileSystemStorage, EncryptedJSONField
from enterprises.models import Enterprise
from workflow.enums import Action, BarScope, CloseReason, Desk, Party, Status

from .queue_indexes import QUEUE_INDEXES

NEVER = date(9999, 12, 31)


class Application(models.Model):
    """`desk` and `holder_*` of an application (办件) say whose turn it is; only workflow.services writes them.

    `enterprise` is the filing enterprise, or the person's current (new) employer. `payload_digest` is a keyed hash of
    the content as the employer last confirmed it, because a changed resubmission goes back to the employer.
    `approvers` are the marks (`permissions.marks_of`) of those who approved it at an office's desk, because nobody
    decides at two desks of one case, and of those who made the decision that it disputes. `stuck` says
    why nobody can move it, `stuck_codes` holds the codes of that.
    `days_left` are the working days left when it was returned, because the clock stops meanwhile. A clock in working
    days ends `clock_days` after `clock_from`. `assignee` is the member of the holder's office whose case it is
    (docs/adr/0021). `chosen_office` handles it at `chosen_desk` in place of the office of the routing. While
    `asked_from` is set, the desk before answers a question that `asked_by` asked at that desk.
    """

    number = models.CharField("办件编号", max_length=30, unique=True)
    kind = models.CharField("业务", max_length=40)
    filed_by = models.CharField("申请方", max_length=12, choices=Party)
    filer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # PROTECT: who filed is evidence
    # PROTECT throughout: an application is a record of its parties.
    person = models.ForeignKey(Person, models.PROTECT, "applications", verbose_name="姓名", null=True, db_index=False)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name="企业", null=True, related_name="applications", db_index=False
    )
    former_enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name="原单位", null=True, related_name="+"
    )
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="地区")
    category = models.CharField("证书类别", max_length=2, blank=True, default="", db_default="")
    """That of the certificate which it is about; a trigger takes it from its items when it is submitted."""
    payload = EncryptedJSONField(default=dict)
    """The values are encrypted as a whole, because telephones, notes and contracts are personal."""
    payload_digest = models.CharField(max_length=64, blank=True)
    approvers = ArrayField(models.CharField(max_length=90), verbose_name="审批人", default=list)
    flags = models.JSONField("提示", default=list)
    was_returned = models.BooleanField("退回过", default=False, db_default=False)
    deemed_accepted = models.BooleanField("视为受理", default=False, db_default=False)
    stuck = models.CharField("不能继续的原因", max_length=300, blank=True)
    stuck_codes = models.JSONField(default=list, blank=True, editable=False)
    status = models.CharField("状态", max_length=12, choices=Status, default=Status.DRAFT)
    close_reason = models.CharField("终止原因", max_length=20, choices=CloseReason, blank=True)
    desk = models.CharField("当前环节", max_length=20, choices=Desk, blank=True)
    returned_from = models.CharField("退回环节", max_length=20, choices=Desk, blank=True)
    holder_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    holder_enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name="当前办理企业", null=True, related_name="+"
    )
    holder_office = models.ForeignKey(Office, models.PROTECT, verbose_name="当前办理部门", null=True, related_name="+")
    assignee = models.ForeignKey(
        User, models.PROTECT, verbose_name="承办人", null=True, db_index=False, related_name="+"
    )
    chosen_office = models.ForeignKey(
        Office, models.PROTECT, verbose_name="指定办理部门", null=True, db_index=False, related_name="+"
    )
    chosen_desk = models.CharField("指定环节", max_length=20, choices=Desk, blank=True)
    asked_from = models.CharField("提出核实的环节", max_length=20, choices=Desk, blank=True)
    asked_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="提出核实的人", null=True, db_index=False, related_name="+"
    )
    clock_from = models.DateField("期限起算日", null=True)
    clock_days = models.IntegerField("期限工作日数", null=True)
    due_on = models.DateField("办理期限", null=True)
    due_is_provisional = models.BooleanField("期限为预计", default=False)
    days_left = models.IntegerField("剩余工作日", null=True)
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    first_submitted_at = models.DateTimeField("首次提交", null=True)
    desk_entered_at = models.DateTimeField("进入环节时间", null=True)
    accepted_at = models.DateTimeField("受理时间", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    is_open = models.GeneratedField(
        verbose_name="未办结",
        expression=Case(When(status__in=["in_review", "returned"], then=Value(True)), default=Value(False)),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    due_sort = models.GeneratedField(
        expression=Coalesce("due_on", Value(NEVER)), output_field=models.DateField(), db_persist=True
    )
    """It sorts by `due_on` with cases without a limit last, so that every queue is read in the order of its index."""
    enterprise_sort = models.GeneratedField(
        expression=Coalesce("enterprise", Value(0)), output_field=models.BigIntegerField(), db_persist=True
    )
    """It finds the cases of an enterprise in a queue; it is 0 for those without one."""
    applicant_sort = models.CharField(max_length=160, db_default="", default="", editable=False)
    """It sorts by the name of the person, or else of the enterprise. The database keeps it (`workflow_name_order`)."""
    firm_sort = models.CharField(max_length=160, db_default="", default="", editable=False)
    """It sorts by the name of the enterprise; cases without one come first. The database keeps it, too."""
    mark_sort = models.GeneratedField(
        expression=Case(
            When(~Q(asked_from=""), then=Value(1)),
            When(was_returned=True, then=Value(2)),
            When(deemed_accepted=True, then=Value(3)),
            When(~Q(flags=[]), then=Value(4)),
            default=Value(9),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    """It sorts by what a queue marks: a question to answer, returned before, deemed accepted, remarks, nothing."""

    class Meta:
        verbose_name = verbose_name_plural = "办件"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "is_open"], name="application_open_pair"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="application_status_known"),
            models.CheckConstraint(
                # Open cases have a desk, a holder and dates; all others have none.
                condition=(
                    Q(
                        status__in=["in_review", "returned"],
                        desk_entered_at__isnull=False,
                        first_submitted_at__isnull=False,
                    )
                    & ~Q(desk="")
                )
                | (
                    ~Q(status__in=["in_review", "returned"])
                    & Q(
                        desk="",
                        holder_person__isnull=True,
                        holder_enterprise__isnull=True,
                        holder_office__isnull=True,
                        due_on__isnull=True,
                    )
                ),
                name="application_desk_while_open",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["in_review", "returned"])
                | Q(desk__in=["filer", "person"], holder_office__isnull=True)
                & (
                    Q(holder_person__isnull=False, holder_enterprise__isnull=True)
                    | Q(holder_person__isnull=True, holder_enterprise__isnull=False)
                )
                | Q(
                    desk__in=["former_employer", "employer"],
                    holder_enterprise__isnull=False,
                    holder_person__isnull=True,
                    holder_office__isnull=True,
                )
                | Q(
                    desk__in=["counter", "municipal", "provincial", "organiser"],
                    holder_office__isnull=False,
                    holder_person__isnull=True,
                    holder_enterprise__isnull=True,
                ),
                name="application_holder_fits_desk",
            ),
            models.CheckConstraint(
                condition=Q(status="returned", desk="filer") | ~Q(status="returned") & ~Q(desk="filer"),
                name="application_returned_is_at_filer",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["approved", "rejected", "withdrawn", "closed"], closed_at__isnull=False)
                | ~Q(status__in=["approved", "rejected", "withdrawn", "closed"]) & Q(closed_at__isnull=True),
                name="application_closed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status="closed") & ~Q(close_reason="") | ~Q(status="closed") & Q(close_reason=""),
                name="application_close_reason",
            ),
            models.CheckConstraint(
                condition=Q(assignee__isnull=True)
                | Q(status="in_review", holder_office__isnull=False)
                | Q(status="returned"),
                name="application_assignee_while_open",
            ),
            models.CheckConstraint(
                condition=Q(asked_from="", asked_by__isnull=True)
                | Q(status="in_review", holder_office__isnull=False, asked_by__isnull=False) & ~Q(asked_from=""),
                name="application_question_at_an_office",
            ),
        ]
        indexes = [
            *QUEUE_INDEXES,
            models.Index(fields=["due_on", "desk"], name="queue_due", condition=Q(is_open=True)),
            models.Index(fields=["due_sort", "id"], name="queue_stuck", condition=Q(is_open=True) & ~Q(stuck="")),
            models.Index(fields=["person", "-id"], name="application_person"),
            models.Index(fields=["enterprise", "-id"], name="application_enterprise"),
            models.Index(fields=["kind", "-id"], name="application_kind"),
            models.Index(fields=["status", "-id"], name="application_status"),
        ]

    def __str__(self) -> str:
        return self.number


class Event(models.Model):
    """Each act or change in the course of an application is a row; append-only, also by trigger.

    `detail` holds the originals as the clerk saw them (`workflow.originals`) and the second verification used.
    `parameters` are the policy parameters used, by key: versions, each [value, effective from, document number].
    """

    # PROTECT: the record stays
    application = models.ForeignKey(Application, models.PROTECT, "events", verbose_name="办件", db_index=False)
    at = models.DateTimeField("时间", default=timezone.now)
    action = models.CharField("操作", max_length=20, choices=Action)
    desk = models.CharField("环节", max_length=20, choices=Desk, blank=True)
    to_desk = models.CharField("转到环节", max_length=20, choices=Desk, blank=True)
    status = models.CharField("状态", max_length=12, choices=Status)
    actor = models.ForeignKey(
        User, models.PROTECT, verbose_name="办理人", null=True, related_name="+"
    )  # PROTECT: evidence; None is the system
    actor_name = models.CharField("办理人", max_length=100, blank=True)
    acting_for = models.CharField("所代表的单位或部门", max_length=200, blank=True)
    comment = models.TextField("意见", blank=True)
    detail = models.JSONField("附加信息", default=dict)
    findings = models.JSONField("检查结果", default=list)
    parameters = models.JSONField("所用参数", default=dict)
    batch = models.UUIDField("批次", default=uuid.uuid4)

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["application", "id"], name="event_application"),
            models.Index(fields=["action", "id"], name="event_action"),
            models.Index(fields=["actor", "-id"], name="event_actor", condition=Q(actor__isnull=False)),
        ]


def attachment_path(attachment: Attachment, filename: str) -> str:
    return f"attachments/{filename}"


class Attachment(models.Model):
    """A scan or photo belongs to an application and is served only after an access check.

    What the filer takes back before the next submission stays, because reviewers may have seen it.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="attachments")  # PROTECT: evidence
    kind = models.CharField("材料", max_length=40)
    file = models.FileField(upload_to=attachment_path, storage=EncryptedFileSystemStorage())
    original_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=50)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")  # PROTECT: evidence
    uploaded_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "材料"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="one_attachment_per_content",
                violation_error_message="这份材料已经上传。",
            )
        ]


class ArchiveNumber(models.Model):
    """Says where an office keeps the originals that it took back: one number for one application."""

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", db_index=False
    )  # PROTECT: where the paper lies
    number = models.CharField("档案号", max_length=60)
    application = models.ForeignKey(Application, models.PROTECT, related_name="archive_numbers")  # PROTECT: a record
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "档案号"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "number"],
                name="one_application_per_archive_number",
                violation_error_message="这个档案号在本部门已用于另一办件，请核对后填写。",
            )
        ]


class Bar(models.Model):
    """In this period a person may not do something, because of a decision.

    It is lifted with its `cause`, `certificate_event:<id>`.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="姓名", related_name="bars"
    )  # PROTECT: counts per person for good
    scope = models.CharField("限制事项", max_length=40, choices=BarScope)
    source = models.CharField("依据", max_length=200)
    cause = models.CharField("起因", max_length=60, blank=True, db_index=True)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    document_number = models.CharField("文号", max_length=100, blank=True)
    lifted_at = models.DateTimeField("解除时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "限制"
        ordering = ["-ends_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="bar_ends_after_it_starts")
        ]
        indexes = [
            models.Index(fields=["person", "scope", "ends_on"], name="bar_person", condition=Q(lifted_at__isnull=True))
        ]


class ApplicationItem(models.Model):
    """Ties up a thing while an application about it is open; apps define it beside that thing.

    Subclasses add the thing (nullable) and unique constraints where is_open; their migration adds
    `item_follows_application(table)`. `claim_key` stands for a thing that does not exist yet.
    """

    application = models.ForeignKey(Application, models.DO_NOTHING, "%(class)ss", db_constraint=False, db_index=False)
    """Django has no constraint here, because the composite key of the migration helper is the foreign key."""
    is_open = models.BooleanField(default=False)
    claim_key = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True
