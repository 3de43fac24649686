"""Publishes notices and withdraws them: official ones with a reason, whole or line by line, and news as they are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction

from administration.audit.services import Author, record_audit
from administration.enums import NoticeKind
from administration.models import Notice, NoticeAttachment, NoticeLine
from common.dates import chinese_datetime
from common.files.uploads import CheckedUpload, keep_upload
from common.findings import Cure, Finding, Refused

MAX_REASON = 300


@transaction.atomic
def publish_notice(
    *, kind: str, title: str, body: str, lines: Iterable[tuple[str, str]], office_id: int | None, now: datetime
) -> Notice:
    """Publishes an official notice; `lines` are source and text of each matter."""
    notice = Notice.objects.create(
        kind=kind, title=title, body=body, published_at=now, changed_at=now, office_id=office_id
    )
    NoticeLine.objects.bulk_create(NoticeLine(notice=notice, source=source, text=text) for source, text in lines)
    return notice


@transaction.atomic
def withdraw_notice_lines(*, sources: Iterable[str], reason: str, now: datetime) -> None:
    """Strikes out what was overturned; a notice without any line left is withdrawn."""
    lines = NoticeLine.objects.filter(source__in=list(sources), withdrawn_at__isnull=True)
    notices = list(lines.values_list("notice_id", flat=True))
    lines.update(withdrawn_at=now, withdrawal_reason=reason)
    Notice.objects.filter(pk__in=notices).update(changed_at=now)
    standing = NoticeLine.objects.filter(notice_id__in=notices, withdrawn_at__isnull=True).values("notice_id")
    ended = Notice.objects.filter(pk__in=notices, withdrawn_at__isnull=True).exclude(pk__in=standing)
    ended.update(withdrawn_at=now, withdrawal_reason=reason)


def state_of(notice: Notice) -> str:
    """Answers a mark of what a page shows of a notice; every act on it changes the mark."""
    return notice.changed_at.isoformat()


def _changed_meanwhile(notice: Notice, seen: str | None) -> list[Finding]:
    """`seen` is the mark of the page on which somebody decides; None asks nobody."""
    if seen is None or seen == state_of(notice) or notice.is_withdrawn:
        return []
    detail = "页面下面是现在的内容；您填写的内容还在，请对照后再提交，或返回列表。"
    title = f"打开页面之后，这则公告在{chinese_datetime(notice.changed_at)}又有改动"
    return [Finding("notice.changed", title, detail, turn="发布部门")]


@transaction.atomic
def withdraw_notice(*, pk: int, reason: str, by: Author, now: datetime, seen: str | None = None) -> Notice:
    """Raises `Refused` without a reason for an official notice, and for one that is withdrawn or was changed since."""
    notice = Notice.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    reason = reason.strip()
    findings = _changed_meanwhile(notice, seen)
    if notice.is_withdrawn:
        findings.append(
            Finding("notice.withdrawn", "这则公告已经撤回", f"撤回理由：{notice.withdrawal_reason or '未写明'}。")
        )
    if notice.is_official and not reason:
        findings.append(Finding("notice.no_reason", "撤回公告须写明理由", "理由和日期会留在公告上。"))
    if findings:
        raise Refused(*findings)
    notice.withdrawn_at = notice.changed_at = now
    notice.withdrawal_reason = reason
    notice.save(update_fields=["withdrawn_at", "withdrawal_reason", "changed_at"])
    _audit("notice.withdrawn", notice, by, reason=reason)
    return notice


@transaction.atomic
def write_news(
    *,
    pk: int | None,
    title: str,
    body: str,
    published_at: datetime,
    files: Sequence[CheckedUpload] = (),
    removed: Collection[str] = (),
    seen: str = "",
    office_id: int | None,
    by: Author,
    now: datetime,
) -> Notice:
    """Writes a new one or changes one; `removed` are digests of attachments, `seen` is the moment of the change that the
    page showed. Raises `Refused`: no act changes the words of an official notice, or words that nobody has seen.
    """
    if pk is None:
        notice = Notice(kind=NoticeKind.NEWS, office_id=office_id)
    else:
        notice = Notice.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    if notice.is_official:
        raise Refused(Finding("notice.official", "公告由决定产生，内容不能修改", "有错误时，写明理由撤回。"))
    if notice.is_withdrawn:
        raise Refused(Finding("notice.withdrawn", "这则通知已经撤下，不能再修改", "需要时重新发布一则。"))
    if pk is not None and seen != state_of(notice):
        detail = "您填写的内容还在下面，没有保存。看过现在的内容以后再按“发布”，就用下面的内容替换它。"
        cure = Cure("查看现在的内容", "administration:news_edit", kwargs={"pk": pk})
        raise Refused(Finding("notice.changed", "您打开页面之后，这则通知又有修改", detail, cure=cure))
    notice.title, notice.body, notice.published_at, notice.changed_at = title, body, published_at, now
    notice.save()
    kept = NoticeAttachment.objects.filter(notice=notice, removed_at__isnull=True)
    kept.filter(sha256__in=removed).update(removed_at=now)
    _attach(notice, files, set(kept.values_list("sha256", flat=True)), now)
    _audit("notice.written", notice, by, new=pk is None)
    return notice


def _attach(notice: Notice, files: Sequence[CheckedUpload], present: set[str], now: datetime) -> None:
    """The same content is kept once."""
    for upload in files:
        if upload.sha256 in present:
            continue
        present.add(upload.sha256)
        keep_upload(NoticeAttachment(notice=notice, uploaded_at=now), upload)


def _audit(action: str, notice: Notice, by: Author, **detail: object) -> None:
    record_audit(
        action=action,
        actor_id=by.user_id,
        actor_name=by.name,
        sphere=by.sphere,
        object_type=Notice._meta.label_lower,
        object_id=notice.pk,
        detail={"title": notice.title, **detail},
        request_id=by.request_id,
        address=by.address,
    )
