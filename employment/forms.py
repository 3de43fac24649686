from __future__ import annotations

from typing import Any

from django import forms

from accounts.people.fields import IdNumberField
from common.forms import DayField
from enterprises.enums import Post


class PersonSearchForm(forms.Form):
    """Sent by POST: an ID number never stands in an address."""

    id_number = IdNumberField(help_text="请输入完整的18位号码；旧证15位号码会自动换算。系统只按完整号码查找。")


class OfficeSearchForm(forms.Form):
    id_number = IdNumberField(help_text="以本人出示的身份证为准。每次查询都会留下审计记录。")


class ProposalForm(forms.Form):
    """Terms of a proposed employment. The person is found by ID number on the page before and is not a value here."""

    posts = forms.MultipleChoiceField(
        label="职务",
        choices=Post.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个职务。"},
        help_text="可多选，例如同时担任总经理和项目负责人。",
    )
    contract_from = DayField(
        label="合同期起", help_text="与劳动合同一致。", error_messages={"required": "请填写合同开始日期。"}
    )
    contract_to = DayField(label="合同期止", required=False, help_text="无固定期限合同不填。")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("contract_from"), cleaned.get("contract_to")
        if starts and ends and ends < starts:
            self.add_error("contract_to", "合同结束日期不能早于开始日期。")
        return cleaned


class EndForm(forms.Form):
    note = forms.CharField(
        label="解除说明",
        max_length=200,
        help_text="本人会看到，例如：劳动合同于2026年10月31日解除。",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写解除说明。", "max_length": "解除说明最长200个字。"},
    )


LEAVING = {
    "resigned": "本人离职",
    "contract_over": "劳动合同期满不再续签",
    "agreed": "双方协商解除劳动合同",
    "unreachable": "企业停业或联系不上",
    "other": "其他",
}


class EndRequestForm(forms.Form):
    """解除聘用, asked for by the person."""

    reason = forms.ChoiceField(
        label="解除原因",
        choices=[("", "请选择"), *LEAVING.items()],
        error_messages={"required": "请选择解除原因。"},
    )
    left_on = DayField(label="劳动合同解除日期", error_messages={"required": "请填写劳动合同解除日期。"})
    note = forms.CharField(
        label="说明",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="受聘企业会看到。",
    )
    commitment = forms.BooleanField(
        label="本人承诺所填内容真实，解除后证书暂不可用、与企业的劳动争议由本人自行处理。",
        error_messages={"required": "请阅读并勾选承诺。"},
    )


class OfficeEndForm(forms.Form):
    """解除聘用 by the office, on evidence."""

    document_number = forms.CharField(
        label="证明材料文号",
        max_length=100,
        help_text="裁决书、判决书、离职证明等的编号，例如：洪劳人仲案〔2026〕第12号。",
        error_messages={"required": "请填写证明材料的文号。"},
    )
    reason = forms.CharField(
        label="解除理由",
        max_length=200,
        help_text="本人和企业都会看到。",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写解除理由。", "max_length": "解除理由最长200个字。"},
    )
    originals = forms.BooleanField(
        label="已核对本人身份证和证明材料原件，复印件已存档。",
        error_messages={"required": "请核对原件后勾选。"},
    )


class StaffFilters(forms.Form):
    """Narrow the list of employees; values live in the address."""

    name = forms.CharField(label="姓名", max_length=100, required=False)
    post = forms.ChoiceField(label="职务", choices=[("", "全部"), *Post.choices], required=False)
    contract = forms.ChoiceField(
        label="合同期",
        choices=[("", "全部"), ("soon", "90天内到期"), ("over", "已到期"), ("open", "无固定期限")],
        required=False,
    )
