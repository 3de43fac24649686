"""Defines the forms that end an employment on a person's request or by an office."""

from __future__ import annotations

from django import forms

from accounts.people.fields import IdNumberField
from common.forms import DayField, DocumentNumberField, LongTextField


class OfficeSearchForm(forms.Form):
    id_number = IdNumberField(help_text="以本人出示的身份证为准。每次查询都会留下审计记录。")


LEAVING = {
    "resigned": "本人离职",
    "contract_over": "劳动合同期满不再续签",
    "agreed": "双方协商解除劳动合同",
    "unreachable": "企业停业或联系不上",
    "other": "其他",
}


class EndRequestForm(forms.Form):
    reason = forms.ChoiceField(
        label="解除原因",
        choices=[("", "请选择"), *LEAVING.items()],
        error_messages={"required": "请选择解除原因。"},
    )
    left_on = DayField(label="劳动合同解除日期", error_messages={"required": "请填写劳动合同解除日期。"})
    note = LongTextField(
        label="说明",
        max_length=500,
        required=False,
        help_text="受聘企业会看到。",
    )
    commitment = forms.BooleanField(
        label="本人承诺所填内容真实，解除后证书转为异常状态、与企业的劳动争议由本人自行处理。",
        error_messages={"required": "请阅读并勾选承诺。"},
    )


class OfficeEndForm(forms.Form):
    document_number = DocumentNumberField(
        label="证明材料文号",
        missing="请填写证明材料的文号",
        help_text="裁决书、判决书、离职证明等的编号，例如：洪劳人仲案〔2026〕第12号。",
    )
    reason = LongTextField(
        label="解除理由",
        max_length=200,
        help_text="本人和企业都会看到。",
        error_messages={"required": "请填写解除理由。"},
    )
    originals = forms.BooleanField(
        label="已核对本人身份证和证明材料原件，复印件已存档。",
        error_messages={"required": "请核对原件后勾选。"},
    )
