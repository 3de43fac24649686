"""Defines the small forms of the page 联系方式."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.people.rules import clean_phone
from administration.enums import Channel
from common.text.signs import half_width


class EmailForm(forms.Form):
    address = forms.EmailField(
        label="电子邮箱",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "email", "inputmode": "email", "autocomplete": "email"}),
        error_messages={"required": "请填写电子邮箱。", "invalid": "请填写电子邮箱，例如 zhangsan@example.com。"},
    )

    def clean_address(self) -> str:
        name, _, domain = str(self.cleaned_data["address"]).rpartition("@")
        return f"{name}@{domain.lower()}"


class PhoneForm(forms.Form):
    address = forms.CharField(
        label="手机号码",
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": "请填写手机号码。"},
    )

    def clean_address(self) -> str:
        return clean_phone(self.cleaned_data["address"])


class CodeForm(forms.Form):
    code = forms.CharField(
        label="验证码",
        max_length=20,
        help_text="6 位数字，10 分钟内有效。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "请填写验证码。"},
    )

    def clean_code(self) -> str:
        code = half_width(self.cleaned_data["code"]).replace(" ", "")
        if len(code) != 6 or not code.isascii() or not code.isdigit():
            raise forms.ValidationError("验证码是 6 位数字。")
        return code


class EventsForm(forms.Form):
    """The reader ticks the events that are wanted."""

    wanted = forms.MultipleChoiceField(label="接收的事项", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, choices: list[tuple[str, str]], wanted: list[str], prefix: str) -> None:
        super().__init__(data, initial={"wanted": wanted}, prefix=prefix)
        self.fields["wanted"].choices = choices  # type: ignore[attr-defined]  # of a MultipleChoiceField


FORM_OF = {Channel.SMS: PhoneForm, Channel.EMAIL: EmailForm}
