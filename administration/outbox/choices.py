"""Changes by which channels an event is told and in which approved words, and makes the first choice of an installation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from django.db import transaction

from administration.audit.services import Author, record_audit
from administration.enums import MessageKind
from administration.messages.events import CODE, EVENTS
from administration.messages.wording import NUMBERED, SOURCES, without_numbers
from administration.models import MessageChoice
from common.findings import Finding, Refused

CHANGED_AT = datetime(2026, 11, 29, tzinfo=UTC)
"""Every installation has the same first choice."""
MOST_PARAMETERS = 4
FIELDS = (
    "is_sms_on",
    "sms_template",
    "sms_text",
    "sms_parameters",
    "is_email_on",
    "email_subject",
    "email_text",
)
_SMS = "{1}。请登录安管人员证书平台查看办理，不要向他人透露密码。"
_SMS_OF_CODE = "验证码 {1}，10 分钟内有效，用于验证您的手机号码。不要告诉他人。"
_EMAIL = "您好：\n\n{标题}\n\n{内容}\n\n请登录查看办理：{链接}\n\n本邮件由系统自动发出，请勿回复。"
_EMAIL_OF_CODE = (
    "您好：\n\n验证码 {验证码}，10 分钟内有效，用于验证您的电子邮箱。不要告诉他人。\n\n本邮件由系统自动发出，请勿回复。"
)


def told_outside() -> list[str]:
    """Answers the keys of the events that can leave the portal: offices read theirs in it."""
    return [key for key, event in EVENTS.items() if event.kind != MessageKind.OFFICE]


def first_choices() -> list[MessageChoice]:
    """E-mail is on; an SMS needs the number of an approved template, which only the province knows."""
    return [
        MessageChoice(
            event=key,
            sms_text=_SMS_OF_CODE if key == CODE else _SMS,
            sms_parameters=["code" if key == CODE else "title"],
            is_email_on=True,
            email_subject="验证您的电子邮箱" if key == CODE else "{标题}",
            email_text=_EMAIL_OF_CODE if key == CODE else _EMAIL,
            changed_at=CHANGED_AT,
        )
        for key in told_outside()
    ]


def choices() -> list[MessageChoice]:
    """Answers them in the order in which the events are declared."""
    found = MessageChoice.objects.in_bulk(told_outside())
    return [found[key] for key in told_outside() if key in found]


def find_choice(event: str) -> MessageChoice | None:
    return MessageChoice.objects.filter(event=event).first() if event in EVENTS else None


@transaction.atomic
def change_choice(event: str, *, values: dict[str, object], by: Author, now: datetime) -> list[str]:
    """Answers the names of the fields that changed. Raises Refused with every reason."""
    choice = MessageChoice.objects.select_for_update().get(event=event)
    changed = [name for name in FIELDS if getattr(choice, name) != values[name]]
    for name in changed:
        setattr(choice, name, values[name])
    if refusals := list(_refusals(choice)):
        raise Refused(*refusals)
    if changed:
        choice.changed_at = now
        choice.save()
        _record(choice, changed, by)
    return changed


def _record(choice: MessageChoice, changed: Sequence[str], by: Author) -> None:
    record_audit(
        action="message_choice.change",
        actor_id=by.user_id,
        actor_name=by.name,
        sphere=by.sphere,
        object_type=MessageChoice._meta.label_lower,
        object_id=choice.event,
        detail={"event": choice.event, **{name: getattr(choice, name) for name in changed}},
        request_id=by.request_id,
        address=by.address,
    )


def _refusals(choice: MessageChoice) -> Iterator[Finding]:
    if choice.is_sms_on and not choice.sms_template:
        yield _at("sms_template", "发短信的，须填写短信服务商审核通过的模板编号")
    if choice.is_sms_on and not choice.sms_text:
        yield _at("sms_text", "发短信的，须填写审核通过的模板文字")
    numbers = sorted({int(number) for number in NUMBERED.findall(choice.sms_text)})
    if numbers != list(range(1, len(choice.sms_parameters) + 1)):
        words = f"模板文字里的变量应从 {{1}} 连续编号，共 {len(choice.sms_parameters)} 个，与下面选择的内容一一对应"
        yield _at("sms_text", words)
    if choice.is_email_on and not (choice.email_subject and choice.email_text):
        yield _at("email_subject", "发电子邮件的，须填写标题和正文")
    for name in ("sms_text", "email_subject", "email_text"):
        if without_numbers(getattr(choice, name)) != getattr(choice, name):
            yield _at(name, "文字里不能有身份证号码")
    if choice.event == CODE:
        yield from _code_is_told(choice)
    elif "code" in choice.sms_parameters or f"{{{SOURCES['code']}}}" in choice.email_subject + choice.email_text:
        yield _at("sms_parameters", "只有验证手机号码、电子邮箱的消息有验证码")


def _code_is_told(choice: MessageChoice) -> Iterator[Finding]:
    if choice.is_sms_on and "code" not in choice.sms_parameters:
        yield _at("sms_parameters", "这条短信须有验证码")
    if choice.is_email_on and f"{{{SOURCES['code']}}}" not in choice.email_text:
        yield _at("email_text", "这封邮件的正文须有 {验证码}")


def _at(field: str, message: str) -> Finding:
    return Finding("message_choice.wrong", message, facts={"field": field})
