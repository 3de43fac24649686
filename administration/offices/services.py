"""Writes of what all apps share: messages and audit entries, in sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from administration.enums import Channel, OfficeKind, RouteDesk
from administration.models import (
    AuditEntry,
    Delivery,
    Mailbox,
    Message,
    Notice,
    NoticeLine,
    Office,
    OfficeRoute,
    Parameter,
)
from administration.parameters.declared import DECLARED
from common.constraints import sentence_of
from common.dates import chinese_date
from common.findings import Finding, Refused


@dataclass(frozen=True)
class OutgoingMessage:
    """A message for a mailbox; None (an owner without one) is left out by `send`."""

    mailbox_id: int | None
    title: str
    body: str = ""
    link: str = ""
    phone: str = ""
    """On file, of its owner: the body goes there too, where an SMS service is attached (`deliveries`)."""


def send(posts: Iterable[OutgoingMessage]) -> None:
    """One query for any number of messages, in the caller's transaction: no message without its cause.

    One more where some of them go to a telephone.
    """
    sent = [
        (post.phone, Message(mailbox_id=post.mailbox_id, title=post.title[:200], body=post.body, link=post.link))
        for post in posts
        if post.mailbox_id
    ]
    Message.objects.bulk_create(message for _, message in sent)
    Delivery.objects.bulk_create(
        Delivery(message=message, channel=Channel.SMS, address=phone) for phone, message in sent if phone
    )


def open_mailbox() -> Mailbox:
    return Mailbox.objects.create()


@transaction.atomic
def publish_notice(
    *, kind: str, title: str, body: str, lines: Iterable[tuple[str, str]], office_id: int | None, now: datetime
) -> Notice:
    """`lines`: source and text of each matter."""
    notice = Notice.objects.create(kind=kind, title=title, body=body, published_at=now, office_id=office_id)
    NoticeLine.objects.bulk_create(NoticeLine(notice=notice, source=source, text=text[:300]) for source, text in lines)
    return notice


@transaction.atomic
def withdraw_notice_lines(sources: Iterable[str], *, now: datetime) -> None:
    """Strikes out what was overturned; a notice without any line left is withdrawn."""
    lines = NoticeLine.objects.filter(source__in=list(sources), withdrawn_at__isnull=True)
    notices = list(lines.values_list("notice_id", flat=True))
    lines.update(withdrawn_at=now)
    standing = NoticeLine.objects.filter(notice_id__in=notices, withdrawn_at__isnull=True).values("notice_id")
    Notice.objects.filter(pk__in=notices).exclude(pk__in=standing).update(withdrawn_at=now)


@dataclass(frozen=True)
class OfficeFacts:
    name: str
    kind: str
    region: str
    address: str
    phone: str
    opening_hours: str
    routes: tuple[tuple[str, str], ...]
    """Region and desk that it answers for."""


_LEVELS = {OfficeKind.PROVINCIAL: "0000", OfficeKind.MUNICIPAL: "00", OfficeKind.COUNTY: ""}


@transaction.atomic
def save_office(*, facts: OfficeFacts, by: str) -> Literal["new", "changed", "known"]:
    """By its name. Its routes are added; one that another office has is refused, never taken over."""
    if findings := [*_level_findings(facts), *_route_findings(facts)]:
        raise Refused(*findings)
    office = Office.objects.select_for_update(no_key=True).filter(name=facts.name).first()
    outcome: Literal["new", "changed", "known"] = "known" if office else "new"
    if office is None:
        office = Office(name=facts.name, kind=facts.kind, region_id=facts.region, mailbox=open_mailbox())
    wanted = {"address": facts.address, "phone": facts.phone, "opening_hours": facts.opening_hours}
    wanted |= {"kind": facts.kind, "region_id": facts.region}
    changed = {name: value for name, value in wanted.items() if getattr(office, name) != value}
    for name, value in changed.items():
        setattr(office, name, value)
    office.save()
    made = [
        OfficeRoute.objects.get_or_create(region_id=region, desk=desk, defaults={"office": office})[1]
        for region, desk in facts.routes
    ]
    if outcome == "known" and (changed or any(made)):
        outcome = "changed"
    if outcome != "known":
        detail: dict[str, object] = {"outcome": outcome, "changed": sorted(changed), "routes": sum(made)}
        record_audit(
            action="save_office",
            actor_id=None,
            actor_name=by,
            object_type="administration.office",
            object_id=office.pk,
            detail=detail,
        )
    return outcome


def _level_findings(facts: OfficeFacts) -> Iterator[Finding]:
    """An authority belongs to a region of its own level."""
    level = _LEVELS.get(OfficeKind(facts.kind))
    if level is None:
        if facts.routes:
            sentence = f"{OfficeKind(facts.kind).label}不受理业务，受理区划应留空。"
            yield Finding("office.routes", sentence)
        return
    zeros = "0000" if facts.region.endswith("0000") else "00" if facts.region.endswith("00") else ""
    if zeros != level:
        sentence = f"类别“{OfficeKind(facts.kind).label}”与区划代码 {facts.region} 的级别不符。"
        yield Finding("office.level", sentence)


def _route_findings(facts: OfficeFacts) -> Iterator[Finding]:
    for region, desk in facts.routes:
        other = OfficeRoute.objects.select_related("office").filter(region_id=region, desk=desk).first()
        if other is not None and other.office.name != facts.name:
            sentence = f"{region} 的“{RouteDesk(desk).label}”已由{other.office.name}负责，请先在后台“受理范围”中修改。"
            yield Finding("office.route_taken", sentence)


@transaction.atomic
def record_audit(
    *,
    action: str,
    actor_id: int | None,
    actor_name: str = "",
    sphere: str = "",
    object_type: str = "",
    object_id: object = "",
    detail: dict[str, object] | None = None,
    request_id: str = "",
    address: str | None = None,
) -> None:
    """`detail` never holds an ID number or another secret in clear."""
    AuditEntry.objects.create(
        action=action,
        actor_id=actor_id,
        actor_name=actor_name,
        sphere=sphere,
        object_type=object_type,
        object_id=str(object_id),
        detail=detail or {},
        request_id=request_id,
        address=address,
    )


@dataclass(frozen=True)
class Author:
    """Who does something that goes into the audit. Users live to the right of this app: `accounts.access.audit.author`."""

    user_id: int | None
    name: str
    sphere: str = ""
    request_id: str = ""
    address: str | None = None


def set_parameter(
    *,
    key: str,
    value: object,
    effective_from: date,
    document_number: str,
    by: Author,
    note: str = "",
    now: datetime | None = None,
) -> Parameter:
    """A value from a later day on. Raises `Refused` with every reason; what is in force is never changed."""
    declared = DECLARED.get(key)
    if declared is None:
        raise Refused(Finding("parameter.unknown", "没有这个参数"))
    found = []
    try:
        value = declared.clean(value)
    except ValidationError as error:
        found.append(Finding("parameter.value", f"{declared.title}的取值不对", " ".join(error.messages), turn="修改人"))
    if effective_from <= localdate(now):
        detail = "已经施行的取值不能更改，以前的决定按它作出。最早可以从明天起施行。"
        found.append(Finding("parameter.not_later", "施行日期应在今天之后", detail, turn="修改人"))
    if not document_number.strip():
        found.append(Finding("parameter.no_document", "没有填写文号", "参数只能依据文件修改。", turn="修改人"))
    if found:
        raise Refused(*found)
    try:
        with transaction.atomic():
            row = Parameter.objects.create(
                key=key,
                value=value,
                effective_from=effective_from,
                document_number=document_number.strip(),
                note=note.strip(),
            )
            _record_parameter("parameter.set", row, by)
    except IntegrityError as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        detail = "需要改为别的取值时，先撤回那一天的，再重新填写。"
        raise Refused(Finding("parameter.taken", sentence, detail, turn="修改人")) from error
    return row


@transaction.atomic
def withdraw_parameter(parameter_id: int, *, by: Author, now: datetime | None = None) -> None:
    """Takes back a value that is not in force yet: nothing was decided by it. The audit keeps what it said."""
    row = Parameter.objects.select_for_update().filter(pk=parameter_id).first()
    if row is None:
        raise Refused(Finding("parameter.gone", "这个取值已经撤回", "不需要再次操作。"))
    if row.effective_from <= localdate(now):
        detail = f"该取值已于{chinese_date(row.effective_from)}施行。需要更改时，请填写以后施行的新取值。"
        raise Refused(Finding("parameter.in_force", "已经施行的取值不能撤回", detail, turn="修改人"))
    _record_parameter("parameter.withdrawn", row, by)
    row.delete()


def _record_parameter(action: str, row: Parameter, by: Author) -> None:
    record_audit(
        action=action,
        actor_id=by.user_id,
        actor_name=by.name,
        sphere=by.sphere,
        object_type="administration.parameter",
        object_id=row.pk,
        detail={
            "key": row.key,
            "value": row.value,
            "effective_from": row.effective_from.isoformat(),
            "document_number": row.document_number,
        },
        request_id=by.request_id,
        address=by.address,
    )
