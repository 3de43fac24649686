"""Defines the forms by which a clerk asks for the record of a death, and for taking one back."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.corrections.forms import GroundsForm
from common.forms import DayField, LongTextField

LONGEST_DOCUMENT = 80
"""Certificates are cancelled by this document and for this reason, so that the limits are those of such decisions."""
LONGEST_REASON = 200


class _DeathGrounds(GroundsForm):
    document = LongTextField(
        label="证明文件及文号",
        max_length=LONGEST_DOCUMENT,
        widget=forms.TextInput(),
        error_messages={"required": "请填写证明文件的名称和文号。"},
    )
    reason = LongTextField(
        label="办理说明",
        max_length=LONGEST_REASON,
        error_messages={"required": "请写明办理的原因和怎样核对。"},
    )


class DeathForm(_DeathGrounds):
    field_order = ("died_on", "document", "reason", "evidence", "is_same_person")
    died_on = DayField(label="死亡日期", help_text="按死亡证明填写，例如 2026-11-20。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].help_text = "例如：《居民死亡医学证明（推断）书》第 3601-2026-00123 号、注销户口证明。"
        self.fields["reason"].help_text = "会写入证书轨迹。写明凭什么证明、怎样核对是这份登记，不写家属的个人信息。"
        self.fields["is_same_person"].label = "已核对证明上的姓名、身份证号码与这份登记一致。"
        self.fields["is_same_person"].error_messages["required"] = "请核对后勾选。对不上的，不要提出。"


class TakeBackForm(_DeathGrounds):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].help_text = "例如：派出所《情况说明》（东公〔2026〕31号）。"
        self.fields["reason"].help_text = "当时为什么登记错了、怎样核对本人。"
        self.fields["is_same_person"].label = "本人在场，已对照登记的人像和证件，确认本人健在。"
