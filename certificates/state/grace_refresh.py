"""Refreshes certificates past their end when an application that may hold them open is opened or closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate

from administration.messages.services import OutgoingMessage, send
from certificates.enums import IN_FORCE_STATES
from certificates.facts.holdings import load_holdings
from certificates.models import CertificateItem
from common.dates import chinese_date

from .snapshots import refresh_for_people


def refresh_grace_periods(application_ids: Collection[int], *, now: datetime) -> None:
    """The stored status follows at once, not with the night; people who get more time for the extension are told.

    It takes one query where none of them is past its end. The caller has locked the persons.
    """
    today = localdate(now)
    items = CertificateItem.objects.filter(
        application__in=application_ids, certificate__ends_on__lt=today, certificate__legal_state__in=IN_FORCE_STATES
    )
    concerned = dict(items.order_by("pk").values_list("certificate", "certificate__person"))
    if not concerned:
        return
    refresh_for_people(set(concerned.values()), now=now)
    facts = load_holdings(set(concerned.values()), on=today)
    posts = []
    for pk in concerned:
        certificate, over = facts.certificates[pk], facts.in_grace.get(pk)
        # Only decisions of today count, so that a later extension, refused or withdrawn, sends no second message.
        if over is None or over.application is not None or over.decided_on != today:
            continue
        last = chinese_date(over.last_day)
        posts.append(
            OutgoingMessage(
                certificate.person.mailbox_id,
                f"请在{last}前申请延续：{certificate.number}",
                f"证书有效期已于{chinese_date(certificate.ends_on)}届满。{last}前申请延续的，审查期间继续有效；没有申请的，证书失效，需要重新参加考核。",
                reverse("certificates:detail", args=[pk]),
                event="certificate_expiring",
            )
        )
    send(posts)
