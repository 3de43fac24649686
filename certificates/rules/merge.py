"""Checks who may have a C1 and a C2 certificate merged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from certificates.enums import Category
from certificates.holding import Held
from common.findings import Finding, satisfied
from workflow.checks import Case, Facts, condition

from .filing import subject_certificates

PARTS = (Category.C1, Category.C2)


@condition("同时持有有效的C1证和C2证")
def both_parts(case: Case, facts: Facts) -> Iterator[Finding]:
    own = {certificate.category for certificate in subject_certificates(case, facts)}
    missing = [part for part in PARTS if part not in own]
    for part in missing:
        detail = "C1证和C2证都取得后才能合并为C3证。"
        yield Finding("merge.part_missing", f"没有有效的{part}证", detail, turn="本人")
    if not missing:
        yield satisfied("merge.part_missing", "同时持有C1证和C2证")


def merged(case: Case, held: Sequence[Held]) -> list[Held]:
    """Puts the C3 in place of its parts, with a negative id, which no other certificate has."""
    parts = [one for one in held if one.certificate_id in case.subjects]
    left = [one for one in held if one.certificate_id not in case.subjects]
    if not parts or case.person_id is None:
        return left
    new = Held(-(case.application_id or 1), case.person_id, parts[0].enterprise_id, Category.C3, parts[0].post)
    return [*left, new]
