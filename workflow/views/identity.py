"""Shows the whole registered identity of an applicant, to be compared with the card; every look is audited."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.models import Person, User
from common.dates import chinese_date
from common.web.methods import require_POST
from workflow.request_actor import actor_for

from .loading import load_visible
from .queue import DESK_DUTIES


@staff_required(DESK_DUTIES)
@never_cache
@require_POST
def identity(request: HttpRequest, number: str) -> HttpResponse:
    application = load_visible(actor_for(request), number)
    person = application.person
    if person is None:
        raise Http404("申请人不是个人")
    by = request.user if isinstance(request.user, User) else None
    audit.record("reveal_id_number", by=by, about=person, detail={"number": number}, request=request)
    return render(request, "workflow/identity.html", {"application": application, "facts": card_of(person)})


def card_of(person: Person) -> list[tuple[str, str]]:
    """Answers what stands on the ID card, in its order."""
    begins, ends = person.card_valid_from, person.card_valid_to
    until = chinese_date(ends) if ends else "长期"
    return [
        ("姓名", person.name),
        ("性别", person.get_sex_display()),
        ("民族", person.ethnicity),
        ("出生日期", chinese_date(person.birth_date)),
        ("住址", person.address),
        ("公民身份号码", person.id_number),
        ("有效期限", f"{chinese_date(begins)} 至 {until}" if begins else ""),
    ]
