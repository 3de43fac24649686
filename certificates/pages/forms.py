"""Defines the filters and searches of the lists of certificates."""

from __future__ import annotations

from typing import Any

from django import forms

from administration.models import Region
from administration.offices.selectors import PROVINCE
from certificates.enums import Category, DisplayStatus
from common.forms import LongTextField
from common.text.form_fields import PersonSearchField
from common.text.id_number import normalise_id_number


class HoursFilter(forms.Form):
    name = PersonSearchField()
    category = forms.ChoiceField(label="证书类别", choices=[("", "全部"), *Category.choices], required=False)
    state = forms.ChoiceField(
        label="学时",
        choices=[("", "全部"), ("missing", "学时不足"), ("urgent", "不足且半年内到期"), ("enough", "已满足")],
        required=False,
    )


class CertificateSearch(forms.Form):
    """ID numbers have a form of their own, which is posted."""

    q = LongTextField(
        label="证书编号或姓名",
        max_length=100,
        widget=forms.TextInput(),
        required=False,
        help_text="编号可以只填开头部分或者末尾的顺序号，姓名可以只填其中几个字。",
    )
    region = forms.ChoiceField(label="单位注册地", required=False)
    category = forms.ChoiceField(label="证书类别", choices=[("", "全部"), *Category.choices], required=False)
    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *DisplayStatus.choices], required=False)

    ends = forms.ChoiceField(
        label="有效期", choices=[("", "不限"), ("30", "30 天内到期"), ("90", "90 天内到期")], required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        if isinstance(field, forms.ChoiceField):
            field.choices = _region_choices()


class IdNumberSearch(forms.Form):
    id_number = forms.CharField(
        label="身份证号码", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_id_number(self) -> str:
        return normalise_id_number(self.cleaned_data["id_number"])


def _region_choices() -> list[Any]:
    """Answers the whole province, then each city with its counties, in one query."""
    cities: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for region in Region.objects.exclude(pk=PROVINCE).order_by("code"):
        if region.is_city:
            cities[region.code] = (region.name, [(region.code, f"{region.name}（全市）")])
        elif region.city_code in cities:
            cities[region.city_code][1].append((region.code, region.name))
    return [("", "全省"), *cities.values()]
