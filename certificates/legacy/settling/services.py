"""Decides about old records that were set aside; what follows is done by the services that imports use too.

Locks: persons → enterprises → applications → certificates → old records → counters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.access import audit
from accounts.models import Person, User
from certificates.enums import LegacyDecision, LegacyState
from certificates.facts.locks import lock_certificates
from certificates.legacy.matching import NOT_LOCAL, match_legacy
from certificates.legacy.taking_back import built_upon, take_back
from certificates.models import Certificate, LegacyCertificate, LegacySettlement
from common.database.set_updates import update_rows
from common.dates import chinese_datetime
from common.findings import Cure, Finding, Refused
from workflow.actors import Actor
from workflow.services.locking import lock_rows, retried

from .permissions import why_not
from .selectors import Matter, matter_of


@dataclass(frozen=True)
class Settlement:
    """Is what the clerk chose. `seen` says what was on the page; `corrected` is a record that is not stored yet, and
    `other_id` the record beside which this one was shown.
    """

    decision: LegacyDecision
    basis: str
    seen: str
    corrected: LegacyCertificate | None = None
    other_id: int | None = None


def settle(record_id: int, chosen: Settlement, *, by: Actor, now: datetime) -> LegacySettlement:
    """Raises `Refused` with every reason; then nothing has changed."""
    return retried(lambda: _settle(record_id, chosen, by, now))


@transaction.atomic
def _settle(record_id: int, chosen: Settlement, by: Actor, now: datetime) -> LegacySettlement:
    if sentence := why_not(by):
        raise Refused(Finding("legacy.not_yours", "您不能核实历史数据", sentence, turn="省厅登记台账"))
    matter = _locked(record_id, chosen)
    if reasons := [*_overtaken(matter, chosen, by), *_reasons(matter, chosen)]:
        raise Refused(*reasons)
    return _carry_out(matter, chosen, by, now)


def _locked(record_id: int, chosen: Settlement) -> Matter:
    """Reads what is concerned, locks it in the house's order and reads it again."""
    matter = matter_of(LegacyCertificate.objects.get(pk=record_id))
    records = [matter.record, *matter.others]
    indexes = {one.id_number_index for one in records}
    if chosen.corrected is not None:
        indexes.add(chosen.corrected.id_number_index)
    lock_rows(Person, Person.objects.filter(id_number_index__in=indexes).values_list("pk", flat=True))
    if held := [one.certificate_id for one in matter.same_number if one.certificate_id is not None]:
        lock_certificates(held)
    locked = lock_rows(LegacyCertificate, [one.pk for one in records])
    return matter_of(next(one for one in locked if one.pk == record_id))


def _overtaken(matter: Matter, chosen: Settlement, by: Actor) -> list[Finding]:
    """Says who was faster, or what else has changed since the page was shown."""
    record = matter.record
    if record.state == LegacyState.QUARANTINED:
        if matter.seen == chosen.seen:
            return []
        detail = "对照的数据刚才变了（又导入了文件，或别的行已核实）。请重新看过再定，填写的内容还在。"
        return [Finding("legacy.changed", "页面上的内容已经不是最新的", detail, turn="您")]
    last = matter.settlements[-1] if matter.settlements else None
    if last is None:
        detail = "这一行已经不在待核实之列：本人登记后已匹配，或导入已撤回。"
        return [Finding("legacy.settled", "这一行已经处理", detail, cure=_LIST)]
    who = "您" if last.by_id == by.user_id else last.by.name
    detail = f"{who}已于{chinese_datetime(last.at)}处理：{last.get_decision_display()}。依据：{last.basis}"
    return [Finding("legacy.settled", "这一行已经处理，没有重复办理", detail, cure=_LIST)]


_LIST = Cure("返回待核实列表", url_name="certificates:settling")


def _reasons(matter: Matter, chosen: Settlement) -> list[Finding]:
    winner = _winner(matter, chosen)
    found = []
    if chosen.decision == LegacyDecision.OTHER and winner is None:
        found.append(_refusal("legacy.no_other", "没有另一条", "没有与它矛盾的另一条，请选别的处理。"))
    if winner is not None and winner.number_year is None:
        found.append(_refusal("legacy.not_local", "外省的编号不能成为本省证书", NOT_LOCAL))
    if chosen.decision == LegacyDecision.BOTH:
        found += _reasons_against_both(matter)
    if chosen.corrected is not None:
        found += _reasons_against_correction(chosen.corrected)
    if winner is not None:
        found += _reasons_against_replacing(_losers(matter, winner))
    return found


def _winner(matter: Matter, chosen: Settlement) -> LegacyCertificate | None:
    """Answers the one record that is to count, if one is."""
    if chosen.decision == LegacyDecision.THIS:
        return matter.record
    if chosen.decision == LegacyDecision.CORRECT:
        return chosen.corrected
    if chosen.decision == LegacyDecision.OTHER:
        return next((one for one in matter.others if one.pk == chosen.other_id), None)
    return None


