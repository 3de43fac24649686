"""死亡登记: a clerk asks with the document, the province decides; everything ends at once, and an error is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from accounts.access import audit, login_sessions
from accounts.corrections.services import (
    Grounds,
    asking,
    locked_person,
    open_case,
    refuse_correction,
    settle,
    why_not_by,
    write_case,
)
from accounts.enums import CorrectionKind, CorrectionOutcome, SessionEnd
from accounts.models import Person, RegisterCorrection, User
from accounts.people.natural_persons import is_same_person, refuse_own_record
from administration.messages.services import OutgoingMessage, send
from administration.offices.locks import share_routing
from administration.outbox.contacts import silence, speak_again
from common.findings import Finding, Refused

from .rules import CHANGED, DECIDES, decides, why_not_record, why_not_take_back
from .selectors import state_of
from .steps import DEATH_STEPS, Death

ANOTHER = "另一名工作人员"


def ask_for_death(person: Person, *, died_on: date, grounds: Grounds, by: User, now: datetime) -> RegisterCorrection:
    case = RegisterCorrection(kind=CorrectionKind.DEATH, died_on=died_on)
    return _ask(case, person, grounds, by, now)


def ask_to_take_back(done: RegisterCorrection, *, grounds: Grounds, by: User, now: datetime) -> RegisterCorrection:
    case = RegisterCorrection(kind=CorrectionKind.DEATH_UNDO, undoes=done)
    return _ask(case, done.person, grounds, by, now)


def _ask(case: RegisterCorrection, person: Person, grounds: Grounds, by: User, now: datetime) -> RegisterCorrection:
    refuse_own_record(by, person.id_number_index, task=case.get_kind_display(), instead=ANOTHER)
    with asking():
        case.person = locked_person(person.pk)
        if findings := _why_not(case, localdate(now)):
            raise Refused(*findings)
        write_case(case, grounds, by=by, now=now)
        _audit(f"ask_{case.kind}", case, by)
    return case


def _why_not(case: RegisterCorrection, on: date, *, own: RegisterCorrection | None = None) -> list[Finding]:
    if case.undoes is not None:
        return why_not_take_back(case.person, case.undoes, own)
    if case.died_on is None:
        raise TypeError("a death has its day, by constraint")
    return why_not_record(case.person, died_on=case.died_on, on=on, case=own)


@transaction.atomic
def decide_death(case: RegisterCorrection, *, state: str, by: User, now: datetime) -> RegisterCorrection:
    """`state` is the mark of what the page showed; another one refuses. Certificates are cancelled, so that the decider
    has the duty of the province.
    """
    share_routing()
    locked = open_case(case)
    person = locked.person
    refuse_own_record(by, person.id_number_index, task=locked.get_kind_display(), instead=ANOTHER)
    findings = [] if decides(by) else [DECIDES]
    findings += why_not_by(by, locked, another="省厅另一名审核人员")
    findings += [CHANGED] if state != state_of(person) else []
    findings += _why_not(locked, localdate(now), own=locked)
    if findings:
        raise Refused(*findings)
    said = Death(person, locked.document, locked.reason, by, now, locked.died_on)
    locked.record = _take_back(said, locked.undoes.record) if locked.undoes else _end(said)
    locked.save(update_fields=["record"])
    settle(locked, CorrectionOutcome.DONE, "", by, now)
    _audit(f"confirm_{locked.kind}", locked, by)
    return locked


@transaction.atomic
def refuse_death(case: RegisterCorrection, *, answer: str, by: User, now: datetime) -> RegisterCorrection:
    """Whoever has asked withdraws; to refuse is a decision too, which is the province's."""
    if not decides(by) and not is_same_person(by, case.requested_by):
        raise Refused(DECIDES)
    return refuse_correction(case, answer=answer, by=by, now=now)


def _end(death: Death) -> dict[str, Any]:
    """Answers the ids of what each step ended. The day stands first, so that nothing is written to a telephone."""
    person = death.person
    person.died_on = death.died_on
    person.save(update_fields=["died_on"])
    enterprises = sorted({pk for step in DEATH_STEPS for pk in step.enterprise_ids(person)})
    death = replace(death, enterprise_ids=enterprises)
    ended = {name: DEATH_STEPS[name].end(death) for name in DEATH_STEPS.names()}
    was_active = bool(person.user and person.user.is_active)
    if person.user is not None:
        person.user.is_active = False
        person.user.save(update_fields=["is_active"])
        login_sessions.end_sessions(person.user, why=SessionEnd.DISABLED)
        silence([person.user.pk], why="the receiver has died")
    return {"ended": ended, "was_active": was_active}


def _take_back(death: Death, record: dict[str, Any]) -> dict[str, Any]:
    """Answers in words what stays ended, each with its reason."""
    person = death.person
    person.died_on = None
    person.save(update_fields=["died_on"])
    left = []
    for name in DEATH_STEPS.names():
        if ended := record["ended"].get(name):
            left += DEATH_STEPS[name].restore(replace(death, ended=ended))
    if person.user is not None and record["was_active"]:
        person.user.is_active = True
        person.user.save(update_fields=["is_active"])
        speak_again([person.user.pk])
    words = "".join(f"\n{line}" for line in left)
    body = f"死亡登记有误，已撤销：账号恢复登录，当时解除的聘用和注销的证书已恢复。{words}"
    send([OutgoingMessage(person.mailbox_id, "死亡登记已撤销", body, "/person/", event="registration")])
    return {"left": left}


def _audit(action: str, case: RegisterCorrection, by: User) -> None:
    detail: dict[str, object] = {
        "correction": case.pk,
        "document": case.document,
        "ended": {name: len(ids) for name, ids in case.record.get("ended", {}).items()},
    }
    audit.record(action, by=by, about=case.person, detail=detail)
