"""Says by which channels messages leave this installation, and what is handed to a provider."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from administration.enums import Channel


@dataclass(frozen=True)
class Content:
    """`template` and `parameters` are for SMS, whose service knows the words; `subject` is for e-mail. `text` is what
    the receiver reads.
    """

    text: str
    subject: str = ""
    template: str = ""
    parameters: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "text": self.text,
            "subject": self.subject,
            "template": self.template,
            "parameters": list(self.parameters),
        }


def connected_channels() -> list[Channel]:
    """Nothing is written into the outbox for a channel without a provider."""
    providers = {Channel.SMS: settings.SMS_PROVIDER, Channel.EMAIL: settings.EMAIL_PROVIDER}
    return [channel for channel in Channel if providers[channel]]


def is_chosen(channel: Channel, *, sms: bool, email: bool) -> bool:
    return sms if channel == Channel.SMS else email
