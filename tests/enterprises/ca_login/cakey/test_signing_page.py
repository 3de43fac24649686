"""The signing script in a real browser, under the portal's content security policy."""

from __future__ import annotations

import base64
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from devtools.demo_keys.authority import PrivateKey, key_usage, subject_name
from devtools.demo_keys.pki import CAKEY_CA, DemoPki, EnterpriseKey
from enterprises.ca_login.cakey import chain, cms
from enterprises.ca_login.cakey.chain import CakeyConfig

from .conftest import PIN

STATIC = Path(settings.ROOT) / "static"
SCRIPTS = {
    "/forge.min.js": STATIC / "vendor" / "forge" / "forge.min.js",
    "/login.js": STATIC / "js" / "ca_key_login.js",
}
OLD_CHALLENGE = "ukey-login|http://localhost|jxcloud|page-AAAA|1795449600"
NEW_CHALLENGE = "ukey-login|http://localhost|jxcloud|fresh-BBBB|1795449660"
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

LOGIN_PAGE = f"""<!doctype html><html lang="zh-CN"><title>企业登录</title>
<link rel="icon" href="data:,"><script src="/forge.min.js" defer></script><script src="/login.js" defer></script>
<section data-cakey hidden CHALLENGE_URL><form method="post" action="/login">
<input type="hidden" name="csrfmiddlewaretoken" value="token-1">
<input type="hidden" name="challenge" value="{OLD_CHALLENGE}"><input type="hidden" name="signature">
<label for="file">CA 锁文件</label><input type="file" id="file" name="file" data-cakey-file>
<label for="pin">PIN 码</label><input type="password" id="pin" name="pin" autocomplete="off" data-cakey-pin>
<p data-cakey-message role="alert" hidden></p><button>登录</button></form></section>"""


@dataclass
class Portal:
    """Serves the page and keeps everything that a browser sends."""

    address: str = ""
    challenge_status: int = 200
    challenge_url: str = 'data-challenge-url="/challenge"'
    headers: list[Message] = field(default_factory=list)
    bodies: list[tuple[str, bytes]] = field(default_factory=list)

    def answer(self, method: str, path: str) -> tuple[int, str, bytes]:
        if method == "GET" and path in SCRIPTS:
            return 200, "text/javascript; charset=utf-8", SCRIPTS[path].read_bytes()
        if method == "GET":
            return 200, "text/html; charset=utf-8", LOGIN_PAGE.replace("CHALLENGE_URL", self.challenge_url).encode()
        if path == "/challenge":
            return self.challenge_status, "application/json", f'{{"challenge": "{NEW_CHALLENGE}"}}'.encode()
        return (
            200,
            "text/html; charset=utf-8",
            '<title>ok</title><link rel="icon" href="data:,"><h1>已提交</h1>'.encode(),
        )

    def posted(self) -> dict[str, str]:
        (body,) = [body for path, body in self.bodies if path == "/login"]
        return {key: values[0] for key, values in parse_qs(body.decode(), keep_blank_values=True).items()}


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal = Portal()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply("GET")

        def do_POST(self) -> None:
            portal.headers.append(self.headers)
            portal.bodies.append((self.path, self.rfile.read(int(self.headers["Content-Length"] or 0))))
            self.reply("POST")

        def reply(self, method: str) -> None:
            status, kind, content = portal.answer(method, self.path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            # data: only for the empty icon, as the portal allows it.
            self.send_header("Content-Security-Policy", POLICY + "; img-src 'self' data:")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    portal.address = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser writes to its console, violations of the policy among it."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def fill(page: Page, portal: Portal, content: bytes | None, pin: str = PIN) -> None:
    page.goto(portal.address)
    if content is not None:
        file = {"name": "key.p12", "mimeType": "application/x-pkcs12", "buffer": content}
        page.get_by_label("CA 锁文件").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_label("PIN 码").fill(pin)
    page.get_by_role("button", name="登录").click()


def alert(page: Page) -> Locator:
    return page.get_by_role("alert")


def test_key_file_signs_the_challenge_and_stays_in_the_browser(
    page: Page, portal: Portal, complaints: list[str], enterprise_key: EnterpriseKey, config: CakeyConfig
) -> None:
    fill(page, portal, enterprise_key.p12)
    expect(page.get_by_role("heading", name="已提交")).to_be_visible()
    posted = portal.posted()
    assert set(posted) == {"csrfmiddlewaretoken", "challenge", "signature"}
    assert posted["challenge"] == NEW_CHALLENGE
    signer, others = cms.verify(base64.b64decode(posted["signature"], validate=True), NEW_CHALLENGE.encode())
    assert signer == enterprise_key.certificate
    assert chain.check_certificate(signer, others=others, now=datetime.now(UTC), config=config) == []
    sent = b"".join(body for _, body in portal.bodies)
    assert PIN.encode() not in sent
    assert base64.b64encode(enterprise_key.p12)[:40] not in sent
    assert enterprise_key.p12[:40] not in sent
    assert complaints == []


def test_fresh_challenge_is_asked_for_with_the_token(page: Page, portal: Portal, enterprise_key: EnterpriseKey) -> None:
    fill(page, portal, enterprise_key.p12)
    expect(page.get_by_role("heading", name="已提交")).to_be_visible()
    assert [path for path, _ in portal.bodies] == ["/challenge", "/login"]
    assert portal.headers[0]["X-CSRFToken"] == "token-1"


@pytest.mark.parametrize("case", ["no address", "refused"])
def test_challenge_of_the_page_is_used_when_there_is_no_other(
    page: Page, portal: Portal, enterprise_key: EnterpriseKey, case: str
) -> None:
    portal.challenge_url = "" if case == "no address" else portal.challenge_url
    portal.challenge_status = 403
    fill(page, portal, enterprise_key.p12)
    expect(page.get_by_role("heading", name="已提交")).to_be_visible()
    posted = portal.posted()
    assert posted["challenge"] == OLD_CHALLENGE
    cms.verify(base64.b64decode(posted["signature"]), OLD_CHALLENGE.encode())


def exported_by_openssl(key: EnterpriseKey, folder: Path, *options: str) -> bytes:
    pem = key.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(pem)
    (folder / "cert.pem").write_bytes(key.certificate.public_bytes(serialization.Encoding.PEM))
    command = ["openssl", "pkcs12", "-export", "-inkey", "key.pem", "-in", "cert.pem", "-out", "key.p12"]
    subprocess.run([*command, "-passout", f"pass:{PIN}", *options], cwd=folder, check=True, capture_output=True)
    return (folder / "key.p12").read_bytes()


@pytest.mark.parametrize("options", [(), ("-legacy",)], ids=["AES", "RC2 and 3DES"])
def test_files_of_other_programs_open_too(
    page: Page, portal: Portal, enterprise_key: EnterpriseKey, tmp_path: Path, options: tuple[str, ...]
) -> None:
    content = exported_by_openssl(enterprise_key, tmp_path, *options)
    fill(page, portal, content)
    expect(page.get_by_role("heading", name="已提交")).to_be_visible()
    signer, _ = cms.verify(base64.b64decode(portal.posted()["signature"]), NEW_CHALLENGE.encode())
    assert signer == enterprise_key.certificate
    fill(page, portal, content, pin="falsch")
    expect(alert(page)).to_contain_text("PIN 码不正确")


def test_wrong_pin_is_said_and_can_be_corrected(
    page: Page, portal: Portal, complaints: list[str], enterprise_key: EnterpriseKey
) -> None:
    fill(page, portal, enterprise_key.p12, pin="pin-1234")
    expect(alert(page)).to_contain_text("PIN 码不正确")
    pin = page.get_by_label("PIN 码")
    expect(pin).to_be_focused()
    expect(pin).to_have_attribute("aria-invalid", "true")
    assert portal.bodies == []
    pin.fill(PIN)
    pin.press("Enter")
    expect(page.get_by_role("heading", name="已提交")).to_be_visible()
    assert complaints == []


def elliptic_key(pki: DemoPki) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = pki.authority(CAKEY_CA).issue(
        subject_name("演示建筑有限公司", "李演"),
        key.public_key(),
        [(key_usage(sign_documents=True), True)],
        not_after=datetime.now(UTC) + timedelta(days=1),
    )
    return p12(key, certificate)


def p12(key: PrivateKey | None, certificate: x509.Certificate | None, *extra: x509.Certificate) -> bytes:
    encryption = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(2048)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .build(PIN.encode())
    )
    return pkcs12.serialize_key_and_certificates(b"key", key, certificate, list(extra) or None, encryption)


