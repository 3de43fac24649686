from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.access.home_addresses import ADMINISTRATORS
from accounts.enums import Duty, Education, ProfessionalTitle, Sex, Sphere
from accounts.models import Person
from common.dates import parse_date
from common.text.chinese import half_width
from common.text.id_number import normalise_id_number
from common.text.names import LONGEST_NAME, normalise_name, validate_name

from .rules import CardData, clean_phone

LARGEST_PICTURE = 20 * 1024 * 1024
PICTURE_TYPES = "image/jpeg,image/png"
LONGEST_PASSWORD = 128


class IdNumberField(forms.CharField):
    """Full-width digits, blanks and numbers of 15 digits are understood; the value is the normalised number."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": kwargs.pop("autocomplete", "off"), "spellcheck": "false", "maxlength": 40}
        )
        super().__init__(label="身份证号码", widget=widget, error_messages={"required": "请填写身份证号码。"}, **kwargs)

    def clean(self, value: Any) -> str:
        return normalise_id_number(super().clean(value))


class PasswordField(forms.CharField):
    def __init__(self, *, label: str = "密码", autocomplete: str = "current-password", help_text: str = "") -> None:
        super().__init__(
            label=label,
            strip=False,
            max_length=LONGEST_PASSWORD,
            help_text=help_text,
            widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
            error_messages={"required": f"请填写{label}。"},
        )


class PictureField(forms.FileField):
    """What the picture shows is checked by the service; here only that it can be read into memory."""

    def __init__(self, *, label: str, help_text: str, required: bool = True) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=required,
            widget=forms.FileInput(attrs={"accept": PICTURE_TYPES}),
            error_messages={"required": f"请选择{label}文件。", "empty": "文件是空的，请重新选择。"},
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file is not None and file is not initial and file.size > LARGEST_PICTURE:
            raise ValidationError(f"文件不能超过 {LARGEST_PICTURE // 1024 // 1024} MB。", code="size")
        return file


class DayField(forms.Field):
    """A date in any form that offices write; browsers offer a calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        return parse_date(value) if value not in self.empty_values else None


class PersonLoginForm(forms.Form):
    id_number = IdNumberField(autocomplete="username")
    password = PasswordField()


class StaffLoginForm(forms.Form):
    login = forms.CharField(
        label="登录名",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "请填写登录名。"},
    )
    password = PasswordField()


class CounterCodeForm(forms.Form):
    code = forms.CharField(
        label="窗口核验码",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "请填写窗口核验码。"},
    )

    def clean_code(self) -> str:
        code = re.sub(r"[-\s]", "", half_width(self.cleaned_data["code"]))
        if not re.fullmatch(r"[0-9]{8}", code):
            raise ValidationError("核验码是 8 位数字，请对照回执填写。", code="form")
        return code


class FaceLoginForm(forms.Form):
    """The frames come beside it, by step."""

    id_number = IdNumberField(autocomplete="username")
    consent = forms.BooleanField(
        label="我已阅读并同意《人脸识别使用说明》",
        error_messages={"required": "使用人脸识别需要您同意；不同意的，请用密码登录。"},
    )


class FacePasswordForm(FaceLoginForm):
    """Where a face does not suffice."""

    password = PasswordField()
    field_order = ("id_number", "password", "consent")


