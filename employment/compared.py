"""Compares employments before and after an approval, fact by fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from enterprises.models import Enterprise
from workflow.steps import Comparison, FactChange, Proof

from .models import Employment
from .terms_in_words import contract_text, post_words, side_by_side

PROPOSAL = Proof("企业提出、本人确认的聘用条件")
WISH = Proof("本人申请")
STARTED = dict.fromkeys(("enterprise", "posts", "contract", "state"), PROPOSAL)
RENEWED = dict.fromkeys(("posts", "contract"), PROPOSAL)
ENDED = {"state": WISH}
TITLE = "聘用关系"


def started(terms: Mapping[str, Any], enterprise_id: int | None) -> list[Comparison]:
    place = Enterprise.objects.filter(pk=enterprise_id or 0).first()
    rows = (
        FactChange("企业", "", place.name if place else "", PROPOSAL),
        FactChange("职务", "", post_words(terms.get("posts", [])), PROPOSAL),
        FactChange("合同期", "", contract_text(terms), PROPOSAL),
        FactChange("状态", "", "聘用中", PROPOSAL),
    )
    return [Comparison(TITLE, rows)]


def renewed(terms: Mapping[str, Any]) -> list[Comparison]:
    rows = tuple(FactChange(label, old, new, PROPOSAL) for label, old, new in side_by_side(terms))
    return [Comparison(TITLE, rows)]


def ended(employment_ids: Iterable[int]) -> list[Comparison]:
    rows = Employment.objects.filter(pk__in=employment_ids).select_related("enterprise").order_by("pk")
    return [
        Comparison(
            f"与{row.enterprise.name}的聘用关系",
            (FactChange("状态", "已解除" if row.ended_at else "聘用中", "已解除", WISH),),
        )
        for row in rows
    ]
