"""Asks what the checks of a business want to know of a person and a certificate. What is answered is not stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.enums import Education, ProfessionalTitle
from certificates.enums import Category, LegalState
from certificates.rules.merge import PARTS
from common.forms import DayField
from enterprises.enums import Post

YES, NO = "yes", "no"
SAME, OTHER, NONE = "same", "other", "none"
_BLANK = ("", "请选择")
_EMPLOYED = ((SAME, "在证书上的单位"), (OTHER, "在另一家单位"), (NONE, "没有登记聘用"))
_ENDED = (LegalState.SUSPENDED, LegalState.REVOKED, LegalState.CANCELLED, LegalState.EXPIRED, LegalState.WITHDRAWN)
_STATES = ((LegalState.VALID.value, "正常使用或者异常"), *((one.value, str(one.label)) for one in _ENDED))
_CONSTRUCTOR = ((SAME, "有，注册在现在聘用我的单位"), (OTHER, "有，注册在别的单位"), (NONE, "没有"))


def _yes_or_no(label: str, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[_BLANK, (YES, "是"), (NO, "否")], help_text=help_text)


def _one_of(label: str, choices: Sequence[tuple[str, str]], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[_BLANK, *choices], **more)


class Answers(forms.Form):
    """Keeps only the questions of one business. Nothing is chosen beforehand."""

    registered = _yes_or_no("已在窗口或一体机完成实名登记")
    photo = _yes_or_no("已上传证件照", "登录后在“个人信息”里可以看到。")
    category = _one_of("证书类别", Category.choices)
    parts = forms.MultipleChoiceField(
        label="现在持有的证书",
        choices=[(str(one), str(one.label)) for one in PARTS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    post = _one_of(
        "职务",
        ((Post.LEGAL_REPRESENTATIVE.value, "法定代表人"), (Post.GENERAL_MANAGER.value, "其他职务")),
        required=False,
        help_text="只有报A证的要选。",
    )
    state = _one_of("证书现在的状态", _STATES)
    ends_on = DayField(label="证书有效期至", help_text="证书上印的最后一天。")
    busy = _yes_or_no("这本证书有业务正在办理")
    employed = _one_of("现在登记的聘用关系", _EMPLOYED)
    hired = _one_of("现在登记的聘用关系", ((SAME, "在给我报名的企业"), (OTHER, "在另一家企业"), (NONE, "没有登记聘用")))
    gone = _yes_or_no("证书上的单位已注销或吊销")
    hours = forms.DecimalField(
        label="本有效期内已参加继续教育的学时", min_value=0, max_value=500, decimal_places=1, max_digits=5
    )
    last_change = DayField(label="上次变更单位的日期", required=False, help_text="没有变更过的不填。")
    constructor = _one_of("建造师注册", _CONSTRUCTOR, required=False, help_text="只有B证要选。")
    project = _yes_or_no("正在在建项目上任职")
    birth_date = DayField(label="出生日期")
    education = _one_of("学历", Education.choices, required=False)
    professional_title = _one_of("职称", ProfessionalTitle.choices, required=False, help_text="没有的不选。")
    others = forms.MultipleChoiceField(
        label="还持有的其他有效证书",
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="没有的不选。",
    )
    elsewhere = DayField(label="外省证书的有效期至", required=False, help_text="没有其他省份证书的不填。")
    bar = DayField(
        label="限制申请的最后一天", required=False, help_text="因缺考、作弊、撤销等被限制申请的填写，没有的不填。"
    )

    def __init__(self, questions: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {name: self.fields[name] for name in questions}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if "constructor" in self.fields and values.get("category") == Category.B and not values.get("constructor"):
            self.add_error("constructor", "请选择建造师注册的情况。")
        if "post" in self.fields and values.get("category") == Category.A and not values.get("post"):
            self.add_error("post", "请选择职务。")
        return values
