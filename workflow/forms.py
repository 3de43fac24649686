"""Defines the forms of the generic pages: filters of lists, decisions, evidence, and keeping what was typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import localdate

from accounts.models import Person
from common.database.name_search import looked_up, organisation_named, person_named, related
from common.files.uploads import ACCEPTED_SCANS, CheckedUpload, check_upload
from common.findings import Refused
from common.forms import LongTextField, UploadField
from common.text.signs import half_width, visible
from common.web.ids import id_of, ids_of
from enterprises.models import Enterprise

from .business import Business, businesses
from .enums import Action, Status
from .models import Application
from .originals import scan_kind
from .selectors.content import UNFINISHED
from .selectors.lists import PARTIES, QUEUE_ORDER
from .steps import AttachmentKind, Original

MAX_COMMENT = 1000
MAX_PICKED = 100
SOON_DAYS = 3


def kind_choices(known: Iterable[Business]) -> list[tuple[str, str]]:
    return [("", "全部业务"), *((business.kind, business.title) for business in known)]


# --- lists ---


class Filters(forms.Form):
    """The filters are bound to the address; an invalid value filters nothing."""

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
    q = LongTextField(label="姓名或办件编号", required=False, max_length=100, widget=forms.TextInput())

    def __init__(self, *args: Any, has_people: bool, **kwargs: Any) -> None:
        """`has_people` says that the reader's cases are about several people, as those of an enterprise are."""
        super().__init__(*args, **kwargs)
        shown = [business for business in businesses() if has_people or business.concerns_one_person]
        self.fields["kind"].choices = kind_choices(shown)  # type: ignore[attr-defined]
        if not has_people:
            del self.fields["q"]

    def conditions(self, values: dict[str, Any]) -> list[Q]:
        wanted = {"status": values.get("status"), "kind": values.get("kind")}
        found = [Q(**{name: value}) for name, value in wanted.items() if value]
        if words := values.get("q"):
            number = "".join(half_width(visible(words)).split())
            found.append(Q(number__icontains=number) if number.isascii() else person_named("person__name", words))
        return found


class QueueFilters(Filters):
    kind = forms.ChoiceField(label="业务", required=False)
    q = LongTextField(label="办件编号、姓名或企业", required=False, max_length=100, widget=forms.TextInput())
    due = forms.ChoiceField(
        label="期限",
        required=False,
        choices=[("", "全部"), ("late", "已超期"), ("soon", f"{SOON_DAYS} 天内到期")],
    )
    whose = forms.ChoiceField(
        label="承办",
        required=False,
        choices=[("", "全部"), ("mine", "我的"), ("free", "没有指定承办人"), ("others", "同事承办的")],
    )

    def __init__(self, *args: Any, kinds: Sequence[Business], own: Collection[int] = (), **kwargs: Any) -> None:
        """`own` are the logins whose cases are the reader's (`Actor.assigned_as`)."""
        super().__init__(*args, **kwargs)
        self.own = own
        self.fields["kind"].choices = kind_choices(kinds)  # type: ignore[attr-defined]

    def conditions(self, values: dict[str, Any]) -> list[Q]:
        found = []
        if values.get("kind"):
            found.append(Q(kind=values["kind"]))
        today = localdate()
        # `due_sort` is `due_on` wherever that is set, and the column of the index that a queue is read from.
        if values.get("due") == "late":
            found.append(Q(due_sort__lt=today))
        elif values.get("due") == "soon":
            found.append(Q(due_sort__range=(today, today + timedelta(days=SOON_DAYS))))
        if values.get("whose"):
            mine, free = Q(assignee__in=self.own), Q(assignee__isnull=True)
            found.append({"mine": mine, "free": free, "others": ~mine & ~free}[values["whose"]])
        return found

    def narrowed(self, queryset: QuerySet[Application]) -> QuerySet[Application]:
        rows = super().narrowed(queryset)
        words = self.cleaned_data.get("q")
        if not words:
            return rows
        number = "".join(half_width(visible(words)).split())
        ways = [
            related("person", Person, person_named("name", words)),
            related("enterprise", Enterprise, organisation_named("name", words)),
            # A number has no signs but these; asked for others, it would be compared with every case of the queue.
            *([Q(number__icontains=number)] if number.isascii() else []),
        ]
        # Each way has an index of its own; OR over three tables would be judged for every case of the queue.
        plain = rows.select_related(None).order_by()
        first, *others = (plain.filter(way).values("pk") for way in ways)
        found = looked_up("pk", first.union(*others).order_by("pk"))
        # The keys fit all conditions already; asked once more, these would lead the planner through the whole queue.
        return Application.objects.filter(found).select_related(*PARTIES).order_by(*QUEUE_ORDER, "pk")

    @property
    def branches(self) -> list[Q]:
        """Answers what `paginate` takes: of what was searched, the keys are sorted before the rows are read."""
        return [Q()] if self.cleaned_data.get("q") or self.cleaned_data.get("whose") else []


# --- decisions ---


class CommentField(LongTextField):
    """Text that applicants read."""

    default_error_messages = {"required": "请写明原因。"}

    def __init__(self, *, max_length: int = MAX_COMMENT, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)


def states_of(values: Iterable[str]) -> dict[int, int]:
    """Reads what a page has shown, `application.event` each; what is no such pair is left out."""
    found = {}
    for value in list(values)[:MAX_PICKED]:
        first, _, second = value.partition(".")
        application, event = id_of(first), id_of(second)
        if application is not None and event is not None:
            found[application] = event
    return found


class ReasonForm(forms.Form):
    """Serves for declining, returning and rejecting; the reason goes to the applicant."""

    comment = CommentField(
        label="原因",
        help_text="会原样告诉申请人，请一次说全。",
    )


