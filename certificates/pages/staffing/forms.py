"""Defines the filters of the enterprise's board."""

from __future__ import annotations

from django import forms

from certificates.enums import Category
from certificates.pages.roster import EXPIRING_DAYS
from common.text.form_fields import PersonSearchField
from enterprises.enums import Post

from .steps import CONTRACT_DAYS

ORDERS = {"": ("ends_on",), "number": ("number",)}


class StaffFilter(forms.Form):
    name = PersonSearchField()
    category = forms.ChoiceField(label="证书类别", choices=[("", "全部"), *Category.choices], required=False)
    post = forms.ChoiceField(label="职务", choices=[("", "全部"), *Post.choices], required=False)
    state = forms.ChoiceField(
        label="状态",
        choices=[
            ("", "全部证书"),
            ("confirm", "等本企业确认"),
            ("expiring", f"{EXPIRING_DAYS} 天内到期"),
            ("unextended", f"{EXPIRING_DAYS} 天内到期，没有申请延续"),
            ("hours", f"{EXPIRING_DAYS} 天内到期，学时不够"),
            ("extension", "延续办理中"),
            ("contract", f"合同 {CONTRACT_DAYS} 天内到期"),
            ("normal", "正常使用"),
            ("abnormal", "异常状态"),
            ("none", "没有证书的在聘人员"),
        ],
        required=False,
    )
    sort = forms.ChoiceField(
        label="排序",
        choices=[("", "先到期的在前"), ("number", "按证书编号")],
        required=False,
    )
