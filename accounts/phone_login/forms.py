"""Defines the forms of the login and the reset by face."""

from __future__ import annotations

from django import forms

from accounts.people.fields import IdNumberField, PasswordField


class FaceLoginForm(forms.Form):
    """The frames come beside the fields, by step."""

    id_number = IdNumberField(autocomplete="username")
    consent = forms.BooleanField(
        label="我已阅读并同意《人脸识别使用说明》",
        error_messages={"required": "使用人脸识别需要您同意；不同意的，请用密码登录。"},
    )


class FacePasswordForm(FaceLoginForm):
    """It is used where a face does not suffice."""

    password = PasswordField()
    field_order = ("id_number", "password", "consent")
