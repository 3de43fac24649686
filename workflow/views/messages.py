"""Shows messages in the mailbox of a person, an enterprise or an office."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts.access.decorators import signed_in_required
from accounts.access.requests import user_of
from accounts.access.rights import Right, post_needs
from administration.messages.forms import MessageFilters
from administration.messages.selectors import find_message, messages_in
from administration.messages.services import mark_read
from common.web.methods import require_POST
from common.web.paging import capped_count, paginate
from workflow.request_actor import actor_for
from workflow.selectors.mailboxes import closed_to, mailbox_id_of, not_readable

from ..actors import Actor
from ..enums import Party
from .loading import ACTING

CLOSED = "请本单位有相应职责的同事处理。"


def _mailbox(request: HttpRequest) -> int:
    """Answers -1 for an owner that has no mailbox yet, which gives a list without rows."""
    return mailbox_id_of(actor_for(request), user_of(request)) or -1


def _marks(actor: Actor) -> bool:
    """An operator who may only read leaves messages unread for the colleagues who have to act."""
    return actor.party != Party.ENTERPRISE or Right.FILE in actor.rights


@signed_in_required(*ACTING)
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    mailbox_id = _mailbox(request)
    filters = MessageFilters(request.GET, for_office=actor_for(request).party == Party.OFFICE)
    received = filters.narrowed(messages_in(mailbox_id))
    unread, more = capped_count(messages_in(mailbox_id, unread_only=True))
    page = paginate(received, order=("-id",), cursor=request.GET.get("cursor"))
    context = {
        "page": page,
        "filters": filters,
        "is_filtered": filters.has_changed(),
        "gone": not_readable(actor_for(request), page.items),
        "closed": closed_to(user_of(request), page.items),
        "closed_words": CLOSED,
        "reaches_outside": actor_for(request).party != Party.OFFICE,
        "unread": f"{unread}+" if more else str(unread),
        "marks": _marks(actor_for(request)),
    }
    return render(request, "workflow/messages.html", context)


@signed_in_required(*ACTING)
@post_needs(Right.READ)
@require_POST
def message_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one message as read and goes where it points."""
    mailbox_id = _mailbox(request)
    message = find_message(mailbox_id, pk)
    if message is None:
        raise Http404("没有这条消息")
    actor = actor_for(request)
    if _marks(actor):
        mark_read(mailbox_id, message_id=message.pk, now=now())
    if not_readable(actor, [message]):
        messages.info(request, "该办件已撤回或已转由他人办理，不需要您再处理。")
        return redirect("workflow:messages")
    if closed_to(user_of(request), [message]):
        messages.info(request, CLOSED)
        return redirect("workflow:messages")
    ours = message.link.startswith("/") and url_has_allowed_host_and_scheme(message.link, allowed_hosts=None)
    return redirect(message.link if ours else "workflow:messages")


@signed_in_required(*ACTING)
@require_POST
def messages_read(request: HttpRequest) -> HttpResponse:
    count = mark_read(_mailbox(request), now=now())
    messages.success(request, f"{count} 条消息已标为已读。" if count else "没有未读的消息。")
    return redirect("workflow:messages")
