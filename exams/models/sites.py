"""Stores where and when an exam is held: sites with rooms, and sessions with the rooms that they use."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from accounts.models import User
from administration.models import Office, Region
from certificates.enums import Category

from .batches import ExamBatch

MOST_SEATS = 500


class ExamSite(models.Model):
    """考点. It belongs to the office that holds exams there and is used again by every batch."""

    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name="考试机构", related_name="exam_sites", db_index=False
    )
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="所在地区", related_name="+")
    name = models.CharField("考点名称", max_length=80)
    address = models.CharField("地址", max_length=200)
    directions = models.CharField("怎么到", max_length=300, blank=True)
    phone = models.CharField("服务电话", max_length=40, blank=True)
    is_active = models.BooleanField("可以使用", default=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "考点"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                name="one_exam_site_per_name",
                violation_error_message="已有同名的考点，请换一个名称。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ExamRoom(models.Model):
    """考场所在的房间: its name is that of the building, such as 3号楼101; `seats` is how many people sit there at most."""

    site = models.ForeignKey(ExamSite, models.PROTECT, verbose_name="考点", related_name="rooms", db_index=False)
    name = models.CharField("房间", max_length=40)
    seats = models.PositiveSmallIntegerField("座位数")
    is_active = models.BooleanField("可以使用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "考场房间"
        ordering = ["site", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "name"],
                name="one_exam_room_per_name",
                violation_error_message="这个考点已有同名的房间。",
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1, seats__lte=MOST_SEATS),
                name="exam_room_has_seats",
                violation_error_message=f"座位数应在1至{MOST_SEATS}之间。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExamSession(models.Model):
    """场次 of a batch. Without categories of its own it is for all categories of the batch."""

    batch = models.ForeignKey(ExamBatch, models.PROTECT, related_name="sessions", db_index=False)
    number = models.PositiveSmallIntegerField("场次")
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    categories = ArrayField(
        models.CharField(max_length=3, choices=Category), verbose_name="证书类别", default=list, blank=True
    )

    class Meta:
        verbose_name = verbose_name_plural = "考试场次"
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "number"],
                name="one_exam_session_per_number",
                violation_error_message="这个批次已有同一序号的场次。",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="exam_session_ends_after_it_starts",
                violation_error_message="场次的结束时间应在开始时间之后。",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}场"

    def is_for(self, category: str) -> bool:
        return not self.categories or category in self.categories


class SessionRoom(models.Model):
    """考场 of a session: `number` is what candidates read (第2考场), `seats` how many of the room's seats are used.

    The times repeat those of the session, so that the database keeps a room from two sessions at once. `released_at`
    says that the session was called off or moved, and the room is free again.
    """

    session = models.ForeignKey(ExamSession, models.PROTECT, related_name="rooms", db_index=False)
    room = models.ForeignKey(ExamRoom, models.PROTECT, verbose_name="房间", related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField("考场号")
    seats = models.PositiveSmallIntegerField("使用座位数")
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    released_at = models.DateTimeField("释放时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "考场"
        ordering = ["session", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "number"],
                name="one_session_room_per_number",
                violation_error_message="这一场已有同一序号的考场。",
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1, seats__lte=MOST_SEATS),
                name="session_room_has_seats",
                violation_error_message=f"使用座位数应在1至{MOST_SEATS}之间。",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_room_ends_after_it_starts"),
            ExclusionConstraint(
                name="one_exam_in_a_room_at_a_time",
                expressions=[
                    ("room", "="),
                    (
                        Func(
                            F("starts_at"),
                            F("ends_at"),
                            Value("[)"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                condition=Q(released_at__isnull=True),
                violation_error_message="这个房间在这段时间已有另一场考试。",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}考场"
