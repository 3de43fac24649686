"""Login by CA key with real keys of the demonstration CA: what lets in, what does not, and by which words."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from cryptography.hazmat.primitives import serialization
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.enums import Sphere
from accounts.models import User
from administration.models import AuditEntry
from administration.throttle import Limit
from devtools.demo_keys.pki import EnterpriseKey
from enterprises.ca_login.key_services import PresentedKey, bind_key
from enterprises.enums import EnterpriseStatus
from enterprises.models import CaKey, Enterprise
from tests.clock import Clock
from tests.concurrency import at_once
from tests.factories import make_enterprise, make_person, make_uscc

from .keys import LOGIN, answer, challenge_of, fingerprint, foreign, form, issue, revoke, sign

pytestmark = pytest.mark.django_db
USCC = make_uscc(9_100_001)
NOW = datetime.now(UTC)


@pytest.fixture
def enterprise() -> Enterprise:
    return make_enterprise("江西赣江路桥建设有限公司", uscc=USCC)


def body(response: Any) -> str:
    return str(response.content.decode())


def codes(response: Any) -> list[str]:
    return [finding.code for finding in response.context["refusals"]]


# --- who comes in ---


def test_a_valid_key_logs_in_and_is_bound_at_its_first_use(client: Client, enterprise: Enterprise) -> None:
    key = issue(USCC)
    first_session = client.get(LOGIN) and client.session.session_key
    reply = answer(client, key)
    assert reply["Location"] == "/enterprise/"
    bound = CaKey.objects.get()
    assert (bound.enterprise, bound.fingerprint) == (enterprise, fingerprint(key.certificate))
    assert (bound.operator_name, bound.valid_to) == ("李会计", key.certificate.not_valid_after_utc)
    assert bound.user.sphere == Sphere.OPERATOR
    assert not bound.user.has_usable_password()
    assert client.session.session_key != first_session, "the session is changed at login"
    assert client.session["_auth_user_backend"] == "enterprises.ca_login.backend.CaKeyBackend"
    assert enterprise.name in body(client.get("/enterprise/"))
    actions = AuditEntry.objects.values_list("action", flat=True)
    assert {"key.bound", "login"} <= set(actions)


def test_a_bound_key_logs_in_again_as_the_same_operator(enterprise: Enterprise) -> None:
    for _ in range(2):
        assert answer(Client(), issue(USCC)).status_code == 302
    assert User.objects.filter(sphere=Sphere.OPERATOR).count() == 1


def test_an_enterprise_has_several_keys(enterprise: Enterprise) -> None:
    assert answer(Client(), issue(USCC, "李会计")).status_code == 302
    second = Client()
    assert answer(second, issue(USCC, "周安全")).status_code == 302
    second.post("/enterprise/login/operator/", {"operator_name": "周安全"})
    assert CaKey.objects.filter(enterprise=enterprise).count() == 2


def test_the_login_leads_to_the_page_asked_for(client: Client, enterprise: Enterprise) -> None:
    asked = client.get("/enterprise/profile/")
    assert asked["Location"] == f"{LOGIN}?next=%2Fenterprise%2Fprofile%2F"
    assert answer(client, issue(USCC), next="/enterprise/profile/")["Location"] == "/enterprise/profile/"
    assert client.get(LOGIN)["Location"] == "/enterprise/"


def test_the_session_of_somebody_else_in_this_browser_ends(client: Client, enterprise: Enterprise) -> None:
    client.force_login(make_person("张小明").user)
    assert "您现在以“张小明”登录" in body(client.get(LOGIN))
    assert answer(client, issue(USCC)).status_code == 302
    assert client.get("/person/").status_code == 403


def test_a_signature_of_openssl_is_taken_as_a_file(client: Client, enterprise: Enterprise, tmp_path: Path) -> None:
    """The way without JavaScript, by the command that the page shows."""
    key = issue(USCC)
    challenge = challenge_of(client)
    downloaded = client.get("/enterprise/login/challenge.txt")
    assert downloaded.content.decode() == challenge
    assert "attachment" in downloaded["Content-Disposition"]
    (tmp_path / "challenge.txt").write_bytes(downloaded.content)
    (tmp_path / "cert.pem").write_bytes(key.certificate.public_bytes(serialization.Encoding.PEM))
    private = key.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "key.pem").write_bytes(private)
    command = "openssl cms -sign -binary -nodetach -md sha256 -in challenge.txt -signer cert.pem -inkey key.pem"
    subprocess.run([*command.split(), "-outform", "DER", "-out", "login.p7s"], cwd=tmp_path, check=True)
    upload = SimpleUploadedFile("login.p7s", (tmp_path / "login.p7s").read_bytes())
    assert client.post(LOGIN, {"challenge": challenge, "signature_file": upload})["Location"] == "/enterprise/"


@pytest.mark.parametrize("detached", [True, False])
def test_a_signature_may_be_pasted_as_pem(client: Client, enterprise: Enterprise, detached: bool) -> None:
    challenge = challenge_of(client)
    text = base64.encodebytes(sign(issue(USCC), challenge.encode(), detached=detached)).decode()
    pem = f"-----BEGIN PKCS7-----\r\n{text}-----END PKCS7-----\r\n"
    assert client.post(LOGIN, {"challenge": challenge, "signature": pem}).status_code == 302


def test_the_script_gets_a_fresh_challenge(client: Client, enterprise: Enterprise) -> None:
    client.get(LOGIN)
    assert client.get("/enterprise/login/challenge/").status_code == 405
    challenge = client.post("/enterprise/login/challenge/").json()["challenge"]
    assert challenge.startswith("ukey-login|http://testserver|")
    assert client.post(LOGIN, form(challenge, sign(issue(USCC), challenge.encode()))).status_code == 302


def test_two_login_pages_beside_each_other_both_work(client: Client, enterprise: Enterprise) -> None:
    first, second = challenge_of(client), challenge_of(client)
    assert first != second
    assert client.post(LOGIN, form(first, sign(issue(USCC), first.encode()))).status_code == 302


# --- who does not ---


def refused(client: Client, key: EnterpriseKey, *expected: str) -> Any:
    reply = answer(client, key)
    assert reply.status_code == 403
    assert codes(reply) == list(expected)
    assert "_auth_user_id" not in client.session
    assert not CaKey.objects.exists()
    entry = AuditEntry.objects.get(action="login.refused")
    assert entry.detail["reasons"] == list(expected)
    return reply


def test_an_expired_key_is_refused(client: Client, enterprise: Enterprise) -> None:
    key = issue(USCC, not_before=NOW - timedelta(days=800), not_after=NOW - timedelta(days=1))
    assert "CA 锁已过期" in body(refused(client, key, "key.expired"))


def test_a_key_that_is_not_yet_valid_is_refused(client: Client, enterprise: Enterprise) -> None:
    refused(client, issue(USCC, not_before=NOW + timedelta(days=2)), "key.not_yet_valid")


def test_a_revoked_key_is_refused(client: Client, enterprise: Enterprise) -> None:
    key = issue(USCC, "遗失锁的人")
    revoke(key)
    assert "已被 CA 机构吊销" in body(refused(client, key, "key.revoked"))


def test_a_key_of_a_foreign_ca_is_refused(client: Client, enterprise: Enterprise, tmp_path: Path) -> None:
    assert "不是受信任的 CA 机构" in body(refused(client, foreign(tmp_path, USCC), "key.foreign_issuer"))


def test_an_enterprise_that_is_not_registered_is_refused(client: Client) -> None:
    other = make_uscc(9_100_002)
    assert f"企业未登记：{other}" in body(refused(client, issue(other), "enterprise.unknown"))


@pytest.mark.parametrize(
    ("status", "word"), [(EnterpriseStatus.DISSOLVED, "企业已注销"), (EnterpriseStatus.REVOKED, "企业已吊销")]
)
def test_a_dissolved_enterprise_is_refused(client: Client, status: EnterpriseStatus, word: str) -> None:
    make_enterprise(uscc=USCC, status=status, dissolved_on=timezone.localdate())
    assert word in body(refused(client, issue(USCC), "enterprise.gone"))


def test_a_certificate_without_a_credit_code_is_refused(client: Client) -> None:
    refused(client, issue("360102198506150012"), "key.no_uscc")


def test_all_reasons_are_given_at_once(client: Client) -> None:
    key = issue(make_uscc(9_100_003), not_before=NOW - timedelta(days=800), not_after=NOW - timedelta(days=1))
    revoke(key)
    refused(client, key, "key.expired", "key.revoked", "enterprise.unknown")


def test_without_a_revocation_list_nobody_is_let_in(client: Client, enterprise: Enterprise, settings: Any) -> None:
    settings.CAKEY_CRLS = []
    reply = refused(client, issue(USCC), "key.no_revocation_list")
    assert "系统管理员" in body(reply)


def test_a_blocked_key_is_refused_with_the_reason_and_loses_its_session(client: Client, enterprise: Enterprise) -> None:
    answer(client, issue(USCC))
    other = Client()
    answer(other, issue(USCC, "周安全"))
    other.post("/enterprise/login/operator/", {"operator_name": "周安全", "role": "manager"})
    lost = CaKey.objects.get(operator_name="李会计")
    reply = other.post(f"/enterprise/keys/{lost.pk}/block/", {"reason": "CA 锁遗失"}, follow=True)
    assert "已停用" in body(reply)
    assert client.get("/enterprise/")["Location"].startswith(LOGIN)
    reply = answer(client, issue(USCC))
    assert codes(reply) == ["key.blocked"]
    assert "CA 锁遗失" in body(reply)


def test_the_session_ends_with_the_enterprise(client: Client, enterprise: Enterprise) -> None:
    answer(client, issue(USCC))
    Enterprise.objects.update(status=EnterpriseStatus.DISSOLVED, dissolved_on=timezone.localdate())
    assert client.get("/enterprise/")["Location"].startswith(LOGIN)


def test_a_disabled_operator_is_refused(client: Client, enterprise: Enterprise) -> None:
    answer(client, issue(USCC))
    User.objects.filter(sphere=Sphere.OPERATOR).update(is_active=False)
    assert codes(answer(Client(), issue(USCC))) == ["key.not_usable"]


# --- the challenge ---


def test_a_challenge_is_good_once(enterprise: Enterprise) -> None:
    client, key = Client(), issue(USCC)
    challenge = challenge_of(client)
    sent = form(challenge, sign(key, challenge.encode()))
    assert client.post(LOGIN, sent).status_code == 302
    client.post("/logout/")
    reply = client.post(LOGIN, sent)
    assert (reply.status_code, codes(reply)) == (403, ["challenge.unknown"])


def test_a_failed_attempt_uses_the_challenge_up(client: Client, enterprise: Enterprise) -> None:
    challenge = challenge_of(client)
    assert client.post(LOGIN, form(challenge, sign(issue(USCC), b"other"))).status_code == 403
    reply = client.post(LOGIN, form(challenge, sign(issue(USCC), challenge.encode())))
    assert codes(reply) == ["challenge.unknown"]
    assert challenge not in body(reply), "the page brings a new one"


def test_a_challenge_is_good_for_two_minutes(client: Client, enterprise: Enterprise, clock: Clock) -> None:
    challenge = challenge_of(client)
    clock.forward(timedelta(seconds=121))
    assert client.get("/enterprise/login/challenge.txt").status_code == 404
    reply = client.post(LOGIN, form(challenge, sign(issue(USCC), challenge.encode())))
    assert (reply.status_code, codes(reply)) == (403, ["challenge.expired"])
    assert "2分钟" in body(reply)


def test_a_signature_is_no_use_in_another_session(enterprise: Enterprise) -> None:
    victim, thief = Client(), Client()
    challenge = challenge_of(victim)
    sent = form(challenge, sign(issue(USCC), challenge.encode()))
    challenge_of(thief)
    assert codes(thief.post(LOGIN, sent)) == ["challenge.unknown"]
    assert codes(Client().post(LOGIN, sent)) == ["challenge.unknown"]
    assert victim.post(LOGIN, sent).status_code == 302


def test_a_challenge_of_ones_own_making_is_refused(client: Client, enterprise: Enterprise) -> None:
    challenge_of(client)
    made_up = f"ukey-login|http://testserver|jxcloud|abc|{int(NOW.timestamp()) + 100}"
    assert codes(client.post(LOGIN, form(made_up, sign(issue(USCC), made_up.encode())))) == ["challenge.unknown"]


def test_a_tampered_signature_is_refused(client: Client, enterprise: Enterprise) -> None:
    challenge = challenge_of(client)
    der = bytearray(sign(issue(USCC), challenge.encode()))
    der[-5] ^= 1
    reply = client.post(LOGIN, form(challenge, bytes(der)))
    assert (reply.status_code, codes(reply)) == (403, ["signature.wrong"])


def test_repeated_broken_signatures_are_stopped_for_a_while(
    client: Client, enterprise: Enterprise, clock: Clock
) -> None:
    for _ in range(10):
        challenge = challenge_of(client)
        assert client.post(LOGIN, form(challenge, b"0\x03\x02\x01\x01")).status_code == 403
    reply = answer(client, issue(USCC))
    assert (reply.status_code, codes(reply)) == (429, ["signature.too_many"])
    clock.forward(timedelta(minutes=16))
    assert answer(client, issue(USCC)).status_code == 302


def test_keys_that_are_merely_refused_stop_nobody_else(client: Client, enterprise: Enterprise) -> None:
    unknown = issue(make_uscc(9_100_004))
    for _ in range(11):
        assert answer(client, unknown).status_code == 403
    assert answer(client, issue(USCC)).status_code == 302


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "请选择签名结果文件"),
        ({"signature": "这不是 base64"}, "这不是签名结果"),
        ({"signature_file": SimpleUploadedFile("a.p7s", b"\xff" * 70_000)}, "不会超过 64 KB"),
    ],
)
def test_bad_input_is_told_at_its_field_and_keeps_the_challenge(
    client: Client, enterprise: Enterprise, sent: dict[str, object], words: str
) -> None:
    challenge = challenge_of(client)
    reply = client.post(LOGIN, {"challenge": challenge, **sent})
    assert reply.status_code == 400
    assert words in body(reply)
    assert challenge in body(reply)
    assert '<details class="sheet" open>' in body(reply)
    assert client.post(LOGIN, form(challenge, sign(issue(USCC), challenge.encode()))).status_code == 302


# --- binding ---


def presented(**changes: object) -> PresentedKey:
    values: dict[str, object] = {
        "uscc": USCC,
        "certificate_name": "李会计",
        "fingerprint": "ab" * 32,
        "serial_number": "1f",
        "issuer": "CN=演示",
        "valid_from": NOW - timedelta(days=1000),
        "valid_to": NOW + timedelta(days=60),
    }
    return PresentedKey(**values | changes)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_eight_first_logins_at_once_bind_the_key_once() -> None:
    enterprise = make_enterprise(uscc=USCC)
    calls: list[Callable[[], CaKey]] = [
        lambda: bind_key(enterprise_id=enterprise.pk, presented=presented(), now=NOW)
    ] * 8
    outcomes = at_once(calls)
    assert all(isinstance(outcome, CaKey) for outcome in outcomes), outcomes
    assert CaKey.objects.count() == 1
    assert User.objects.filter(sphere=Sphere.OPERATOR).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_challenge_sent_eight_times_at_once_lets_in_once() -> None:
    make_enterprise(uscc=USCC)
    client, key = Client(), issue(USCC)
    challenge = challenge_of(client)
    sent = form(challenge, sign(key, challenge.encode()))

    def attempt() -> int:
        copy = Client()
        copy.cookies = client.cookies.copy()  # type: ignore[assignment]
        return copy.post(LOGIN, sent).status_code

    statuses = at_once([attempt] * 8)
    assert statuses.count(302) == 1, statuses
    # 400 is Django's answer to a session that the winner's login has ended meanwhile.
    assert set(statuses) <= {302, 403, 400}, statuses


@pytest.mark.usefixtures("fresh_windows")
@pytest.mark.parametrize(
    ("method", "address"),
    [("post", "/enterprise/login/challenge/"), ("get", "/enterprise/login/certificate/start/")],
)
def test_challenges_are_limited_by_address(client: Client, settings: Any, method: str, address: str) -> None:
    settings.CAKEY_PROXY_SECRET = "s" * 60
    settings.CAKEY_TLS_URL = "https://key.example.test"
    with mock.patch("enterprises.ca_login.views.CHALLENGES", Limit("ca_key_challenge", 3)):
        for _ in range(3):
            assert getattr(client, method)(address).status_code in (200, 302)
        stopped = getattr(client, method)(address)
        assert stopped.status_code == 429
        assert int(stopped["Retry-After"]) > 0
        assert getattr(client, method)(address, REMOTE_ADDR="192.0.2.7").status_code in (200, 302), "others go on"
