"""Draws and signs the letters of offices. It may be repeated, and an unsigned file is never stored."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives import hashes
from django.core.files.base import ContentFile
from django.db import transaction

from certificates.ecert.letter import PrintedLetter, render_letter
from certificates.ecert.signing import signer_from_settings
from certificates.issuing.orders import DOCUMENT_KINDS, DocumentKind, noted, removed_on_error
from workflow.models import Letter
from workflow.selectors.letters import letters_waiting

from .services import verification_address


def make_letter(letter_id: int) -> Letter:
    """Raises `DocumentFailed` after noting the cause on the row."""
    letter = Letter.objects.get(pk=letter_id)
    if letter.file:
        return letter
    with noted(Letter.objects.filter(pk=letter_id), f"letter {letter_id}"):
        signer = signer_from_settings()
        printed = as_printed(letter)
        signed = signer.sign(
            render_letter(printed), reason=printed.title, location=letter.issuer_name, name=letter.issuer_name
        )
        return _store(letter_id, signed, signer.certificate.fingerprint(hashes.SHA256()).hex())


def as_printed(letter: Letter) -> PrintedLetter:
    return PrintedLetter(
        number=letter.number,
        title=letter.content["title"],
        addressee=letter.content["addressee"],
        paragraphs=tuple(letter.content["paragraphs"]),
        issuer_name=letter.issuer_name,
        issued_on=letter.issued_on,
        url=verification_address(letter.token),
    )


def _store(letter_id: int, signed: bytes, signer: str) -> Letter:
    with transaction.atomic():
        locked = Letter.objects.select_for_update(no_key=True).get(pk=letter_id)
        if locked.file:
            return locked
        with removed_on_error(locked.file):
            locked.file.save("letter.pdf", ContentFile(signed), save=False)
            locked.sha256 = hashlib.sha256(signed).hexdigest()
            locked.signer = signer
            locked.save(update_fields=["file", "sha256", "signer"])
    return locked


DOCUMENT_KINDS.register(
    "letter",
    DocumentKind(
        "决定文书",
        waiting=letters_waiting,
        key="pk",
        make=make_letter,
        certificate="",
        application="application",
    ),
)
