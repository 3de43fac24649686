"""Share links: what they show and for how long, what their holder sees, and what everybody else is told."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from administration.models import AuditEntry, Parameter
from administration.nightly import run_nightly
from administration.throttle import Limit
from certificates.documents.services import make_document
from certificates.enums import LegalState, Operation
from certificates.models import ShareLink, ShareUse
from certificates.public.sharing import views, views_public
from certificates.public.sharing.rules import MOST_OPEN
from certificates.public.sharing.services import make_link
from certificates.state.services import StateChange, change_states
from common.findings import Refused
from tests.certificates.documents.test_in_hand import Hand
from tests.clock import Clock
from tests.concurrency import at_once
from tests.factories import make_person
from tests.worlds.base import NOW, TODAY
from workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db
OVER = "这个链接不能打开"
GIVEN = {"purpose": "城东学校工程投标", "ends_on": str(TODAY + timedelta(days=10))}


class Sharer(Hand):
    def __init__(self) -> None:
        super().__init__()
        self.page = f"/person/certificates/{self.certificate.pk}/share/"

    def make(self, **given: Any) -> str:
        """Answers the path of a new link."""
        assert self.person.user is not None
        values = {"purpose": "投标", "ends_on": TODAY + timedelta(days=10), "with_document": False, **given}
        _, address = make_link(certificate_id=self.certificate.pk, **values, by=self.person.user, now=NOW)
        return urlsplit(address).path

    def seen(self) -> str:
        """A session of yesterday is over, so the holder logs in again."""
        assert self.person.user is not None
        self.client.force_login(self.person.user)
        return self.client.get(self.page).text

    def end(self) -> None:
        change = StateChange(self.certificate.pk, LegalState.CANCELLED, Operation.CANCELLATION, summary="本人申请注销")
        change_states([change], by=SYSTEM, now=NOW)


@pytest.fixture
def sharer(clock: Clock) -> Sharer:
    clock.stop_at(NOW)
    return Sharer()


def test_a_link_is_told_once_and_shows_the_public_facts(sharer: Sharer) -> None:
    told = sharer.client.post(sharer.page, GIVEN, follow=True).text
    address = told.partition("<code")[2].partition(">")[2].partition("<")[0]
    link = ShareLink.objects.get()
    token = address.rstrip("/").rpartition("/")[2]
    assert token not in sharer.client.get(sharer.page).text, "it is told once"
    assert token not in str(list(ShareLink.objects.values())), "it is stored nowhere"
    answer = Client().get(f"/s/{token}/")
    for words in (
        sharer.certificate.number,
        "城东学校工程投标",
        "正常使用",
        "张*",
        "2026年12月3日（含）前",
        "2027年1月31日",
    ):
        assert words in answer.text, words
    for words in (sharer.person.name, str(sharer.person.id_number), "下载电子证书"):
        assert words not in answer.text, words
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]
    assert "Disallow: /s/" in Client().get("/robots.txt").text
    entry = AuditEntry.objects.get(action="share_link.make")
    assert (entry.object_id, entry.detail["purpose"]) == (str(link.pk), "城东学校工程投标")
    assert token not in str(entry.detail)


def test_the_document_goes_along_only_by_choice_and_while_the_certificate_may_be_used(sharer: Sharer) -> None:
    refused = sharer.client.post(sharer.page, {**GIVEN, "with_document": "on"})
    assert (refused.status_code, "电子证书还没有签发完成" in refused.text) == (409, True)
    assert "城东学校工程投标" in refused.text, "what was typed stays"
    make_document(sharer.version.pk)
    bare, whole = sharer.make(), sharer.make(with_document=True)
    for kind in ("document", "image"):
        assert OVER in Client().get(f"{bare}{kind}/").text
    page = Client().get(whole).text
    assert f"{whole}document/" in page
    file, picture = Client().get(f"{whole}document/"), Client().get(f"{whole}image/")
    assert b"".join(file.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert picture.content.startswith(b"\x89PNG")
    assert "noindex" in file["X-Robots-Tag"]
    sharer.end()
    page = Client().get(whole).text
    assert "已注销" in page
    assert "电子证书现在不能下载" in page
    assert Client().get(f"{whole}document/").status_code == 404


def test_unknown_expired_and_revoked_links_are_answered_alike(sharer: Sharer, clock: Clock) -> None:
    revoked, expired = sharer.make(), sharer.make(ends_on=TODAY)
    assert Client().get(expired).status_code == 200, "the last day counts"
    row = ShareLink.objects.get(ends_on__gt=TODAY)
    said = sharer.client.post(f"{sharer.page}{row.pk}/revoke/", follow=True).text
    assert "已撤销“投标”的链接" in said
    assert AuditEntry.objects.filter(action="share_link.revoke", object_id=str(row.pk)).count() == 1
    again = sharer.client.post(f"{sharer.page}{row.pk}/revoke/", follow=True).text
    assert "这个链接已经失效" in again
    clock.stop_at(NOW + timedelta(days=1))
    answers = [Client().get(address) for address in (revoked, expired, "/s/abcdefghijkl/", f"/s/{'x' * 60}/")]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({answer.text for answer in answers}) == 1
    assert "请持证人重新发一个链接" in answers[0].text
    listed = sharer.seen()
    assert ("已撤销" in listed, "已到期" in listed) == (True, True)


def test_a_link_says_how_often_it_was_opened_each_day_and_forgets_in_time(sharer: Sharer, clock: Clock) -> None:
    make_document(sharer.version.pk)
    address = sharer.make(with_document=True)
    for _ in range(2):
        Client().get(address)
    Client().get(f"{address}image/")
    clock.stop_at(NOW + timedelta(days=1))
    Client().get(address)
    assert list(ShareUse.objects.order_by("day").values_list("views", "downloads")) == [(2, 1), (1, 0)]
    page = sharer.seen()
    assert "打开 3 次，下载 1 次" in page
    assert "打开 2 次，下载 1 次" in page
    fields = {field.name for field in ShareUse._meta.get_fields()}
    assert fields == {"id", "link", "day", "views", "downloads"}, "nothing of the visitor"
    clock.stop_at(NOW + timedelta(days=190))
    run_nightly("share_links")
    assert ShareLink.objects.exists()
    clock.stop_at(NOW + timedelta(days=191))
    run_nightly("share_links")
    assert not ShareLink.objects.exists()


def test_the_last_day_is_a_parameter_and_reasons_come_together(sharer: Sharer) -> None:
    Parameter.objects.create(key="share_link_days", value=20, effective_from=TODAY, document_number="测", note="")
    late = {**GIVEN, "ends_on": str(TODAY + timedelta(days=21)), "with_document": "on"}
    refused = sharer.client.post(sharer.page, late)
    for words in ("2026年11月23日至2026年12月13日", "电子证书还没有签发完成"):
        assert words in refused.text, words
    for ends_on, status in ((TODAY + timedelta(days=20), 302), (TODAY - timedelta(days=1), 409), ("昨天", 400)):
        answer = sharer.client.post(sharer.page, {**GIVEN, "ends_on": str(ends_on)})
        assert answer.status_code == status, ends_on
    assert sharer.client.post(sharer.page, {**GIVEN, "purpose": " "}).status_code == 400
    sharer.end()
    ended = sharer.client.post(sharer.page, GIVEN)
    assert (ended.status_code, "这本证书现在不能分享" in ended.text) == (409, True)
    assert ShareLink.objects.count() == 1


def test_nobody_shares_the_certificate_of_another(sharer: Sharer) -> None:
    sharer.make()
    link = ShareLink.objects.get()
    other = Client()
    stranger = make_person("李四").user
    assert stranger is not None
    other.force_login(stranger)
    for answer in (
        other.get(sharer.page),
        other.post(sharer.page, GIVEN),
        other.post(f"{sharer.page}{link.pk}/revoke/"),
    ):
        assert answer.status_code == 404
    assert sharer.client.post(f"{sharer.page}99999999/revoke/").status_code == 404
    assert "/login/" in Client().get(sharer.page)["Location"]
    link.refresh_from_db()
    assert (link.revoked_at, ShareLink.objects.count()) == (None, 1)


@pytest.mark.usefixtures("fresh_windows")
def test_visitors_and_holders_are_held_to_a_pace(sharer: Sharer, monkeypatch: pytest.MonkeyPatch) -> None:
    address = sharer.make()
    monkeypatch.setattr(views_public, "SHARED", Limit("share", 1))
    monkeypatch.setattr(views, "NEW_LINKS", Limit("share_new", 1))
    assert [Client().get(address).status_code for _ in range(2)] == [200, 429]
    assert [sharer.client.post(sharer.page, GIVEN).status_code for _ in range(2)] == [302, 429]


def test_the_ways_to_it_and_its_cost(sharer: Sharer) -> None:
    make_document(sharer.version.pk)
    address = sharer.make(with_document=True)
    for page in (f"/person/certificates/{sharer.certificate.pk}/", sharer.address):
        assert f'href="{sharer.page}"' in sharer.client.get(page).text, page
    sharer.client.get(sharer.page)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            sharer.client.get(sharer.page)
        counts.append(len(captured))
        sharer.make()
    assert counts[0] == counts[1]
    with CaptureQueriesContext(connection) as captured:
        Client().get(address)
    assert len(captured) <= 8, [query["sql"][:100] for query in captured]


@pytest.mark.django_db(transaction=True)
def test_links_that_are_made_at_once_keep_to_the_limit(sharer: Sharer) -> None:
    for _ in range(MOST_OPEN - 1):
        sharer.make()
    outcomes = at_once([partial(sharer.make) for _ in range(3)])
    assert sum(isinstance(one, Refused) for one in outcomes) == 2, outcomes
    assert ShareLink.objects.count() == MOST_OPEN
