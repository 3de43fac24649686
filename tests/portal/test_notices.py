"""Official notices are born from decisions and withdrawn with a reason; news are written; a feed tells both."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.enums import Duty
from administration.models import AuditEntry, Notice, NoticeAttachment, NoticeLine, Office
from administration.nightly import run_nightly
from administration.notices.services import publish_notice, withdraw_notice_lines
from certificates.authority import services
from certificates.authority.announcements import announce_grants
from tests.common.files.test_uploads import pdf
from tests.factories import Province, make_office, make_staff
from tests.workflow.browsing import seen_on, words
from tests.worlds.base import NOW
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action
from workflow.services.acting import act

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
WORDS = {"title": "系统维护", "body": "今晚\r\n维护。", "published_on": ""}


@pytest.fixture(autouse=True)
def empty_board() -> None:
    Notice.objects.all().delete()


@pytest.fixture
def provincial(db: None) -> Office:
    return Province().provincial


@pytest.fixture
def writer(client: Client, provincial: Office) -> Client:
    client.force_login(make_staff(provincial, Duty.REGISTRY, name="周台账"))
    return client


def official(office: Office | None = None, *, count: int = 1) -> Notice:
    lines = [(f"certificate_event:{number}", f"赣建安A（2019）000000{number}，张*") for number in range(1, count + 1)]
    return publish_notice(
        kind="cancellation",
        title="注销公告",
        body="下列证书",
        lines=lines,
        office_id=office.pk if office else None,
        now=timezone.now(),
    )


def test_an_official_notice_is_withdrawn_with_a_reason_and_stays(writer: Client, provincial: Office) -> None:
    notice = official(provincial)
    address = f"/office/notices/{notice.pk}/withdraw/"
    refused = writer.post(address, {"reason": "  "})
    assert refused.status_code == 400
    assert "请写明原因" in refused.text
    assert writer.post(address, seen_on(writer, address) | {"reason": "证书编号写错"}).status_code == 302
    page = Client().get(f"/notices/{notice.pk}/")
    assert page.status_code == 200
    assert "撤回，理由：证书编号写错" in page.text
    assert "注销公告" in page.text
    assert "（已撤回）" in Client().get("/notices/").text
    again = writer.post(address, {"reason": "再次"})
    assert again.status_code == 409
    assert "已经撤回" in again.text
    assert "再次" in again.text
    entry = AuditEntry.objects.get(action="notice.withdrawn")
    assert entry.detail["reason"] == "证书编号写错"
    assert writer.get(f"/office/notices/{notice.pk}/").status_code == 302, "no form for what decisions have said"


def test_news_that_somebody_else_has_changed_are_neither_overwritten_nor_withdrawn_unseen(writer: Client) -> None:
    writer.post("/office/notices/new/", WORDS)
    notice = Notice.objects.get()
    edit, withdraw = f"/office/notices/{notice.pk}/", f"/office/notices/{notice.pk}/withdraw/"
    first, second, third = seen_on(writer, edit), seen_on(writer, edit), seen_on(writer, withdraw)
    assert writer.post(edit, WORDS | first | {"title": "维护改期"}).status_code == 302
    late = writer.post(edit, WORDS | second | {"body": "另一处的修改"})
    assert late.status_code == 409
    assert "另一处的修改</textarea>" in late.text, "what was typed is kept"
    assert "又有修改" in words(late)
    assert "现在的内容标题维护改期" in words(late)
    gone = writer.post(withdraw, third | {"reason": "不再需要"})
    assert gone.status_code == 409
    assert "不再需要" in gone.text
    notice.refresh_from_db()
    assert (notice.title, notice.body, notice.is_withdrawn) == ("维护改期", "今晚\n维护。", False)
    (mark,) = re.findall(r'name="seen" value="([^"]+)"', late.text)
    assert writer.post(edit, WORDS | {"seen": mark, "body": "另一处的修改"}).status_code == 302, "now it was seen"


def test_the_database_takes_no_withdrawal_without_a_reason() -> None:
    notice = official()
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(withdrawn_at=timezone.now())


def test_another_office_withdraws_nothing(client: Client, provincial: Office) -> None:
    notice = official(provincial)
    client.force_login(make_staff(make_office("九江市住建局", region="360400"), Duty.REGISTRY))
    assert client.post(f"/office/notices/{notice.pk}/withdraw/", {"reason": "错"}).status_code == 403
    assert f"/office/notices/{notice.pk}/withdraw/" not in client.get("/office/notices/").text


def upload(name: str = "考试 安排（第1期）.pdf", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if data is None else data)


def test_news_are_written_with_attachments_that_everybody_may_save(writer: Client) -> None:
    assert writer.post("/office/notices/new/", WORDS | {"attachments": [upload()]}).status_code == 302
    notice = Notice.objects.get()
    assert (notice.kind, notice.title) == ("news", "系统维护")
    page = Client().get(f"/notices/{notice.pk}/").text
    assert "今晚<br>维护。" in page
    (link,) = re.findall(rf'href="(/notices/{notice.pk}/files/\d+/)"', page)
    answer = Client().get(link)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    disposition = answer["Content-Disposition"]
    assert re.search(r'filename="[ -~]+\.pdf"', disposition)
    assert "filename*=utf-8''%E8%80%83%E8%AF%95" in disposition
    edit = f"/office/notices/{notice.pk}/"
    kept = NoticeAttachment.objects.get()
    assert kept.sha256 in writer.get(edit).text
    changed = {"title": "维护改期", "removed": [kept.sha256], "seen": notice.changed_at.isoformat()}
    assert writer.post(edit, WORDS | changed).status_code == 302
    notice.refresh_from_db()
    assert notice.title == "维护改期"
    assert Client().get(link).status_code == 404
    seen = seen_on(writer, f"{edit}withdraw/")
    assert writer.post(f"{edit}withdraw/", seen | {"reason": ""}).status_code == 302, "news need no reason"
    gone = Client().get(f"/notices/{notice.pk}/")
    assert gone.status_code == 404
    assert "维护改期" not in gone.text


def test_a_refused_form_keeps_the_words_and_names_the_file(writer: Client) -> None:
    answer = writer.post(
        "/office/notices/new/", WORDS | {"attachments": [upload("坏.pdf", b"no pdf")], "published_on": "x"}
    )
    assert answer.status_code == 400
    assert "今晚\n维护。" in answer.text.replace("\r\n", "\n")
    assert "坏.pdf：" in answer.text
    assert "重新选择" in answer.text
    assert not Notice.objects.exists()


def test_of_two_pages_with_the_same_news_the_later_one_replaces_nothing_unseen(writer: Client) -> None:
    writer.post("/office/notices/new/", WORDS)
    notice = Notice.objects.get()
    edit = f"/office/notices/{notice.pk}/"
    seen = {"seen": notice.changed_at.isoformat()}
    assert f'value="{seen["seen"]}"' in writer.get(edit).text
    assert writer.post(edit, WORDS | seen | {"body": "甲改的正文"}).status_code == 302
    for given in (seen, {}):
        stale = writer.post(edit, WORDS | given | {"body": "乙改的正文", "attachments": [upload()]})
        assert stale.status_code == 409
        assert "又有修改" in stale.text
        assert "乙改的正文" in stale.text
        assert "重新选择" in stale.text
    assert Notice.objects.get().body == "甲改的正文"
    (now,) = re.findall(r'name="seen" value="([^"]+)"', stale.text)
    assert writer.post(edit, WORDS | {"seen": now, "body": "乙改的正文"}).status_code == 302
    assert Notice.objects.get().body == "乙改的正文"
    gone = seen_on(writer, f"{edit}withdraw/")
    assert writer.post(f"{edit}withdraw/", gone | {"reason": ""}).status_code == 302
    late = writer.post(edit, WORDS | {"seen": now, "body": "丙改的正文"})
    assert late.status_code == 409
    assert "已经撤下" in late.text
    assert "丙改的正文" in late.text, "typed text is never lost"


def test_news_are_looked_at_before_they_are_published(writer: Client) -> None:
    """Nothing is stored, the words stay in the form, and what is typed is shown as text."""
    typed = WORDS | {"title": "系统维护<b>", "published_on": "2099-01-05", "save_draft": "1"}
    page = writer.post("/office/notices/new/", typed)
    assert page.status_code == 200
    assert "预览，还没有发布。发布日期 2099年1月5日" in page.text
    assert page.text.count("系统维护&lt;b&gt;") == 2
    assert not Notice.objects.exists()
    assert "预览，还没有发布" not in writer.post("/office/notices/new/", typed | {"title": ""}).text
    writer.post("/office/notices/new/", WORDS)
    notice = Notice.objects.get()
    changed = writer.post(f"/office/notices/{notice.pk}/", typed)
    assert "预览，还没有发布" in changed.text
    notice.refresh_from_db()
    assert notice.title == WORDS["title"]


def test_news_for_a_later_day_wait_for_it(writer: Client) -> None:
    day = timezone.localdate() + timedelta(days=3)
    writer.post("/office/notices/new/", WORDS | {"published_on": day.isoformat(), "attachments": [upload()]})
    notice = Notice.objects.get()
    assert timezone.localdate(notice.published_at) == day
    assert Client().get(f"/notices/{notice.pk}/").status_code == 404
    attachment = NoticeAttachment.objects.get()
    assert Client().get(f"/notices/{notice.pk}/files/{attachment.pk}/").status_code == 404
    assert "系统维护" not in Client().get("/notices/feed.atom").content.decode()


def entries(answer: Any) -> list[ElementTree.Element]:
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")  # noqa: S314


def told(entry: ElementTree.Element, name: str) -> str:
    return entry.findtext(f"{ATOM}{name}") or ""


def test_the_feed_is_valid_and_its_ids_stay(client: Client, provincial: Office) -> None:
    notice = official(provincial, count=2)
    answer = client.get("/notices/feed.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.content)  # noqa: S314
    assert [root.findtext(f"{ATOM}{name}") is not None for name in ("id", "title", "updated")] == [True] * 3
    assert {link.get("rel") for link in root.findall(f"{ATOM}link")} == {"self", "alternate"}
    (entry,) = entries(answer)
    assert told(entry, "id").startswith("urn:uuid:")
    assert told(entry, "updated") == told(entry, "published")
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert client.get(str(link.get("href"))).status_code == 200
    later = timezone.now() + timedelta(seconds=5)
    withdraw_notice_lines(sources=["certificate_event:1"], reason="复议", now=later)
    (changed,) = entries(client.get("/notices/feed.atom"))
    assert told(changed, "id") == told(entry, "id")
    assert told(changed, "updated") > told(entry, "updated")
    withdraw_notice_lines(sources=["certificate_event:2"], reason="复议", now=later)
    notice.refresh_from_db()
    assert notice.withdrawal_reason == "复议"
    for page in ("/notices/", f"/notices/{notice.pk}/"):
        assert 'type="application/atom+xml"' in client.get(page).text


def test_the_feed_can_be_read_whatever_news_are_written_with(writer: Client, provincial: Office) -> None:
    for sign in "\x7f\x85\ufffe\uffff\ud7ff\U0001ffff䶮𬭎𠮷·<&]]>":
        words = {"title": f"维护{sign}一", "body": f"今晚{sign}二", "published_on": ""}
        assert writer.post("/office/notices/new/", words).status_code == 302
    Office.objects.filter(pk=provincial.pk).update(name="某厅\uffff")
    answer = Client().get("/notices/feed.atom")
    titles = {told(entry, "title") for entry in entries(answer)}
    assert {"维护𬭎一", "维护𠮷一", "维护䶮一", "维护一", "维护<一"} <= titles


def test_the_feed_is_sent_again_only_after_a_change(client: Client, count_queries: Callable[..., int]) -> None:
    assert entries(client.get("/notices/feed.atom")) == []
    official()
    first = client.get("/notices/feed.atom")
    assert "public" in first["Cache-Control"]
    same = client.get("/notices/feed.atom", headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert client.get("/notices/feed.atom", headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert client.head("/notices/feed.atom").status_code == 200
    one = count_queries(lambda: client.get("/notices/feed.atom"))
    official()
    assert client.get("/notices/feed.atom", headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert count_queries(lambda: client.get("/notices/feed.atom")) == one


def test_what_was_granted_is_published_the_next_night_once(clock: Any, count_queries: Callable[..., int]) -> None:
    """Names are masked; neither ID number nor birth date is told."""
    clock.stop_at(NOW)
    world = ExtensionWorld()
    worlds = [world, *(world.another() for _ in range(3))]
    for one in worlds:
        application = one.file()
        while application.is_open:
            act(application.pk, action=Action.APPROVE, actor=one.holder(application), now=NOW)
            application.refresh_from_db()
    assert announce_grants(now=NOW) == {"notices": 0, "certificates": 0}, "the day is not over"
    clock.stop_at(NOW + timedelta(days=1))
    run = run_nightly("grant_notices")
    assert run is not None
    assert run.counts == {"notices": 1, "certificates": 4}
    assert announce_grants(now=NOW + timedelta(days=2)) == {"notices": 0, "certificates": 0}
    notice = Notice.objects.get(kind="grant")
    page = Client().get(f"/notices/{notice.pk}/").text
    world.certificate.refresh_from_db()
    assert "准予延续4本" in page
    assert world.certificate.number in page
    assert world.person.name not in page
    assert str(world.person.id_number)[-6:] not in page
    lines = list(NoticeLine.objects.order_by("pk").values_list("pk", flat=True))
    NoticeLine.objects.filter(pk__in=lines[1:]).delete()
    three = count_queries(lambda: announce_grants(now=NOW + timedelta(days=2)))
    NoticeLine.objects.filter(pk=lines[0]).delete()
    assert count_queries(lambda: announce_grants(now=NOW + timedelta(days=2))) <= three


def test_an_overturned_decision_leaves_its_reason_on_the_notice(clock: Any) -> None:
    clock.stop_at(NOW)
    world = ExtensionWorld()
    said: dict[str, Any] = {"by": world.province.provincial_actor, "now": NOW}
    (event,) = services.cancel_by_office(
        [world.certificate.pk], document_number="赣建〔2026〕1号", reason="自愿", ground="other", **said
    )
    services.overturn(event.pk, document_number="赣府复决〔2026〕3号", reason="复议撤销", **said)
    notice = Notice.objects.get(kind="cancellation")
    page = Client().get(f"/notices/{notice.pk}/")
    assert page.status_code == 200
    assert "赣府复决〔2026〕3号：复议撤销" in page.text
