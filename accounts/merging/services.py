"""合并人员登记: one clerk asks, another natural person decides; everything follows, and the same rows can go back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from accounts.access import audit, login_sessions
from accounts.corrections.services import (
    ANOTHER_CLERK,
    Grounds,
    asking,
    open_case,
    settle,
    take_over_roles,
    why_not_by,
    write_case,
)
from accounts.enums import CorrectionKind, CorrectionOutcome, SessionEnd
from accounts.models import FormerIdNumber, Person, RegisterCorrection, User
from accounts.people.identity import login_of
from accounts.people.natural_persons import refuse_own_record
from accounts.signals import records_merged
from administration.messages.services import OutgoingMessage, send
from common.encryption import blind_index
from common.findings import Finding, Refused
from common.text.masking import mask_id_number

from .parts import PARTS
from .rules import undo_until, why_not_merge, why_not_undo
from .selectors import state_of

TASKS = {CorrectionKind.MERGE: "合并人员登记", CorrectionKind.UNMERGE: "撤销人员登记的合并"}
CHANGED = Finding(
    "merge.changed",
    "您打开页面之后，两份登记又有变化",
    "页面已按现在的情况重新显示，请重新核对后再办理。",
    turn="复核人",
)


@dataclass(frozen=True)
class Pair:
    """Names the record that stays and the one that goes."""

    kept: Person
    gone: Person


def ask_for_merge(pair: Pair, *, grounds: Grounds, by: User, now: datetime) -> RegisterCorrection:
    """Nothing about the two records changes before another clerk has decided."""
    return _ask(pair, CorrectionKind.MERGE, None, grounds, by, now)


def ask_for_undoing(merge: RegisterCorrection, *, grounds: Grounds, by: User, now: datetime) -> RegisterCorrection:
    if merge.other is None:
        raise TypeError("a merge has two records, by constraint")
    return _ask(Pair(merge.person, merge.other), CorrectionKind.UNMERGE, merge, grounds, by, now)


def _ask(
    pair: Pair, kind: CorrectionKind, undoes: RegisterCorrection | None, grounds: Grounds, by: User, now: datetime
) -> RegisterCorrection:
    _refuse_own(by, pair, kind)
    with asking():
        locked = lock_pair(pair)
        if undoes is not None:
            undoes.person = locked.kept
        findings = why_not_undo(undoes, on=localdate(now)) if undoes else why_not_merge(locked.kept, locked.gone)
        if findings:
            raise Refused(*findings)
        case = RegisterCorrection(kind=kind, person=locked.kept, other=locked.gone, undoes=undoes)
        write_case(case, grounds, by=by, now=now)
        _audit(f"ask_{kind}", case, by)
    return case


def lock_pair(pair: Pair) -> Pair:
    """Locks both persons in the order of their ids."""
    rows = Person.objects.filter(pk__in=[pair.kept.pk, pair.gone.pk]).order_by("pk")
    locked = {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True).select_related("user")}
    return Pair(locked[pair.kept.pk], locked[pair.gone.pk])


def _refuse_own(by: User, pair: Pair, kind: str) -> None:
    for person in (pair.kept, pair.gone):
        refuse_own_record(by, person.id_number_index, task=TASKS[CorrectionKind(kind)], instead=ANOTHER_CLERK)


@transaction.atomic
def decide_merge(case: RegisterCorrection, *, state: str, by: User, now: datetime) -> RegisterCorrection:
    """`state` is the mark of what the page showed (`selectors.state_of`); another one refuses."""
    if case.other is None:
        raise TypeError("a merge has two records, by constraint")
    pair = lock_pair(Pair(case.person, case.other))
    locked = open_case(case)
    locked.person, locked.other = pair.kept, pair.gone
    _refuse_own(by, pair, locked.kind)
    undoes = locked.undoes
    findings = why_not_by(by, locked)
    findings += [CHANGED] if state != state_of(pair.kept, pair.gone) else []
    findings += why_not_undo(undoes, on=localdate(now)) if undoes else why_not_merge(pair.kept, pair.gone, case=locked)
    if findings:
        raise Refused(*findings)
    locked.record = _take_back(pair, undoes, now) if undoes else _merge(pair, now)
    locked.save(update_fields=["record"])
    settle(locked, CorrectionOutcome.DONE, "", by, now)
    _audit(f"confirm_{locked.kind}", locked, by)
    send(_told_apart(pair) if undoes else [_told(pair, locked)])
    return locked


def _merge(pair: Pair, now: datetime) -> dict[str, Any]:
    """Answers the record of what moved."""
    kept, gone = pair.kept, pair.gone
    moved, former = _move(gone, kept), gone.id_number_index
    record: dict[str, Any] = {
        "moved": moved,
        "former": former,
        "aliases": list(kept.alias_names),
        "was_active": bool(gone.user and gone.user.is_active),
        "roles": list(User.objects.filter(identity_index=gone.id_number_index).values_list("pk", flat=True)),
    }
    gone.merged_into, gone.id_number_index = kept, blind_index(str(gone.pk), "merged record")
    gone.save(update_fields=["merged_into", "id_number_index"])
    FormerIdNumber.objects.create(person=kept, id_number=gone.id_number, id_number_index=former, replaced_at=now)
    kept.alias_names = [
        name for name in dict.fromkeys([*kept.alias_names, gone.name, *gone.alias_names]) if name != kept.name
    ]
    kept.save(update_fields=["alias_names"])
    take_over_roles(former, kept.id_number_index)
    if gone.user is not None:
        gone.user.is_active = False
        gone.user.save(update_fields=["is_active"])
        login_sessions.end_sessions(gone.user, why=SessionEnd.MERGED)
    records_merged.send(sender=Person, source=gone, target=kept, moved=moved, now=now)
    return record


def _move(source: Person, target: Person) -> dict[str, list[int]]:
    """Moves the rows of each part by one statement, locked in order before."""
    moved = {}
    for part in PARTS:
        rows = part.following(source, target).select_for_update(of=("self",), no_key=True)
        ids = list(rows.values_list("pk", flat=True))
        if ids:
            part.model._default_manager.filter(pk__in=ids).update(**{part.column: part.value_of(target)})
            moved[part.key] = ids
    return moved


def _take_back(pair: Pair, merge: RegisterCorrection, now: datetime) -> dict[str, Any]:
    """Puts back exactly the rows that the merge moved; what came since stays with the record that was kept."""
    kept, gone, record = pair.kept, pair.gone, merge.record
    FormerIdNumber.objects.filter(person=kept, id_number_index=record["former"]).delete()
    gone.merged_into, gone.id_number_index = None, record["former"]
    gone.save(update_fields=["merged_into", "id_number_index"])
    kept.alias_names = [name for name in kept.alias_names if name in record["aliases"] or name not in _names(gone)]
    kept.save(update_fields=["alias_names"])
    moved: dict[str, list[int]] = record["moved"]
    for part in PARTS:
        if ids := moved.get(part.key):
            list(part.model._default_manager.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))
            part.model._default_manager.filter(pk__in=ids).update(**{part.column: part.value_of(gone)})
    User.objects.filter(pk__in=record["roles"]).update(identity_index=gone.id_number_index)
    if gone.user is not None:
        # A correction to this number has taken the login away meanwhile.
        gone.user.login = login_of(str(gone.id_number))
        gone.user.is_active = record["was_active"]
        gone.user.save(update_fields=["login", "is_active"])
    records_merged.send(sender=Person, source=kept, target=gone, moved=moved, now=now)
    return {"put_back": {key: len(ids) for key, ids in moved.items()}}


def _names(person: Person) -> set[str]:
    return {person.name, *person.alias_names}


def _audit(action: str, case: RegisterCorrection, by: User) -> None:
    """Both records have an entry, so that either is found by its own search."""
    for person, other in ((case.person, case.other), (case.other, case.person)):
        detail: dict[str, object] = {
            "correction": case.pk,
            "document": case.document,
            "other": other.pk if other else None,
            "moved": {key: len(ids) for key, ids in case.record.get("moved", {}).items()},
        }
        audit.record(action, by=by, about=person, detail=detail)


def _told(pair: Pair, case: RegisterCorrection) -> OutgoingMessage:
    body = (
        f"登记点核实后，您的两份人员登记已合并。请用身份证号码 {mask_id_number(str(pair.kept.id_number))} 和原密码登录；"
        f"另一个号码 {mask_id_number(str(pair.gone.id_number))} 不能再登录，也不能再登记。证书、聘用关系、继续教育、考试、办件和消息都已归到一起。"
        f"有误的，请在{undo_until(case):%Y年%-m月%-d日}前到登记点申请撤销。"
    )
    return OutgoingMessage(pair.kept.mailbox_id, "您的两份人员登记已合并", body, "/person/", event="registration")


def _told_apart(pair: Pair) -> list[OutgoingMessage]:
    title = "人员登记的合并已撤销"
    body = "登记点核实后，合并已撤销：并入的证书、聘用关系、办件等按原样退回原来的登记，请用各自的身份证号码登录核对。"
    return [
        OutgoingMessage(person.mailbox_id, title, body, "/person/", event="registration")
        for person in (pair.kept, pair.gone)
    ]
