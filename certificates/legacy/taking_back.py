"""Takes back certificates that old records made by mistake, as long as nothing was built on them.

A certificate keeps its row and its trail, because both are public record. Another record of its number may make it
anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate

from administration.messages.services import OutgoingMessage, send
from certificates.enums import LegalState, Operation
from certificates.models import Certificate, CertificateEvent, CertificateTerm
from certificates.state.snapshots import refresh_for_people
from common.dates import chinese_date
from workflow.actors import Actor

KIND = "legacy_taken_back"
_OWN_KINDS = ("legacy", KIND)
_OWN_RELATIONS = ("terms", "events", "legacy_records")
_WORDS = {
    "versions": "已签发电子证书",
    "items": "办件用到了它",
    "additional_certificates": "有增发的A证依附于它",
    "policy_rows": "已按政策延续",
    "rename_rows": "已随企业更名换发",
    "transfer_proofs": "已开具调出证明",
}


def built_upon(certificate_ids: Collection[int] | QuerySet[Any, Any]) -> dict[int, list[str]]:
    """Maps each certificate to what was built on it since the import; one that is not in it is free.

    The number of queries is that of the relations of a certificate.
    """
    found: dict[int, list[str]] = defaultdict(list)
    for relation in Certificate._meta.related_objects:
        name = relation.get_accessor_name() or ""
        if name in _OWN_RELATIONS:
            continue
        words = _WORDS.get(name) or f"有{relation.related_model._meta.verbose_name}"
        field = relation.field.name
        rows = relation.related_model._default_manager.filter(**{f"{field}__in": certificate_ids})
        for pk in sorted(set(rows.values_list(f"{field}_id", flat=True))):
            found[pk].append(words)
    later = CertificateEvent.objects.filter(certificate__in=certificate_ids).exclude(kind__in=_OWN_KINDS)
    for pk, on, summary in later.order_by("pk").values_list("certificate_id", "effective_on", "summary"):
        found[pk].append(f"{chinese_date(on)}已办理：{summary or '证书业务'}")
    return dict(found)


def take_back(certificates: Sequence[Certificate], *, reason: str, by: Actor, now: datetime) -> None:
    """The caller has locked the persons and the certificates, and found them free."""
    summary = f"历史数据撤回：{reason}"
    CertificateEvent.objects.bulk_create(
        CertificateEvent(
            certificate=one,
            at=now,
            effective_on=localdate(now),
            operation=Operation.OTHER,
            state_before=one.legal_state,
            state_after=LegalState.CANCELLED,
            kind=KIND,
            summary=summary,
            actor_id=by.user_id,
        )
        for one in certificates
    )
    ids = [one.pk for one in certificates]
    CertificateTerm.objects.filter(certificate__in=ids, reversed_at__isnull=True).update(reversed_at=now)
    Certificate.objects.filter(pk__in=ids).update(legal_state=LegalState.CANCELLED, taken_back_at=now)
    refresh_for_people({one.person_id for one in certificates}, now=now)
    _tell(ids)


def _tell(certificate_ids: Collection[int]) -> None:
    held = Certificate.objects.filter(pk__in=certificate_ids).order_by("pk")
    send(
        OutgoingMessage(
            mailbox,
            f"主管部门核实历史数据，撤回了{number}",
            link="/person/certificates/",
            event="certificate_record",
        )
        for mailbox, number in held.values_list("person__mailbox_id", "number")
        if mailbox is not None
    )
