"""Tells the search of the desks whom a certificate number or the QR code of a certificate means."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from certificates.models import Certificate, CertificateVersion
from common.text.certificate_number import parse_number
from workflow.selectors.finding_cases import PERSON_FINDERS

_QR_PAGE = re.compile(r"/v/([0-9A-Za-z_-]{8,32})/?$", re.ASCII)


def holder_by_number(text: str) -> int | None:
    """Any spelling that forms accept is read."""
    try:
        number = str(parse_number(text))
    except ValidationError:
        return None
    return Certificate.objects.filter(number=number).values_list("person_id", flat=True).first()


def holder_by_code(text: str) -> int | None:
    """A scanner types the address that the QR code of a printed or electronic certificate holds."""
    found = _QR_PAGE.search(text)
    if found is None:
        return None
    versions = CertificateVersion.objects.filter(token=found[1])
    return versions.values_list("certificate__person_id", flat=True).first()


PERSON_FINDERS.register("certificate number", holder_by_number)
PERSON_FINDERS.register("certificate code", holder_by_code)
