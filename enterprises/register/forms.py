"""Defines the form by which a registry clerk registers an enterprise with an old licence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from administration.models import Region
from administration.offices.selectors import PROVINCE
from common.forms import LongTextField
from common.text.form_fields import OrganisationNameField, PersonNameField
from common.text.old_codes import normalise_old_code

if TYPE_CHECKING:
    _RegionChoice = forms.ModelChoiceField[Region]
else:
    _RegionChoice = forms.ModelChoiceField  # generic for the type checker only


class RegionField(_RegionChoice):
    def label_from_instance(self, obj: Region) -> str:
        city = obj.parent.name if obj.parent and obj.parent.is_city else ""
        return f"{city}{obj.name}"


class OldCodeForm(forms.Form):
    code = forms.CharField(
        label="证照号码",
        max_length=60,
        help_text="15位营业执照注册号、9位组织机构代码，或执照上不合校验规则的18位信用代码。",
        error_messages={"required": "请填写证照号码。"},
    )
    name = OrganisationNameField(
        label="企业名称",
        max_length=200,
        help_text="与证照完全一致。",
        error_messages={"required": "请填写企业名称。"},
    )
    region = RegionField(
        label="注册地",
        queryset=Region.objects.exclude(pk=PROVINCE).select_related("parent").order_by("code"),
        empty_label="请选择",
        error_messages={"required": "请选择注册地。"},
    )
    legal_representative = PersonNameField(label="法定代表人", max_length=100, required=False)
    reason = LongTextField(
        label="登记理由",
        max_length=200,
        help_text="核对过什么证照，为什么没有有效的统一社会信用代码。理由和登记人永久保存。",
        error_messages={"required": "请填写登记理由。"},
    )
    seen = forms.BooleanField(
        label="已核对证照原件，并在登记机关的公示系统中查到这家企业",
        error_messages={"required": "核对证照原件后才能登记。"},
    )

    def clean_code(self) -> str:
        return normalise_old_code(self.cleaned_data["code"])[1]
