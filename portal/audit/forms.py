"""Defines the filter of the audit list and the search by ID number."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from administration.audit.actions import ACTIONS
from common.dates import parse_date
from common.forms import LongTextField
from common.text.id_number import normalise_id_number
from common.web.ids import id_of


class AuditFilter(forms.Form):
    """The filter is in the address. An ID number is posted and never part of it."""

    from_on = forms.CharField(label="从", max_length=30, required=False, help_text="例如 2026-11-01")
    until_on = forms.CharField(label="到", max_length=30, required=False)
    actor = LongTextField(
        label="操作人", max_length=100, widget=forms.TextInput(), required=False, help_text="姓名，或 #编号"
    )
    action = forms.ChoiceField(
        label="操作", required=False, choices=[("", "全部"), *sorted(ACTIONS.items(), key=lambda item: item[1])]
    )
    about = LongTextField(
        label="对象", max_length=130, widget=forms.TextInput(), required=False, help_text="例如 accounts.person:12"
    )
    number = forms.CharField(label="办件编号", max_length=30, required=False)
    address = forms.GenericIPAddressField(
        label="来源地址", required=False, error_messages={"invalid": "地址的格式不对，例如 10.1.2.3。"}
    )
    request_id = forms.CharField(label="请求编号", max_length=40, required=False)

    def _day(self, field: str) -> date | None:
        text = self.cleaned_data[field].strip()
        return parse_date(text) if text else None

    def clean_from_on(self) -> date | None:
        return self._day("from_on")

    def clean_until_on(self) -> date | None:
        """The day itself is included."""
        day = self._day("until_on")
        return day + timedelta(days=1) if day else None

    def clean_actor(self) -> str | int:
        text: str = self.cleaned_data["actor"].strip()
        if text.startswith("#"):
            number = id_of(text[1:])
            if number is None:
                raise forms.ValidationError("# 后面是账号的编号，例如 #12。")
            return number
        return text

    def clean_about(self) -> tuple[str, str] | None:
        text: str = self.cleaned_data["about"].strip()
        if not text:
            return None
        kind, _, number = text.rpartition(":")
        if not kind or not number:
            raise forms.ValidationError("请填写类型和编号，中间用冒号，例如 accounts.person:12。")
        return kind, number


class IdNumberForm(forms.Form):
    id_number = forms.CharField(
        label="身份证号码",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
        error_messages={"required": "请填写身份证号码。"},
    )

    def clean_id_number(self) -> str:
        value: Any = self.cleaned_data["id_number"]
        return normalise_id_number(value)