class FacePhotoForm(forms.Form):
    photo = PictureField(label="照片", help_text="正对镜头、光线充足、只有您一个人。由窗口人员与登记的人像核对。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].widget.attrs.update({"accept": "image/*", "capture": "user"})


class CodeIssueForm(forms.Form):
    seen = forms.BooleanField(
        label="已核对身份证原件，本人在场，面貌与登记的人像一致",
        error_messages={"required": "核对身份证原件和本人面貌后，才能出具核验码。"},
    )


class FaceReviewForm(forms.Form):
    reason = forms.CharField(
        label="理由",
        max_length=200,
        required=False,
        help_text="不通过时必填，本人会看到。例如：面部被遮挡，请重拍。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InitialPasswordForm(forms.Form):
    """After a login with the initial password: it was typed a moment ago and is not asked again."""

    new_password = PasswordField(label="新密码", autocomplete="new-password")
    repeated_password = PasswordField(label="再次输入新密码", autocomplete="new-password")

    def __init__(self, *args: Any, rules: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].help_text = rules

    def clean_repeated_password(self) -> str:
        repeated: str = self.cleaned_data["repeated_password"]
        first = self.cleaned_data.get("new_password")
        if first is not None and first != repeated:
            raise ValidationError("两次输入的密码不一致，请重新输入。", code="mismatch")
        return repeated


class PasswordForm(InitialPasswordForm):
    old_password = PasswordField(label="现在的密码")
    field_order = ("old_password", "new_password", "repeated_password")


class ProfileForm(forms.Form):
    phone = forms.CharField(
        label="手机号码",
        max_length=20,
        help_text="用来接收办理通知，不对外公开。",
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": "请填写手机号码。"},
    )
    education = forms.ChoiceField(
        label="学历",
        choices=[("", "请选择"), *Education.choices],
        help_text="与学历证书一致，考试报名时核对。",
        error_messages={"required": "请选择学历。"},
    )
    professional_title = forms.ChoiceField(
        label="工程类职称", choices=[("", "无"), *ProfessionalTitle.choices], required=False
    )

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])


class PhotoForm(forms.Form):
    photo = PictureField(
        label="证件照",
        help_text="JPG 或 PNG，至少 295×413 像素，不超过 20 MB。不是 25∶35 的，系统会按头部位置裁剪，您确认后才保存。",
    )


class OverrideForm(forms.Form):
    reason = forms.CharField(
        label="放行理由",
        max_length=200,
        help_text="例如：颈部伤病，头部无法摆正，本人到场核对。理由和放行人会永久保存。",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写放行理由。"},
    )


class CounterSearchForm(forms.Form):
    id_number = IdNumberField(help_text="请按证件上的18位号码输入完整号码；旧证15位号码会自动换算。")


class CardForm(forms.Form):
    """Input for `CardData`; what one field cannot tell alone is checked by `rules.card_findings`."""

    id_number = IdNumberField()
    name = forms.CharField(
        label="姓名",
        max_length=LONGEST_NAME,
        help_text="与身份证完全一致。少数民族姓名保留间隔号“·”，生僻字请直接输入，不要用拼音代替。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写姓名。"},
    )
    sex = forms.ChoiceField(
        label="性别", choices=Sex.choices, widget=forms.RadioSelect, error_messages={"required": "请选择性别。"}
    )
    ethnicity = forms.CharField(label="民族", max_length=20, initial="汉", error_messages={"required": "请填写民族。"})
    birth_date = DayField(label="出生日期", error_messages={"required": "请填写出生日期。"})
    address = forms.CharField(label="住址", max_length=200, error_messages={"required": "请填写住址。"})
    valid_from = DayField(label="有效期起", error_messages={"required": "请填写有效期起。"})
    valid_to = DayField(
        label="有效期止", required=False, help_text="证件上写“长期”的，不填本项，勾选下面的“长期有效”。"
    )
    is_permanent = forms.BooleanField(label="长期有效", required=False)
    portrait = PictureField(
        label="人像", help_text="现场拍摄或从身份证芯片读取，JPG 或 PNG，至少 102×126 像素。只用于核对本人，不会公开。"
    )

    def __init__(self, *args: Any, portrait_is_kept: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["portrait"].required = not portrait_is_kept

    def clean_name(self) -> str:
        name = normalise_name(self.cleaned_data["name"])
        validate_name(name)
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("is_permanent") and cleaned.get("valid_to"):
            self.add_error("valid_to", "勾选了“长期有效”，就不要再填截止日期。")
        if not cleaned.get("is_permanent") and not cleaned.get("valid_to") and "valid_to" not in self.errors:
            self.add_error("valid_to", "请填写有效期止；证件上写“长期”的，请勾选“长期有效”。")
        return cleaned

    def card(self) -> CardData:
        data = self.cleaned_data
        return CardData(
            name=data["name"],
            id_number=data["id_number"],
            sex=data["sex"],
            ethnicity=data["ethnicity"],
            birth_date=data["birth_date"],
            address=data["address"],
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
        )

    @staticmethod
    def initial_of(person: Person) -> dict[str, object]:
        """The number is left for the clerk to type from the card: it proves that the right page is open."""
        return {
            "name": person.name,
            "sex": person.sex,
            "ethnicity": person.ethnicity,
            "birth_date": person.birth_date,
            "address": person.address,
        }


class NameForm(forms.Form):
    name = forms.CharField(
        label="核实后的姓名",
        max_length=LONGEST_NAME,
        help_text="与核对过的证件一致。换成新姓名的，原姓名会保留，用于匹配以前的证书。",
        error_messages={"required": "请填写核实后的姓名。"},
    )
    reason = forms.CharField(
        label="核实依据",
        max_length=200,
        help_text="例如：户口簿变更页，2024年3月更名。",
        error_messages={"required": "请填写核实依据。"},
    )

    def clean_name(self) -> str:
        name = normalise_name(self.cleaned_data["name"])
        validate_name(name)
        return name


class CodeField(forms.CharField):
    """Six digits of an authenticator, or a recovery code; what it is worth is judged by `services.totp.verify`."""

    def __init__(self, *, label: str = "验证码", help_text: str = "") -> None:
        super().__init__(
            label=label,
            max_length=20,
            help_text=help_text,
            widget=forms.TextInput(
                attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
            ),
            error_messages={"required": f"请填写{label}。"},
        )


class CodeForm(forms.Form):
    """Of the second step and wherever a second factor is proven anew."""

    code = CodeField(help_text="身份验证器显示的6位数字。手机不在身边的，可以输入一个恢复码。")


class EnrolForm(forms.Form):
    code = CodeField(label="6位验证码", help_text="添加后，手机上的身份验证器显示的数字，每30秒更换一次。")


class PasswordEnrolForm(EnrolForm):
    """After a verification by a face that does not suffice."""

    password = PasswordField(label="登录密码", help_text="人脸识别之外，还要用密码确认是您本人。")
    field_order = ("password", "code")


class ReplaceForm(EnrolForm):
    current = CodeField(label="原来的验证码", help_text="原来的身份验证器显示的数字，或者一个恢复码。")
    field_order = ("current", "code")


class UserFilter(forms.Form):
    words = forms.CharField(label="登录名、姓名或部门", max_length=50, required=False)
    sphere = forms.ChoiceField(
        label="身份",
        required=False,
        choices=[("", "全部"), *((sphere.value, sphere.label) for sphere in (Sphere.STAFF, *sorted(ADMINISTRATORS)))],
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="原因和核实方式",
        max_length=200,
        help_text="例如：手机丢失，本人到场，核对工作证。会记入审计，并告知本人。",
        error_messages={"required": "请填写原因和核实本人的方式。"},
    )


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label="复核情况",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：企业集中办理聘用，已电话核实；或：无正当理由，已停用账号并通知单位。会记入审计。",
        error_messages={"required": "请写明核实了什么、怎么处理。"},
    )


class DutiesForm(ReasonForm):
    duties = forms.MultipleChoiceField(
        label="职责", choices=Duty.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("duties", "reason")
