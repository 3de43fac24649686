"""Reads the content of one application: form values in words, evidence, and the findings of the rules now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate

from common.dates import chinese_date
from common.findings import Finding
from common.forms import DayField
from workflow.business import Business, business_of
from workflow.checks import Case, Facts, evaluate
from workflow.steps import AttachmentKind, Comparison

from ..enums import Action
from ..models import Application, Attachment, Event
from ..originals import SCAN, scan_kind
from ..private import PrivateCharField

UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Files:
    """Groups the attachments of one kind."""

    kind: AttachmentKind
    kept: list[Attachment] = field(default_factory=list)


def case_of(application: Application) -> Case:
    return business_of(application.kind).rebuild([application], today=localdate())[0]


class Judged:
    """Judges one application as it is now; what several parts of a page ask of it is loaded once."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.case = case_of(application)
        self._facts = Facts([self.case])

    @property
    def findings(self) -> list[Finding]:
        return evaluate([self.case], self._facts)[self.case]

    @property
    def comparisons(self) -> list[Comparison]:
        """Answers what the approval would change; a closed case has changed it already, or never will."""
        return business_of(self.application.kind).compare(self.case, self._facts) if self.application.is_open else []


def attachments_of(application: Application, *, removed: bool = False) -> list[Attachment]:
    """With `removed` it also answers those taken back before a later submission, which reviewers have seen."""
    found = Attachment.objects.filter(application=application)
    return list(found if removed else found.filter(removed_at__isnull=True))


def find_attachment(application: Application, attachment_id: int, *, removed: bool = False) -> Attachment | None:
    return next((one for one in attachments_of(application, removed=removed) if one.pk == attachment_id), None)


def find_own_attachment(application: Application, attachment_id: int) -> Attachment | None:
    """Answers one of the filer's files, which scans of a desk are not."""
    found = find_attachment(application, attachment_id)
    return None if found is None or found.kind.startswith(SCAN) else found


def find_scan(application: Application, attachment_id: int) -> Attachment | None:
    """Answers a scan that a desk made of an original."""
    found = find_attachment(application, attachment_id)
    return found if found is not None and found.kind.startswith(SCAN) else None


def last_return(application: Application) -> Event | None:
    """Answers the event that returned it last."""
    return Event.objects.filter(application=application, action=Action.RETURN).order_by("-pk").first()


def files_of(business: Business, attachments: Iterable[Attachment]) -> list[Files]:
    """Groups attachments by kind in the order of the declaration; kinds no longer declared come last."""
    groups = {kind.key: Files(kind) for kind in business.attachments}
    at_the_desk = {
        scan_kind(original): AttachmentKind(scan_kind(original), f"{original.title}（窗口扫描）", required=False)
        for original in business.originals.values()
    }
    for attachment in attachments:
        unknown = AttachmentKind(attachment.kind, "其他材料", required=False)
        kind = at_the_desk.get(attachment.kind, unknown)
        groups.setdefault(attachment.kind, Files(kind)).kept.append(attachment)
    return list(groups.values())


def form_rows(
    application: Application, case: Case | None = None, *, shows_private: bool = False
) -> list[tuple[str, str]]:
    """Answers label and value of every field that was filled in, in the words of the form; numbers of persons are
    masked.
    """
    business = business_of(application.kind)
    form = business.form_class(**business.form_kwargs(case or case_of(application)))
    payload: Mapping[str, Any] = application.payload
    rows = []
    for name, input_field in form.fields.items():
        value = payload.get(name)
        if input_field.widget.is_hidden or value in (None, "", [], False):
            continue  # what a hidden field holds are ids; pages show in words what these name
        if isinstance(input_field, PrivateCharField) and not shows_private:
            rows.append((str(input_field.label or name), input_field.masked(str(value))))
        elif value is True:
            rows.append(("已勾选", str(input_field.label or name)))
        else:
            rows.append((str(input_field.label or name), in_words(input_field, value)))
    return rows


def private_rows(application: Application, *, shows_private: bool) -> list[tuple[str, str]]:
    """Answers the rows of private fields only."""
    fields = business_of(application.kind).form_class.base_fields.items()
    labels = {str(one.label or name) for name, one in fields if isinstance(one, PrivateCharField)}
    return [row for row in form_rows(application, shows_private=shows_private) if row[0] in labels]


def in_words(input_field: forms.Field, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(in_words(input_field, one) for one in value)
    if isinstance(input_field, forms.ChoiceField):
        return _choice_label(input_field, str(value))
    if isinstance(input_field, (forms.DateField, DayField)) and isinstance(value, str):
        try:
            return chinese_date(date.fromisoformat(value))
        except ValueError:
            return value
    return str(value)


def _choice_label(input_field: forms.ChoiceField, value: str) -> str:
    choices: Any = input_field.choices
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            for inner_key, inner in label:
                if str(inner_key) == value:
                    return str(inner)
        elif str(key) == value:
            return str(label)
    return value
