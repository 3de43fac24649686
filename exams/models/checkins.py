"""Stores the check-in at the door of an exam room: the link that opens its page, and what was said there."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from common.database.fields import EncryptedTextField
from exams.enums import CheckInKind

from .seats import ExamSeat
from .sites import SessionRoom

LONGEST_NAME = 40
OPENS_BEFORE = timedelta(hours=3)
CLOSES_AFTER = timedelta(hours=1)
MERGES_FOR = timedelta(days=3)


class CheckInLink(models.Model):
    """签到链接 of a session room. Whoever has it may check in there and needs no login, so it is found by a keyed index only,
    works around the session only, wherever that is moved to, and a new one ends the former.
    """

    session_room = models.ForeignKey(SessionRoom, models.PROTECT, related_name="check_in_links", db_index=False)
    token = EncryptedTextField("链接", editable=False)
    token_index = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("生成时间", default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "签到链接"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session_room"],
                condition=Q(revoked_at__isnull=True),
                name="one_check_in_link_per_room",
                violation_error_message="这个考场已有一个可用的签到链接。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_room_id}: {self.created_at:%Y-%m-%d}"

    @staticmethod
    def opens(room: SessionRoom) -> datetime:
        return room.starts_at - OPENS_BEFORE

    @staticmethod
    def closes(room: SessionRoom) -> datetime:
        """The list of the room is shown until then."""
        return room.ends_at + CLOSES_AFTER

    @staticmethod
    def merges_until(room: SessionRoom) -> datetime:
        """A device without a network may send until then."""
        return room.ends_at + MERGES_FOR


class ExamCheckIn(models.Model):
    """签到: one thing that was said at the door. Rows are never changed or deleted; what is true of a seat follows from all.

    A device makes the `key` before it has a network, so that what is sent twice counts once. `at` is when it happened by
    the server's clock; the device's own clock, which may be wrong, is kept beside it. `undoes` is the key that is taken
    back; it is no foreign key, because the other one may arrive later. `by_name` is typed by whoever stood at the door.
    """

    key = models.UUIDField(unique=True, editable=False)
    seat = models.ForeignKey(ExamSeat, models.PROTECT, related_name="check_ins")
    link = models.ForeignKey(CheckInLink, models.PROTECT, related_name="check_ins", db_index=False)
    kind = models.CharField("内容", max_length=10, choices=CheckInKind)
    undoes = models.UUIDField(null=True, blank=True)
    device = models.UUIDField("设备")
    by_name = models.CharField("签到人员", max_length=LONGEST_NAME)
    at = models.DateTimeField("签到时间")
    device_at = models.DateTimeField("设备上的时间")
    received_at = models.DateTimeField("上传时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "考试签到"
        ordering = ["seat", "at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CheckInKind.values), name="exam_check_in_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="undone", undoes__isnull=False) | ~Q(kind="undone") & Q(undoes__isnull=True),
                name="exam_check_in_undoes_something",
                violation_error_message="撤销签到须指明撤销的是哪一次。",
            ),
            models.CheckConstraint(
                condition=Q(at__lte=F("received_at")),
                name="exam_check_in_happened_before_it_arrived",
                violation_error_message="签到时间不能晚于上传时间。",
            ),
            models.CheckConstraint(
                condition=~Q(by_name=""),
                name="exam_check_in_has_a_name",
                violation_error_message="请填写签到人员的姓名。",
            ),
        ]
        indexes = [models.Index(fields=["undoes"], name="exam_check_in_undone", condition=Q(undoes__isnull=False))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%H:%M}"
