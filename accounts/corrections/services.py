"""身份证号码更正: one clerk asks with a document, another natural person confirms; the person stays one person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.access import audit, login_sessions
from accounts.enums import CorrectionKind, CorrectionOutcome, SessionEnd
from accounts.models import FormerIdNumber, Person, RegisterCorrection, User
from accounts.people.identity import id_number_index, login_of
from accounts.people.natural_persons import is_same_person, refuse_own_record
from accounts.people.numbers import present_index
from accounts.signals import id_number_corrected, identity_changed
from administration.messages.services import OutgoingMessage, send
from common.dates import chinese_datetime
from common.files.uploads import CheckedUpload
from common.findings import Cure, Finding, Refused
from common.text.id_number import read_id_number
from common.text.masking import mask_id_number

from .selectors import open_cases_of

ANOTHER_CLERK = "另一名登记人员"
TASK = "更正身份证号码"


@dataclass(frozen=True)
class Grounds:
    """Holds what the clerk saw: the document of the police with its number, an explanation, and a scan."""

    document: str
    reason: str
    evidence: CheckedUpload


def ask_for_number(person: Person, *, id_number: str, grounds: Grounds, by: User, now: datetime) -> RegisterCorrection:
    """`id_number` is normalised. Nothing about the person changes before another clerk has confirmed."""
    refuse_own_record(by, person.id_number_index, task=TASK, instead=ANOTHER_CLERK)
    refuse_own_record(by, id_number_index(id_number), task=TASK, instead=ANOTHER_CLERK)
    with asking():
        locked = locked_person(person.pk)
        findings = [already_open()] if open_cases_of(locked).exists() else []
        findings += why_not_this_number(locked, id_number)
        if findings:
            raise Refused(*findings)
        facts = read_id_number(id_number)
        correction = RegisterCorrection(
            kind=CorrectionKind.NUMBER,
            person=locked,
            id_number=id_number,
            id_number_index=id_number_index(id_number),
            sex=facts.sex or locked.sex,
            # The register knows the century that an older number of a foreigner leaves out.
            birth_date=locked.birth_date if facts.may_be_born_on(locked.birth_date) else facts.birth_date,
        )
        write_case(correction, grounds, by=by, now=now)
        audit.record("ask_correction", by=by, about=locked, detail=_detail(correction))
    return correction


@contextmanager
def asking() -> Iterator[None]:
    """Opens the transaction in which a case is written. Two clerks, or one clerk twice, may ask at the same moment: the
    second is refused.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not any(name in str(error) for name in ("one_open_", "correction_is_undone_once")):
            raise
        raise Refused(already_open()) from error


def write_case(case: RegisterCorrection, grounds: Grounds, *, by: User, now: datetime) -> None:
    if by.office is None:
        raise TypeError("staff have an office, by constraint")
    case.document, case.reason = grounds.document, grounds.reason
    case.evidence_type = grounds.evidence.file_type.value
    case.office, case.requested_by, case.requested_at = by.office, by, now
    case.evidence.save(grounds.evidence.storage_name, ContentFile(grounds.evidence.data), save=False)
    case.save()


def why_not_this_number(person: Person, id_number: str) -> list[Finding]:
    if id_number_index(id_number) == person.id_number_index:
        return [
            Finding(
                "correction.same_number",
                "更正后的号码与现在登记的号码相同",
                "请按公安机关证明上更正后的号码填写。",
                turn="登记人员",
            )
        ]
    holder = Person.objects.filter(id_number_index=present_index(id_number)).exclude(pk=person.pk).first()
    if holder is None:
        return []
    return [
        Finding(
            "correction.number_taken",
            "更正后的号码已登记在另一份人员记录上",
            "同一人有两份记录的，不能用更正号码的办法合并，须合并人员登记；两人同号的，由公安机关出具证明后再办理。"
            "请先按这个号码查询，核对是不是同一人。",
            turn="登记人员",
            cure=Cure("合并两份登记", "accounts:merge_search", kwargs={"pk": person.pk}),
        )
    ]


def why_not_by(by: User, case: RegisterCorrection, *, another: str = ANOTHER_CLERK) -> list[Finding]:
    """Refuses a decision of whoever has asked. `another` says who may decide."""
    if not is_same_person(by, case.requested_by):
        return []
    detail = f"请由{another}复核。"
    return [Finding("correction.same_clerk", "提出和复核不能是同一个人", detail, turn=another)]


def already_open() -> Finding:
    return Finding(
        "correction.open",
        "此人或这个号码已有一件待复核的更正",
        "不需要再次提出，请由另一名登记人员复核；填错的，由提出人撤回后重新提出。",
        turn=ANOTHER_CLERK,
        cure=Cure("查看待复核的更正", "accounts:corrections"),
    )


