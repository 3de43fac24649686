"""Defines the filters of the office's list of entries, the decision about one, and what is said when one is handed in
again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from common.database.name_search import organisation_named, person_named
from common.forms import LongTextField
from common.text.form_fields import OrganisationNameField, PersonSearchField
from exams.enums import UNREVIEWED, EntryState, ReturnReason
from exams.filters import CATEGORIES
from exams.models import ExamBatch, ExamEntry

from .deadlines import start_of
from .resubmitting import MAX_NOTE
from .selectors import overdue_since, waiting_before
from .services import MAX_COMMENT, MAX_RETURN

SOON_DAYS = 7


class OrganisationSearchField(OrganisationNameField):
    """Takes part of a name, which is never refused."""

    def validate(self, value: str) -> None:
        pass


class ReviewFilters(forms.Form):
    """Without a state it lists what waits for the office; an invalid value narrows nothing."""

    name = PersonSearchField()
    enterprise = OrganisationSearchField(label="企业", max_length=100, required=False)
    batch = forms.ChoiceField(label="批次", required=False)
    category = forms.ChoiceField(label="证书类别", choices=[("", "全部类别"), *CATEGORIES], required=False)
    state = forms.ChoiceField(
        label="状态", choices=[("", "待审核"), (EntryState.RETURNED.value, "已退回补正")], required=False
    )
    wait = forms.ChoiceField(
        label="等待",
        choices=[("", "全部"), ("late", "已超期"), ("3", "满 3 天"), ("soon", f"{SOON_DAYS} 天内考试")],
        required=False,
    )

    def __init__(self, *args: Any, batches: Collection[ExamBatch], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["batch"].choices = [("", "全部批次"), *((str(one.pk), one.name) for one in batches)]  # type: ignore[attr-defined]

    def narrowed(self, found: QuerySet[ExamEntry]) -> QuerySet[ExamEntry]:
        self.is_valid()
        values = self.cleaned_data
        state = values.get("state") or EntryState.ENTERED
        found = found.filter(state=state if state in UNREVIEWED else EntryState.ENTERED)
        if name := values.get("name"):
            found = found.filter(person_named("person__name", name))
        if enterprise := values.get("enterprise"):
            found = found.filter(organisation_named("enterprise__name", enterprise))
        for field in ("batch", "category"):
            if value := values.get(field):
                found = found.filter(**{field: value})
        return self._waiting(found, values.get("wait", ""))

    def _waiting(self, found: QuerySet[ExamEntry], wait: str) -> QuerySet[ExamEntry]:
        if wait == "late":
            return found.filter(waiting_before(overdue_since(self.today)))
        if wait == "3":
            return found.filter(waiting_before(start_of(self.today - timedelta(days=2))))
        if wait == "soon":
            return found.filter(batch__exam_from__lte=self.today + timedelta(days=SOON_DAYS))
        return found


class EntryDecisionForm(forms.Form):
    """Takes one decision about one entry. The pressed button says which."""

    action = forms.ChoiceField(
        label="处理结果",
        choices=[("approve", "审核通过"), ("return", "退回补正"), ("refuse", "不通过")],
        widget=forms.HiddenInput,
        error_messages={"required": "请选择一种处理结果。", "invalid_choice": "请选择一种处理结果。"},
    )
    reasons = forms.MultipleChoiceField(
        label="退回补正的原因", choices=ReturnReason.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    comment = LongTextField(
        label="说明",
        max_length=MAX_COMMENT,
        required=False,
        help_text="退回补正时可以补充；不通过时必填。企业和本人会看到，请一次说全。",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    """The last record of the entry when the page was made; an entry that changed meanwhile is looked at again."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        action, comment = values.get("action"), values.get("comment", "")
        if "comment" in self.errors:
            return values
        if action == "refuse" and not comment:
            self.add_error("comment", "不通过必须写明原因，企业和本人会看到。")
        if action == "return":
            if not values.get("reasons"):
                self.add_error("reasons", "请勾选退回的原因。")
            elif ReturnReason.OTHER in values["reasons"] and not comment:
                self.add_error("comment", "勾选了“其他”，请写明要补正什么。")
            if len(comment) > MAX_RETURN:
                self.add_error("comment", f"退回补正的说明最多 {MAX_RETURN} 字，现在 {len(comment)} 字。")
        return values


class ResubmitForm(forms.Form):
    note = LongTextField(
        label="补正说明",
        max_length=MAX_NOTE,
        required=False,
        help_text="说明改了什么、补交了什么，审核人会看到。",
    )
