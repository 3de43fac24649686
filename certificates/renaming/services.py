"""企业名称变更 (F51): an approved application reissues the enterprise's certificates under its new name.

The decision writes the batch and its first job; each job does one block and orders the next in the same transaction, so
that a killed worker loses nothing and does nothing twice. Locks: batch → persons → enterprise → certificates. Matching
old records locks persons first and only takes a share of the batch's key, which the blocks do not touch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from accounts.models import Person
from administration.messages.services import OutgoingMessage, send
from certificates.enums import Operation, RenameOutcome, RenameState
from certificates.facts.terms import current_terms
from certificates.issuing.versions import Reissue, reissue, starts_on
from certificates.models import Certificate, CertificateVersion, RenameBatch, RenameRow
from common.findings import Finding
from common.jobs import enqueue, enqueue_many
from enterprises.models import Enterprise
from workflow.actors import SYSTEM
from workflow.services.locking import lock_parties, lock_rows

from .report import CONCERNED, concerned, why_kept

BLOCK = 100


@dataclass(frozen=True)
class Rename:
    application_id: int
    enterprise_id: int
    kind: str


def start_renames(orders: Sequence[Rename], *, now: datetime) -> None:
    """Carries out the decision for any number of enterprises in the same queries. The caller has locked the
    enterprises.
    """
    ids = [order.enterprise_id for order in orders]
    names = dict(Enterprise.objects.filter(pk__in=ids).values_list("pk", "name"))
    counted = concerned(ids).order_by().values("enterprise").annotate(total=Count("pk"))
    expected = dict(counted.values_list("enterprise", "total"))
    RenameBatch.objects.bulk_create(
        RenameBatch(
            application_id=order.application_id,
            enterprise_id=order.enterprise_id,
            name=names[order.enterprise_id],
            expected=expected.get(order.enterprise_id, 0),
            decided_at=now,
        )
        for order in orders
    )
    enqueue_many("certificates.run_rename_block", [{"application_id": order.application_id} for order in orders])


def run_block(application_id: int, *, now: datetime | None = None) -> bool:
    """Does one block and orders the next; answers False when nothing was left. Errors are stored for the page."""
    try:
        with transaction.atomic():
            if not _run_block(application_id, now or utc_now()):
                return False
            order_block(application_id)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"[:500]
        RenameBatch.objects.filter(application=application_id).update(error=words)
        raise
    return True


def order_block(application_id: int) -> None:
    """It orders one job only, so that two chains of jobs that meet become one."""
    enqueue("certificates.run_rename_block", application_id=application_id, queueing_lock=f"rename {application_id}")


def resume(*, before: datetime) -> None:
    """Queues renames again whose job is gone, so that none stays unfinished."""
    for application_id in RenameBatch.objects.filter(state=RenameState.RUNNING, decided_at__lt=before).values_list(
        "application_id", flat=True
    ):
        order_block(application_id)


def _run_block(application_id: int, now: datetime) -> bool:
    # no_key lets the matching of old records go on meanwhile.
    batch = RenameBatch.objects.select_for_update(no_key=True).get(application=application_id)
    if batch.state != RenameState.RUNNING:
        return False
    left = concerned([batch.enterprise_id]).exclude(rename_rows__batch=batch).order_by("pk")
    block = list(left.values_list("pk", "person_id")[:BLOCK])
    if not block:
        _finish(batch, now)
        return False
    lock_parties(person_ids=[row[1] for row in block], enterprise_ids=[batch.enterprise_id])
    _apply(batch, [row[0] for row in block], now)
    if batch.error:
        batch.error = ""
        batch.save(update_fields=["error"])
    return True


def _finish(batch: RenameBatch, now: datetime) -> None:
    batch.state, batch.finished_at, batch.error = RenameState.DONE, now, ""
    batch.save(update_fields=["state", "finished_at", "error"])
    counts = Counter(RenameRow.objects.filter(batch=batch).values_list("outcome", flat=True))
    words = f"已换发 {counts[RenameOutcome.REISSUED]} 本"
    if counts[RenameOutcome.KEPT]:
        words += f"，{counts[RenameOutcome.KEPT]} 本未换发，原因见办件页面"
    link = f"/applications/{batch.application.number}/"
    send(
        [
            OutgoingMessage(
                batch.enterprise.mailbox_id,
                "企业名称变更：证书换发完毕",
                f"{words}。",
                link,
                event="certificate_reissued",
            )
        ]
    )


def replay_renames(certificate_ids: Collection[int], *, now: datetime | None = None) -> int:
    """Applies former renames to certificates made from old records. The caller has locked the persons.

    Only an enterprise's last rename counts, because every new version prints the registry's name.
    """
    enterprises = Certificate.objects.filter(pk__in=certificate_ids, enterprise__isnull=False).values("enterprise")
    last = {batch.enterprise_id: batch for batch in RenameBatch.objects.filter(enterprise__in=enterprises)}
    reissued = 0
    for batch in last.values():
        ids = list(concerned([batch.enterprise_id]).filter(pk__in=certificate_ids).values_list("pk", flat=True))
        if ids:
            reissued += _apply(batch, ids, now or utc_now())
    return reissued


def _apply(batch: RenameBatch, certificate_ids: Collection[int], now: datetime) -> int:
    """Checks the certificates again under the locks, and answers how many were reissued."""
    names = dict(Enterprise.objects.filter(pk=batch.enterprise_id).values_list("pk", "name"))
    name = names[batch.enterprise_id]
    certificates = [
        one
        for one in lock_rows(Certificate, certificate_ids)
        if one.enterprise_id == batch.enterprise_id and one.legal_state in CONCERNED and one.enterprise_name != name
    ]
    people = Person.objects.in_bulk({one.person_id for one in certificates})
    today = localdate(now)
    kept: dict[int, Finding] = {}
    for one in certificates:
        if finding := why_kept(one, has_photo=people[one.person_id].has_id_photo, on=today):
            kept[one.pk] = finding
    ready = [one for one in certificates if one.pk not in kept]
    versions = _reissue(batch, ready, name, now)
    RenameRow.objects.bulk_create(
        RenameRow(
            batch=batch,
            certificate=one,
            outcome=RenameOutcome.KEPT if one.pk in kept else RenameOutcome.REISSUED,
            reason=_words(kept.get(one.pk)),
            version=versions.get(one.pk),
        )
        for one in certificates
    )
    _tell(ready, people, name)
    return len(ready)


def _words(finding: Finding | None) -> str:
    return f"{finding.message}。{finding.detail}"[:200] if finding else ""


def _reissue(
    batch: RenameBatch, certificates: Sequence[Certificate], name: str, now: datetime
) -> dict[int, CertificateVersion]:
    """Number and end date stay, the term starts today, and no cool-down begins."""
    if not certificates:
        return {}
    terms = current_terms(certificates)
    orders = [
        Reissue(
            certificate=one,
            term=terms[one.pk],
            operation=Operation.CHANGE,
            valid_from=starts_on(one, terms[one.pk], localdate(now)),
            kind=batch.application.kind,
            summary=f"企业名称由{one.enterprise_name}变更为{name}"[:300],
            application_id=batch.application_id,
            state_before=one.legal_state,
        )
        for one in certificates
    ]
    return {version.certificate_id: version for version in reissue(orders, by=SYSTEM, now=now)}


def _tell(certificates: Sequence[Certificate], people: dict[int, Person], name: str) -> None:
    numbers: dict[int, list[str]] = {}
    for one in certificates:
        numbers.setdefault(one.person_id, []).append(one.number)
    send(
        OutgoingMessage(
            people[pk].mailbox_id,
            "您的证书已按企业新名称换发",
            f"{'、'.join(of_person)}的企业名称已变更为{name}，原电子证书由新版本取代。",
            "/person/certificates/",
            event="certificate_reissued",
        )
        for pk, of_person in numbers.items()
    )
