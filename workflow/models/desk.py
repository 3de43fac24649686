"""Stores how members of an office stand in for each other, and what they decide about many cases at once."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from accounts.models import User

from ..enums import Desk
from .cases import Application


class Absence(models.Model):
    """From the first to the last day a deputy acts on what is assigned to the member of staff, who is away.

    `ended_at` is set if it was taken back or cut short; otherwise it ends by itself.
    """

    user = models.ForeignKey(User, models.PROTECT, verbose_name="请假人", related_name="+")  # PROTECT: evidence
    deputy = models.ForeignKey(User, models.PROTECT, verbose_name="代办人", related_name="+")  # PROTECT: evidence
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    reason = models.CharField("事由", max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, verbose_name="登记人", related_name="+")  # PROTECT: evidence
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "请假代办"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(user=F("deputy")), name="absence_has_another_deputy"),
            ExclusionConstraint(
                name="one_absence_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at__isnull=True),
                violation_error_message="这段时间已经登记过请假。",
            ),
        ]
        indexes = [
            models.Index(fields=["deputy", "ends_on"], name="absence_deputy", condition=Q(ended_at__isnull=True))
        ]


class CaseUse(models.Model):
    """For some minutes a member of an office has a case open, or has reserved it for a decision at this desk.

    It ends by itself at `until`, and no job has to end it. A reservation keeps colleagues from deciding; reading does not.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="+", db_index=False)  # PROTECT: no draft
    desk = models.CharField("环节", max_length=20, choices=Desk)
    user = models.ForeignKey(User, models.PROTECT, verbose_name="工作人员", related_name="+", db_index=False)  # PROTECT
    is_reserved = models.BooleanField("占用", default=False)
    until = models.DateTimeField("至")

    class Meta:
        verbose_name = verbose_name_plural = "占用"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="one_use_of_a_case_by_a_member"),
            models.UniqueConstraint(
                fields=["application", "desk"],
                condition=Q(is_reserved=True),
                name="one_reservation_of_a_case_at_a_desk",
                violation_error_message="这件刚刚被同事占用。",
            ),
        ]


class QueueView(models.Model):
    """A member of an office keeps the filters of a queue under a name. `query` is what stands in the address."""

    user = models.ForeignKey(User, models.PROTECT, verbose_name="工作人员", related_name="+", db_index=False)  # PROTECT
    desk = models.CharField("环节", max_length=20, choices=Desk)
    name = models.CharField("名称", max_length=20)
    query = models.CharField("筛选条件", max_length=500)
    kept_at = models.DateTimeField("保存时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "常用筛选"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "desk", "name"], name="one_view_of_a_queue_by_name")]


class BulkAct(models.Model):
    """An act on several applications is kept with what became of each, so that a lost answer can be looked up.

    The key comes from the page, so that sending a page twice leads to one result. `outcomes` maps the id of an
    application to its findings, which are none where it was done; an id that is missing has no result yet.

    A whole list is kept when it is asked about, and `ordered_at` when the answer was yes; a job does it then. `seen`
    maps an application to the last event that the question showed.

    A decision of an office waits until `takes_effect_at`, so that it can be taken back. Of `begun_at`, when the job
    began, and `taken_back_at` only one is ever set (docs/adr/0027).
    """

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")  # PROTECT: who acted is evidence
    title = models.CharField("操作", max_length=40)
    back_url = models.CharField(max_length=500)
    picked = ArrayField(models.BigIntegerField(), verbose_name="勾选的办件")
    action = models.CharField("处理结果", max_length=20, blank=True)
    comment = models.TextField("意见", blank=True)
    seen = models.JSONField("当时看到的", default=dict)
    detail = models.JSONField("原件核对", default=dict)
    outcomes = models.JSONField("逐件结果", default=dict)
    started_at = models.DateTimeField("开始时间", default=timezone.now)
    ordered_at = models.DateTimeField("提交时间", null=True, default=timezone.now)
    finished_at = models.DateTimeField("结束时间", null=True)
    takes_effect_at = models.DateTimeField("生效时间", null=True)
    begun_at = models.DateTimeField("开始办理时间", null=True)
    taken_back_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "批量办理"
        ordering = ["-started_at", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(begun_at__isnull=True) | Q(taken_back_at__isnull=True),
                name="bulk_act_begun_or_taken_back",
                violation_error_message="决定已经生效，不能撤销。",
            )
        ]
        indexes = [
            models.Index(fields=["started_at"], name="bulk_act_age"),
            models.Index(
                fields=["user", "takes_effect_at"],
                name="bulk_act_undoable",
                condition=Q(takes_effect_at__isnull=False, begun_at__isnull=True, taken_back_at__isnull=True),
            ),
        ]


class HeldDecision(models.Model):
    """A case on which a decision was made that has not taken effect yet, because it can still be taken back.

    The row goes when the decision takes effect or is taken back. After `until` it counts for nothing, so that no case
    stays hidden where the worker stands still.
    """

    application = models.OneToOneField(Application, models.PROTECT, related_name="+")  # PROTECT: no draft
    act = models.ForeignKey(BulkAct, models.PROTECT, related_name="held")  # PROTECT: says who decided
    until = models.DateTimeField("至")

    class Meta:
        verbose_name = verbose_name_plural = "待生效的决定"
        ordering = ["id"]
