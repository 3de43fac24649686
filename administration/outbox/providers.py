"""Hands messages to those who carry them: an SMS service, a mail server, or the log of a development machine."""

from __future__ import annotations

import logging
import smtplib
from abc import ABC, abstractmethod
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from administration.enums import Channel
from administration.messages.channels import Content

from .masking import mask_address
from .sms_http import HttpSms
from .verdicts import ProviderAway, Rejected, TryAgain

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """`key` is the same when a letter is handed over again."""

    key: str
    address: str
    content: Content


class Provider(ABC):
    @abstractmethod
    def deliver(self, letter: Letter) -> str:
        """Answers the provider's own number of the message. Raises what `verdicts` declares; ends within seconds."""

    def close(self) -> None:
        """Ends connections that were kept for several letters, where there are any."""
        return None


class ConsoleProvider(Provider):
    """Writes to the log, for development and the demonstration, where nobody has a telephone."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def deliver(self, letter: Letter) -> str:
        address = mask_address(self._channel, letter.address)
        _log.info("%s to %s: %s", self._channel.value, address, letter.content.text)
        return ""


class SmsProvider(Provider):
    def __init__(self) -> None:
        self._service = HttpSms(settings.SMS_URL, settings.SMS_KEY, settings.SMS_SECRET, settings.SMS_SIGN)

    def deliver(self, letter: Letter) -> str:
        content = letter.content
        return self._service.deliver(letter.key, letter.address, content.template, content.parameters)


class MailProvider(Provider):
    """Sends by the mail backend of the settings, one connection for all letters of a run."""

    TIMEOUT = 10.0
    """The unit is seconds for one answer of the server."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def deliver(self, letter: Letter) -> str:
        message = EmailMessage(
            subject=letter.content.subject,
            body=letter.content.text,
            from_email=settings.EMAIL_FROM,
            to=[letter.address],
            # The receiving server may know by its id a message that was handed over twice.
            headers={"Message-ID": f"<{letter.key}@{_domain()}>", "Auto-Submitted": "auto-generated"},
        )
        try:
            self._opened().send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()), (0, b""))
            self._raise_for(code, error)
        except smtplib.SMTPResponseException as error:
            self.close()
            self._raise_for(error.smtp_code, error)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise TryAgain("the mail server ended the connection") from error
        return letter.key

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except (smtplib.SMTPException, OSError):
            _log.info("the mail server had closed the connection already")

    def _opened(self) -> BaseEmailBackend:
        if self._connection is None:
            # The timeout belongs to SMTP; other backends take and ignore it.
            connection = get_connection(fail_silently=False, timeout=self.TIMEOUT)
            try:
                connection.open()
            except (smtplib.SMTPException, OSError) as error:
                raise ProviderAway("the mail server does not answer") from error
            self._connection = connection
        return self._connection

    def _raise_for(self, code: int, error: Exception) -> None:
        if 500 <= code < 600:
            raise Rejected(f"SMTP {code}") from error
        raise TryAgain(f"SMTP {code}") from error


def _domain() -> str:
    return settings.EMAIL_FROM.rpartition("@")[2].strip("> ") or "localhost"


def provider_of(channel: Channel) -> Provider | None:
    """Answers None where none is connected."""
    name = settings.SMS_PROVIDER if channel == Channel.SMS else settings.EMAIL_PROVIDER
    if not name:
        return None
    if name == "console":
        return ConsoleProvider(channel)
    return SmsProvider() if channel == Channel.SMS else MailProvider()
