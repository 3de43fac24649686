from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

import devtools.demo.accounts
import devtools.demo.administration
import devtools.demo.enterprises
import devtools.demo.exams
from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate
from certificates.state.snapshots import refresh_for_people
from common.findings import Refused
from devtools.demo_servers.business_registry import records_file
from workflow.actors import SYSTEM

from . import cases, certificates, legacy, logins, people
from .context import DemoContext

NEWCOMERS = 20
"""Registered people whose old certificates are matched at their first login."""
ELECTRONIC = 30


def build_demo() -> DemoContext:
    """Fills an empty database; `var/demo.json` lists the logins."""
    now = timezone.now()
    context = DemoContext(today=timezone.localdate(now))
    devtools.demo.administration.build(context)
    devtools.demo.accounts.build(context)
    firms = devtools.demo.enterprises.build(context)
    devtools.demo.enterprises.write_registry(firms, records_file(settings.VAR))
    key_files = devtools.demo.enterprises.bind_keys(context, firms, now)
    everybody = people.generate(context)
    newcomers = everybody[-NEWCOMERS:]
    strangers = legacy.build(context, newcomers, firms, settings.VAR / "demo")
    people.register(context, everybody)
    certificates.build(context, everybody, firms)
    refresh_for_people([person.pk for person in everybody], now=now)
    cases.build(context, now)
    devtools.demo.exams.build(context, now)
    _issue_some(now)
    logins.note_queues(context)
    devtools.demo.accounts.make_kiosk(context, settings.VAR / "demo" / "kiosk")
    logins.record_people(context, newcomers, strangers)
    logins.record_enterprises(context, firms, key_files)
    context.write_logins(settings.VAR / "demo.json")
    return context


def _issue_some(now: datetime) -> None:
    """Electronic versions of certificates in use; the worker draws and signs them."""
    rows = Certificate.objects.filter(display_status="normal", latest_version=0, person__id_photo__gt="").order_by("pk")
    for pk in list(rows.values_list("pk", flat=True)[:ELECTRONIC]):
        try:
            issue_electronic(certificate_id=pk, by=SYSTEM, now=now)
        except Refused:
            continue