class AnswerForm(forms.Form):
    """An enterprise or a person agrees or refuses; a refusal says why."""

    action = forms.ChoiceField(
        label="处理结果",
        choices=[(Action.APPROVE.value, "同意"), (Action.REJECT.value, "拒绝")],
        error_messages={"required": "请选择同意或拒绝。", "invalid_choice": "请选择同意或拒绝。"},
    )
    comment = CommentField(label="意见", required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("action") == Action.REJECT and not values.get("comment") and "comment" not in self.errors:
            self.add_error("comment", "请写明拒绝的原因，会原样告诉申请人。")
        return values


class RefusalForm(forms.Form):
    """Stands on the question before a refusal, so that the reason may still be changed there."""

    comment = CommentField(label="拒绝的原因", help_text="会原样告诉申请人。")


def scan_fields(originals: Iterable[Original]) -> list[AttachmentKind]:
    """Answers the fields of `EvidenceForm` for the originals that a clerk may scan or photograph."""
    return [
        AttachmentKind(scan_kind(original), f"{original.title}原件扫描件", "在窗口扫描或拍照。", required=False)
        for original in originals
    ]


class BulkForm(forms.Form):
    """Takes one act on several applications of a page."""

    action = forms.ChoiceField(
        label="处理结果",
        choices=[(action.value, action.label) for action in (Action.APPROVE, Action.RETURN, Action.REJECT)],
        error_messages={"required": "请选择一种处理结果。", "invalid_choice": "请选择一种处理结果。"},
    )
    comment = CommentField(label="批量意见", required=False)
    attempt = forms.UUIDField(required=False)
    """Key of the page: sent twice, it leads to the one result."""
    confirmed = forms.BooleanField(required=False)

    def __init__(
        self, data: Any, *, picked: Sequence[str], seen: Sequence[str] = (), whole: list[int] | None = None
    ) -> None:
        """`whole` are the ids of all that the list shows, where all of them are meant and none is named."""
        super().__init__(data)
        self.is_whole = whole is not None
        self.seen = states_of(seen) if whole is None else {}
        self.picked: list[int] = whole or []
        self.too_many = ""
        if whole is not None:
            return
        try:
            self.picked = ids_of(picked, at_most=MAX_PICKED)
        except Refused as refused:
            self.too_many = f"{refused}。{refused.findings[0].detail}"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.too_many:
            raise forms.ValidationError(self.too_many)
        if not self.picked:
            raise forms.ValidationError("请先勾选要办理的办件。")
        if values.get("action") in (Action.RETURN, Action.REJECT) and not values.get("comment", "").strip():
            self.add_error("comment", "退回补正、不予通过或拒绝时请写明原因，会告诉每一位申请人。")
        return values


# --- the application itself ---


def typed_values(form: forms.Form) -> dict[str, Any]:
    """Answers what was typed, valid or not; the payload is encrypted, so that numbers of persons may be in it."""
    typed: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].data
        if isinstance(value, (str, bool)) or (
            isinstance(value, list) and all(isinstance(element, str) for element in value)
        ):
            typed[name] = value
    return typed


def payload_from(form: forms.Form, business: Business, application: Application) -> dict[str, Any]:
    """Answers the clean values of a bound form; while something is wrong, the last clean ones with what was typed beside them."""
    if form.is_valid():
        return business.payload_of(form)
    kept = {name: value for name, value in application.payload.items() if name != UNFINISHED}
    return {**kept, UNFINISHED: typed_values(form)}


def initial_from(application: Application) -> dict[str, Any]:
    payload = dict(application.payload)
    typed = payload.pop(UNFINISHED, {})
    return {**payload, **typed}


_FILES_AT_ONCE = (
    f"JPG、PNG 或 PDF，每个不超过 10 MB；一次最多选 {settings.UPLOAD_FILES_AT_ONCE} 个文件，"
    f"合计不超过 {settings.UPLOAD_LIMITS['/'] // 1024 // 1024} MB，可以分几次上传。"
)


class EvidenceForm(forms.Form):
    """Each kind of evidence has a field for several files. Good files are kept even if others are refused."""

    def __init__(
        self,
        kinds: Sequence[AttachmentKind],
        needed: Collection[str],
        data: Any = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
    ) -> None:
        super().__init__(data, files)
        for kind in kinds:
            self.fields[field_of(kind)] = UploadField(
                label=kind.title,
                required=kind.key in needed,
                help_text=" ".join(filter(None, [kind.hint, _FILES_AT_ONCE])),
                widget=forms.FileInput(attrs={"accept": ACCEPTED_SCANS}),
            )
        self.kinds = list(kinds)
        self.problems: dict[str, list[str]] = {}

    def checked(self) -> list[tuple[AttachmentKind, CheckedUpload]]:
        """Answers the acceptable files. The sentences about the others are in `problems`."""
        good = []
        not_received: dict[tuple[str, str], list[str]] = {}
        for kind in self.kinds:
            for upload in self.files.getlist(field_of(kind)) if self.files else []:
                try:
                    good.append((kind, check_upload(upload)))
                except forms.ValidationError as error:
                    if getattr(upload, "refusal", ""):
                        not_received.setdefault((kind.key, error.messages[0]), []).append(str(upload.name or ""))
                        continue
                    name = str(upload.name or "")[:60]
                    self.problems.setdefault(kind.key, []).extend(f"{name}：{message}" for message in error.messages)
        for (key, message), names in not_received.items():
            more = f" 等 {len(names)} 个文件" if len(names) > 1 else ""
            self.problems.setdefault(key, []).append(f"{names[0][:60]}{more}：{message}")
        return good


def field_of(kind: AttachmentKind) -> str:
    return f"file_{kind.key}"
