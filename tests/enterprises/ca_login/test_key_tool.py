"""The key tool: signs the challenge with a token or a key file; the login page takes what it makes."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from devtools.demo_keys.authority import key_usage, subject_name
from devtools.demo_keys.pki import CAKEY_CA, DemoPki
from enterprises.models import CaKey
from tests.factories import make_enterprise, make_uscc
from tests.softhsm import SoftHsm

from .keys import LOGIN, PIN, challenge_of, issue, revoke

pytestmark = pytest.mark.django_db
USCC = make_uscc(9_600_001)
REFUSED = 1


def tool(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As it is called at a command line, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "clients.ca_key_tool", *arguments, "--challenge", str(folder / "challenge.txt")],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
    )


def download(client: Client, folder: Path) -> str:
    challenge = challenge_of(client)
    (folder / "challenge.txt").write_bytes(client.get("/enterprise/login/challenge.txt").content)
    return challenge


def pin(folder: Path, text: str) -> str:
    (folder / "pin").write_text(text)
    return str(folder / "pin")


def test_a_token_logs_in(client: Client, hsm: SoftHsm, tmp_path: Path) -> None:
    make_enterprise(uscc=USCC)
    key = issue(USCC)
    label = hsm.put(key.key, key.certificate)
    challenge = download(client, tmp_path)
    made = tool(
        tmp_path, "--token", hsm.address(label), "--pin-file", str(hsm.pin_file), "--out", str(tmp_path / "login.p7s")
    )
    assert made.returncode == 0, made.stderr
    assert "登录：http://testserver" in made.stderr
    upload = SimpleUploadedFile("login.p7s", (tmp_path / "login.p7s").read_bytes())
    reply = client.post(LOGIN, {"challenge": challenge, "signature_file": upload})
    assert reply["Location"] == "/enterprise/"
    assert CaKey.objects.get().serial_number == f"{key.certificate.serial_number:x}"


def test_a_token_with_an_elliptic_curve_key_logs_in(client: Client, hsm: SoftHsm, tmp_path: Path) -> None:
    """Its certificate lies beside it in a file, as some tokens have it."""
    make_enterprise(uscc=USCC)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        DemoPki(settings.DEMO_PKI)
        .authority(CAKEY_CA)
        .issue(
            subject_name("演示企业", "涂建", serial_number=USCC),
            key.public_key(),
            [(key_usage(sign_documents=True), True)],
            not_after=datetime.now(UTC) + timedelta(days=10),
        )
    )
    (tmp_path / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    token = ("--token", hsm.address(hsm.put(key)), "--pin-file", str(hsm.pin_file))
    challenge = download(client, tmp_path)
    assert "没有与私钥相符的证书" in tool(tmp_path, *token).stderr
    made = tool(tmp_path, *token, "--certificate", str(tmp_path / "cert.pem"))
    assert client.post(LOGIN, {"challenge": challenge, "signature": made.stdout})["Location"] == "/enterprise/"


def test_a_revoked_token_is_refused_with_its_reason(client: Client, hsm: SoftHsm, tmp_path: Path) -> None:
    make_enterprise(uscc=USCC)
    key = issue(USCC, "遗失令牌的人")
    label = hsm.put(key.key, key.certificate)
    revoke(key)
    challenge = download(client, tmp_path)
    made = tool(tmp_path, "--token", hsm.address(label), "--pin-file", str(hsm.pin_file))
    reply = client.post(LOGIN, {"challenge": challenge, "signature": made.stdout})
    assert [finding.code for finding in reply.context["refusals"]] == ["key.revoked"]


def test_a_key_file_logs_in(client: Client, tmp_path: Path) -> None:
    make_enterprise(uscc=USCC)
    (tmp_path / "key.p12").write_bytes(issue(USCC).p12)
    challenge = download(client, tmp_path)
    made = tool(tmp_path, "--p12", str(tmp_path / "key.p12"), "--pin-file", pin(tmp_path, PIN))
    assert client.post(LOGIN, {"challenge": challenge, "signature": made.stdout})["Location"] == "/enterprise/"


@pytest.mark.parametrize(
    "content",
    ["我同意转让全部股份", "ukey-login|http://testserver", "ukey-login|a|b|c|d|e", "ukey-login|a|b|c|" + "1" * 600],
)
def test_nothing_but_a_challenge_is_signed(tmp_path: Path, content: str) -> None:
    (tmp_path / "key.p12").write_bytes(issue(USCC).p12)
    (tmp_path / "challenge.txt").write_text(content)
    made = tool(tmp_path, "--p12", str(tmp_path / "key.p12"), "--pin-file", pin(tmp_path, PIN))
    assert (made.returncode, made.stdout) == (REFUSED, "")
    assert "这不是登录口令" in made.stderr


def test_what_is_wrong_is_told_in_a_sentence(client: Client, hsm: SoftHsm, tmp_path: Path) -> None:
    (tmp_path / "key.p12").write_bytes(issue(USCC).p12)
    download(client, tmp_path)
    file = ("--p12", str(tmp_path / "key.p12"))
    for arguments, words in (
        ((*file, "--pin-file", pin(tmp_path, "wrong")), "PIN 码不正确"),
        ((*file, "--pin-file", str(tmp_path / "none")), "无法读取"),
        ((*file, "--pin-file", str(hsm.pin_file), "--origin", "https://portal.example"), "另一个网站"),
        (("--token", "pkcs11:x", "--pin-file", str(hsm.pin_file)), "PKCS#11 address"),
        (("--token", hsm.address("nobody"), "--pin-file", str(hsm.pin_file)), "holds 0 keys"),
    ):
        made = tool(tmp_path, *arguments)
        assert (made.returncode, made.stdout) == (REFUSED, "")
        assert words in made.stderr
        assert "Traceback" not in made.stderr
