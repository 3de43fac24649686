"""Defines the upload of a file and the filter of past imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from administration.enums import ImportState
from administration.imports.services import IMPORTERS, Importer
from administration.imports.uploads import GOOD_ROWS_ONLY, doubtful_rows
from administration.models import ImportRun
from common.forms import UploadField
from common.tabular.errors import TableError
from common.tabular.table import read_table
from workflow.forms import CommentField

LARGEST = 100 * 1024 * 1024
"""The unit is bytes. A larger file is imported by the command line, or in several files."""


class RunFilters(forms.Form):
    """The filter is bound to the address; an invalid value filters nothing."""

    kind = forms.ChoiceField(label="种类", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *ImportState.choices])

    def __init__(self, *args: Any, importers: Sequence[Importer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "全部种类"), *((one.kind, one.title) for one in importers)]  # type: ignore[attr-defined]

    def narrowed(self, runs: QuerySet[ImportRun]) -> QuerySet[ImportRun]:
        self.is_valid()
        return runs.filter(**{name: value for name, value in self.cleaned_data.items() if value})


class UploadForm(forms.Form):
    """The head of the file is read at once, so that a wrong file is reported at the field and not by a failed run."""

    kind = forms.ChoiceField(label="种类", widget=forms.RadioSelect)
    file = UploadField(
        label="文件",
        help_text=f"csv 或 xlsx，不超过 {LARGEST // 1024 // 1024} MB、1,000,000 行。",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def __init__(self, *args: Any, importers: Sequence[Importer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.importers = {one.kind: one for one in importers}
        self.fields["kind"].choices = [(one.kind, one.title) for one in importers]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        file: UploadedFile[Any] | None = values.get("file")
        importer = self.importers.get(values.get("kind", ""))
        if file is None or importer is None:
            return values
        if (file.size or 0) > LARGEST:
            self.add_error("file", ValidationError(f"文件超过 {LARGEST // 1024 // 1024} MB，请分成几个文件上传。"))
            return values
        try:
            with read_table(file.read(), file.name or "", importer.columns):
                pass
        except TableError as error:
            self.add_error("file", ValidationError(str(error)))
        finally:
            file.seek(0)
        return values


class ConfirmForm(forms.Form):
    """Asks only for what the preview leaves open. The service says what is missing, together with all other reasons."""

    plan = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    good_rows_only = forms.BooleanField(label=GOOD_ROWS_ONLY, required=False)
    looked = forms.BooleanField(error_messages={"required": "请逐行看过后勾选。"})
    answer = CommentField(
        label="核对情况和理由",
        error_messages={"required": "请写明怎样核对过，为什么确实如此；再由同部门另一人确认。"},
        help_text="写明看过哪份原始材料、为什么确实如此，例如：已与考点违纪登记表逐人核对。写入导入记录和审计。",
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, run: ImportRun, kept: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={**(kept or {}), "plan": run.plan})
        self.fields["good_rows_only"].help_text = f"{run.rows_bad} 行不会导入，原因在下面逐行列出。"
        if not run.rows_bad or run.answered_at is not None or IMPORTERS[run.kind].is_all_or_nothing:
            del self.fields["good_rows_only"]
        doubts = IMPORTERS[run.kind].doubts
        if doubts is not None and doubtful_rows(run).exists():
            self.fields["looked"].label = doubts.tick
        else:
            del self.fields["looked"]
        if not run.questions or run.answered_at is not None:
            del self.fields["answer"]


class ReversalForm(forms.Form):
    plan = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    reason = CommentField(
        label="撤回的原因",
        help_text="例如：有效期止一列被读成别的日期，更正后重新导入。写入导入记录和审计。",
        error_messages={"required": "请填写撤回的原因。"},
    )
