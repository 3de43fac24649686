"""Orders the letters of decisions in the transaction of the decisions; the worker draws and signs them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.timezone import localdate

from administration.messages.services import OutgoingMessage, send
from administration.models import Office
from administration.parameters.book import ParameterBook
from common.jobs import enqueue_in_groups
from workflow.business import business_of
from workflow.selectors.letters import about_granted, all_reasons, filer_of, letter_kind, letter_text

from ..actors import Actor
from ..enums import LetterKind, Party
from ..models import Event, Letter

JOB_SIZE = 25
NEXT = """
    INSERT INTO workflow_lettercounter (office_id, year, last) VALUES (%s, %s, %s)
    ON CONFLICT (office_id, year) DO UPDATE SET last = workflow_lettercounter.last + excluded.last RETURNING last
"""


def order_letters(events: Sequence[Event], *, by: Actor, parameters: ParameterBook, now: datetime) -> list[Letter]:
    """Only decisions of an office make letters. Its counter is locked last, until the end of the transaction."""
    if by.party != Party.OFFICE or by.office_id is None:
        return []
    told = [(event, kind) for event in events if (kind := letter_kind(event, parameters))]
    if not told:
        return []
    about = about_granted([event.application for event, kind in told if kind == LetterKind.GRANTED])
    office = Office.objects.select_related("region").get(pk=by.office_id)
    day = localdate(now)
    first = _numbers(office, day.year, len(told))
    letters = Letter.objects.bulk_create(
        _letter(event, kind, office, (day.year, first + position), about.get(event.application_id, []), now)
        for position, (event, kind) in enumerate(told)
    )
    enqueue_in_groups("certificates.make_letters", "letter_ids", [letter.pk for letter in letters], size=JOB_SIZE)
    return letters


def _numbers(office: Office, year: int, count: int) -> int:
    """Answers the first of so many numbers."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [office.pk, year, count])
        (last,) = cursor.fetchone()
    return int(last) - count + 1


def _letter(
    event: Event,
    kind: LetterKind,
    office: Office,
    number: tuple[int, int],
    about: list[tuple[str, str]],
    now: datetime,
) -> Letter:
    application = event.application
    reasons = all_reasons(event.comment, event.detail)
    text = letter_text(kind, application, reasons=reasons, office=office, due_on=application.due_on, about=about)
    return Letter(
        application=application,
        event=event,
        kind=kind,
        office=office,
        year=number[0],
        serial=number[1],
        content=text.as_content(),
        issued_on=localdate(now),
        issuer_name=office.name,
        token=secrets.token_urlsafe(16),
        ordered_at=now,
    )


def tell_of_letter(letter: Letter) -> None:
    """Tells the applicant that the letter is signed. The caller's transaction stores the file, so that it is told once."""
    application = letter.application
    filer = filer_of(application)
    title = business_of(application.kind).title
    text = f"文号：{letter.number}。可以下载，也可以在“电子证书验真”上传查验真伪。"
    link = f"/applications/{application.number}/letters/{letter.pk}/"
    heading = f"{letter.get_kind_display()}：{title} {application.number}"
    send([OutgoingMessage(filer.mailbox_id if filer else None, heading, text, link, event="letter_ready")])
