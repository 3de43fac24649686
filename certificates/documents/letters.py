"""Draws and signs the letters of offices. It may be repeated, and an unsigned file is never stored."""

from __future__ import annotations

from django.db.models import Q

from certificates.ecert.letter import PrintedLetter, render_letter
from certificates.issuing.orders import DOCUMENT_KINDS, DocumentKind
from workflow.enums import LetterKind
from workflow.models import Letter
from workflow.selectors.letters import letters_waiting
from workflow.services.letters import tell_of_letter

from .services import verification_address
from .signing_once import sign_once


def make_letter(letter_id: int) -> Letter:
    return sign_once(
        Letter.objects.all(),
        letter_id,
        what="letter",
        file_name="letter.pdf",
        draw=lambda letter: render_letter(as_printed(letter)),
        reason=lambda letter: str(letter.content["title"]),
        then=tell_of_letter,
    )


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


DOCUMENT_KINDS.register(
    "letter",
    DocumentKind(
        "决定文书",
        waiting=letters_waiting,
        key="pk",
        make=make_letter,
        certificate="",
        application="application",
        is_result=~Q(kind=LetterKind.ACCEPTED),
    ),
)
