"""Defines the forms of the notice board: its filter, news, and the reason of a withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.timezone import localtime
from django.utils.timezone import now as utc_now

from accounts.models import User
from administration.enums import NoticeKind
from administration.models import Notice, NoticeAttachment
from administration.notices.services import MAX_REASON, state_of
from common.dates import midnight
from common.files.uploads import ACCEPTED_SCANS, CheckedUpload, check_upload
from common.forms import DayField, LongTextField, UploadField
from workflow.forms import CommentField


class NoticeFilter(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), *NoticeKind.choices], required=False)


class WithdrawalForm(forms.Form):
    reason = CommentField(
        label="撤回理由", max_length=MAX_REASON, help_text="会和撤回日期一起留在公告上，所有人都能看到。"
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def show_again(self, notice: Notice) -> None:
        """Keeps what was typed, and makes it a decision about the notice as it is now."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["seen"] = state_of(notice)
        self.data = typed


class NewsForm(forms.Form):
    """News are written freely. Good files are stored only together with good words; the page says which to choose again."""

    title = LongTextField(label="标题", max_length=100, widget=forms.TextInput())
    body = CommentField(label="正文", max_length=10_000, widget=forms.Textarea(attrs={"rows": 12}))
    published_on = DayField(
        label="发布日期", required=False, help_text="不填就是现在发布；以后的日期到那一天零时发布。"
    )
    removed = forms.MultipleChoiceField(label="移除附件", required=False, widget=forms.CheckboxSelectMultiple)
    attachments = UploadField(
        label="附件",
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED_SCANS}),
        help_text=f"PDF、JPG 或 PNG，每个不超过 10 MB；一次最多选 {settings.UPLOAD_FILES_AT_ONCE} 个文件。",
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    """The page sends the moment of the change that it showed, because another page may have changed the words since."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        notice: Notice | None = None,
        kept: Sequence[NoticeAttachment] = (),
    ) -> None:
        initial = {}
        if notice is not None:
            initial = {
                "title": notice.title,
                "body": notice.body,
                "published_on": localtime(notice.published_at).date(),
                "seen": state_of(notice),
            }
        super().__init__(data, files, initial=initial)
        self.notice = notice
        self.fields["attachments"].widget.attrs["multiple"] = True
        self.fields["removed"].choices = [(one.sha256, one.original_name) for one in kept]  # type: ignore[attr-defined]
        if not kept:
            del self.fields["removed"]
        self.uploads: list[CheckedUpload] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.uploads = [
            one for one in map(self._checked, self.files.getlist("attachments") if self.files else []) if one
        ]
        return cleaned

    def _checked(self, upload: UploadedFile[Any]) -> CheckedUpload | None:
        try:
            return check_upload(upload)
        except forms.ValidationError as error:
            for message in error.messages:
                self.add_error("attachments", f"{str(upload.name or '')[:60]}：{message}")
        return None

    def shown_again(self, notice: Notice) -> NewsForm:
        """Typed words stay; they are judged anew against the notice as it is now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["seen"] = state_of(notice)
        return NewsForm(data, notice=notice, kept=list(notice.attachments.all()))

    def preview(self, writer: User) -> Notice:
        """Answers an unsaved notice as readers would see it; the form must be valid."""
        office = self.notice.office if self.notice is not None else writer.office
        return Notice(
            kind=NoticeKind.NEWS,
            title=self.cleaned_data["title"],
            body=self.cleaned_data["body"],
            published_at=self.published_at,
            office=office,
        )

    @property
    def published_at(self) -> Any:
        """A day that stays the same keeps its hour."""
        day = self.cleaned_data.get("published_on")
        if self.notice is not None and day in (None, localtime(self.notice.published_at).date()):
            return self.notice.published_at
        return midnight(day) if day is not None and day > localtime(utc_now()).date() else utc_now()
