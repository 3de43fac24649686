"""Reads what a device or a person at the door sends."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms

from common.findings import Finding, Refused
from common.text.chinese import single_blanks
from common.text.signs import half_width
from common.web.ids import LARGEST
from exams.enums import CheckInKind
from exams.models.checkins import LONGEST_NAME

from .merging import AT_MOST, Device, Said

MALFORMED = Finding("check_in.malformed", "上传的内容不完整", "请重新打开签到页。已经登记的签到不会丢失。")
LATEST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp() * 1000)
"""A clock that nobody has set shows a moment after 1970; beyond these years no clock of a device counts."""


class CheckInForm(forms.Form):
    """Checks one person in without a script: a number finds the seat, and then a second page shows who sits there."""

    by_name = forms.CharField(
        label="签到人员姓名", max_length=LONGEST_NAME, error_messages={"required": "请填写您的姓名。"}
    )
    number = forms.CharField(
        label="准考证号或座位号",
        max_length=40,
        help_text="准考证号印在准考证上；也可以输入座位号。",
        error_messages={"required": "请输入准考证号或座位号。"},
    )

    def clean_by_name(self) -> str:
        return single_blanks(self.cleaned_data["by_name"])

    def clean_number(self) -> str:
        return single_blanks(half_width(self.cleaned_data["number"])).replace(" ", "")


def read_merge(body: bytes, *, now: datetime) -> tuple[Device, list[Said]]:
    """Raises Refused for whatever no device of ours sends."""
    try:
        content = json.loads(body)
        behind = now - _moment(content["sent_at"])
        by_name = single_blanks(content["by_name"])[:LONGEST_NAME]
        if not by_name.isprintable() or not by_name or len(content["said"]) > AT_MOST:
            raise ValueError("a name is missing, or too much is sent at once")
        device = Device(uuid.UUID(content["device"]), by_name, behind)
        return device, [_said(one) for one in content["said"]]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise Refused(MALFORMED) from error


def _said(one: Mapping[str, Any]) -> Said:
    seat_id = one["seat"]
    if not isinstance(seat_id, int) or not 0 < seat_id <= LARGEST:
        raise ValueError("this is the id of no seat")
    kind = CheckInKind(one["kind"])
    undoes = uuid.UUID(one["undoes"]) if kind == CheckInKind.UNDONE else None
    return Said(uuid.UUID(one["key"]), seat_id, kind, _moment(one["at"]), undoes)


def _moment(milliseconds: object) -> datetime:
    """`milliseconds` since 1970 by the device's clock."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int) or not 0 <= milliseconds <= LATEST:
        raise ValueError("this is no moment")
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
