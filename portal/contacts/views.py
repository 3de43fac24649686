"""联系方式: where a person or an operator is reached outside the portal, and what went out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import audit
from accounts.access.decorators import signed_in_required
from accounts.access.requests import user_of
from accounts.access.rights import Right, post_needs
from accounts.enums import Sphere
from accounts.models import User
from administration.enums import Channel
from administration.messages.channels import connected_channels, is_chosen
from administration.messages.events import EVENTS
from administration.models import Contact
from administration.outbox import contacts as services
from administration.outbox.choices import choices
from administration.outbox.masking import mask_address
from administration.outbox.selectors import contacts_of, delivered_to
from common.findings import Cure, Finding, Refused
from common.forms import said_at_fields
from portal.outbox.rows import shown
from workflow.request_actor import actor_for
from workflow.selectors.mailboxes import mailbox_id_of

from .forms import FORM_OF, CodeForm, EventsForm

SHOWN = 20
NO_PHONE = Finding(
    "contact.no_phone", "还没有填写手机号码", "请先在个人信息里填写。", cure=Cure("填写手机号码", "accounts:profile")
)


@dataclass
class Asked:
    """Holds one press on the page, and the forms and refusals that it leaves behind."""

    request: HttpRequest
    user: User
    mailbox_id: int
    channel: Channel
    bound: dict[str, forms.Form] = field(default_factory=dict)
    refusals: tuple[Finding, ...] = ()
    status: int = 200

    @property
    def contact(self) -> Contact:
        """A person's telephone number is that of the profile; it gets its row when it is first to be verified."""
        found = contacts_of(self.user.pk).get(self.channel)
        phone = self.user.person.phone if self.user.sphere == Sphere.PERSON and self.channel == Channel.SMS else ""
        if phone:
            return self.put(phone)
        if found is None:
            raise Refused(NO_PHONE if self.channel == Channel.SMS else Finding("contact.none", "还没有填写电子邮箱"))
        return found

    def put(self, address: str) -> Contact:
        return services.put_address(
            mailbox_id=self.mailbox_id, user_id=self.user.pk, channel=self.channel, address=address, by=self.author
        )

    @property
    def author(self) -> Any:
        return audit.author(self.user, self.request)


@signed_in_required(Sphere.PERSON, Sphere.OPERATOR)
@post_needs(Right.READ)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    mailbox_id = mailbox_id_of(actor_for(request), user)
    if mailbox_id is None:
        raise Http404("没有消息箱")
    asked = Asked(request, user, mailbox_id, Channel.SMS)
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None or request.POST.get("channel") not in Channel.values:
            raise Http404("没有这一步")
        asked.channel, asked.status = Channel(request.POST["channel"]), 400
        try:
            if words := act(asked):
                messages.success(request, words)
                return redirect("contacts:contact")
        except Refused as refused:
            asked.status, form = 409, asked.bound.get("code")
            asked.refusals = said_at_fields(form, refused.findings) if form is not None else refused.findings
    return render(request, "portal/contact.html", _page(asked), status=asked.status)


def _put_address(asked: Asked) -> str:
    if asked.user.sphere == Sphere.PERSON and asked.channel == Channel.SMS:
        raise Refused(NO_PHONE)
    form = asked.bound["address"] = FORM_OF[asked.channel](asked.request.POST, auto_id=_ids(asked.channel))
    if not form.is_valid():
        return ""
    asked.put(form.cleaned_data["address"])
    return "已保存。请获取验证码，验证后才会发到这里。"


def _remove(asked: Asked) -> str:
    if asked.user.sphere == Sphere.PERSON and asked.channel == Channel.SMS:
        raise Refused(NO_PHONE)
    services.remove_address(user_id=asked.user.pk, channel=asked.channel, by=asked.author)
    return "已删除，以后的消息不再发到那里。"


def _send_code(asked: Asked) -> str:
    services.send_code(asked.contact.pk, user_id=asked.user.pk, now=now())
    return "验证码已发出，一分钟左右收到。请在下面填写。"


def _verify(asked: Asked) -> str:
    form = asked.bound["code"] = CodeForm(asked.request.POST, auto_id=_ids(asked.channel))
    if not form.is_valid():
        return ""
    code = form.cleaned_data["code"]
    services.verify(asked.contact.pk, user_id=asked.user.pk, code=code, by=asked.author, now=now())
    return "已验证，以后的消息会发到这里。"


def _decline(asked: Asked) -> str:
    form = _events_form(asked.channel, None, asked.request.POST)
    if not form.is_valid():
        asked.bound["events"] = form
        return ""
    wanted = set(form.cleaned_data["wanted"])
    declined = [key for key, _ in _offered(asked.channel) if key not in wanted]
    services.decline(asked.contact.pk, user_id=asked.user.pk, events=declined, by=asked.author)
    return "已保存接收的事项。"


ACTS: dict[str, Callable[[Asked], str]] = {
    "address": _put_address,
    "remove": _remove,
    "code": _send_code,
    "verify": _verify,
    "events": _decline,
}


def _ids(channel: Channel) -> str:
    """The page has the same fields for each channel, and an id stands on a page once."""
    return f"{channel.value}_%s"


def _offered(channel: Channel) -> list[tuple[str, str]]:
    """Events that go out by this channel and may be declined."""
    return [
        (choice.event, EVENTS[choice.event].title)
        for choice in choices()
        if is_chosen(channel, sms=choice.is_sms_on, email=choice.is_email_on) and not EVENTS[choice.event].is_required
    ]


def _events_form(channel: Channel, contact: Contact | None, data: Any = None) -> EventsForm:
    offered = _offered(channel)
    wanted = [key for key, _ in offered if contact is None or key not in contact.declined]
    return EventsForm(data, choices=offered, wanted=wanted, prefix=channel.value)


def _page(asked: Asked) -> dict[str, Any]:
    known, is_person = contacts_of(asked.user.pk), asked.user.sphere == Sphere.PERSON
    parts = []
    for channel in Channel:
        contact, is_profile = known.get(channel), is_person and channel == Channel.SMS
        address = contact.address if contact else asked.user.person.phone if is_profile else ""
        own = asked.bound if channel == asked.channel else {}
        parts.append(
            {
                "channel": channel,
                "title": "手机号码" if channel == Channel.SMS else "电子邮箱",
                "address": mask_address(channel, address) if address else "",
                "contact": contact,
                "is_connected": channel in connected_channels(),
                "is_profile": is_profile,
                "form": own.get("address") or FORM_OF[channel](auto_id=_ids(channel)),
                "code_form": own.get("code") or CodeForm(auto_id=_ids(channel)),
                "events_form": own.get("events") or _events_form(channel, contact),
            }
        )
    rows = shown(delivered_to(asked.user.pk)[:SHOWN])
    return {"parts": parts, "rows": rows, "refusals": asked.refusals, "most": SHOWN}