@transaction.atomic
def confirm_number(correction: RegisterCorrection, *, id_number: str, by: User, now: datetime) -> RegisterCorrection:
    """`id_number` is what the second clerk read in the document, so that a slip of the first one does not pass."""
    locked = open_case(correction)
    person = locked.person
    refuse_own_record(by, person.id_number_index, task=TASK, instead=ANOTHER_CLERK)
    refuse_own_record(by, locked.id_number_index, task=TASK, instead=ANOTHER_CLERK)
    findings = why_not_by(by, locked)
    if id_number_index(id_number) != locked.id_number_index:
        findings.append(
            Finding(
                "correction.numbers_differ",
                "您按证明输入的号码与提出时填写的不一致",
                "请对照证明逐位核对。提出时填错的，请不予办理并写明原因，由提出人重新提出。",
                turn="复核人",
            )
        )
    findings += why_not_this_number(person, str(locked.id_number))
    if findings:
        raise Refused(*findings)
    former = person.id_number_index
    _take_number(person, locked, now=now)
    settle(locked, CorrectionOutcome.DONE, "", by, now)
    audit.record("confirm_correction", by=by, about=person, detail=_detail(locked))
    id_number_corrected.send(sender=Person, person=person, former=former, now=now)
    identity_changed.send(sender=Person, person=person)
    send([_told(person)])
    return locked


def _take_number(person: Person, correction: RegisterCorrection, *, now: datetime) -> None:
    former = person.id_number_index
    FormerIdNumber.objects.get_or_create(
        id_number_index=former, defaults={"person": person, "id_number": person.id_number, "replaced_at": now}
    )
    person.id_number, person.id_number_index = str(correction.id_number), correction.id_number_index
    person.sex, person.birth_date = correction.sex, correction.birth_date or person.birth_date
    person.save(update_fields=["id_number", "id_number_index", "sex", "birth_date"])
    take_over_roles(former, correction.id_number_index)
    if person.user is not None:
        login = login_of(str(correction.id_number))
        # A record that was merged into this one may have had the number; its login is closed.
        for merged in User.objects.filter(login=login, person__merged_into__isnull=False):
            merged.login = login_of(f"merged {merged.pk}")
            merged.save(update_fields=["login"])
        person.user.login = login
        person.user.save(update_fields=["login"])
        login_sessions.end_sessions(person.user, why=SessionEnd.NUMBER)


def take_over_roles(former: str, present: str) -> None:
    """Logins of the back office follow, so that the person still decides nothing about himself."""
    try:
        with transaction.atomic():
            User.objects.filter(identity_index=former).update(identity_index=present)
    except IntegrityError as error:
        if "one_person_has_one_role" not in str(error):
            raise
        detail = "更正后的号码已用于另一种身份的账号，请先由安全管理员核对此人的账号。"
        raise Refused(Finding("correction.two_roles", "此人的工作账号身份冲突", detail, turn="安全管理员")) from error


@transaction.atomic
def refuse_correction(correction: RegisterCorrection, *, answer: str, by: User, now: datetime) -> RegisterCorrection:
    """The second clerk refuses; the one who asked withdraws. Nothing about the person changes."""
    locked = open_case(correction)
    for person in [locked.person, *([locked.other] if locked.other is not None else [])]:
        refuse_own_record(by, person.id_number_index, task="复核更正", instead=ANOTHER_CLERK)
    is_own = is_same_person(by, locked.requested_by)
    settle(locked, CorrectionOutcome.WITHDRAWN if is_own else CorrectionOutcome.REFUSED, answer, by, now)
    action = "withdraw_correction" if is_own else "refuse_correction"
    audit.record(action, by=by, about=locked.person, detail={**_detail(locked), "reason": answer})
    if not is_own:
        title = f"{locked.person.name}的{locked.get_kind_display()}不予办理"
        link = reverse(locked.page, args=[locked.pk])
        send(
            [OutgoingMessage(locked.office.mailbox_id, title, f"{answer}（{by.name}复核）", link, event="office_work")]
        )
    return locked


def open_case(correction: RegisterCorrection) -> RegisterCorrection:
    """Locks the person first, as everywhere, and then the correction."""
    person = locked_person(correction.person_id)
    locked = (
        RegisterCorrection.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "requested_by", "settled_by")
        .get(pk=correction.pk)
    )
    locked.person = person
    if locked.settled_by is not None and locked.settled_at is not None:
        detail = (
            f"{locked.settled_by.name}已于{chinese_datetime(locked.settled_at)}办理：{locked.get_outcome_display()}。"
        )
        raise Refused(Finding("correction.settled", "这件更正已经办结", detail))
    return locked


def settle(correction: RegisterCorrection, outcome: CorrectionOutcome, answer: str, by: User, now: datetime) -> None:
    correction.outcome, correction.answer, correction.settled_by, correction.settled_at = outcome, answer, by, now
    correction.save(update_fields=["outcome", "answer", "settled_by", "settled_at"])


def locked_person(person_id: int) -> Person:
    return Person.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=person_id)


def _detail(correction: RegisterCorrection) -> dict[str, object]:
    return {"correction": correction.pk, "kind": correction.kind, "document": correction.document}


def _told(person: Person) -> OutgoingMessage:
    return OutgoingMessage(
        person.mailbox_id,
        "您的身份证号码已更正",
        f"更正后的号码：{mask_id_number(str(person.id_number))}。请用更正后的号码登录，密码不变；旧号码不能再登录。"
        "您的证书、聘用关系、继续教育记录和办件都保留。如果不是您本人申请的，请尽快到登记点说明。",
        "/person/",
        event="registration",
    )
