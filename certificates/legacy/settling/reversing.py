"""Says how an import of old records is taken back, row by row, as far as nothing was built on its rows.

What is taken back loses its fingerprint, so that the corrected file brings it in anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from django.db.models import CharField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from accounts.models import Person, User
from administration.imports.repetitions import said_again
from administration.imports.reversing import WAYS, Obstacles, ShownRow, Way
from administration.models import ImportReversal, ImportRun
from certificates.enums import LegacyDecision, LegacyState
from certificates.facts.locks import lock_certificates
from certificates.legacy.importing import KIND, LEGACY
from certificates.legacy.taking_back import take_back
from certificates.models import Certificate, LegacyCertificate, LegacySettlement
from common.dates import chinese_date
from common.findings import Cure, Finding
from common.tabular.row import place_of
from workflow.actors import Actor, actor_of
from workflow.enums import Party
from workflow.services.locking import PartiesChanged, lock_rows, retried

from .selectors import OPEN, kept_rows, reasons_to_keep, rows_of

EFFECTS = {
    LegacyState.UNMATCHED: "不再使用；还没有成为证书，原样保留备查",
    LegacyState.QUARANTINED: "不再待核实，原样保留备查",
    LegacyState.MATCHED: "撤回由它生成的证书，持证人收到消息",
}


class LegacyWay(Way):
    is_provincial = True
    promise = (
        "由这些行生成的证书随即失去效力，持证人收到消息；证书轨迹和原始数据保留备查。"
        "同一编号以后重新导入时，证书按新的内容恢复。"
    )

    def rows(self, run: ImportRun) -> QuerySet[LegacyCertificate]:
        return rows_of(run).order_by("pk")

    def obstacles(self, rows: Sequence[LegacyCertificate], run: ImportRun, user_id: int | None) -> Obstacles:
        kept, again = reasons_to_keep(rows), said_again(run, LEGACY, [one.pk for one in rows])
        found = {
            one.pk: [
                *(_finding(words, one.certificate_id) for words in kept.get(one.pk, [])),
                *([again[one.pk].finding] if one.pk in again else []),
            ]
            for one in rows
        }
        return {pk: findings for pk, findings in found.items() if findings}

    def kept(self, run: ImportRun, user_id: int | None) -> dict[int, str]:
        """A file has up to a million rows, so the reasons of each are left out of the digest."""
        return dict.fromkeys(kept_rows(run).values_list("pk", flat=True), "")

    def shown(self, rows: Sequence[LegacyCertificate]) -> list[ShownRow]:
        return [
            ShownRow(
                place_of(one.row_number),
                f"{one.name}，{one.number or '没有编号'}，有效期至{chinese_date(one.valid_to)}",
                EFFECTS[LegacyState(one.state)],
            )
            for one in rows
        ]

    def attempt(self, work: Callable[[], bool]) -> bool:
        return retried(work)

    def take_back(self, rows: Sequence[LegacyCertificate], reversal: ImportReversal, now: datetime) -> int:
        user = User.objects.get(pk=reversal.user_id or 0)
        # What was ordered is done to its end, also if the clerk's account has been closed since.
        actor = actor_of(user) or Actor(Party.OFFICE, user.pk, user.name)
        records = _locked(rows)
        kept = self.obstacles(records, reversal.run, reversal.user_id)
        free = [one for one in records if one.pk not in kept]
        certificates = Certificate.objects.filter(pk__in=[one.certificate_id for one in free if one.certificate_id])
        take_back(list(certificates), reason=reversal.reason, by=actor, now=now)
        _discard([one.pk for one in free], reversal)
        LegacySettlement.objects.bulk_create(
            LegacySettlement(
                record=one,
                decision=LegacyDecision.TAKE_BACK,
                basis=reversal.reason,
                reason=one.quarantine_reason,
                by=user,
                at=now,
            )
            for one in free
        )
        return len(free)


def _finding(words: str, certificate_id: int | None) -> Finding:
    cure = Cure("查看证书", "certificates:office_detail", kwargs={"pk": certificate_id}) if certificate_id else None
    return Finding("reversal.used", words, cure=cure)


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


def _discard(record_ids: Collection[int], reversal: ImportReversal) -> None:
    said = Concat(F("fingerprint"), Value(" "), Cast("pk", CharField()), output_field=TextField())
    digest = Func(Func(said, Value("UTF8"), function="convert_to"), function="sha256")
    LegacyCertificate.objects.filter(pk__in=record_ids).update(
        state=LegacyState.DISCARDED,
        quarantine_reason=f"撤回导入：{reversal.reason}",
        fingerprint=Func(digest, Value("hex"), function="encode", output_field=CharField()),
    )


WAYS.register(KIND, LegacyWay())