UNUSABLE: dict[str, tuple[Callable[[DemoPki, EnterpriseKey], bytes | None], str]] = {
    "no file": (lambda pki, key: None, "请先选择 CA 锁文件"),
    "picture": (lambda pki, key: b"\x89PNG\r\n" + bytes(200), "这不是 CA 锁文件"),
    "text": (lambda pki, key: "不是锁".encode(), "这不是 CA 锁文件"),
    "certificate": (lambda pki, key: key.certificate.public_bytes(serialization.Encoding.DER), "这不是 CA 锁文件"),
    "too large": (lambda pki, key: key.p12 + bytes(300 * 1024), "这不是 CA 锁文件"),
    "truncated": (lambda pki, key: key.p12[:-100], "这不是 CA 锁文件"),
    "no private key": (lambda pki, key: p12(None, None, key.certificate), "没有可以签名的密钥"),
    "elliptic curve": (lambda pki, key: elliptic_key(pki), "改用 CA 机构的签名工具"),
    "no certificate": (lambda pki, key: p12(key.key, None), "没有与密钥配套的证书"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_unusable_file_gets_its_sentence(
    page: Page, portal: Portal, complaints: list[str], pki: DemoPki, enterprise_key: EnterpriseKey, name: str
) -> None:
    make, sentence = UNUSABLE[name]
    fill(page, portal, make(pki, enterprise_key))
    expect(alert(page)).to_contain_text(sentence)
    expect(page.get_by_role("button", name="登录")).to_be_enabled()
    assert portal.bodies == []
    assert complaints == []


def test_missing_pin_is_asked_for(page: Page, portal: Portal, enterprise_key: EnterpriseKey) -> None:
    fill(page, portal, enterprise_key.p12, pin="")
    expect(alert(page)).to_contain_text("请输入 CA 锁的 PIN 码")
    expect(page.get_by_label("PIN 码")).to_be_focused()


def test_without_javascript_nothing_is_offered_that_would_send_the_key(portal: Portal, page: Page) -> None:
    assert page.context.browser is not None
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(portal.address)
    expect(plain.locator("[data-cakey]")).to_be_hidden()
    context.close()


def test_vendored_library_is_the_published_one_with_its_licence() -> None:
    """node-forge 1.4.3 from npm, without the reference to a source map that is not here."""
    assert "BSD" in SCRIPTS["/forge.min.js"].with_name("LICENSE").read_text()
    assert "sourceMappingURL" not in SCRIPTS["/forge.min.js"].read_text()
    assert "eval(" not in SCRIPTS["/forge.min.js"].read_text()
