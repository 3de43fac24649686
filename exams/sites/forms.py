"""Defines the forms of a site and of its rooms."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import LongTextField
from common.text.chinese import single_blanks
from exams.models.sites import MOST_SEATS
from exams.selectors import grouped_regions


class SiteForm(forms.Form):
    name = forms.CharField(label="考点名称", max_length=80, help_text="例如：江西青云职业学院。")
    region = forms.ChoiceField(label="所在地区")
    address = LongTextField(
        label="地址", max_length=200, widget=forms.TextInput(), help_text="写到门牌号，会印在准考证上。"
    )
    directions = LongTextField(
        label="怎么到",
        max_length=300,
        rows=2,
        required=False,
        help_text="例如：公交 208 路到青云学院站；北门进，车辆不能入校。",
    )
    phone = forms.CharField(label="服务电话", max_length=40, required=False, help_text="考试当天有人接听的电话。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = grouped_regions()  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return single_blanks(self.cleaned_data["name"])

    def clean_address(self) -> str:
        return single_blanks(self.cleaned_data["address"])

    def values(self) -> dict[str, Any]:
        """Answers the values of a valid form by the fields of the model."""
        values = dict(self.cleaned_data)
        values["region_id"] = values.pop("region")
        return values


class ChangedSiteForm(SiteForm):
    is_active = forms.BooleanField(label="这个考点可以使用", required=False)


class RoomForm(forms.Form):
    name = forms.CharField(label="房间", max_length=40, help_text="门上写的名称，例如：3号楼101。")
    seats = forms.IntegerField(
        label="座位数", min_value=1, max_value=MOST_SEATS, help_text="考试时最多坐多少人，按隔位就坐计算。"
    )

    def clean_name(self) -> str:
        return single_blanks(self.cleaned_data["name"])


class ChangedRoomForm(RoomForm):
    is_active = forms.BooleanField(label="这个房间可以使用", required=False)
