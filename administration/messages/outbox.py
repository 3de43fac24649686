"""Writes the copies of messages that leave the portal, in the transaction that causes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from administration.enums import Channel, MessageKind
from administration.models import Contact, Delivery, Message, MessageChoice

from .channels import connected_channels, is_chosen
from .events import EVENTS
from .wording import Values, content_for


def put_out(sent: Sequence[tuple[str, Message]]) -> None:
    """Takes stored messages, each with the key of its event.

    Asks the database nothing while no provider is connected, and once while none of the receivers has a verified address.
    """
    channels = connected_channels()
    # Offices read their messages in the portal only.
    leaving = [(event, message) for event, message in sent if EVENTS[event].kind != MessageKind.OFFICE]
    if not channels or not leaving:
        return
    contacts = _verified({message.mailbox_id for _, message in leaving}, channels)
    if not contacts:
        return
    choices = MessageChoice.objects.in_bulk({event for event, _ in leaving})
    Delivery.objects.bulk_create(
        _delivery(event, message, contact, choices[event])
        for event, message in leaving
        if event in choices
        for contact in contacts.get(message.mailbox_id, ())
        if _is_wanted(event, contact, choices[event])
    )


def _verified(mailbox_ids: set[int], channels: Sequence[Channel]) -> dict[int, list[Contact]]:
    rows = Contact.objects.filter(
        mailbox_id__in=mailbox_ids, channel__in=channels, verified_at__isnull=False, is_silent=False
    )
    found: dict[int, list[Contact]] = defaultdict(list)
    for contact in rows.order_by("pk"):
        found[contact.mailbox_id].append(contact)
    return found


def _is_wanted(event: str, contact: Contact, choice: MessageChoice) -> bool:
    if event in contact.declined and not EVENTS[event].is_required:
        return False
    return is_chosen(Channel(contact.channel), sms=choice.is_sms_on, email=choice.is_email_on)


def _delivery(event: str, message: Message, contact: Contact, choice: MessageChoice) -> Delivery:
    channel = Channel(contact.channel)
    return Delivery(
        message=message,
        contact=contact,
        event=event,
        channel=channel,
        address=contact.address,
        content=content_for(choice, channel, Values.of(message)).as_json(),
        is_urgent=EVENTS[event].is_urgent,
    )
