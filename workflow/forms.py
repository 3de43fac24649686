"""Forms of the generic pages: filters of lists, decisions, evidence, and keeping what was typed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import localdate

from jxcloud.base.uploads import SCANS, CheckedUpload, check_upload

from .business import AttachmentKind, Business, Step, businesses
from .enums import Action, Status
from .models import Application
from .selectors.content import UNFINISHED

MAX_COMMENT = 1000
MAX_PICKED = 100
SOON_DAYS = 3

_NUMBER_OF_A_PERSON = re.compile(r"\d{14}", re.ASCII)


def kind_choices(known: Iterable[Business]) -> list[tuple[str, str]]:
    return [("", "全部业务"), *((business.kind, business.title) for business in known)]


# --- lists ---


class Filters(forms.Form):
    """Bound to the address; a value that makes no sense narrows nothing."""

    def narrowed(self, queryset: QuerySet[Application]) -> QuerySet[Application]:
        self.is_valid()
        for condition in self.conditions(self.cleaned_data):
            queryset = queryset.filter(condition)
        return queryset

    def conditions(self, values: dict[str, Any]) -> list[Q]:
        raise NotImplementedError


class MineFilters(Filters):
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *Status.choices])
    kind = forms.ChoiceField(label="业务", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kind_choices(businesses())  # type: ignore[attr-defined]

    def conditions(self, values: dict[str, Any]) -> list[Q]:
        wanted = {"status": values.get("status"), "kind": values.get("kind")}
        return [Q(**{name: value}) for name, value in wanted.items() if value]


class QueueFilters(Filters):
    kind = forms.ChoiceField(label="业务", required=False)
    q = forms.CharField(label="办件编号、姓名或企业", required=False, max_length=100)
    due = forms.ChoiceField(
        label="期限",
        required=False,
        choices=[("", "全部"), ("late", "已超期"), ("soon", f"{SOON_DAYS} 天内到期")],
    )

    def __init__(self, *args: Any, kinds: Sequence[Business], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kind_choices(kinds)  # type: ignore[attr-defined]

    def conditions(self, values: dict[str, Any]) -> list[Q]:
        found = []
        if values.get("kind"):
            found.append(Q(kind=values["kind"]))
        if words := values.get("q"):
            found.append(
                Q(number__icontains=words) | Q(person__name__icontains=words) | Q(enterprise__name__icontains=words)
            )
        today = localdate()
        if values.get("due") == "late":
            found.append(Q(due_on__lt=today))
        elif values.get("due") == "soon":
            found.append(Q(due_on__gte=today, due_on__lte=today + timedelta(days=SOON_DAYS)))
        return found


# --- decisions ---


class ReasonForm(forms.Form):
    """Declining, returning, rejecting: the reason goes to the applicant."""

    comment = forms.CharField(
        label="原因",
        max_length=MAX_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="会原样告诉申请人，请一次说全。",
        error_messages={"required": "请写明原因。"},
    )


class DecisionForm(forms.Form):
    """One decision at a desk. The pressed button says which."""

    action = forms.ChoiceField(
        choices=[(action.value, action.label) for action in (Action.APPROVE, Action.RETURN, Action.REJECT)],
        widget=forms.HiddenInput,
        error_messages={"required": "请选择一种处理结果。", "invalid_choice": "请选择一种处理结果。"},
    )
    originals_checked = forms.BooleanField(label="已核对身份证原件与证书原件，并收回存档", required=False)
    archive_number = forms.CharField(label="档案号", max_length=60, required=False, help_text="通过时必填。")
    comment = forms.CharField(
        label="意见",
        max_length=MAX_COMMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="退回补正或不予通过时必填，会原样告诉申请人，请一次说全。",
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """Last event that the page showed: a case that changed meanwhile is looked at again."""

    def __init__(self, *args: Any, step: Step | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_originals = step is not None and step.originals
        if not self.asks_originals:
            del self.fields["originals_checked"], self.fields["archive_number"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        action = values.get("action")
        if action in (Action.RETURN, Action.REJECT) and not values.get("comment") and "comment" not in self.errors:
            self.add_error("comment", "请写明原因，申请人会看到。")
        if action == Action.APPROVE and self.asks_originals:
            if not values.get("originals_checked"):
                self.add_error("originals_checked", "请先核对原件并收回存档，再勾选。")
            if not values.get("archive_number") and "archive_number" not in self.errors:
                self.add_error("archive_number", "请填写档案号。")
        return values

    @property
    def detail(self) -> dict[str, Any]:
        if not self.asks_originals:
            return {}
        return {
            "originals_checked": self.cleaned_data["originals_checked"],
            "archive_number": self.cleaned_data["archive_number"],
        }


class BulkForm(forms.Form):
    """Several applications of one page, one act."""

    action = forms.ChoiceField(
        choices=[(action.value, action.label) for action in (Action.APPROVE, Action.RETURN, Action.REJECT)],
        error_messages={"required": "请选择一种处理结果。", "invalid_choice": "请选择一种处理结果。"},
    )
    comment = forms.CharField(required=False, max_length=MAX_COMMENT)

    def __init__(self, data: Any, *, picked: Sequence[str]) -> None:
        super().__init__(data)
        self.picked = [int(pk) for pk in picked[:MAX_PICKED] if pk.isascii() and pk.isdigit() and len(pk) <= 18]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.picked:
            raise forms.ValidationError("请先勾选要办理的办件。")
        if values.get("action") in (Action.RETURN, Action.REJECT) and not values.get("comment", "").strip():
            self.add_error("comment", "退回补正、不予通过或拒绝时请写明原因，会告诉每一位申请人。")
        return values


# --- the application itself ---


def typed_values(form: forms.Form) -> dict[str, Any]:
    """What was typed, valid or not, as the form shows it again. Never anything that may be an ID number."""
    typed: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].data
        if isinstance(value, (str, bool)) or (
            isinstance(value, list) and all(isinstance(element, str) for element in value)
        ):
            typed[name] = value
    return {name: value for name, value in typed.items() if not _NUMBER_OF_A_PERSON.search(str(value))}


def payload_from(form: forms.Form, business: Business, application: Application) -> dict[str, Any]:
    """Of a bound form: its clean values; while something is wrong, the last clean ones and what was typed beside them."""
    if form.is_valid():
        return business.payload_of(form)
    kept = {name: value for name, value in application.payload.items() if name != UNFINISHED}
    return {**kept, UNFINISHED: typed_values(form)}


def initial_from(application: Application) -> dict[str, Any]:
    payload = dict(application.payload)
    typed = payload.pop(UNFINISHED, {})
    return {**payload, **typed}


class EvidenceForm(forms.Form):
    """One field for each kind of evidence, several files at once. Good files are kept even if others are refused."""

    def __init__(
        self,
        kinds: Sequence[AttachmentKind],
        needed: Collection[str],
        data: Any = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
    ) -> None:
        super().__init__(data, files)
        for kind in kinds:
            self.fields[field_of(kind)] = forms.FileField(
                label=kind.title,
                required=kind.key in needed,
                help_text=" ".join(filter(None, [kind.hint, "JPG、PNG 或 PDF，每个不超过 10 MB。"])),
                widget=forms.FileInput(attrs={"accept": ",".join(file_type.value for file_type in SCANS)}),
            )
        self.kinds = list(kinds)
        self.problems: dict[str, list[str]] = {}

    def checked(self) -> list[tuple[AttachmentKind, CheckedUpload]]:
        """The acceptable files. The sentences about the others are in `problems`."""
        good = []
        for kind in self.kinds:
            for upload in self.files.getlist(field_of(kind)) if self.files else []:
                try:
                    good.append((kind, check_upload(upload)))
                except forms.ValidationError as error:
                    name = str(upload.name or "")[:60]
                    self.problems.setdefault(kind.key, []).extend(f"{name}：{message}" for message in error.messages)
        return good


def field_of(kind: AttachmentKind) -> str:
    return f"file_{kind.key}"
