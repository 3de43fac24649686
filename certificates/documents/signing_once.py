"""Draws, signs and stores a file on its own row. It may be repeated, and an unsigned file is never stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

from cryptography.hazmat.primitives import hashes
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from certificates.ecert.signing import signer_from_settings
from certificates.issuing.orders import noted, removed_on_error
from certificates.models import TransferProof
from workflow.models import Letter

Paper = TypeVar("Paper", Letter, TransferProof)


def sign_once(
    rows: QuerySet[Paper],
    pk: int,
    *,
    what: str,
    file_name: str,
    draw: Callable[[Paper], bytes],
    reason: Callable[[Paper], str],
    then: Callable[[Paper], None] = lambda paper: None,
) -> Paper:
    """Raises `DocumentFailed` after noting the cause on the row. `then` runs once, in the transaction that stores the file."""
    row = rows.get(pk=pk)
    if row.file:
        return row
    own = rows.model.objects.filter(pk=pk)
    with noted(own, f"{what} {pk}"):
        signer = signer_from_settings()
        signed = signer.sign(draw(row), reason=reason(row), location=row.issuer_name, name=row.issuer_name)
        with transaction.atomic():
            locked = own.select_for_update(no_key=True).get()
            if locked.file:
                return locked
            with removed_on_error(locked.file):
                locked.file.save(file_name, ContentFile(signed), save=False)
                locked.sha256 = hashlib.sha256(signed).hexdigest()
                locked.signer = signer.certificate.fingerprint(hashes.SHA256()).hex()
                locked.save(update_fields=["file", "sha256", "signer"])
                then(locked)
        return locked
