"""Stores who sits where in an exam, with the candidate number and the code of the admit card."""

from __future__ import annotations

import secrets

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from accounts.models import Person, User

from .entries import ExamEntry
from .sites import MOST_SEATS, SessionRoom


def new_code() -> str:
    """The code stands in the QR code of the admit card: 22 characters that nobody guesses and that say nothing."""
    return secrets.token_urlsafe(16)


class ExamSeat(models.Model):
    """座位 of an entry. A released seat stays as history, and its admit card is void because its code is.

    The candidate number (准考证号) belongs to the entry for good: a new seat of the entry repeats it, and nobody else ever
    gets it. It is year, batch and a number within the batch, see `exams/seating/numbers.py`. The person repeats the
    entry's, and the times repeat those of the session room, which a foreign key of the database keeps equal, so that the
    database keeps a person from two exams at once.
    """

    entry = models.ForeignKey(ExamEntry, models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    session_room = models.ForeignKey(SessionRoom, models.PROTECT, related_name="taken_seats")
    number = models.PositiveSmallIntegerField("座位号")
    candidate_number = models.CharField("准考证号", max_length=20)
    code = models.CharField(max_length=32, unique=True, default=new_code)
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    assigned_at = models.DateTimeField("编排时间", default=timezone.now)
    assigned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField("释放时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "考试座位"
        ordering = ["session_room", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(released_at__isnull=True),
                name="one_seat_per_exam_entry",
                violation_error_message="这条报名已经有座位。",
            ),
            models.UniqueConstraint(
                fields=["session_room", "number"],
                condition=Q(released_at__isnull=True),
                name="one_candidate_per_seat",
                violation_error_message="这个座位已经有人。",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_SEATS),
                name="exam_seat_number_fits_a_room",
                violation_error_message=f"座位号应在1至{MOST_SEATS}之间。",
            ),
            models.CheckConstraint(
                condition=~Q(candidate_number=""),
                name="exam_seat_has_a_candidate_number",
                violation_error_message="有座位的必须有准考证号。",
            ),
            ExclusionConstraint(
                name="candidate_number_of_one_entry",
                expressions=[("candidate_number", "="), ("entry", "<>")],
                violation_error_message="这个准考证号已经属于另一名考生。",
            ),
            ExclusionConstraint(
                name="one_person_in_one_exam_at_a_time",
                expressions=[
                    ("person", "="),
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
                violation_error_message="此人在这段时间已有另一场考试。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:02d}号座位"

    @property
    def place(self) -> str:
        """Answers 第1场第2考场 03号; reads the session with its room."""
        return f"{self.session_room.session}{self.session_room} {self.number:02d}号"
