"""Defines the filter of the rows set aside, the form of a decision, and that of taking an import back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.people.columns import parse_name
from certificates.enums import LegacyDecision
from certificates.legacy.codes import legal_state_of
from certificates.legacy.columns import parse_category, parse_enterprise_name
from certificates.legacy.matching import days_of
from certificates.legacy.rows import divided
from certificates.models import LegacyCertificate
from certificates.plausibility import Limits, implausible
from common.forms import DayField, LongTextField
from common.text.certificate_number import parse_number
from common.text.id_number import normalise_id_number, read_id_number

from .corrections import CONTRADICTION, corrected_record
from .selectors import REASONS, runs_with_waiting
from .services import Settlement

CORRECTABLE = (
    "name", "id_number", "number", "category", "enterprise_name", "post", "first_issued_on", "issued_on", "valid_from",
    "valid_to", "source_state",
)  # fmt: skip
_REQUIRED = ("name", "number", "valid_to")


class SettlingFilters(forms.Form):
    """The filter is bound to the address, so ID numbers have a form of their own, which is posted."""

    q = LongTextField(label="证书编号或姓名", max_length=100, widget=forms.TextInput(), required=False)
    reason = forms.ChoiceField(label="原因", required=False)
    run = forms.TypedChoiceField(label="导入批次", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", "全部"), *((key, words) for key, (words, _) in REASONS.items())]  # type: ignore[attr-defined]
        self.fields["run"].choices = [("", "全部"), *runs_with_waiting()]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """An invalid value filters nothing."""
        self.is_valid()
        return self.cleaned_data


def _parsed(parse: Callable[[str], Any], value: str) -> Any:
    return parse(value) if value.strip() else ""


class SettlementForm(forms.Form):
    """The corrected values are read only where the clerk has chosen to correct."""

    decision = forms.ChoiceField(label="怎样处理", widget=forms.RadioSelect)
    basis = LongTextField(
        label="依据",
        max_length=300,
        help_text="例如：档案馆 2018 年发证清册第 14 页。记录在案，不能修改。",
        error_messages={"required": "请填写依据：看过哪份原始材料。"},
        rows=2,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    name = LongTextField(label="姓名", max_length=100, widget=forms.TextInput(), required=False)
    id_number = forms.CharField(
        label="身份证号码",
        max_length=40,
        required=False,
        help_text="不改就不填。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    number = forms.CharField(label="证书编号", max_length=40, required=False)
    category = forms.CharField(label="类别", max_length=30, required=False)
    enterprise_name = LongTextField(label="企业名称", max_length=200, widget=forms.TextInput(), required=False)
    post = forms.CharField(label="职务", max_length=60, required=False)
    first_issued_on = DayField(label="初次领证日期", required=False)
    issued_on = DayField(label="发证日期", required=False)
    valid_from = DayField(label="有效期起", required=False)
    valid_to = DayField(label="有效期止", required=False)
    source_state = forms.CharField(label="原状态", max_length=30, required=False)

    def __init__(self, *args: Any, record: LegacyCertificate, ways: list[tuple[str, str]], limits: Limits, **kw: Any):
        initial = {name: getattr(record, name) for name in CORRECTABLE if name != "id_number"}
        super().__init__(*args, **{"initial": initial, **kw})
        self.record, self.limits = record, limits
        self.fields["decision"].choices = ways  # type: ignore[attr-defined]
        self.corrected: LegacyCertificate | None = None

    def _clean_fields(self) -> None:
        """Values that the decision does not use are not judged."""
        super()._clean_fields()  # type: ignore[misc]
        if self.cleaned_data.get("decision") == LegacyDecision.CORRECT:
            return
        for name in CORRECTABLE:
            self.errors.pop(name, None)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("decision") != LegacyDecision.CORRECT:
            return values
        self._parse(values)
        if not self.errors:
            self.corrected = corrected_record(self.record, values)
            self._check_days()
        return values

    def _parse(self, values: dict[str, Any]) -> None:
        parsers: dict[str, Callable[[str], Any]] = {
            "name": parse_name,
            "id_number": normalise_id_number,
            "number": parse_number,
            "category": parse_category,
            "enterprise_name": parse_enterprise_name,
        }
        for name, parse in parsers.items():
            try:
                values[name] = _parsed(parse, values.get(name) or "")
            except ValidationError as error:
                self.add_error(name, error)
        for name in _REQUIRED:
            if name not in self.errors and not values.get(name):
                self.add_error(name, "更正后采用的，此项必填。")
        number, category = values.get("number"), values.get("category")
        if number and category and divided(category, number.category) is None:
            self.add_error("category", CONTRADICTION)

    def _check_days(self) -> None:
        """A clerk who corrects has the paper at hand, so days that cannot be true are mistakes in typing."""
        corrected = self.corrected
        if corrected is None:
            return
        born = read_id_number(corrected.id_number or "").birth_date
        if doubts := implausible(days_of(corrected, born), self.limits):
            self.add_error("valid_to", ValidationError([f"{doubt}请核对更正的日期。" for doubt in doubts]))
        if legal_state_of(corrected.source_state, ends_on=corrected.valid_to, today=self.limits.today) is None:
            self.add_error("source_state", "无法识别的状态，请填有效、暂扣、撤销、吊销、注销或过期，或留空。")

    def settlement(self, *, other_id: int | None) -> Settlement:
        values = self.cleaned_data
        return Settlement(
            LegacyDecision(values["decision"]), values["basis"].strip(), values["seen"], self.corrected, other_id
        )
