"""Defines the form by which the result of one entry is recorded."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from common.forms import DayField, LongTextField
from exams.enums import MARKED, EntryState
from exams.models import ExamEntry
from exams.results.services import Result, judge


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
    knowledge_score = forms.DecimalField(
        label="知识考核成绩", min_value=0, max_value=100, max_digits=4, decimal_places=1, required=False
    )
    ability_score = forms.DecimalField(
        label="能力考核成绩",
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        required=False,
        help_text="没有能力考核的不填。",
    )
    found_on = DayField(label="作弊查实日期", required=False, help_text="限制从这一天起算；不填表示今天。")
    remark = LongTextField(
        label="情况说明",
        max_length=200,
        widget=forms.TextInput(),
        required=False,
        help_text="因故缺考的证明材料、作弊的具体情况；本人会看到。",
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        outcome = cleaned.get("outcome")
        if outcome == "marked" and cleaned.get("knowledge_score") is None and "knowledge_score" not in self.errors:
            self.add_error("knowledge_score", "请填写知识考核成绩。")
        if outcome in (EntryState.EXCUSED, EntryState.CHEATED) and not cleaned.get("remark"):
            self.add_error("remark", "请写明情况。")
        return cleaned

    def result(self, entry: ExamEntry, *, pass_mark: int) -> Result:
        values = self.cleaned_data
        if values["outcome"] != "marked":
            return Result(entry.pk, EntryState(values["outcome"]), remark=values["remark"])
        knowledge, ability = values["knowledge_score"], values["ability_score"]
        state = judge(knowledge, ability, pass_mark=pass_mark)
        return Result(entry.pk, state, knowledge, ability, values["remark"])


def initial_result(entry: ExamEntry) -> dict[str, object]:
    """Answers the recorded result, to be corrected."""
    settled: Collection[str] = (EntryState.ABSENT, EntryState.EXCUSED, EntryState.CHEATED)
    outcome = "marked" if entry.state in MARKED else entry.state if entry.state in settled else ""
    return {
        "outcome": outcome,
        "knowledge_score": entry.knowledge_score,
        "ability_score": entry.ability_score,
        "remark": entry.remark,
    }
