"""Fills the approved words of an event with what one message says. An ID number never leaves the portal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from administration.enums import Channel
from administration.models import Message, MessageChoice
from common.dates import SHANGHAI, chinese_date
from common.text.masking import mask_id_number

from .channels import Content

SOURCES = {"title": "标题", "body": "内容", "date": "日期", "link": "链接", "code": "验证码"}
"""The numbered parameters of an SMS and the {…} of an e-mail stand for these."""
LONGEST_PARAMETER = 60
"""The unit is characters; SMS services refuse longer ones."""
NUMBERED = re.compile(r"\{([0-9]{1,2})\}")
_NUMBER_OF_A_PERSON = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Values:
    title: str
    body: str
    link: str
    at: datetime
    code: str = ""

    @classmethod
    def of(cls, message: Message) -> Values:
        return cls(message.title, message.body, message.link, message.created_at)

    def of_source(self, source: str) -> str:
        if source == "date":
            return chinese_date(self.at.astimezone(SHANGHAI).date())
        if source == "link":
            return f"{settings.PUBLIC_BASE_URL}{self.link or '/messages/'}"
        text: str = getattr(self, source)
        return text if source == "code" else without_numbers(text)


def without_numbers(text: str) -> str:
    """Masks whatever looks like an ID number, although no message should hold one."""
    return _NUMBER_OF_A_PERSON.sub(lambda found: mask_id_number(found[0]), text)


def content_for(choice: MessageChoice, channel: Channel, values: Values) -> Content:
    return _sms(choice, values) if channel == Channel.SMS else _email(choice, values)


def _sms(choice: MessageChoice, values: Values) -> Content:
    parameters = tuple(_cut(values.of_source(source)) for source in choice.sms_parameters)

    def filled(found: re.Match[str]) -> str:
        position = int(found[1])
        return parameters[position - 1] if 0 < position <= len(parameters) else found[0]

    text = NUMBERED.sub(filled, choice.sms_text)
    return Content(text, template=choice.sms_template, parameters=parameters)


def _email(choice: MessageChoice, values: Values) -> Content:
    words = {f"{{{label}}}": values.of_source(source) for source, label in SOURCES.items()}
    pattern = re.compile("|".join(map(re.escape, words)))

    def filled(text: str) -> str:
        return pattern.sub(lambda found: words[found[0]], text)

    return Content(filled(choice.email_text), subject=" ".join(filled(choice.email_subject).split()))


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_PARAMETER else f"{flat[: LONGEST_PARAMETER - 1]}…"