def _losers(matter: Matter, winner: LegacyCertificate) -> list[LegacyCertificate]:
    """Answers those that cannot stand beside the winner, because they have its number, or because it was preferred."""
    return [
        one
        for one in [matter.record, *matter.others]
        if one.pk != winner.pk and (one.number == winner.number or one.pk == matter.record.pk)
    ]


def _reasons_against_both(matter: Matter) -> list[Finding]:
    numbers = [one.number for one in [matter.record, *matter.others]]
    if len(set(numbers)) < len(numbers):
        detail = "一个编号只能有一本证书。其中一条编号写错的，对那一条选“更正后采用”。"
        return [_refusal("legacy.one_number", "编号相同，不能两条都保留", detail)]
    if not matter.others:
        detail = "没有与它矛盾的另一条，请选“以这一条为准”或“不采用”。"
        return [_refusal("legacy.no_other", "只有这一条", detail)]
    return []


def _reasons_against_correction(corrected: LegacyCertificate) -> list[Finding]:
    same = LegacyCertificate.objects.filter(fingerprint=corrected.fingerprint).first()
    if same is None:
        return []
    detail = (
        f"与“{same.import_run.file_name}”第 {same.row_number} 行完全相同。没有需要更正的，请对那一条选“以这一条为准”。"
    )
    return [_refusal("legacy.same_row", "更正后的内容已经有一条", detail)]


def _reasons_against_replacing(rivals: Sequence[LegacyCertificate]) -> list[Finding]:
    used = built_upon([one.certificate_id for one in rivals if one.certificate_id is not None])
    numbers = {one.certificate_id: one.number for one in rivals}
    return [
        _refusal(
            "legacy.built_upon",
            f"{numbers[pk]}已经是证书，不能由这一条代替",
            f"{'；'.join(reasons)}。证书内容有误的，请持证人办理证书纠错；这一条选“不采用”。",
        )
        for pk, reasons in used.items()
    ]


def _refusal(code: str, message: str, detail: str) -> Finding:
    return Finding(code, message, detail, turn="省厅登记台账")


def _carry_out(matter: Matter, chosen: Settlement, by: Actor, now: datetime) -> LegacySettlement:
    record, winner = matter.record, _winner(matter, chosen)
    reason = record.quarantine_reason
    if winner is not None:
        _replace(_losers(matter, winner), chosen, by, now)
        _make_live([winner])
    elif chosen.decision == LegacyDecision.BOTH:
        _make_live([one for one in [record, *matter.others] if one.state != LegacyState.MATCHED])
    else:
        _discard([record], f"不采用：{chosen.basis}")
    settlement = LegacySettlement.objects.create(
        record=record,
        other_id=chosen.other_id,
        replacement=winner if chosen.decision == LegacyDecision.CORRECT else None,
        decision=chosen.decision,
        basis=chosen.basis,
        reason=reason,
        by=User.objects.get(pk=by.user_id or 0),
        at=now,
    )
    if chosen.decision != LegacyDecision.NEITHER:
        _match(winner or record, now)
    _record(settlement)
    return settlement


def _replace(losers: Sequence[LegacyCertificate], chosen: Settlement, by: Actor, now: datetime) -> None:
    held = {one.certificate_id for one in losers if one.certificate_id is not None}
    if held:
        take_back(list(Certificate.objects.filter(pk__in=held)), reason=chosen.basis, by=by, now=now)
    _discard(losers, f"{chosen.decision.label}：{chosen.basis}")


def _discard(records: Sequence[LegacyCertificate], reason: str) -> None:
    for one in records:
        one.state, one.quarantine_reason = LegacyState.DISCARDED, reason
    update_rows(records, ["state", "quarantine_reason"])


def _make_live(records: Sequence[LegacyCertificate]) -> None:
    """A record that is a certificate already stays as it is."""
    for one in records:
        if one.state != LegacyState.MATCHED:
            one.state, one.quarantine_reason, one.is_verified = LegacyState.UNMATCHED, "", True
            one.save()


def _match(record: LegacyCertificate, now: datetime) -> None:
    """A person who is registered has the certificate at once. Raises `Refused` if it would be set aside again."""
    people = Person.objects.filter(id_number_index=record.id_number_index, registered_at__isnull=False)
    match_legacy(list(people.values_list("pk", flat=True)), now=now)
    record.refresh_from_db()
    if record.state == LegacyState.QUARANTINED:
        detail = f"{record.quarantine_reason} 可以选“更正后采用”改正，或选“不采用”。"
        raise Refused(_refusal("legacy.no_match", "这一条还不能成为证书", detail))


def _record(settlement: LegacySettlement) -> None:
    detail: dict[str, object] = {
        "decision": settlement.decision,
        "number": settlement.record.number,
        "other": settlement.other_id,
        "replacement": settlement.replacement_id,
    }
    audit.record("settle_legacy", by=settlement.by, about=settlement.record, detail=detail)
