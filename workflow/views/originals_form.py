"""Lists the originals on the review page, each with the clerk's scans of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.forms import BoundField
from django.http import HttpRequest

from common.findings import Finding
from common.web.ids import id_of
from workflow.actors import Actor
from workflow.enums import OFFICE_DESKS
from workflow.forms import EvidenceForm, field_of, scan_fields
from workflow.models import Application, Attachment
from workflow.originals import scan_kind, step_of
from workflow.selectors.content import Files, attachments_of, find_scan
from workflow.selectors.reasons import reasons_for
from workflow.services import scans
from workflow.steps import Original

from .decision_form import DecisionForm


@dataclass(frozen=True)
class OriginalLine:
    original: Original
    result: BoundField
    remark: BoundField
    archive: BoundField | None
    scan: BoundField
    files: Files
    problems: list[str]
    findings: list[Finding]


@dataclass(frozen=True)
class Sheet:
    """Holds the decision with its originals, as typed so far."""

    originals: tuple[Original, ...]
    form: DecisionForm
    scans: EvidenceForm

    def unjudged(self, request: HttpRequest) -> Sheet:
        """Answers the form as typed, without errors about what is still missing: only files were sent."""
        several = {field.name for field in self.form.reason_fields}
        read = {name: request.POST.getlist if name in several else request.POST.get for name in self.form.fields}
        typed = {name: getter(name) for name, getter in read.items()}
        form = DecisionForm(originals=self.originals, reasons=self.form.reasons, initial=typed)
        return replace(self, form=form)

    def lines(self, application: Application, refusals: Sequence[Finding]) -> list[OriginalLine]:
        kept = attachments_of(application)
        return [self._line(original, kept, refusals) for original in self.originals]

    def _line(self, original: Original, kept: Sequence[Attachment], refusals: Sequence[Finding]) -> OriginalLine:
        form, key = self.form, original.key
        (kind,) = scan_fields([original])
        return OriginalLine(
            original=original,
            result=form[f"result_{key}"],
            remark=form[f"remark_{key}"],
            archive=form[f"archive_{key}"] if original.kept else None,
            scan=self.scans[field_of(kind)],
            files=Files(kind, [one for one in kept if one.kind == kind.key]),
            problems=self.scans.problems.get(kind.key, []),
            findings=[finding for finding in refusals if finding.code == f"originals.{key}"],
        )


def sheet_of(request: HttpRequest, application: Application) -> Sheet:
    step = step_of(application) if application.desk in OFFICE_DESKS else None
    originals = step.originals if step is not None else ()
    reasons = reasons_for(application.kind) if step is not None else []
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = DecisionForm(data, originals=originals, reasons=reasons)
    return Sheet(originals, form, EvidenceForm(scan_fields(originals), (), data, files))


def keep_scans(request: HttpRequest, application: Application, actor: Actor, sheet: Sheet) -> bool:
    """Keeps files first, whichever button was pressed and whatever is wrong. Answers True when nothing else was asked
    for.
    """
    by_kind = {scan_kind(original): original.key for original in sheet.originals}
    for kind, upload in sheet.scans.checked():
        scans.attach_scan(application.pk, original=by_kind[kind.key], upload=upload, actor=actor)
    return _remove_asked(request, application, actor) or "upload" in request.POST


def _remove_asked(request: HttpRequest, application: Application, actor: Actor) -> bool:
    wanted = id_of(request.POST.get("remove"))
    if wanted is None:
        return False
    kept = find_scan(application, wanted)
    if kept is not None:
        scans.remove_scan(kept.pk, actor=actor)
    return True
