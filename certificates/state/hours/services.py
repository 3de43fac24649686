"""Marks the open cases that lack hours since a record with which they were filed was corrected or withdrawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.messages.services import OutgoingMessage
from administration.parameters.book import ParameterBook
from certificates.rules.filing import subject_certificates
from training.hours import Count, Rules, count_hours, in_hours, standing_at
from training.models import TrainingRecord
from workflow.business import Business, business_of
from workflow.checks import Case, Facts
from workflow.models import Application
from workflow.services.flagging import Flag, flag_of, set_flags
from workflow.services.locking import lock_applications_as_they_are

from .selectors import open_cases

TOPIC = "继续教育学时不足"
LONGEST = 5
"""So many changed records are named; a person rarely has more."""


@transaction.atomic
def recheck_hours(person_ids: Collection[int], *, now: datetime | None = None) -> int:
    """Sets and takes away the flags of all open cases of these people. Answers how many have changed."""
    now = now or utc_now()
    locked = [one for one in lock_applications_as_they_are(open_cases(person_ids)) if one.is_open]
    if not locked:
        return 0
    # The records are read under the locks: whoever changes them later has these cases checked once more.
    records = _all_records(locked)
    found = dict(_flags(locked, records))
    return set_flags(locked, found, topic=TOPIC, now=now)


def _all_records(applications: Sequence[Application]) -> dict[str, list[TrainingRecord]]:
    """Withdrawn ones included, because they counted once."""
    indexes = {one.person.id_number_index for one in applications if one.person is not None}
    found: dict[str, list[TrainingRecord]] = defaultdict(list)
    for record in TrainingRecord.objects.filter(id_number_index__in=indexes).select_related("replaced_by"):
        found[record.id_number_index].append(record)
    return found


def _flags(applications: Sequence[Application], records: dict[str, list[TrainingRecord]]) -> Iterator[tuple[int, Flag]]:
    by_kind: dict[str, list[Application]] = defaultdict(list)
    for application in applications:
        by_kind[application.kind].append(application)
    parameters, today = ParameterBook.load(), localdate()
    for kind, some in by_kind.items():
        business = business_of(kind)
        cases = business.rebuild(some, today=today)
        facts = Facts(cases, parameters)
        for application, case in zip(some, cases, strict=True):
            index = application.person.id_number_index if application.person else ""
            yield application.pk, _flag(business, application, case, facts, records[index])


def _flag(
    business: Business, application: Application, case: Case, facts: Facts, records: Sequence[TrainingRecord]
) -> Flag:
    filed = application.first_submitted_at or application.created_at
    rules = Rules(facts.parameters, case.filing_day)
    for certificate in subject_certificates(case, facts):
        before = count_hours(certificate, standing_at(records, filed), rules)
        after = count_hours(certificate, [one for one in records if one.withdrawn_at is None], rules)
        if not after.is_enough and after.hours < before.hours:
            return _lacking(business, application, before, after)
    if not flag_of(application, TOPIC):
        return Flag("", "")
    words = "继续教育学时已经补足，申请继续办理，不需要重新提交。"
    title = f"继续教育学时已满足：{business.title} {application.number}"
    return Flag("", words, _messages(application, title, words))


def _lacking(business: Business, application: Application, before: Count, after: Count) -> Flag:
    flag = f"{TOPIC}：申请时 {before.words} 学时，现在 {after.words} 学时，需要 {after.needed} 学时。"
    comment = _what_changed(before, after)
    body = (
        f"{comment}现在 {after.words} 学时，需要 {after.needed} 学时，还差 {in_hours(after.missing)} 学时。"
        "申请保留，不必重新提交：请参加培训并由培训机构登记，或请培训机构核对记录，学时补足后照常办理。"
    )
    return Flag(flag, comment, _messages(application, f"{TOPIC}：{business.title} {application.number}", body))


def _what_changed(before: Count, after: Count) -> str:
    still = {line.record.pk for line in after.lines}
    gone = [line.record for line in before.lines if line.record.pk not in still and line.record.withdrawn_at]
    return "".join(map(_in_words, gone[:LONGEST])) or "继续教育学时减少。"


def _in_words(record: TrainingRecord) -> str:
    reason = f"（原因：{record.withdrawn_reason.rstrip('。')}）" if record.withdrawn_reason else ""
    said = f"{record.institution_name}的“{record.course}”{in_hours(record.hours)} 学时"
    right = record.replaced_by
    if right is None:
        return f"{said}已撤回{reason}。"
    if right.hours != record.hours:
        return f"{said}更正为 {in_hours(right.hours)} 学时{reason}。"
    return f"{said}的记录已更正{reason}。"


def _messages(application: Application, title: str, body: str) -> tuple[OutgoingMessage, ...]:
    """The person and the enterprise are told; the enterprise reads whose case it is."""
    person, enterprise = application.person, application.enterprise
    found = []
    if person is not None:
        found.append(OutgoingMessage(person.mailbox_id, title, body, reverse("training:mine"), event="training_hours"))
    if person is not None and enterprise is not None:
        found.append(
            OutgoingMessage(
                enterprise.mailbox_id,
                title,
                f"{person.name}：{body}",
                reverse("certificates:staff_training"),
                event="training_hours",
            )
        )
    return tuple(found)
