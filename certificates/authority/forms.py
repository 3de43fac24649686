"""Defines the form of a decision of the authority."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from certificates.enums import AuthorityAction
from common.forms import DayField, DocumentNumberField, LongTextField

from .decisions import (
    DOCUMENT_MISSING,
    GROUND_MISSING,
    MAX_DOCUMENT,
    MAX_REASON,
    REASON_LONG,
    REASON_MISSING,
    UNTIL_PAST,
    Decision,
)
from .measures import MEASURES


class AuthorityForm(forms.Form):
    """The fields depend on the decision."""

    ground = forms.ChoiceField(
        label="情形", widget=forms.RadioSelect, error_messages={"required": f"{GROUND_MISSING}。"}
    )
    until = DayField(
        label="暂扣至",
        required=False,
        help_text="暂扣的最后一天，次日系统自动发还。不填表示至整改合格、另行办理发还为止。",
    )
    document_number = DocumentNumberField(
        missing=DOCUMENT_MISSING,
        max_length=MAX_DOCUMENT,
        help_text="作出决定的文书编号，会写入证书轨迹和公告，例如：赣建安罚〔2026〕12号。",
    )
    reason = LongTextField(
        label="事由",
        max_length=MAX_REASON,
        help_text="会写入证书轨迹并告知持证人，请不要填写他人的个人信息。",
        error_messages={
            "required": f"{REASON_MISSING}。",
            "max_length": f"{REASON_LONG.format(limit=MAX_REASON)}，现在 %(show_value)d 字，请缩短。",
        },
    )

    def __init__(self, *args: Any, action: AuthorityAction, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action, self.today = action, today
        measure = MEASURES.get(action)
        grounds = measure.grounds if measure else ()
        field = self.fields["ground"]
        if grounds and isinstance(field, forms.ChoiceField):
            field.choices = [(one.value, one.label) for one in grounds]
        else:
            del self.fields["ground"]
        if measure is None or not measure.may_end:
            del self.fields["until"]

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until is not None and until <= self.today:
            raise forms.ValidationError(f"{UNTIL_PAST}。")
        return until

    def decision(self) -> Decision:
        """The form must be valid."""
        values = self.cleaned_data
        return Decision(
            action=self.action,
            document_number=values["document_number"],
            reason=values["reason"],
            ground=values.get("ground", ""),
            until=values.get("until"),
        )

    def as_posted(self) -> dict[str, str]:
        """Answers the hidden values of the page that asks for confirmation."""
        return {name: str(self.cleaned_data[name] or "") for name in self.fields}
