"""Defines the forms in which a second factor is proven or set up."""

from __future__ import annotations

from django import forms

from accounts.people.fields import CodeField, PasswordField


class CodeForm(forms.Form):
    """The second step of a login uses it, and every page on which a second factor is proven anew."""

    code = CodeField(help_text="身份验证器显示的6位数字。手机不在身边的，可以输入一个恢复码。")


class EnrolForm(forms.Form):
    code = CodeField(label="6位验证码", help_text="添加后，手机上的身份验证器显示的数字，每30秒更换一次。")


class PasswordEnrolForm(EnrolForm):
    """It follows a verification by a face that does not suffice."""

    password = PasswordField(label="登录密码", help_text="人脸识别之外，还要用密码确认是您本人。")
    field_order = ("password", "code")


class ReplaceForm(EnrolForm):
    current = CodeField(label="原来的验证码", help_text="原来的身份验证器显示的数字，或者一个恢复码。")
    field_order = ("current", "code")


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label="名称",
        max_length=30,
        initial="我的手机",
        help_text="方便您以后分清是哪台设备，例如“我的手机”。",
        error_messages={"required": "请给这把通行密钥起一个名称。"},
    )
    answer = forms.CharField(
        widget=forms.HiddenInput, max_length=20_000, error_messages={"required": "没有收到设备的答复，请重新按“添加”。"}
    )


class PasskeyPasswordForm(PasskeyForm):
    """It follows a verification by a face that does not suffice."""

    password = PasswordField(label="登录密码", help_text="人脸识别之外，还要用密码确认是您本人。")
    field_order = ("password", "name", "answer")
