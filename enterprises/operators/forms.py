"""Defines the forms by which a manager sets roles and delegates rights."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.access.rights import Right
from common.forms import DayField
from enterprises.enums import OperatorRole
from enterprises.models.keys import DELEGABLE

ROLES = [
    (OperatorRole.MANAGER.value, "管理员：办理全部业务、业务确认，并管理操作员"),
    (OperatorRole.CLERK.value, "经办人：办理聘用、报名、申请等业务；业务确认按下面的设置"),
    (OperatorRole.READER.value, "查阅人：只能查看和导出，不能办理任何业务"),
]


class RoleForm(forms.Form):
    role = forms.TypedChoiceField(
        label="角色",
        choices=ROLES,
        coerce=OperatorRole,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择角色。"},
    )
    may_confirm = forms.BooleanField(
        label="可以业务确认（代表企业同意或拒绝人员的申请）",
        required=False,
        help_text="只对经办人有用：管理员都可以确认，查阅人都不可以。",
    )


class DelegationForm(forms.Form):
    right = forms.TypedChoiceField(
        label="授权事项",
        choices=[(right.value, right.label) for right in DELEGABLE],
        coerce=Right,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择授权事项。"},
    )
    starts_on = DayField(label="从哪一天起", error_messages={"required": "请填写授权的第一天。"})
    ends_on = DayField(
        label="到哪一天止",
        help_text="首尾两天都算在内，到期自动结束，不需要收回。",
        error_messages={"required": "请填写授权的最后一天。"},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "最后一天不能早于第一天。")
        return cleaned
