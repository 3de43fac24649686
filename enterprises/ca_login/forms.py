"""Defines the forms of the login by CA key and of the keys of an enterprise."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from common.dates import chinese_date
from common.forms import LongTextField, UploadField
from common.text.form_fields import PersonNameField
from enterprises.ca_login.key_services import LONGEST_PERSON, names_a_person
from enterprises.enums import OperatorRole
from enterprises.models import CaKey

LARGEST_SIGNATURE = 64 * 1024
"""The unit is bytes; a signature with its certificate chain takes 2 to 6 KB."""


_ARMOUR = re.compile(r"-----[A-Z0-9 ]+-----")


_UNREADABLE = "这不是签名结果。请上传签名工具生成的文件（.p7s、.p7m、.pem），或粘贴其中的全部内容。"


class SignatureForm(forms.Form):
    """Takes a challenge signed in the page or by a key tool: as text or as a file, in DER, PEM or bare base64."""

    challenge = forms.CharField(widget=forms.HiddenInput, max_length=500)
    signature_file = UploadField(
        label="签名结果文件",
        required=False,
        help_text="签名工具生成的 .p7s、.p7m 或 .pem 文件。",
        widget=forms.FileInput(attrs={"accept": ".p7s,.p7m,.p7b,.pem,.der"}),
        error_messages={"empty": "文件是空的，请重新选择。"},
    )
    signature = forms.CharField(
        label="或者粘贴签名结果",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text="以 -----BEGIN 开头的文本，或 Base64 文本。",
    )

    def clean_signature_file(self) -> bytes | None:
        file = self.cleaned_data["signature_file"]
        if file is None:
            return None
        if file.size > LARGEST_SIGNATURE:
            raise ValidationError(f"签名结果不会超过 {LARGEST_SIGNATURE // 1024} KB，请确认选对了文件。", code="size")
        content: bytes = file.read()
        try:
            return _from_text(content.decode("ascii"))
        except UnicodeDecodeError:
            return content  # DER

    def clean_signature(self) -> bytes | None:
        text: str = self.cleaned_data["signature"]
        return _from_text(text) if text.strip() else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        given = cleaned.get("signature_file") or cleaned.get("signature")
        if given is None and not self.errors:
            self.add_error("signature_file", "请选择签名结果文件，或把签名结果粘贴在下面。")
        cleaned["der"] = given
        return cleaned


def _from_text(text: str) -> bytes:
    body = "".join(_ARMOUR.sub("", text).split())
    if not body or len(body) > LARGEST_SIGNATURE * 4 // 3:
        raise ValidationError(_UNREADABLE, code="unreadable")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValidationError(_UNREADABLE, code="unreadable") from error


class BlockForm(forms.Form):
    reason = LongTextField(
        label="停用、挂失原因",
        max_length=200,
        widget=forms.TextInput(),
        help_text="例如：CA 锁遗失；操作员离职；证书已换新。",
        error_messages={"required": "请填写停用原因。"},
    )


def _operator_name_field(**options: Any) -> PersonNameField:
    return PersonNameField(
        label="操作员姓名",
        max_length=LONGEST_PERSON,
        help_text="实际使用这把锁的人。办件记录和日志中显示这个姓名。",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "请填写操作员姓名。"},
        **options,
    )


def _clean_operator_name(name: str) -> str:
    if not names_a_person(name):
        raise ValidationError("请填写操作员本人的姓名，不要填写企业名称。", code="enterprise")
    return name


NEW_OPERATOR = "new"


class OperatorForm(forms.Form):
    """The form asks at the first login of a key who uses it."""

    renews = forms.TypedChoiceField(
        label="这张证书",
        coerce=lambda value: None if value == NEW_OPERATOR else int(value),
        empty_value=None,
        error_messages={"required": "请选择这张证书接替哪把旧锁，或登记为新的操作员。"},
        widget=forms.RadioSelect,
    )
    operator_name = _operator_name_field(required=False)
    role = forms.TypedChoiceField(
        label="角色",
        coerce=OperatorRole,
        choices=[
            (OperatorRole.CLERK.value, "经办人：办理日常业务，能否业务确认由管理员设置"),
            (
                OperatorRole.MANAGER.value,
                "管理员：管理操作员（原管理员离职、锁遗失的，选这一项接管），本企业会收到消息",
            ),
        ],
        initial=OperatorRole.CLERK.value,
        required=False,
        empty_value=OperatorRole.CLERK,
        widget=forms.RadioSelect,
        help_text="接替旧锁的，角色不变。",
    )

    def __init__(
        self, *args: Any, renewable: Sequence[CaKey], certificate_name: str, has_manager: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if not has_manager:
            del self.fields["role"]
        self.fields["operator_name"].initial = certificate_name if names_a_person(certificate_name) else ""
        if renewable:
            choices = [(str(key.pk), _renewal(key)) for key in renewable]
            field = cast(forms.TypedChoiceField, self.fields["renews"])
            field.choices = [*choices, (NEW_OPERATOR, "是新的操作员，不接替任何旧锁（请填写姓名）")]
            field.initial = choices[0][0]
        else:
            del self.fields["renews"]
            self.fields["operator_name"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned.setdefault("renews", None)
        cleaned.setdefault("role", OperatorRole.CLERK)
        if "renews" in self.errors or "operator_name" in self.errors:
            return cleaned
        if cleaned["renews"] is None:
            self._clean_new(cleaned)
        else:
            cleaned["operator_name"] = ""
        return cleaned

    def _clean_new(self, cleaned: dict[str, Any]) -> None:
        name = cleaned.get("operator_name", "")
        try:
            if not name:
                raise ValidationError("请填写操作员姓名。", code="required")
            cleaned["operator_name"] = _clean_operator_name(name)
        except ValidationError as error:
            self.add_error("operator_name", error)


def _renewal(key: CaKey) -> str:
    end = "已停用" if key.blocked_at is not None else f"有效期至{chinese_date(key.valid_to)}"
    return f"接替{key.operator_name}的旧锁（序列号 {key.serial_number}，{end}），旧锁不能再登录"


class OperatorNameForm(forms.Form):
    operator_name = _operator_name_field()

    def clean_operator_name(self) -> str:
        return _clean_operator_name(self.cleaned_data["operator_name"])
