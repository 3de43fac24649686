"""Writes entries of the audit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from administration.models import (
    AuditEntry,
)
from common.database.set_inserts import insert_rows


@dataclass(frozen=True)
class Author:
    """Names the author of an audited act. Users live to the right of this app: `accounts.access.audit.author` makes
    one.
    """

    user_id: int | None
    name: str
    sphere: str = ""
    request_id: str = ""
    address: str | None = None


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
    by = Author(actor_id, actor_name, sphere, request_id, address)
    _entry(action, object_type, object_id, detail or {}, by=by).save(force_insert=True)


def record_audits(action: str, about: Iterable[tuple[str, object, dict[str, object]]], *, by: Author) -> None:
    """Writes an entry for each of many objects by one query, in the caller's transaction.

    `about` names type, id and detail of each; `detail` never holds an ID number or another secret in clear.
    """
    insert_rows(_entry(action, *one, by=by) for one in about)


def _entry(action: str, object_type: str, object_id: object, detail: dict[str, object], *, by: Author) -> AuditEntry:
    return AuditEntry(
        action=action,
        actor_id=by.user_id,
        actor_name=by.name,
        sphere=by.sphere,
        object_type=object_type,
        object_id=str(object_id),
        detail=detail,
        request_id=by.request_id,
        address=by.address,
    )
