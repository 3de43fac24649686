"""Defines the form of a session: its time, its categories, and how many seats of which room it uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from common.dates import SHANGHAI
from common.forms import DayField, LongTextField
from exams.enums import BatchStatus
from exams.filters import CATEGORIES
from exams.models import ExamBatch, ExamRoom, ExamSession
from exams.models.sites import MOST_SEATS

from .changes import MAX_REASON
from .plans import Plan

CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
UNREADABLE = {"invalid": "请写成 09:00 的形式。"}


class SessionForm(forms.Form):
    """Every usable room has a field `seats_<id>`; an empty one is a room that is not used. The rules are the service's."""

    day = DayField(label="日期")
    starts = forms.TimeField(label="开始时间", widget=CLOCK, error_messages=UNREADABLE)
    ends = forms.TimeField(label="结束时间", widget=CLOCK, error_messages=UNREADABLE)
    categories = forms.MultipleChoiceField(
        label="这一场考哪些类别",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="都不选的，该批次的各类别都在这一场考。",
    )

    reason = LongTextField(
        label="变更的原因",
        max_length=MAX_REASON,
        rows=2,
        required=False,
        help_text="已有人报名时，改时间、考点，或者换掉已编排座位的考场的，必填，会告诉报名的企业和人员。",
    )

    def __init__(
        self, *args: Any, batch: ExamBatch, rooms: Sequence[ExamRoom], is_change: bool = False, **kwargs: Any
    ) -> None:
        """A new session and a draft need no reason."""
        super().__init__(*args, **kwargs)
        if not is_change or batch.status != BatchStatus.ANNOUNCED:
            del self.fields["reason"]
        self.fields["categories"].choices = [  # type: ignore[attr-defined]
            (value, words) for value, words in CATEGORIES if value in batch.categories
        ]
        self.rooms = rooms
        for room in rooms:
            wrong = f"请填写1至{room.seats}之间的整数。"
            self.fields[f"seats_{room.pk}"] = forms.IntegerField(
                label=f"{room.site.name}{room.name}使用的座位数",
                min_value=1,
                max_value=MOST_SEATS,
                required=False,
                error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
            )

    def in_rooms(self) -> list[tuple[ExamRoom, forms.BoundField]]:
        return [(room, self[f"seats_{room.pk}"]) for room in self.rooms]

    def of_the_session(self) -> list[forms.BoundField]:
        return [self[name] for name in ("day", "starts", "ends", "categories")]

    def why(self) -> list[forms.BoundField]:
        return [self["reason"]] if "reason" in self.fields else []

    def plan(self) -> Plan:
        """Answers the plan of a valid form, in Asia/Shanghai."""
        values = self.cleaned_data
        seats = {room.pk: values[f"seats_{room.pk}"] for room in self.rooms}
        return Plan(
            starts_at=datetime.combine(values["day"], values["starts"], SHANGHAI),
            ends_at=datetime.combine(values["day"], values["ends"], SHANGHAI),
            categories=values["categories"],
            seats={room_id: number for room_id, number in seats.items() if number is not None},
        )

    @staticmethod
    def values_of(session: ExamSession) -> dict[str, Any]:
        starts, ends = session.starts_at.astimezone(SHANGHAI), session.ends_at.astimezone(SHANGHAI)
        seats = {f"seats_{one.room_id}": one.seats for one in session.rooms.all()}
        return {
            "day": starts.date(),
            "starts": starts.time(),
            "ends": ends.time(),
            "categories": session.categories,
            **seats,
        }
