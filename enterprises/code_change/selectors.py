"""Reads enterprises by code or name, and the codes that they had."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404

from common.database.name_search import organisation_named
from common.text.uscc import even_code
from enterprises.models import CodeChange, CodeChangeRequest, Enterprise, FormerCode

SHOWN = 20
WAITING = 50


def found_enterprises(text: str) -> list[Enterprise]:
    """Answers the first enterprises with this present or former code, or with a name that has this part."""
    if not text.strip():
        return []
    code = even_code(text)
    by_code = Q(uscc=code) | Q(pk__in=FormerCode.objects.filter(code=code).values("enterprise"))
    rows = Enterprise.objects.filter(by_code | organisation_named("name", text))
    return list(rows.order_by("name", "pk").prefetch_related("former_codes")[:SHOWN])


def enterprise_with_code(pk: int) -> Enterprise:
    """Raises Http404."""
    return get_object_or_404(Enterprise.objects.select_related("region"), pk=pk)


def changes_of(enterprise: Enterprise) -> list[CodeChange]:
    """Answers the changes of its code, the latest first."""
    rows = CodeChange.objects.filter(enterprise=enterprise).select_related("changed_by")
    rows = rows.annotate(asked_by=F("request__requested_by__name"))
    return list(rows.order_by("-pk"))


def former_codes_of(enterprise: Enterprise) -> list[FormerCode]:
    return list(FormerCode.objects.filter(enterprise=enterprise).order_by("-used_to", "pk"))


def code_change_by_id(pk: int) -> CodeChange:
    """Raises Http404."""
    return get_object_or_404(CodeChange.objects.select_related("enterprise"), pk=pk)


def _requests() -> QuerySet[CodeChangeRequest]:
    return CodeChangeRequest.objects.select_related("enterprise", "requested_by", "settled_by")


def waiting_requests() -> list[CodeChangeRequest]:
    return list(_requests().filter(outcome="").order_by("pk")[:WAITING])


def waiting_requests_count() -> int:
    return CodeChangeRequest.objects.filter(outcome="").count()


def open_request_of(enterprise: Enterprise) -> CodeChangeRequest | None:
    return _requests().filter(enterprise=enterprise, outcome="").first()


def code_request_by_id(pk: int) -> CodeChangeRequest:
    """Raises Http404."""
    return get_object_or_404(_requests(), pk=pk)
