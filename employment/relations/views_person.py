"""聘用关系: shows a person's employments; the person decides on the phone, after a second verification."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access.decorators import person_required
from accounts.access.home_addresses import PHONE_PAGES
from accounts.access.requests import person_of
from accounts.phone_login import qr_session
from employment.proposing.selectors import proposal_rows, waiting_proposals_to
from employment.relations.qualification_mismatches import registered_elsewhere
from employment.relations.selectors import ends_soon, history_of, open_ending_of
from employment.renewing.selectors import changes_of, former_terms_of, waiting_changes_to


# require_safe comes first: a POST is refused as such, whether or not somebody is logged in.
@require_safe
@person_required
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    today = localdate()
    history = history_of(person.pk)
    active = next((employment for employment in history if employment.is_active), None)
    waiting = proposal_rows(list(waiting_proposals_to(person.pk)))
    changes, terms = changes_of(waiting_changes_to(person.pk)), former_terms_of(history)
    context = {
        "person": person,
        "active": active,
        "findings": registered_elsewhere([active], on=today)[active.pk] if active else [],
        "ending": open_ending_of(active) if active else None,
        # Accepting another proposal ends an expired contract.
        "must_leave": active is not None and (active.contract_to is None or active.contract_to >= today),
        "former": [(row, terms.get(row.pk, [])) for row in history if not row.is_active],
        "proposals": waiting,
        "changes": changes,
        "former_terms": terms.get(active.pk, []) if active else [],
        "ends_soon": active is not None and ends_soon(active, today),
        "phone_code": qr_session.shown(request) if waiting or changes else None,
        "phone_address": _phone_address(request),
        "today": today,
    }
    return render(request, "employment/mine.html", context)


def _phone_address(request: HttpRequest) -> str:
    return request.build_absolute_uri(PHONE_PAGES)
