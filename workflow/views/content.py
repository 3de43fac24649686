"""Describes the content of an application as every page about it shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from common.web.paging import PAGE_SIZE, KeysetPage, paginate
from workflow.actors import Actor
from workflow.business import business_of
from workflow.enums import Party
from workflow.models import Application
from workflow.permissions import is_filer
from workflow.selectors.content import Judged, attachments_of, files_of, form_rows, private_rows
from workflow.selectors.letters import letters_of
from workflow.selectors.lists import Row, rows_of


def page_of_rows(
    request: HttpRequest,
    queryset: Any,
    actor: Actor,
    *,
    order: tuple[str, ...],
    branches: Sequence[Q] = (),
    size: int = PAGE_SIZE,
    with_use: bool = False,
) -> tuple[KeysetPage[Application], list[Row]]:
    page = paginate(queryset, order=order, cursor=request.GET.get("cursor"), size=size, branches=branches)
    return page, rows_of(page.items, actor, with_use=with_use)


def content_context(application: Application, actor: Actor, judged: Judged | None = None) -> dict[str, Any]:
    """Answers the context that every page about one application shares."""
    judged = judged or Judged(application)
    business = business_of(application.kind)
    (row,) = rows_of([application], actor)
    own = is_filer(actor, application)
    return {
        "application": application,
        "business": business,
        "row": row,
        "form_rows": [
            pair for pair in form_rows(application, judged.case, shows_private=own) if not _is_said(pair[0], row)
        ],
        # Offices read them in full on a page of their own, which audits it.
        "has_masked": actor.party == Party.OFFICE and bool(private_rows(application, shows_private=False)),
        "comparisons": judged.comparisons,
        "letters": letters_of(application),
        "extra": business.content(application),
        "files": files_of(business, attachments_of(application)),
        "content_template": business.content_template,
    }


def _is_said(label: str, row: Row) -> bool:
    """A business that describes its own values (合同期) does not need them once more (合同期起)."""
    return any(label.startswith(said) for said, _ in row.about)
