"""Takes an import of old records back, row by row, as far as nothing was built on its rows.

What is taken back loses its fingerprint, so that the corrected file brings it in anew.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import CharField, F, Func, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from accounts.access import audit
from accounts.models import Person, User
from administration.models import ImportRun
from certificates.authority.locked import retried
from certificates.enums import LegacyDecision, LegacyState
from certificates.facts.locks import lock_certificates
from certificates.legacy.importing import KIND
from certificates.legacy.taking_back import take_back
from certificates.models import Certificate, LegacyCertificate, LegacyReversal, LegacySettlement
from common.dates import chinese_datetime
from common.findings import Finding, Refused
from common.jobs import enqueue
from workflow.actors import Actor, actor_of
from workflow.enums import Party
from workflow.services.locking import PartiesChanged, lock_rows

from .permissions import why_not
from .selectors import OPEN, reasons_to_keep, rows_of

CHUNK = 500
TASK = "certificates.take_back_import"


@transaction.atomic
def begin_reversal(run_id: int, *, reason: str, by: Actor, now: datetime) -> LegacyReversal:
    """Raises `Refused` with every reason. The rows follow in the background."""
    run = ImportRun.objects.get(pk=run_id)
    found = []
    if sentence := why_not(by):
        found.append(Finding("legacy.not_yours", "您不能撤回导入", sentence, turn="省厅登记台账"))
    if run.kind != KIND:
        found.append(Finding("legacy.other_kind", "不是历史证书数据", "只有历史证书数据的导入可以在这里撤回。"))
    elif not rows_of(run).exists():
        found.append(Finding("legacy.nothing", "没有可以撤回的行", "这次导入没有留下数据，或已全部撤回。"))
    if found:
        raise Refused(*found)
    try:
        with transaction.atomic():
            user = User.objects.get(pk=by.user_id or 0)
            reversal = LegacyReversal.objects.create(run=run, reason=reason, by=user, at=now)
    except IntegrityError as error:
        raise Refused(_running(run)) from error
    detail: dict[str, object] = {"run": run.pk, "reversal": reversal.pk, "reason": reason}
    audit.record("take_back_legacy", by=reversal.by, about=run, detail=detail)
    enqueue(TASK, reversal_id=reversal.pk, lock=f"import {KIND}")
    return reversal


def _running(run: ImportRun) -> Finding:
    other = LegacyReversal.objects.select_related("by").get(run=run, finished_at__isnull=True)
    detail = f"{other.by.name}已于{chinese_datetime(other.at)}开始撤回，完成后这里会显示结果。"
    return Finding("legacy.reversal_running", "这次导入正在撤回，没有重复办理", detail)


def run_reversal(reversal_id: int) -> None:
    """May be killed at any moment and run again: it goes on behind the last row that was committed."""
    while retried(lambda: _take_back_chunk(reversal_id)):
        pass


def _take_back_chunk(reversal_id: int) -> bool:
    """Answers whether rows may be left."""
    reversal = LegacyReversal.objects.select_related("run", "by").get(pk=reversal_id)
    if reversal.finished_at is not None:
        return False
    # What was ordered is done to its end, also if the clerk's account has been closed since.
    actor = actor_of(reversal.by) or Actor(Party.OFFICE, reversal.by_id, reversal.by.name)
    read = list(rows_of(reversal.run).filter(pk__gt=reversal.last_record).order_by("pk")[:CHUNK])
    if not read:
        LegacyReversal.objects.filter(pk=reversal.pk).update(finished_at=timezone.now())
        return False
    records = _locked(read)
    kept = reasons_to_keep(records)
    free = [one for one in records if one.pk not in kept]
    now = timezone.now()
    certificates = Certificate.objects.filter(pk__in=[one.certificate_id for one in free if one.certificate_id])
    take_back(list(certificates), reason=reversal.reason, by=actor, now=now)
    _discard([one.pk for one in free], reversal)
    LegacySettlement.objects.bulk_create(
        LegacySettlement(
            record=one,
            decision=LegacyDecision.TAKE_BACK,
            basis=reversal.reason,
            reason=one.quarantine_reason,
            by=reversal.by,
            at=now,
        )
        for one in free
    )
    LegacyReversal.objects.filter(pk=reversal.pk).update(
        last_record=read[-1].pk, taken=F("taken") + len(free), kept=F("kept") + len(kept)
    )
    return True


def _locked(read: Collection[LegacyCertificate]) -> list[LegacyCertificate]:
    """Locks the persons, so that nothing is matched or filed meanwhile, then certificates and records."""
    held = [one.certificate_id for one in read if one.certificate_id is not None]
    indexes = {one.id_number_index for one in read}
    holders = Certificate.objects.filter(pk__in=held).values_list("person_id", flat=True)
    people = Person.objects.filter(id_number_index__in=indexes).values_list("pk", flat=True)
    lock_rows(Person, {*people, *holders})
    lock_certificates(held)
    locked = lock_rows(LegacyCertificate, [one.pk for one in read])
    if any(one.certificate_id is not None and one.certificate_id not in held for one in locked):
        raise PartiesChanged
    return [one for one in locked if one.state in OPEN]


def _discard(record_ids: Collection[int], reversal: LegacyReversal) -> None:
    said = Concat(F("fingerprint"), Value(" "), Cast("pk", CharField()), output_field=TextField())
    digest = Func(Func(said, Value("UTF8"), function="convert_to"), function="sha256")
    LegacyCertificate.objects.filter(pk__in=record_ids).update(
        state=LegacyState.DISCARDED,
        quarantine_reason=f"撤回导入：{reversal.reason}"[:200],
        fingerprint=Func(digest, Value("hex"), function="encode", output_field=CharField()),
    )
