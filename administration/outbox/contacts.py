"""Keeps the verified addresses of logins: a code proves that its owner reads what comes there."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from administration.audit.services import Author, record_audit
from administration.enums import Channel
from administration.messages.channels import connected_channels, is_chosen
from administration.messages.events import CODE, EVENTS
from administration.messages.wording import Values, content_for
from administration.models import Contact, Delivery, MessageChoice
from administration.throttle import Limit, give_back, seconds_to_wait
from common.encryption import blind_index
from common.findings import Finding, Refused
from common.jobs import enqueue

from .sending import give_up

CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
CODES_OF_A_LOGIN = Limit("contact_code_login", 5, timedelta(hours=1))
CODES_TO_AN_ADDRESS = Limit("contact_code_address", 5, timedelta(hours=1))
"""It holds over all logins, so that nobody is pestered by several."""
NOT_CONNECTED = {
    Channel.SMS: Finding("contact.no_sms", "暂时不能验证手机号码", "本系统还没有接通短信服务，接通后再验证。"),
    Channel.EMAIL: Finding("contact.no_email", "暂时不能验证电子邮箱", "本系统还没有接通邮件服务，接通后再验证。"),
}


@transaction.atomic
def put_address(*, mailbox_id: int, user_id: int, channel: Channel, address: str, by: Author) -> Contact:
    """Another address has to be verified anew, and the verified one that it replaces is told. An equal one changes
    nothing.
    """
    contact = Contact.objects.select_for_update().filter(user_id=user_id, channel=channel).first()
    if contact is None:
        contact = Contact.objects.create(mailbox_id=mailbox_id, user_id=user_id, channel=channel, address=address)
        _audit("contact.change", contact, by)
        return contact
    if (contact.address, contact.mailbox_id) == (address, mailbox_id):
        return contact
    if contact.address != address:
        _end_address(
            contact, f"登记的{_word(channel)}已更换，以后的消息不再发到这里。不是您本人操作的，请尽快修改密码。"
        )
    contact.mailbox_id, contact.address = mailbox_id, address
    contact.save()
    _audit("contact.change", contact, by)
    return contact


@transaction.atomic
def remove_address(*, user_id: int, channel: Channel, by: Author) -> bool:
    """Answers False if there is none. What waits for the address is not sent any more."""
    contact = Contact.objects.select_for_update().filter(user_id=user_id, channel=channel).first()
    if contact is None or not contact.address:
        return False
    contact.address, contact.verified_at, contact.code_hash = "", None, ""
    contact.save()
    give_up([contact.pk], why="the receiver has removed the address")
    _audit("contact.remove", contact, by)
    return True


def send_code(contact_id: int, *, user_id: int, now: datetime) -> None:
    """Puts a code into the outbox; the worker sends it at once. Raises Refused, and counts before anything is written."""
    contact = Contact.objects.get(pk=contact_id, user_id=user_id)
    channel = Channel(contact.channel)
    choice = MessageChoice.objects.filter(event=CODE).first()
    is_offered = choice is not None and is_chosen(channel, sms=choice.is_sms_on, email=choice.is_email_on)
    if choice is None or not is_offered or channel not in connected_channels():
        raise Refused(NOT_CONNECTED[channel])
    if not contact.address:
        raise Refused(Finding("contact.none", f"还没有填写{_word(channel)}", "请先填写，再获取验证码。"))
    if contact.verified_at is not None:
        raise Refused(Finding("contact.verified", f"这个{_word(channel)}已经验证", "不需要再验证。"))
    _count(contact, now)
    _write_code(contact, choice, now)


def _count(contact: Contact, now: datetime) -> None:
    sources = ((CODES_OF_A_LOGIN, f"user {contact.user_id}"), (CODES_TO_AN_ADDRESS, f"to {contact.address}"))
    waits = [seconds_to_wait(limit, source, now=now) for limit, source in sources]
    if wait := max(waits):
        for (limit, source), own in zip(sources, waits, strict=True):
            if not own:
                give_back(limit, source, now=now)
        minutes = -(-wait // 60)
        detail = f"一小时内最多发送 {CODES_OF_A_LOGIN.times} 次，请 {minutes} 分钟后再试。"
        raise Refused(Finding("contact.too_often", "验证码发送得太频繁", detail))


@transaction.atomic
def _write_code(contact: Contact, choice: MessageChoice, now: datetime) -> None:
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    code = f"{secrets.randbelow(1_000_000):06d}"
    locked.code_hash, locked.code_sent_at, locked.code_tries = _hash(locked, code), now, 0
    locked.save(update_fields=["code_hash", "code_sent_at", "code_tries"])
    channel = Channel(locked.channel)
    values = Values(title=EVENTS[CODE].title, body="", link="/messages/contact/", at=now, code=code)
    Delivery.objects.create(
        contact=locked,
        event=CODE,
        channel=channel,
        address=locked.address,
        content=content_for(choice, channel, values).as_json(),
        is_urgent=True,
        due_at=now,
        created_at=now,
    )
    transaction.on_commit(partial(enqueue, "administration.send_deliveries", timestamp=int(now.timestamp())))


def verify(contact_id: int, *, user_id: int, code: str, by: Author, now: datetime) -> Contact:
    """Raises Refused; a wrong code is counted although it is refused."""
    with transaction.atomic():
        contact = Contact.objects.select_for_update().get(pk=contact_id, user_id=user_id)
        refusal = _wrong(contact, code.strip(), now)
        if refusal is None:
            contact.verified_at, contact.code_hash = now, ""
            contact.save(update_fields=["verified_at", "code_hash"])
            _audit("contact.verify", contact, by)
            return contact
        contact.save(update_fields=["code_tries", "code_hash"])
    raise Refused(refusal)


def _wrong(contact: Contact, code: str, now: datetime) -> Finding | None:
    if not contact.code_hash or contact.code_sent_at is None or now > contact.code_sent_at + CODE_LIFETIME:
        return Finding(
            "contact.code_ended", "验证码已失效", "请重新获取验证码，10 分钟内填写。", facts={"field": "code"}
        )
    contact.code_tries += 1
    if hmac.compare_digest(contact.code_hash, _hash(contact, code)):
        return None
    left = CODE_TRIES - contact.code_tries
    if left > 0:
        return Finding("contact.code_wrong", "验证码不对", f"还可以再试 {left} 次。", facts={"field": "code"})
    contact.code_hash = ""
    return Finding("contact.code_spent", "验证码输错次数过多，已失效", "请重新获取验证码。", facts={"field": "code"})


@transaction.atomic
def decline(contact_id: int, *, user_id: int, events: Collection[str], by: Author) -> Contact:
    """Events that the law wants told cannot be declined, and are left out."""
    contact = Contact.objects.select_for_update().get(pk=contact_id, user_id=user_id)
    declined = sorted(key for key in events if key in EVENTS and not EVENTS[key].is_required)
    if declined != contact.declined:
        contact.declined = declined
        contact.save(update_fields=["declined"])
        _audit("contact.decline", contact, by, {"events": declined})
    return contact


@transaction.atomic
def silence(user_ids: Collection[int], *, why: str) -> None:
    """Nothing goes to these logins any more, also not what waits. `why` is English and shown in the log of deliveries."""
    contacts = list(Contact.objects.select_for_update().filter(user_id__in=user_ids).order_by("pk"))
    Contact.objects.filter(pk__in=[one.pk for one in contacts]).update(is_silent=True)
    give_up([one.pk for one in contacts], why=why)


def speak_again(user_ids: Collection[int]) -> None:
    Contact.objects.filter(user_id__in=user_ids).update(is_silent=False)


def _end_address(contact: Contact, words: str) -> None:
    """Tells the address that was verified, and forgets that it was."""
    channel, choice = Channel(contact.channel), MessageChoice.objects.filter(event="account").first()
    is_told = choice is not None and is_chosen(channel, sms=choice.is_sms_on, email=choice.is_email_on)
    if contact.verified_at is not None and choice is not None and is_told and channel in connected_channels():
        values = Values(title=f"您的{_word(channel)}已更换", body=words, link="", at=contact.verified_at)
        content = content_for(choice, channel, values).as_json()
        Delivery.objects.create(
            contact=contact, event="account", channel=channel, address=contact.address, content=content, is_urgent=True
        )
    contact.verified_at, contact.code_hash = None, ""


def _word(channel: Channel) -> str:
    return "手机号码" if channel == Channel.SMS else "电子邮箱"


def _hash(contact: Contact, code: str) -> str:
    return blind_index(f"{contact.pk} {contact.address} {code}", "contact_code")


def _audit(action: str, contact: Contact, by: Author, more: dict[str, object] | None = None) -> None:
    record_audit(
        action=action,
        actor_id=by.user_id,
        actor_name=by.name,
        sphere=by.sphere,
        object_type=Contact._meta.label_lower,
        object_id=contact.pk,
        detail={"channel": contact.channel, **(more or {})},
        request_id=by.request_id,
        address=by.address,
    )
