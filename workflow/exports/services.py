"""Asks for unmasked lists, decides about them, makes their files, hands them out, and deletes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.timezone import now as utc_now

from accounts.access import audit
from accounts.models import User
from accounts.people.natural_persons import is_same_person
from administration.messages.services import OutgoingMessage, send
from administration.parameters.book import ParameterBook
from administration.table_downloads import FORMS, table_file
from common.dates import chinese_date
from common.findings import Finding, Refused
from common.jobs import enqueue

from ..models import ExportRequest
from .lists import opened, still_open
from .selectors import place_of

MOST_OPEN = 5
"""So many requests of one login may wait for a decision."""
NOT_READABLE = "您的职责已变化，不能再读取这个清单。"


@transaction.atomic
def ask_export(*, key: str, query: str, form: str, reason: str, by: User, now: datetime | None = None) -> ExportRequest:
    """Raises Refused with every reason, and Http404 or PermissionDenied for a list that is not the asker's."""
    listed = opened(key, by, query)
    said = reason.strip()
    # Of two requests at once the second waits here.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    waiting = ExportRequest.objects.filter(asked_by=by, decided_at__isnull=True)
    found = []
    if not said:
        detail = "安全管理员按用途和理由审批。"
        found.append(Finding("export.reason", "请写明用途和理由", detail, facts={"field": "reason"}))
    if form not in FORMS:
        found.append(Finding("export.form", "请选择文件格式", facts={"field": "form"}))
    if any((one.key, one.query, one.form) == (key, query, form) for one in waiting.order_by("pk")):
        detail = "请等安全管理员审批；结果有消息告诉您。"
        found.append(Finding("export.twice", "这个清单您已经申请，正在等待审批", detail, turn="安全管理员"))
    elif waiting.count() >= MOST_OPEN:
        detail = "请等前面的审批后再申请。"
        found.append(Finding("export.many", f"您有 {MOST_OPEN} 项申请还在等待审批", detail, turn="安全管理员"))
    if found:
        raise Refused(*found)
    asked = ExportRequest.objects.create(
        asked_by=by, key=key, title=listed.title, query=query, form=form, reason=said, asked_at=now or utc_now()
    )
    audit.record("export.ask", by=by, about=asked, detail={"list": key, "title": listed.title, "reason": said})
    return asked


@transaction.atomic
def decide_export(pk: int, *, approve: bool, answer: str, by: User, now: datetime | None = None) -> ExportRequest:
    """Raises Refused for an own request, under whatever login, for one that is decided, and for a refusal without a reason."""
    asked = ExportRequest.objects.select_for_update(of=("self",)).select_related("asked_by__office").get(pk=pk)
    said = answer.strip()
    if asked.decided_at is not None and asked.decided_by is not None:
        when = localtime(asked.decided_at)
        did = f"{asked.decided_by.name}已于{chinese_date(when.date())}{when:%H:%M}审批"
        raise Refused(Finding("export.decided", "这项申请已经审批过", f"{did}，不用再办。"))
    found = []
    if is_same_person(asked.asked_by, by):
        detail = "申请人与审批人是同一人（同一人的不同账号视为一人）。"
        found.append(Finding("export.own", "不能审批自己的导出申请", detail, turn="另一名安全管理员"))
    if not approve and not said:
        detail = "会原样告诉申请人。"
        found.append(Finding("export.answer", "请写明不同意的原因", detail, facts={"field": "answer"}))
    if found:
        raise Refused(*found)
    asked.decided_by, asked.decided_at, asked.is_approved, asked.answer = by, now or utc_now(), approve, said
    asked.save(update_fields=["decided_by", "decided_at", "is_approved", "answer"])
    action = "export.approve" if approve else "export.refuse"
    audit.record(action, by=by, about=asked, detail={"list": asked.key, "title": asked.title, "answer": said})
    if approve:
        enqueue("workflow.make_export", request_id=asked.pk)
    else:
        _tell(asked, "未脱敏导出没有获准", f"{asked.title}：{said}")
    return asked


