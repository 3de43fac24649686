"""Takes over what the business registry says without anybody's decision: that an enterprise exists (again).

Everything else waits for the enterprise or for a registry clerk.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from accounts.access import audit
from accounts.models import User
from administration.imports.services import one_import_at_a_time
from administration.models import Region
from administration.offices.selectors import region_of_code
from administration.throttle import Limit, seconds_to_wait
from common.findings import Refused
from enterprises.models import Enterprise
from enterprises.register.codes import enterprise_by_code
from enterprises.register.services import EnterpriseFacts, save_enterprise

from .checks import look_up, request_check
from .client import RegistryError, RegistryRecord
from .findings import (
    CLERKS_BACK,
    another,
    at_login_failed,
    at_login_too_often,
    failure,
    known_already,
    no_region,
    still_gone,
    too_often,
)
from .services import LIMIT, count_as_existing, keep_answer

log = logging.getLogger(__name__)

AT_LOGIN = Limit("registry_at_login", 3, timedelta(hours=6))
"""The limit counts by code: the key that was shown proves it, and one enterprise has no reason to ask more often."""


def sync_code(code: str, *, now: datetime) -> str:
    """Asks about one code and takes over what may be; answers the name of the count. Raises RegistryError and Refused."""
    record = look_up(code, now=now)
    if record.uscc != code:
        return "another"
    enterprise, _ = enterprise_by_code(code)
    if enterprise is None:
        return "opened" if open_by_itself(record, now=now) is not None else "waiting"
    if enterprise.uscc != code:
        return "another"  # it has got another code meanwhile
    exists_again = enterprise.is_gone and record.dissolved_on is None
    if exists_again:
        count_as_existing(enterprise, now=now)
        enterprise.refresh_from_db()
    sync = keep_answer(enterprise, record, by=None, now=now)
    return "exists_again" if exists_again else "same" if sync.accepted_at is not None else "differs"


def open_by_itself(record: RegistryRecord, *, now: datetime) -> Enterprise | None:
    """Registers an enterprise whose key has asked for it. Answers None where a clerk has to look first."""
    region = region_of_code(record.region_code) if record.region_code else None
    if record.dissolved_on is not None or region is None:
        return None
    return _open(record, region, by=None, now=now)


@transaction.atomic
def _open(record: RegistryRecord, region: Region, *, by: User | None, now: datetime) -> Enterprise:
    one_import_at_a_time("enterprises")
    known, _ = enterprise_by_code(record.uscc)
    if known is not None:
        raise Refused(known_already(known))
    facts = EnterpriseFacts(
        uscc=record.uscc,
        name=record.name,
        region_code=region.pk,
        legal_representative=record.legal_representative[:100],
        legal_representative_index=record.legal_representative_index,
    )
    enterprise = save_enterprise(facts, now=now, synced=True)
    detail: dict[str, object] = {"code": record.uscc, "name": record.name, "region": region.pk}
    audit.record("enterprise.opened", by=by, about=enterprise, detail=detail)
    return enterprise


def open_by_clerk(code: str, *, region: Region | None, by: User, now: datetime) -> Enterprise:
    """Registers an enterprise as the registry knows it. `region` counts where the registry names none. Raises Refused."""
    known, _ = enterprise_by_code(code)
    if known is not None:
        raise Refused(known_already(known))
    if seconds := seconds_to_wait(LIMIT, code, now=now):
        raise Refused(too_often(seconds, CLERKS_BACK))
    try:
        record = look_up(code, now=now)
    except RegistryError as error:
        log.warning("business registry: %s", error)
        raise Refused(failure(error, CLERKS_BACK)) from error
    if record.uscc != code:
        raise Refused(another(code, record))
    if record.dissolved_on is not None:
        raise Refused(still_gone(None, record))
    region = (region_of_code(record.region_code) if record.region_code else None) or region
    if region is None:
        raise Refused(no_region(record))
    return _open(record, region, by=by, now=now)


def ask_at_login(code: str, *, now: datetime) -> Enterprise:
    """Answers the enterprise that may log in now. Raises Refused. `code` was proven by a CA key.

    The request stays for the night where the registry does not answer.
    """
    if seconds := seconds_to_wait(AT_LOGIN, code, now=now):
        raise Refused(at_login_too_often(seconds))
    request_check(code, now=now)
    try:
        record = look_up(code, now=now)
    except RegistryError as error:
        log.warning("business registry: %s", error)
        raise Refused(at_login_failed(error)) from error
    if record.uscc != code:
        raise Refused(another(code, record))
    enterprise, _ = enterprise_by_code(code)
    if record.dissolved_on is not None:
        raise Refused(still_gone(enterprise, record))
    if enterprise is not None:
        if enterprise.is_gone:
            count_as_existing(enterprise, now=now)
        return enterprise
    opened = open_by_itself(record, now=now)
    if opened is None:
        request_check(code, now=now)  # a clerk sees that somebody waits
        raise Refused(no_region(record))
    return opened
