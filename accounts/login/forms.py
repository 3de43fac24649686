"""Defines the forms of the login pages and those that change a password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.people.fields import IdNumberField, PasswordField
from common.forms import LongTextField


class PersonLoginForm(forms.Form):
    id_number = IdNumberField(autocomplete="username")
    password = PasswordField()


class StaffLoginForm(forms.Form):
    login = LongTextField(
        label="登录名",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "请填写登录名。"},
    )
    password = PasswordField()


class InitialPasswordForm(forms.Form):
    """It follows a login with the initial password, which was just typed and is not asked again."""

    new_password = PasswordField(label="新密码", autocomplete="new-password")
    repeated_password = PasswordField(label="再次输入新密码", autocomplete="new-password")

    def __init__(self, *args: Any, rules: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].help_text = rules

    def clean_repeated_password(self) -> str:
        repeated: str = self.cleaned_data["repeated_password"]
        first = self.cleaned_data.get("new_password")
        if first is not None and first != repeated:
            raise ValidationError("两次输入的密码不一致，请重新输入。", code="mismatch")
        return repeated


class PasswordForm(InitialPasswordForm):
    old_password = PasswordField(label="现在的密码")
    field_order = ("old_password", "new_password", "repeated_password")
