"""Defines the forms by which clerks ask for a merge or its undoing, and decide."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.corrections.forms import GroundsForm
from accounts.people.fields import IdNumberField


class OtherRecordForm(forms.Form):
    id_number = IdNumberField(
        label="另一份登记的身份证号码", help_text="此人名下误登的另一个号码。查询会留下记录，并计入查询次数。"
    )


class MergeForm(GroundsForm):
    field_order = ("stays", "document", "reason", "evidence", "is_same_person")
    stays = forms.ChoiceField(
        widget=forms.RadioSelect,
        label="保留哪一份登记",
        choices=(("left", "保留第一份"), ("right", "保留第二份")),
        help_text="保留身份证上现在的号码。另一份并入它，号码不能再登录和登记。",
        error_messages={"required": "请选择保留哪一份。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].help_text = "例如：南昌市公安局东湖分局《户籍证明》（东公证〔2026〕15号）。"
        self.fields["reason"].help_text = "为什么有两份登记、怎样核对是同一人（人像、户口簿、原证件）。"


class UndoForm(GroundsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_same_person"].label = "已对照两份登记的人像和证件，确认是两个人或者合并有误。"
        self.fields["reason"].help_text = "为什么合并有误、怎样核对。"
