"""主管部门处理: shows the form of a decision, then the page with its consequences, and takes the decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.enums import Duty
from accounts.models import User
from certificates.enums import AuthorityAction, Ground, LegalState
from certificates.models import Certificate, CertificateEvent
from common.dates import chinese_date
from common.findings import Refused
from workflow.actors import Actor
from workflow.request_actor import actor_for

from . import services
from .consequences import consequences_of, overturning_of
from .decisions import Decision
from .forms import AuthorityForm
from .measures import GRAVE
from .permissions import ALLOWED, why_not, why_not_overturn
from .selectors import certificate_to_decide, decision_of, is_overturned, last_event_of


@dataclass(frozen=True)
class Matter:
    """Holds what is decided on these pages; `refusal` says why it cannot be decided now."""

    certificate: Certificate
    action: AuthorityAction
    refusal: str | None
    foresee: Callable[[Decision], list[str]]
    carry_out: Callable[[Decision], list[CertificateEvent]]
    about: CertificateEvent | None = None


@staff_required(Duty.DECIDE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def office_action(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    if action not in ALLOWED:
        raise Http404("没有这项处理")
    chosen = AuthorityAction(action)
    certificate = certificate_to_decide(pk)
    actor, today = actor_for(request), timezone.localdate()
    matter = Matter(
        certificate=certificate,
        action=chosen,
        refusal=why_not(actor, chosen, certificate),
        foresee=lambda decision: consequences_of(certificate, decision, today=today),
        carry_out=lambda decision: services.decide([pk], decision, by=actor, now=timezone.now()),
    )
    return _answer(request, matter, actor, today)


@staff_required(Duty.DECIDE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def office_overturn(request: HttpRequest, pk: int, event: int) -> HttpResponse:
    about = decision_of(pk, event)
    actor, today = actor_for(request), timezone.localdate()
    is_undone = is_overturned(about)
    matter = Matter(
        certificate=about.certificate,
        action=AuthorityAction.OVERTURN,
        refusal=why_not_overturn(actor, about, is_undone=is_undone),
        foresee=lambda decision: overturning_of(about, today=today),
        carry_out=lambda decision: services.overturn(
            about.pk,
            document_number=decision.document_number,
            reason=decision.reason,
            by=actor,
            now=timezone.now(),
        ),
        about=about,
    )
    return _answer(request, matter, actor, today)


def _answer(request: HttpRequest, matter: Matter, actor: Actor, today: date) -> HttpResponse:
    if request.method != "POST":
        form = AuthorityForm(action=matter.action, today=today)
        return _form(request, matter, form, status=409 if matter.refusal else 200)
    form = AuthorityForm(request.POST, action=matter.action, today=today)
    if not form.is_valid():
        return _form(request, matter, form, status=400)
    decision = form.decision()
    if matter.refusal is not None:
        if _is_done_already(matter, decision, actor):
            messages.info(request, "这项决定刚才已经登记，没有重复办理。")
            return redirect("certificates:office_detail", pk=matter.certificate.pk)
        return _form(request, matter, form, status=409)
    if "confirmed" not in request.POST or "back" in request.POST:
        return _form(request, matter, form) if "back" in request.POST else _confirmation(request, matter, form)
    try:
        written = matter.carry_out(decision)
    except Refused as refused:
        return _form(request, matter, form, refused, status=409)
    _record(request, matter, written)
    return redirect("certificates:office_detail", pk=matter.certificate.pk)


def _is_done_already(matter: Matter, decision: Decision, actor: Actor) -> bool:
    """The button was pressed twice when the last event says exactly this, by the same actor."""
    last = last_event_of(matter.certificate)
    return (
        last is not None
        and last.actor_id == actor.user_id
        and (last.kind, last.document_number) == (matter.action, decision.document_number.strip())
    )


def _record(request: HttpRequest, matter: Matter, written: list[CertificateEvent]) -> None:
    user = request.user
    for event in written:
        audit.record(
            f"authority_{event.kind}",
            by=user if isinstance(user, User) else None,
            about=matter.certificate,
            detail={"document_number": event.document_number, "state": event.state_after},
            request=request,
        )
    state = next(event.state_after for event in written if event.certificate_id == matter.certificate.pk)
    messages.success(
        request, f"已{matter.action.label}，{matter.certificate.number}的法定状态为“{LegalState(state).label}”。"
    )


def _form(
    request: HttpRequest, matter: Matter, form: AuthorityForm, refused: Refused | None = None, *, status: int = 200
) -> HttpResponse:
    context = {
        "matter": matter,
        "certificate": matter.certificate,
        "form": form,
        "facts": _facts(matter),
        "refusals": refused.findings if refused else (),
    }
    return render(request, "certificates/authority_form.html", context, status=status)


def _confirmation(request: HttpRequest, matter: Matter, form: AuthorityForm) -> HttpResponse:
    decision = form.decision()
    context = {
        "matter": matter,
        "certificate": matter.certificate,
        "facts": [*_facts(matter), *_content(decision)],
        "consequences": matter.foresee(decision),
        "posted": form.as_posted(),
        "tone": "danger" if matter.action in GRAVE else "primary",
    }
    return render(request, "certificates/authority_confirm.html", context)


def _facts(matter: Matter) -> list[tuple[str, str]]:
    certificate = matter.certificate
    facts = [
        ("持证人", certificate.person.name),
        ("证书所在单位", certificate.enterprise_name),
        ("有效期至", chinese_date(certificate.ends_on)),
        ("法定状态", str(LegalState(certificate.legal_state).label)),
    ]
    if matter.about is not None:
        made = (
            f"{AuthorityAction(matter.about.kind).label}，{chinese_date(matter.about.effective_on)}"
            if _is_named(matter)
            else ""
        )
        facts += [("原决定", made), ("原文号", matter.about.document_number), ("原事由", matter.about.summary)]
    return facts


def _is_named(matter: Matter) -> bool:
    return matter.about is not None and matter.about.kind in AuthorityAction.values


def _content(decision: Decision) -> list[tuple[str, str]]:
    pairs = [("处理", str(decision.action.label))]
    if decision.ground:
        pairs.append(("情形", str(Ground(decision.ground).label)))
    if decision.until is not None:
        pairs.append(("暂扣至", chinese_date(decision.until)))
    return [*pairs, ("文号", decision.document_number), ("事由", decision.reason)]
