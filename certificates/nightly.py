"""Runs the nightly jobs: 到期失效, reminders before it, and the stored display status.

They may be repeated, also twice at once. Each chunk locks its people first and checks again, so that nothing is done
twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from accounts.models import Person
from administration.messages.services import OutgoingMessage, send
from administration.models import JobRun, SentReminder
from administration.nightly import nightly, resume_after, save_progress
from administration.parameters.book import ParameterBook
from administration.reminders import Reminder, bucket, claim
from certificates.authority.suspensions import end_suspensions
from certificates.facts.holdings import Holdings, load_holdings
from certificates.pages.situations.judging import pressing_of
from certificates.pages.situations.situation import Situation
from certificates.state.services import StateChange, change_states
from certificates.state.snapshots import refresh_for_people
from common.dates import chinese_date, months_before
from workflow.actors import SYSTEM
from workflow.services.locking import lock_rows

from .enums import LegalState, Operation
from .models import Certificate, CertificateItem

CHUNK = 500
STEPS = (90, 60, 30, 7)
"""The steps are days before the end of a certificate."""
KIND = "certificate"
EXPIRED = "有效期届满，未在届满前申请延续"


@nightly(
    "suspension_ends",
    "暂扣期满发还",
    # This runs before the expiry: a certificate restored past its end is restored as expired.
    at=(1, 20),
    labels={"restored": "已发还"},
    formerly=["certificates.tasks.end_suspensions_daily"],
)
def run_suspension_ends(run: JobRun) -> dict[str, int]:
    return {"restored": end_suspensions()}


# --- expiry ---


@nightly(
    "certificate_expiry",
    "证书过期失效",
    at=(1, 40),
    labels={"expired": "过期失效"},
    formerly=["certificates.tasks.expire_daily"],
)
def run_expiry(run: JobRun) -> dict[str, int]:
    return {"expired": expire_certificates()}


def expire_certificates(*, now: datetime | None = None) -> int:
    """01 becomes 05 by operation 04 where filing is over and no application filed in time holds the certificate open."""
    now = now or utc_now()
    expired, place = 0, (date.min, 0)
    while chunk := _past_their_end(localdate(now), place):
        with transaction.atomic():
            expired += _expire_people({person_id for _, _, person_id in chunk}, now)
        place = chunk[-1][:2]
    return expired


def _past_their_end(today: date, place: tuple[date, int]) -> list[tuple[date, int, int]]:
    """Answers (end, id, person) behind a place. Certificates that an application holds open stay listed and are
    skipped.
    """
    ends_on, pk = place
    rows = Certificate.objects.filter(legal_state=LegalState.VALID, ends_on__lt=today, ends_on__gte=ends_on)
    rows = rows.filter(Q(ends_on__gt=ends_on) | Q(pk__gt=pk)).order_by("ends_on", "pk")
    return list(rows.values_list("ends_on", "pk", "person_id")[:CHUNK])


def _expire_people(person_ids: set[int], now: datetime) -> int:
    """Takes all certificates of these people that are due, so that an additional A ends with its base, not by it."""
    persons = {person.pk: person for person in lock_rows(Person, person_ids)}
    facts = load_holdings(person_ids, on=localdate(now))
    due = [certificate for certificate in facts.certificates.values() if is_due(certificate, facts)]
    if not due:
        return 0
    changes = [
        StateChange(
            certificate_id=certificate.pk, state=LegalState.EXPIRED, operation=Operation.EXPIRY, summary=EXPIRED
        )
        for certificate in due
    ]
    change_states(changes, by=SYSTEM, now=now)
    send(
        OutgoingMessage(
            persons[certificate.person_id].mailbox_id,
            f"您的证书{certificate.number}已过有效期，状态变更为失效",
            f"有效期至{chinese_date(certificate.ends_on)}，没有在届满前申请延续，需要重新参加考核。",
            f"/person/certificates/{certificate.pk}/",
            event="certificate_expired",
        )
        for certificate in due
    )
    return len(due)


def is_due(certificate: Certificate, facts: Holdings) -> bool:
    return (
        certificate.legal_state == LegalState.VALID
        and certificate.ends_on < facts.on
        and certificate.pk not in facts.in_grace
    )


# --- reminders ---


@nightly(
    "certificate_reminders",
    "证书到期提醒",
    at=(2, 0),
    labels={"reminded": "已提醒"},
    formerly=["certificates.tasks.remind_daily"],
)
def run_reminders(run: JobRun) -> dict[str, int]:
    return {"reminded": remind_of_ends()}


def remind_of_ends(*, now: datetime | None = None) -> int:
    """Reminds 90, 60, 30 and 7 days before the end, once each: the person, and the enterprise in one message."""
    now = now or utc_now()
    today = localdate(now)
    months = ParameterBook.load().integer("extension_window_months", today)
    sent = 0
    while chunk := list(_unreminded(today)[:CHUNK]):
        with transaction.atomic():
            sent += _remind(chunk, today, months)
    return sent


def _unreminded(today: date) -> QuerySet[Certificate]:
    """Answers valid certificates whose step had no reminder, except those with an open application."""
    due = Q()
    for step, nearer in zip(STEPS, (*STEPS[1:], -1), strict=True):
        said = SentReminder.objects.filter(kind=KIND, object_id=OuterRef("pk"), ends_on=OuterRef("ends_on"), days=step)
        ends = (today + timedelta(nearer + 1), today + timedelta(step))
        due |= Q(~Exists(said), ends_on__range=ends)
    under_way = CertificateItem.objects.filter(is_open=True, certificate=OuterRef("pk"))
    rows = Certificate.objects.filter(due, ~Exists(under_way), legal_state=LegalState.VALID)
    return rows.select_related("person", "enterprise").order_by("enterprise_id", "pk")


def _remind(chunk: Sequence[Certificate], today: date, months: int) -> int:
    wanted = {reminder_of(certificate, today): certificate for certificate in chunk}
    due = sorted((wanted[one] for one in claim(list(wanted))), key=lambda certificate: certificate.pk)
    pressing = pressing_of({certificate.person_id for certificate in due})
    notes = [
        OutgoingMessage(
            certificate.person.mailbox_id,
            f"您的证书{certificate.number}将于{chinese_date(certificate.ends_on)}到期",
            _advice(certificate, pressing.get(certificate.pk), today, months),
            f"/person/certificates/{certificate.pk}/",
            event="certificate_expiring",
        )
        for certificate in due
    ]
    send([*notes, *_summaries(due)])
    return len(due)


def _advice(certificate: Certificate, situation: Situation | None, today: date, months: int) -> str:
    """Says what the pages of the certificate say, once its extension may be applied for."""
    if situation is not None:
        return "。".join(filter(None, [situation.words, situation.hours_note, situation.sentence]))
    opens = months_before(certificate.ends_on, months)
    start = "现在就" if opens <= today else f"{chinese_date(opens)}起"
    return f"{start}可以在“我的证书 - 业务办理 - 证书延续”中申请。到期仍未申请的，证书失效，需要重新参加考核。"


def _summaries(due: Sequence[Certificate]) -> list[OutgoingMessage]:
    """Answers one message for each enterprise."""
    by_enterprise: dict[int, list[Certificate]] = defaultdict(list)
    for certificate in due:
        if certificate.enterprise_id is not None:
            by_enterprise[certificate.enterprise_id].append(certificate)
    notes = []
    for own in by_enterprise.values():
        soonest = min(certificate.ends_on for certificate in own)
        names = "、".join(f"{certificate.person.name}（{certificate.number}）" for certificate in own[:20])
        more = f"等 {len(own)} 本" if len(own) > 20 else ""
        title = f"{len(own)} 本证书即将到期，最早{chinese_date(soonest)}"
        box = own[0].enterprise.mailbox_id if own[0].enterprise else None
        notes.append(
            OutgoingMessage(
                box,
                title,
                f"{names}{more}。请提醒本人及时申请延续。",
                "/enterprise/staff/?state=expiring",
                event="certificate_expiring",
            )
        )
    return notes


def reminder_of(certificate: Certificate, today: date) -> Reminder:
    days = bucket((certificate.ends_on - today).days, STEPS)
    return Reminder(KIND, certificate.pk, certificate.ends_on, STEPS[0] if days is None else days)


# --- display status ---


@nightly(
    "certificate_snapshots",
    "证书状态核对",
    at=(2, 30),
    labels={"people": "核对人数", "changed": "状态有变化"},
    formerly=["certificates.tasks.refresh_snapshots_daily"],
)
def run_snapshots(run: JobRun) -> dict[str, int]:
    """Goes through all holders by id; after an interruption on the same day it continues where it stopped."""
    counts, after = {"people": 0, "changed": 0}, resume_after(run)
    while person_ids := _holders_after(after):
        with transaction.atomic():
            # The people are locked, so that no status decided meanwhile is overwritten with an older one.
            lock_rows(Person, person_ids)
            counts["changed"] += refresh_for_people(person_ids)
        counts["people"] += len(person_ids)
        after = person_ids[-1]
        save_progress(run, counts, after=after)
    return counts


def _holders_after(after: int) -> list[int]:
    holders = Certificate.objects.filter(person_id__gt=after).order_by("person_id").values_list("person_id", flat=True)
    return list(holders.distinct()[:CHUNK])
