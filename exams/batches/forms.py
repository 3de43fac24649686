from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import QuerySet

from administration.enums import OfficeKind
from administration.models import Office
from certificates.enums import Category
from common.forms import DayField
from exams.enums import MARKED, EntryState, ExamType
from exams.models import ExamBatch, ExamEntry
from exams.results.services import Result, judge
from exams.selectors import regions_of_batches

CATEGORIES = [(one.value, f"{one.value}证（{one.label}）") for one in Category]


# --- lists ---


class BatchFilters(forms.Form):
    """Narrow the list of batches; values live in the address."""

    exam_type = forms.ChoiceField(label="考试类型", choices=[("", "全部类型"), *ExamType.choices], required=False)
    category = forms.ChoiceField(label="证书类别", choices=[("", "全部类别"), *CATEGORIES], required=False)

    def narrowed(self, found: QuerySet[ExamBatch]) -> QuerySet[ExamBatch]:
        """A value that makes no sense narrows nothing."""
        self.is_valid()
        if exam_type := self.cleaned_data.get("exam_type"):
            found = found.filter(exam_type=exam_type)
        if category := self.cleaned_data.get("category"):
            found = found.filter(categories__contains=[category])
        return found


class EntryFilters(forms.Form):
    name = forms.CharField(label="姓名", max_length=100, required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部状态"), *EntryState.choices], required=False)
    category = forms.ChoiceField(label="证书类别", choices=[("", "全部类别"), *CATEGORIES], required=False)

    def narrowed(self, found: QuerySet[ExamEntry]) -> QuerySet[ExamEntry]:
        self.is_valid()
        if name := self.cleaned_data.get("name"):
            found = found.filter(person__name__startswith=name)
        for field in ("state", "category"):
            if value := self.cleaned_data.get(field):
                found = found.filter(**{field: value})
        return found


# --- batches ---


class BatchForm(forms.Form):
    name = forms.CharField(label="批次名称", max_length=100, help_text="例如：南昌市2027年第一批安管人员考核。")
    exam_type = forms.ChoiceField(label="考试类型", choices=ExamType.choices)
    region = forms.ChoiceField(
        label="考试地区", help_text="在这一地区注册的企业可以报名；选江西省的，全省企业可以报名。"
    )
    categories = forms.MultipleChoiceField(
        label="证书类别",
        choices=CATEGORIES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个证书类别。"},
    )
    sign_up_from = DayField(label="报名开始")
    sign_up_to = DayField(label="报名截止", help_text="当日仍可报名。")
    exam_from = DayField(label="考试日期", help_text="应在报名截止之后；无故缺考的限制从这一天起算。")
    exam_to = DayField(label="考试结束日期", required=False, help_text="考试只有一天的不填。")
    site = forms.CharField(label="考试地点", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    quota = forms.IntegerField(label="名额", min_value=1, max_value=100_000)
    organiser = forms.ModelChoiceField(
        label="考试机构",
        queryset=Office.objects.none(),
        required=False,
        empty_label="由省厅登记成绩",
        help_text="由它登记或上传成绩。",
    )
    note = forms.CharField(
        label="说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="企业会看到。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [(one.pk, one.name) for one in regions_of_batches()]  # type: ignore[attr-defined]
        self.fields["organiser"].queryset = organisers()  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Of a valid form, by the fields of the model."""
        values = dict(self.cleaned_data)
        values["region_id"] = values.pop("region")
        values["exam_to"] = values["exam_to"] or values["exam_from"]
        return values


class AnnouncedForm(forms.Form):
    """What may still change once enterprises have signed people up."""

    site = forms.CharField(label="考试地点", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    quota = forms.IntegerField(label="名额", min_value=1, max_value=100_000, help_text="不能少于已占用的名额。")
    organiser = forms.ModelChoiceField(
        label="考试机构", queryset=Office.objects.none(), required=False, empty_label="由省厅登记成绩"
    )
    note = forms.CharField(label="说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organiser"].queryset = organisers()  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def organisers() -> QuerySet[Office]:
    return Office.objects.filter(kind=OfficeKind.ORGANISER, is_active=True).order_by("pk")


class CallOffForm(forms.Form):
    reason = forms.CharField(
        label="取消原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="报名的企业和人员会看到。",
        error_messages={"required": "请写明取消的原因。"},
    )
    confirmed = forms.BooleanField(
        label="确认取消整个批次：全部报名终止，不计缺考，不能恢复。", error_messages={"required": "请勾选确认。"}
    )


# --- entries ---


class SignUpForm(forms.Form):
    """The commitment; who is signed up is ticked in the table."""

    commitment = forms.BooleanField(error_messages={"required": "请阅读并勾选承诺。"})

    def __init__(self, *args: Any, years: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        experience = f"从事建筑施工相关工作满 {years} 年，" if years else ""
        self.fields["commitment"].label = f"本企业承诺：报名人员{experience}所填内容真实，并通知其按时参加考试。"


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
    remark = forms.CharField(
        label="情况说明", max_length=200, required=False, help_text="因故缺考的证明材料、作弊的具体情况；本人会看到。"
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
    """What is on record, to be corrected."""
    settled: Collection[str] = (EntryState.ABSENT, EntryState.EXCUSED, EntryState.CHEATED)
    outcome = "marked" if entry.state in MARKED else entry.state if entry.state in settled else ""
    return {
        "outcome": outcome,
        "knowledge_score": entry.knowledge_score,
        "ability_score": entry.ability_score,
        "remark": entry.remark,
    }
