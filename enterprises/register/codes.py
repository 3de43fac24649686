"""Finds enterprises by their codes: the present one, or one that they had before."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from enterprises.models import Enterprise, FormerCode


def present_codes(codes: Collection[str]) -> dict[str, str]:
    """Maps former codes to the present codes of their enterprises, in one query; other codes are left out."""
    rows = FormerCode.objects.filter(code__in=codes)
    return dict(rows.values_list("code", "enterprise__uscc"))


def former_codes_among(codes: Collection[str]) -> list[FormerCode]:
    return list(FormerCode.objects.filter(code__in=codes).select_related("enterprise").order_by("pk"))


def ids_by_code(codes: Iterable[str]) -> dict[str, int]:
    """Maps present and former codes to the enterprises, in two queries."""
    wanted = set(codes)
    found = dict(FormerCode.objects.filter(code__in=wanted).values_list("code", "enterprise_id"))
    return found | dict(Enterprise.objects.filter(uscc__in=wanted).values_list("uscc", "pk"))


def enterprise_by_code(code: str) -> tuple[Enterprise | None, FormerCode | None]:
    """Answers the enterprise, and the entry of the former code where it was found by one."""
    present = Enterprise.objects.filter(uscc=code).first()
    if present is not None:
        return present, None
    former = FormerCode.objects.select_related("enterprise").filter(code=code).first()
    return (former.enterprise, former) if former is not None else (None, None)