def make_export(pk: int, *, now: datetime | None = None) -> None:
    """It may run twice: a file that is made stays. The list is read with the rights that the asker has now."""
    asked = ExportRequest.objects.select_related("asked_by__office", "decided_by").get(pk=pk)
    if not asked.is_approved or asked.made_at is not None:
        return
    now = now or utc_now()
    days = ParameterBook.load().integer("export_days", localdate(now))
    expires_at = now + timedelta(days=days)
    try:
        content, error = _content(asked, now=now, expires_at=expires_at), ""
    except (Http404, PermissionDenied):
        content, error = b"", NOT_READABLE
    with transaction.atomic():
        locked = ExportRequest.objects.select_for_update(of=("self",)).select_related("asked_by__office").get(pk=pk)
        if locked.made_at is not None:
            return
        locked.made_at, locked.error = now, error
        if content:
            locked.expires_at = expires_at
            locked.file.save(f"list.{locked.form}", ContentFile(content), save=False)
            said = f"{locked.title}：请在{chinese_date(localdate(expires_at))}前下载，逾期自动删除。只有申请人本人可以下载。"
            _tell(locked, "未脱敏导出可以下载", said)
        else:
            _tell(locked, "未脱敏导出没有生成", f"{locked.title}：{error}")
        locked.save(update_fields=["made_at", "error", "expires_at", "file"])


def _content(asked: ExportRequest, *, now: datetime, expires_at: datetime) -> bytes:
    if not asked.asked_by.is_active:
        raise PermissionDenied(NOT_READABLE)
    listed = opened(asked.key, asked.asked_by, asked.query)
    return table_file(
        listed.titles(False), listed.lines(False), sheet="清单", form=asked.form, mark=mark_of(asked, now, expires_at)
    )


def mark_of(asked: ExportRequest, now: datetime, expires_at: datetime) -> str:
    """Says on every copy who has taken it, when, and by whose leave."""
    who = asked.asked_by
    by = asked.decided_by.name if asked.decided_by else ""
    return (
        f"未脱敏导出第{asked.pk}号：{asked.title}。{who.name}（{place_of(who)}）"
        f"{chinese_date(localdate(now))}导出，{by}批准。含个人信息，仅限申请的用途，不得转发；"
        f"{chinese_date(localdate(expires_at))}后应删除。"
    )


def _tell(asked: ExportRequest, heading: str, text: str) -> None:
    """The mailbox is that of the office, so that the message says whose request it is."""
    office = asked.asked_by.office
    title = f"{heading}（{asked.asked_by.name}）"
    link = reverse("workflow:exports")
    send([OutgoingMessage(office.mailbox_id if office else None, title, text, link, event="office_work")])


@transaction.atomic
def take_export(pk: int, *, by: User, now: datetime | None = None) -> ExportRequest:
    """Counts the download, which the view audits with its address. Raises Http404 for another's request, and Refused where
    there is no file any more.
    """
    asked = ExportRequest.objects.select_for_update().filter(pk=pk, asked_by=by).first()
    if asked is None:
        raise Http404("没有这项申请")
    if not asked.file or asked.expires_at is None or asked.expires_at <= (now or utc_now()):
        detail = "文件到期自动删除。仍然需要的，请重新申请。"
        raise Refused(Finding("export.gone", "没有可以下载的文件", detail, turn="申请人"))
    if not still_open(asked.key, by, asked.query):
        raise Refused(Finding("export.duty", "不能下载这个清单", NOT_READABLE, turn="安全管理员"))
    asked.taken += 1
    asked.save(update_fields=["taken"])
    return asked


def delete_expired(*, now: datetime | None = None) -> int:
    """Answers how many files are gone; the requests stay."""
    old = ExportRequest.objects.filter(~Q(file=""), expires_at__lte=now or utc_now())
    ids = list(old.order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        with transaction.atomic():
            asked = ExportRequest.objects.select_for_update().get(pk=pk)
            if not asked.file:
                continue
            transaction.on_commit(partial(asked.file.storage.delete, str(asked.file.name)))
            ExportRequest.objects.filter(pk=pk).update(file="")
    return len(ids)
