"""Writes the scans that a person shows for exams, and takes them back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from common.files.uploads import CheckedUpload, keep_upload
from common.findings import Finding, Refused
from exams.enums import EvidenceKind
from exams.models import Evidence
from workflow.actors import Actor
from workflow.services.auditing import author_of
from workflow.services.locking import lock_parties

MOST = 6
"""So many scans of one kind a person may show at once."""


@transaction.atomic
def add_evidence(*, kind: str, upload: CheckedUpload, actor: Actor, now: datetime | None = None) -> Evidence:
    """The same content is kept once. Raises Refused beyond `MOST`."""
    person_id, user_id = _locked_person(actor)
    shown = Evidence.objects.filter(person=person_id, kind=kind, removed_at__isnull=True).order_by("pk")
    if known := shown.filter(sha256=upload.sha256).first():
        return known
    if shown.count() >= MOST:
        detail = "请先撤下不再需要的，或者把几页合并成一个 PDF 文件再上传。"
        raise Refused(Finding("evidence.too_many", f"{EvidenceKind(kind).label}最多 {MOST} 份", detail, turn="本人"))
    evidence = Evidence(person_id=person_id, kind=kind, uploaded_by_id=user_id, uploaded_at=now or utc_now())
    keep_upload(evidence, upload)
    _audit("exam_evidence.add", evidence, actor)
    return evidence


@transaction.atomic
def remove_evidence(evidence_id: int, *, actor: Actor, now: datetime | None = None) -> None:
    """The file stays for the offices whose entries it was shown for. Raises Refused if it is not the actor's own."""
    person_id, _ = _locked_person(actor)
    evidence = Evidence.objects.filter(pk=evidence_id, person=person_id, removed_at__isnull=True).first()
    if evidence is None:
        raise Refused(Finding("evidence.unknown", "这份材料已经撤下", "请刷新页面再看。", turn="本人"))
    evidence.removed_at = now or utc_now()
    evidence.save(update_fields=["removed_at"])
    _audit("exam_evidence.remove", evidence, actor)


def _locked_person(actor: Actor) -> tuple[int, int]:
    """A merge of two records locks the person too, so that no scan is lost between them."""
    if actor.person_id is None or actor.user_id is None:
        raise Refused(Finding("evidence.not_yours", "报考材料由本人上传和撤下", turn="本人"))
    lock_parties(person_ids=[actor.person_id])
    return actor.person_id, actor.user_id


def _audit(action: str, evidence: Evidence, actor: Actor) -> None:
    record_audits(action, [(Evidence._meta.label_lower, evidence.pk, {"kind": evidence.kind})], by=author_of(actor))
