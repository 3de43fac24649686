"""Defines the form by which the result of one entry is recorded."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.http import QueryDict

from common.forms import DayField, LongTextField
from common.text.chinese import half_width
from exams.enums import MARKED, EntryState
from exams.models import ExamEntry
from exams.results.services import MAX_REASON, Result, judge, settled_mark


class ScoreField(forms.DecimalField):
    """Takes full-width digits and the word 分, as the file of results does."""

    def __init__(self, *, label: str) -> None:
        super().__init__(
            label=label,
            min_value=0,
            max_value=100,
            max_digits=4,
            decimal_places=1,
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={
                "invalid": "请填写数字，如 76.5。",
                "min_value": "成绩应在 0 至 100 之间。",
                "max_value": "成绩应在 0 至 100 之间。",
                "max_decimal_places": "成绩最多保留一位小数。",
                "max_digits": "成绩应在 0 至 100 之间，最多保留一位小数。",
                "max_whole_digits": "成绩应在 0 至 100 之间。",
            },
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(half_width(value).strip().removesuffix("分") if isinstance(value, str) else value)


class ResultForm(forms.Form):
    outcome = forms.ChoiceField(
        label="考试情况",
        choices=[
            ("marked", "参加考试，有成绩"),
            (EntryState.ABSENT.value, EntryState.ABSENT.label),
            (EntryState.EXCUSED.value, EntryState.EXCUSED.label),
            (EntryState.CHEATED.value, EntryState.CHEATED.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择考试情况。"},
    )
    knowledge_score = ScoreField(label="知识考核成绩")
    ability_score = ScoreField(label="能力考核成绩")
    found_on = DayField(label="作弊查实日期", required=False, help_text="限制从这一天起算；不填表示今天。")
    remark = LongTextField(
        label="情况说明",
        max_length=200,
        widget=forms.TextInput(),
        required=False,
        help_text="因故缺考的证明材料、作弊的具体情况；本人会看到。",
    )
    reason = LongTextField(
        label="更正原因",
        max_length=MAX_REASON,
        help_text="为什么原来的结果不对、依据什么更正；本人和企业会看到，并记入成绩记录。",
        error_messages={"required": "更正成绩请写明原因。"},
    )

    settled = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, is_correction: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ability_score"].help_text = "没有能力考核的不填。"
        if not is_correction:
            del self.fields["reason"], self.fields["settled"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        outcome = cleaned.get("outcome")
        if outcome == "marked" and cleaned.get("knowledge_score") is None and "knowledge_score" not in self.errors:
            self.add_error("knowledge_score", "请填写知识考核成绩。")
        if outcome in (EntryState.EXCUSED, EntryState.CHEATED) and not cleaned.get("remark"):
            self.add_error("remark", "请写明情况。")
        return cleaned

    def result(self, entry: ExamEntry, *, pass_mark: int) -> Result:
        values, seen = self.cleaned_data, self.cleaned_data.get("settled", "")
        if values["outcome"] != "marked":
            return Result(entry.pk, EntryState(values["outcome"]), remark=values["remark"], seen=seen)
        knowledge, ability = values["knowledge_score"], values["ability_score"]
        state = judge(knowledge, ability, pass_mark=pass_mark)
        return Result(entry.pk, state, knowledge, ability, values["remark"], seen=seen)


def initial_result(entry: ExamEntry) -> dict[str, object]:
    """Answers the recorded result, to be corrected."""
    settled: Collection[str] = (EntryState.ABSENT, EntryState.EXCUSED, EntryState.CHEATED)
    outcome = "marked" if entry.state in MARKED else entry.state if entry.state in settled else ""
    return {
        "outcome": outcome,
        "knowledge_score": entry.knowledge_score,
        "ability_score": entry.ability_score,
        "remark": entry.remark,
        "settled": settled_mark(entry),
    }


def seen_anew(typed: QueryDict, entry: ExamEntry) -> QueryDict:
    """Answers what was typed, beside the result that the page shows by now."""
    fresh = typed.copy()
    fresh["settled"] = settled_mark(entry)
    return fresh
