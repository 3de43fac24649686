"""Defines the form of a decision at a desk: the originals that were looked at, reasons to tick, and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from common.forms import LongTextField

from ..enums import Action
from ..forms import MAX_COMMENT, CommentField
from ..models import DecisionReason
from ..models.reasons import REASONED
from ..originals import OriginalResult, Seen, archive_form, detail_of, not_in_order
from ..steps import Original


class DecisionForm(forms.Form):
    """Takes one decision at a desk. The pressed button says which."""

    action = forms.ChoiceField(
        label="处理结果",
        choices=[(action.value, action.label) for action in (Action.APPROVE, Action.RETURN, Action.REJECT)],
        widget=forms.HiddenInput,
        error_messages={"required": "请选择一种处理结果。", "invalid_choice": "请选择一种处理结果。"},
    )
    comment = CommentField(
        label="意见",
        required=False,
        help_text="退回补正或不予通过时必填，会原样告诉申请人，请一次说全。",
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """The last event that the page showed is sent along, because a case that changed meanwhile has to be looked at
    again.
    """

    def __init__(
        self,
        *args: Any,
        originals: Sequence[Original] = (),
        reasons: Sequence[DecisionReason] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.originals = originals
        self.reasons = reasons
        self.fields |= _fields_of_reasons(reasons)
        for original in originals:
            self.fields |= _fields_of(original)

    def clean(self) -> dict[str, Any]:
        """Leaves it to the service to say which originals prevent an approval, with all its other reasons."""
        values = super().clean() or self.cleaned_data
        action = values.get("action")
        self._add_ticked(values, action)
        for original in self.originals:
            if values.get(f"result_{original.key}") == OriginalResult.DIFFERS and not values.get(
                f"remark_{original.key}"
            ):
                self.add_error(f"remark_{original.key}", f"请写明{original.title}哪里不符，申请人会看到。")
        names_originals = action == Action.RETURN and bool(not_in_order(self.detail))
        needs_comment = action in (Action.RETURN, Action.REJECT) and not names_originals
        if needs_comment and not values.get("comment") and "comment" not in self.errors:
            self.add_error("comment", "请写明原因，申请人会看到。")
        return values

    def _add_ticked(self, values: dict[str, Any], action: str | None) -> None:
        """The ticked reasons and what was typed become one notice, numbered where it names several things."""
        ticked: list[str] = []
        for other, label in REASONED:
            name = reasons_field(other)
            chosen = values.get(name) or []
            if chosen and action and other != action:
                word = Action(action).label
                self.add_error(name, f"勾选的是“{label}”的原因，按下的是“{word}”。请取消勾选，或者改按“{label}”。")
            elif other == action:
                ticked = [reason.sentence for reason in self.reasons if str(reason.pk) in chosen]
        if not ticked or "comment" in self.errors:
            return
        parts = [*ticked, *filter(None, [values.get("comment")])]
        notice = "\n".join(f"{number}. {part}" for number, part in enumerate(parts, 1)) if parts[1:] else parts[0]
        if len(notice) > MAX_COMMENT:
            self.add_error("comment", f"勾选的原因和填写的文字合计 {len(notice)} 字，最多 {MAX_COMMENT} 字，请精简。")
        values["comment"] = notice

    @property
    def reason_fields(self) -> list[forms.BoundField]:
        return [self[name] for action, _ in REASONED if (name := reasons_field(action)) in self.fields]

    @property
    def has_ticked(self) -> bool:
        """The fold of reasons stays open where something in it is ticked."""
        return any(field.value() for field in self.reason_fields)

    @property
    def detail(self) -> dict[str, Any]:
        """Answers the results of the originals so far."""
        values = self.cleaned_data
        return detail_of(
            [
                Seen(
                    key=original.key,
                    title=original.title,
                    result=values[f"result_{original.key}"],
                    remark=values.get(f"remark_{original.key}", ""),
                    archive_number=archive_form(values.get(f"archive_{original.key}", "")),
                )
                for original in self.originals
                if values.get(f"result_{original.key}")
            ]
        )


def _fields_of(original: Original) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        f"result_{original.key}": forms.ChoiceField(
            label=f"{original.title}原件", choices=OriginalResult.choices, required=False, widget=forms.RadioSelect
        ),
        f"remark_{original.key}": LongTextField(
            label="备注",
            max_length=200,
            widget=forms.TextInput(),
            required=False,
            help_text="原件不符或没有带来的，会告诉申请人。",
        ),
    }
    if original.kept:
        fields[f"archive_{original.key}"] = forms.CharField(
            label="档案号", max_length=60, required=False, help_text="原件收回存档，通过时必填。"
        )
    return fields


def reasons_field(action: str) -> str:
    return f"{action}_reasons"


def _fields_of_reasons(reasons: Sequence[DecisionReason]) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for action, label in REASONED:
        choices = [(str(reason.pk), reason.sentence) for reason in reasons if reason.action == action]
        if choices:
            fields[reasons_field(action)] = forms.MultipleChoiceField(
                label=f"{label}的常用原因",
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": "有一条勾选的原因已经停用，请重新勾选。"},
            )
    return fields
