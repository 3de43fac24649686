"""Login by TLS client certificate, through a real nginx with the shipped configuration."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core import signing
from django.test import Client, override_settings
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from administration.models import AuditEntry
from devtools.demo_keys.pki import CAKEY_CA, DemoPki, EnterpriseKey, ensure_demo_pki
from enterprises.models import CaKey
from tests.factories import make_enterprise, make_uscc

from .keys import PIN, foreign
from .nginx import Front, Visitor, running

pytestmark = pytest.mark.django_db(transaction=True)
USCC, OTHER = make_uscc(9_200_001), make_uscc(9_200_002)
START = "/enterprise/login/certificate/start/"
ENTRANCE = "/enterprise/login/certificate/"
SECRET = secrets.token_urlsafe(60)
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> DemoPki:
    return ensure_demo_pki(tmp_path_factory.mktemp("entrance") / "pki")


def issue(pki: DemoPki, uscc: str = USCC, operator: str = "李会计", **times: datetime) -> EnterpriseKey:
    return pki.issue_enterprise_key(uscc=uscc, enterprise_name="演示企业", operator_name=operator, pin=PIN, **times)


@pytest.fixture(scope="module")
def revoked(pki: DemoPki) -> EnterpriseKey:
    """Before nginx starts, which reads its lists only then."""
    key = issue(pki, operator="遗失锁的人")
    pki.revoke(key.certificate.serial_number, authority=CAKEY_CA)
    return key


@pytest.fixture(scope="module")
def front(
    pki: DemoPki, revoked: EnterpriseKey, live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    backend = urlsplit(live_server.url).netloc
    with (
        running(folder, backend, secret=SECRET, trust=pki.cakey_roots, crls=pki.cakey_crls) as front,
        override_settings(
            PUBLIC_BASE_URL=front.public,
            CAKEY_ORIGIN=front.public,
            CAKEY_TLS_URL=front.entrance,
            CAKEY_PROXY_SECRET=SECRET,
            CAKEY_TRUST_ROOTS=str(pki.cakey_roots),
            CAKEY_CRLS=[str(path) for path in pki.cakey_crls],
            SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
            SESSION_COOKIE_SECURE=True,
            TRUSTED_PROXIES=1,
        ),
    ):
        yield front


@pytest.fixture(autouse=True)
def enterprises(transactional_db: None) -> None:
    make_enterprise("江西赣江路桥建设有限公司", uscc=USCC)
    make_enterprise("江西鄱湖建筑有限公司", uscc=OTHER)


def reasons() -> list[str]:
    entry = AuditEntry.objects.filter(action="login.refused").latest("pk")
    answer: list[str] = entry.detail["reasons"]
    return answer


# --- who comes in ---


def test_a_valid_certificate_logs_in(front: Front, pki: DemoPki) -> None:
    visitor = Visitor(front, issue(pki))
    page = visitor.get(f"{front.public}{START}?next=/enterprise/profile/")
    assert (page.status, page.url) == (200, f"{front.public}/enterprise/profile/")
    assert "江西赣江路桥建设有限公司" in page.text
    assert CaKey.objects.get().operator_name == "李会计"
    entry = AuditEntry.objects.get(action="login")
    assert entry.detail["method"] == "ca_key_tls"
    assert entry.address == "127.0.0.1"


def test_a_browser_logs_in_from_the_login_page(front: Front, pki: DemoPki, browser: Browser, tmp_path: Path) -> None:
    p12 = tmp_path / "key.p12"
    p12.write_bytes(issue(pki).p12)
    shown = [{"origin": front.entrance, "pfxPath": str(p12), "passphrase": PIN}]
    context = browser.new_context(client_certificates=shown, ignore_https_errors=True, base_url=front.public)
    page = context.new_page()
    page.goto("/enterprise/login/")
    page.get_by_role("link", name="用浏览器中的证书登录").click()
    page.wait_for_url("**/enterprise/")
    expect(page.get_by_text("江西赣江路桥建设有限公司").first).to_be_visible()
    context.close()


# --- who does not, and why ---


def refused(visitor: Visitor, front: Front, words: str, *codes: str) -> None:
    page = visitor.get(front.public + START)
    assert page.status == 403, page.text
    assert words in page.text
    assert reasons() == list(codes)
    assert not CaKey.objects.exists()
    assert visitor.get(f"{front.public}/enterprise/").url.startswith(f"{front.public}/enterprise/login/")


def test_no_certificate(front: Front) -> None:
    refused(Visitor(front), front, "浏览器没有出示 CA 锁的证书", "entrance.no_certificate")


def test_revoked(front: Front, revoked: EnterpriseKey) -> None:
    refused(Visitor(front, revoked), front, "CA 锁已被 CA 机构吊销", "key.revoked")


def test_revoked_after_nginx_read_its_lists(front: Front, pki: DemoPki) -> None:
    key = issue(pki, operator="刚刚遗失")
    pki.revoke(key.certificate.serial_number, authority=CAKEY_CA)
    refused(Visitor(front, key), front, "CA 锁已被 CA 机构吊销", "key.revoked")


def test_expired(front: Front, pki: DemoPki) -> None:
    key = issue(pki, not_before=NOW - timedelta(days=9), not_after=NOW - timedelta(days=1))
    refused(Visitor(front, key), front, "CA 锁已过期", "key.expired")


def test_of_a_foreign_authority(front: Front, tmp_path: Path) -> None:
    refused(Visitor(front, foreign(tmp_path, USCC)), front, "不是受信任的 CA 机构", "key.foreign_issuer")


def test_of_an_enterprise_that_is_not_registered(front: Front, pki: DemoPki) -> None:
    key = issue(pki, uscc=make_uscc(9_200_003))
    refused(Visitor(front, key), front, "企业未登记", "enterprise.unknown")


def test_without_a_credit_code(front: Front, pki: DemoPki) -> None:
    refused(Visitor(front, issue(pki, uscc="360102198506150012")), front, "没有有效的统一社会信用代码", "key.no_uscc")


def test_a_certificate_that_only_nginx_objects_to(front: Front, tmp_path: Path) -> None:
    """Whatever the two disagree about is refused: here the portal trusts a CA of which nginx has not been told."""
    other = ensure_demo_pki(tmp_path / "other-pki")
    trusted = {"CAKEY_TRUST_ROOTS": str(other.cakey_roots), "CAKEY_CRLS": [str(path) for path in other.cakey_crls]}
    with override_settings(**trusted):
        refused(Visitor(front, issue(other)), front, "登录入口没有认可这张证书", "key.refused_by_proxy")


def test_the_key_of_another_enterprise_does_not_take_over_a_session(front: Front, pki: DemoPki) -> None:
    mine, theirs = Visitor(front, issue(pki)), Visitor(front, issue(pki, OTHER, "周安全"))
    assert mine.get(front.public + START).url == f"{front.public}/enterprise/"
    for cookie in mine.cookies:  # one browser, in which another key is plugged in meanwhile
        theirs.cookies.set_cookie(cookie)
    page = theirs.get(front.public + START)
    assert page.status == 403
    assert "请先退出当前账号" in page.text
    assert "江西赣江路桥建设有限公司" in theirs.get(f"{front.public}/enterprise/").text
    assert CaKey.objects.count() == 1


# --- forgeries ---


def forged(key: EnterpriseKey, secret: str = SECRET) -> dict[str, str]:
    pem = key.certificate.public_bytes(Encoding.PEM).decode()
    return {"X-Cakey-Certificate": quote(pem), "X-Cakey-Verify": "SUCCESS", "X-Cakey-Secret": secret}


def underscored(headers: dict[str, str]) -> dict[str, str]:
    """Names that WSGI cannot tell from ours."""
    return {name.replace("-", "_"): value for name, value in headers.items()}


@pytest.mark.parametrize("spelling", [dict, underscored], ids=["hyphens", "underscores"])
@pytest.mark.parametrize("door", ["public", "entrance"])
def test_forged_headers_reach_nobody(front: Front, pki: DemoPki, door: str, spelling: Any) -> None:
    """Even with the right secret: neither server passes on what a visitor claims."""
    page = Visitor(front).get(getattr(front, door) + ENTRANCE, spelling(forged(issue(pki))))
    assert page.status == 403
    assert "浏览器没有出示 CA 锁的证书" in page.text
    assert reasons() == ["entrance.no_certificate"]


def test_headers_behind_the_proxy_need_the_secret(front: Front, pki: DemoPki) -> None:
    for secret in ("", "wrong", SECRET[:-1]):
        reply = Client().get(ENTRANCE, headers=forged(issue(pki), secret))
        assert reply.status_code == 403
        assert [finding.code for finding in reply.context["refusals"]] == ["entrance.forged"]
    assert Client().get(ENTRANCE, headers=forged(issue(pki))).status_code == 302


def test_nginx_with_a_wrong_secret_lets_nobody_in(front: Front, pki: DemoPki) -> None:
    with override_settings(CAKEY_PROXY_SECRET=secrets.token_urlsafe(60)):
        refused(Visitor(front, issue(pki)), front, "不是从 CA 锁登录入口送来的", "entrance.forged")


def test_without_a_secret_the_entrance_is_closed(pki: DemoPki) -> None:
    with override_settings(CAKEY_TLS_URL="", CAKEY_PROXY_SECRET=""):
        assert Client().get(START).status_code == 404
        assert Client().get(ENTRANCE, headers=forged(issue(pki), "")).status_code == 403


def test_a_certificate_in_the_header_that_is_none_is_unreadable(front: Front, pki: DemoPki) -> None:
    for text in ("no certificate", quote("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")):
        reply = Client().get(ENTRANCE, headers=forged(issue(pki)) | {"X-Cakey-Certificate": text})
        assert [finding.code for finding in reply.context["refusals"]] == ["entrance.unreadable"]


def test_an_answer_serves_only_the_browser_that_asked(front: Front, pki: DemoPki) -> None:
    client = Client(headers={"host": "localhost", "X-Forwarded-Proto": "https"})
    to_entrance = client.get(START)["Location"]
    back = Client().get(urlsplit(to_entrance)._replace(scheme="", netloc="").geturl(), headers=forged(issue(pki)))
    done = urlsplit(back["Location"])._replace(scheme="", netloc="").geturl()
    for stranger in (Client(), Client()):
        reply = stranger.get(done)
        assert [finding.code for finding in reply.context["refusals"]] == ["challenge.unknown"]
    assert client.get(done)["Location"] == "/enterprise/"
    client.post("/logout/")
    assert [finding.code for finding in client.get(done).context["refusals"]] == ["challenge.unknown"]


@pytest.mark.parametrize(
    "answer",
    # A name for each: the signed one is another every second, and the processes of a run must agree on the tests.
    [
        pytest.param("", id="empty"),
        pytest.param("x", id="nonsense"),
        pytest.param(signing.dumps({"challenge": "x"}, salt="another"), id="signed for something else"),
    ],
)
def test_an_answer_of_ones_own_making_is_refused(front: Front, answer: str) -> None:
    reply = Client().get(f"{ENTRANCE}done/", {"answer": answer})
    assert [finding.code for finding in reply.context["refusals"]] == ["entrance.bad_answer"]


def test_the_entrance_serves_nothing_else(front: Front, pki: DemoPki) -> None:
    assert Visitor(front, issue(pki)).get(f"{front.entrance}/lookup/").url == f"{front.public}/lookup/"
    assert Visitor(front).get(f"{front.entrance}/static/css/theme.css").status == 200


def test_bindings_need_both_settings() -> None:
    with override_settings(CAKEY_TLS_URL="", CAKEY_PROXY_SECRET=SECRET):
        assert "用浏览器中的证书登录" not in Client().get("/enterprise/login/").content.decode()
