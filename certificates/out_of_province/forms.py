"""外省证书申报: defines the forms by which a person declares a certificate of another province."""

from __future__ import annotations

from typing import Any

from django import forms

from certificates.enums import PROVINCES, Category, Ending
from common.files.uploads import ACCEPTED_SCANS, CheckedUpload, check_upload
from common.forms import DayField, UploadField
from common.text.certificate_number import parse_number
from common.text.form_fields import OrganisationNameField

from .importing import parse_out_of_province_number
from .services import Declared

CATEGORIES = [("", "请选择"), *Category.choices, ("C", "专职安全生产管理人员（证书上没有分类）")]


class DeclarationForm(forms.Form):
    number = forms.CharField(
        label="证书编号", max_length=60, help_text="例如 浙建安B（2021）0001234，括号全角、半角都可以。"
    )
    category = forms.ChoiceField(label="证书类别", choices=CATEGORIES)
    province = forms.ChoiceField(label="发证省份", choices=[("", "请选择"), *((name, name) for name in PROVINCES)])
    enterprise_name = OrganisationNameField(label="证书上的企业名称", max_length=160, required=False)
    valid_to = DayField(label="有效期至")
    scan = UploadField(
        label="证书扫描件",
        required=False,
        help_text="可以不上传。JPG、PNG 或 PDF，不超过 10 MB。",
        widget=forms.FileInput(attrs={"accept": ACCEPTED_SCANS}),
    )
    commitment = forms.BooleanField(
        label="本人承诺申报内容真实，如有虚假，愿承担相应的法律责任。",
        error_messages={"required": "请阅读并勾选承诺。"},
    )

    def clean_number(self) -> str:
        return str(parse_out_of_province_number(self.cleaned_data["number"]))

    def clean_scan(self) -> CheckedUpload | None:
        upload = self.cleaned_data["scan"]
        return check_upload(upload) if upload else None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        number, category = values.get("number"), values.get("category")
        if number and category and not category.startswith(parse_number(number).category):
            self.add_error("category", "证书类别与证书编号中的类别不一致。")
        return values

    @property
    def said(self) -> Declared:
        values = self.cleaned_data
        return Declared(
            number=values["number"],
            category=values["category"],
            province=values["province"],
            enterprise_name=values["enterprise_name"],
            valid_to=values["valid_to"],
        )


class EndingForm(forms.Form):
    ending = forms.ChoiceField(
        label="情况", choices=Ending.choices, widget=forms.RadioSelect, error_messages={"required": "请选择情况。"}
    )
    ended_on = DayField(label="注销或换证的日期", help_text="申报有误的，填写今天。")
    commitment = forms.BooleanField(
        label="本人承诺以上情况真实。虚假申报将影响本人在本省办理业务。",
        error_messages={"required": "请阅读并勾选承诺。"},
    )
