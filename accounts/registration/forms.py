"""Defines the forms that clerks fill in at the counter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from accounts.enums import Sex
from accounts.models import Person
from accounts.people.fields import IdNumberField, PictureField
from accounts.people.rules import CardData
from common.forms import DayField, LongTextField
from common.text.ethnicity import normalise_ethnicity, validate_ethnicity
from common.text.form_fields import PersonNameField
from common.text.id_number import Paper, is_id_number, paper_of, read_id_number
from common.text.names import LONGEST_NAME


class CounterSearchForm(forms.Form):
    id_number = IdNumberField(help_text="请按证件上的18位号码输入完整号码；旧证15位号码会自动换算。")


class CardForm(forms.Form):
    """Reads `CardData`; `rules.card_findings` checks what one field alone cannot tell."""

    id_number = IdNumberField()
    name = PersonNameField(
        label="姓名",
        max_length=LONGEST_NAME,
        help_text="与身份证完全一致。少数民族姓名保留间隔号“·”，生僻字请直接输入，不要用拼音代替。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写姓名。"},
    )
    sex = forms.ChoiceField(
        label="性别", choices=Sex.choices, widget=forms.RadioSelect, error_messages={"required": "请选择性别。"}
    )
    ethnicity = forms.CharField(
        label="民族",
        max_length=20,
        initial="汉",
        required=False,
        help_text="港澳台居民居住证、外国人永久居留身份证上没有民族，不填。",
    )
    birth_date = DayField(label="出生日期", error_messages={"required": "请填写出生日期。"})
    address = LongTextField(
        label="住址", max_length=200, widget=forms.TextInput(), error_messages={"required": "请填写住址。"}
    )
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
        if not _names_an_ethnic_group(self.initial.get("id_number")):
            self.initial["ethnicity"] = ""
        self._begin_with_number()

    def _begin_with_number(self) -> None:
        """Sex and day of birth stand in the number just typed; the clerk compares them with the card."""
        number = self.initial.get("id_number")
        if isinstance(number, str) and is_id_number(number):
            facts = read_id_number(number)
            self.initial.setdefault("birth_date", facts.birth_date)
            if facts.sex is not None:
                self.initial.setdefault("sex", facts.sex)

    def clean_ethnicity(self) -> str:
        ethnicity = normalise_ethnicity(self.cleaned_data["ethnicity"])
        validate_ethnicity(ethnicity)
        return ethnicity

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("ethnicity") == "" and _names_an_ethnic_group(cleaned.get("id_number")):
            self.add_error("ethnicity", "请填写民族。")
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
        """The number is left for the clerk to type from the card, which proves that the right page is open."""
        return {
            "name": person.name,
            "sex": person.sex,
            "ethnicity": person.ethnicity,
            "birth_date": person.birth_date,
            "address": person.address,
        }


def _names_an_ethnic_group(id_number: object) -> bool:
    """Answers for the paper that a normalised number belongs to; True where there is none yet."""
    return not (isinstance(id_number, str) and id_number) or paper_of(id_number) == Paper.RESIDENT


class NameForm(forms.Form):
    name = PersonNameField(
        label="核实后的姓名",
        max_length=LONGEST_NAME,
        help_text="与核对过的证件一致。换成新姓名的，原姓名会保留，用于匹配以前的证书。",
        error_messages={"required": "请填写核实后的姓名。"},
    )
    reason = LongTextField(
        label="核实依据",
        max_length=200,
        widget=forms.TextInput(),
        help_text="例如：户口簿变更页，2024年3月更名。",
        error_messages={"required": "请填写核实依据。"},
    )


class CodeIssueForm(forms.Form):
    seen = forms.BooleanField(
        label="已核对身份证原件，本人在场，面貌与登记的人像一致",
        error_messages={"required": "核对身份证原件和本人面貌后，才能出具核验码。"},
    )


class OverrideForm(forms.Form):
    reason = LongTextField(
        label="放行理由",
        max_length=200,
        help_text="例如：颈部伤病，头部无法摆正，本人到场核对。理由和放行人会永久保存。",
        error_messages={"required": "请填写放行理由。"},
    )


class OwnRegistrationsFilter(forms.Form):
    """An invalid day filters nothing."""

    since = DayField(label="登记日期，从", required=False)
    until = DayField(label="至", required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.is_valid()
        self.first_day: date | None = self.cleaned_data.get("since")
        self.last_day: date | None = self.cleaned_data.get("until")

    @property
    def is_narrow(self) -> bool:
        return self.first_day is not None or self.last_day is not None
