"""我的办件, 我的待办 and messages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from accounts.access.decorators import signed_in_required
from accounts.enums import Sphere
from accounts.models import Person, User
from administration.models import Message
from common.web.paging import capped_count, paginate
from enterprises.models import Enterprise
from workflow.permissions import visible
from workflow.request_actor import actor_for
from workflow.selectors.lists import QUEUE_ORDER, Row
from workflow.selectors.lists import inbox as inbox_queryset
from workflow.selectors.lists import mine as mine_queryset

from ..actors import Actor
from ..business import business_of
from ..forms import MineFilters
from ..models import Application
from .loading import ACTING, page_of_rows


@signed_in_required(Sphere.PERSON, Sphere.OPERATOR)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    filters = MineFilters(request.GET)
    queryset = filters.narrowed(mine_queryset(actor))
    page, rows = page_of_rows(request, queryset, actor, order=("-id",))
    context = {"filters": filters, "page": page, "rows": rows, "is_filtered": filters.has_changed()}
    return render(request, "workflow/mine.html", context)


@signed_in_required(Sphere.PERSON, Sphere.OPERATOR)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    page, rows = page_of_rows(request, inbox_queryset(actor), actor, order=QUEUE_ORDER)
    return render(request, "workflow/inbox.html", {"page": page, "tasks": [_task(row) for row in rows]})


def _task(row: Row) -> dict[str, object]:
    return {"row": row, "on_phone": needs_phone(row.application), "is_returned": row.application.desk == "filer"}


def needs_phone(application: Application) -> bool:
    """The web shows such a step and never lets it be decided."""
    step = business_of(application.kind).step_at(application.desk)
    return step is not None and step.second_verification


# --- messages ---


def mailbox_id_of(actor: Actor, user: User) -> int | None:
    if actor.person_id is not None:
        return Person.objects.values_list("mailbox_id", flat=True).get(pk=actor.person_id)
    if actor.enterprise_id is not None:
        return Enterprise.objects.values_list("mailbox_id", flat=True).get(pk=actor.enterprise_id)
    return user.office.mailbox_id if user.office else None


def _mailbox(request: HttpRequest) -> int:
    """-1 for an owner that has no mailbox yet: a list without rows."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return mailbox_id_of(actor_for(request), user) or -1


@signed_in_required(*ACTING)
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    received = Message.objects.filter(mailbox_id=_mailbox(request))
    unread_only = request.GET.get("unread") == "1"
    shown = received.filter(read_at__isnull=True) if unread_only else received
    unread, more = capped_count(received.filter(read_at__isnull=True))
    page = paginate(shown, order=("-id",), cursor=request.GET.get("cursor"))
    context = {
        "page": page,
        "gone": out_of_sight(actor_for(request), page.items),
        "unread": f"{unread}+" if more else str(unread),
        "unread_only": unread_only,
    }
    return render(request, "workflow/messages.html", context)


_ABOUT = re.compile(r"/(?:m/|office/)?applications/(\d{4}-\d{4}-\d{6})/")


def out_of_sight(actor: Actor, received: Iterable[Message]) -> set[int]:
    """Ids of messages about applications that the reader may not open any more: withdrawn before the office acted, or
    with another enterprise since. One query.
    """
    about = {one.pk: found[1] for one in received if (found := _ABOUT.match(one.link))}
    if not about:
        return set()
    seen = set(Application.objects.filter(visible(actor), number__in=about.values()).values_list("number", flat=True))
    return {pk for pk, number in about.items() if number not in seen}


@signed_in_required(*ACTING)
@require_POST
def message_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one message as read and goes where it points."""
    message = get_object_or_404(Message, pk=pk, mailbox_id=_mailbox(request))
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=now())
    if out_of_sight(actor_for(request), [message]):
        messages.info(request, "该办件已撤回或已转由他人办理，不需要您再处理。")
        return redirect("workflow:messages")
    ours = message.link.startswith("/") and url_has_allowed_host_and_scheme(message.link, allowed_hosts=None)
    return redirect(message.link if ours else "workflow:messages")


@signed_in_required(*ACTING)
@require_POST
def messages_read(request: HttpRequest) -> HttpResponse:
    count = Message.objects.filter(mailbox_id=_mailbox(request), read_at__isnull=True).update(read_at=now())
    messages.success(request, f"{count} 条消息已标为已读。" if count else "没有未读的消息。")
    return redirect("workflow:messages")
