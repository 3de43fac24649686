"""Makes the record that a clerk has corrected; the columns of an import read what was typed."""

from __future__ import annotations

from typing import Any

from accounts.people.numbers import present_index
from certificates.legacy.rows import divided, fingerprint_of_record
from certificates.models import LegacyCertificate
from common.text.certificate_number import CertificateNumber

CONTRADICTION = "类别与证书编号中的类别不一致。"


def corrected_record(record: LegacyCertificate, values: dict[str, Any]) -> LegacyCertificate:
    """`values` are cleaned; a blank ID number stays as it is, and a former one leads to its person. The
    record is not stored yet.
    """
    number: CertificateNumber = values["number"]
    id_number = values["id_number"] or record.id_number or ""
    corrected = LegacyCertificate(
        id_number=id_number,
        id_number_index=present_index(id_number),
        name=values["name"],
        sex=record.sex,
        number=str(number),
        number_year=number.year if number.is_local else None,
        number_serial=number.serial if number.is_local else None,
        category=divided(values["category"], number.category) or number.category,
        enterprise_name=values["enterprise_name"],
        uscc=record.uscc if values["enterprise_name"] == record.enterprise_name else "",
        post=values["post"],
        first_issued_on=values["first_issued_on"],
        issued_on=values["issued_on"],
        valid_from=values["valid_from"],
        valid_to=values["valid_to"],
        source_state=values["source_state"],
        import_run=record.import_run,
        row_number=record.row_number,
        extra=record.extra,
    )
    corrected.fingerprint = fingerprint_of_record(corrected)
    return corrected
