"""OCSP with a real responder on this machine, and the hourly renewal of revocation lists."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.core.cache import cache
from django.test import Client

from administration.enums import RunState
from administration.models import JobRun
from administration.nightly import run_nightly
from devtools.demo_keys.authority import Authority, PrivateKey, key_usage, subject_name
from devtools.demo_keys.pki import CAKEY_CA, CAKEY_ROOT, DemoPki
from enterprises.ca_login.cakey.chain import CakeyConfig, Revocation, check_certificate
from enterprises.ca_login.cakey.lists import ListsInDanger
from tests.enterprises.ca_login.keys import answer, issue
from tests.factories import make_enterprise, make_uscc

from .conftest import PIN, USCC

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@dataclass
class Responder:
    """What it answers can be changed; it counts how often it is asked."""

    pki: DemoPki
    url: str = ""
    revoked: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)
    signer: tuple[x509.Certificate, PrivateKey] | None = None
    names_its_signer: bool = True
    life: timedelta = timedelta(hours=1)
    this_update: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(minutes=1))
    serial: int = 0
    raw: bytes | None = None
    asked: int = 0

    def reply(self, body: bytes) -> bytes:
        self.asked += 1
        if self.raw is not None:
            return self.raw
        request = ocsp.load_der_ocsp_request(body)
        issuer = self.pki.authority(CAKEY_CA)
        certificate, key = self.signer or (issuer.certificate, issuer.key)
        serial = self.serial or request.serial_number
        status = ocsp.OCSPCertStatus.GOOD
        if serial in self.revoked:
            status = ocsp.OCSPCertStatus.REVOKED
        if serial in self.unknown:
            status = ocsp.OCSPCertStatus.UNKNOWN
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            request.issuer_name_hash,
            request.issuer_key_hash,
            serial,
            request.hash_algorithm,
            status,
            self.this_update,
            self.this_update + self.life,
            NOW - DAY if status is ocsp.OCSPCertStatus.REVOKED else None,
            None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, certificate)
        if self.signer and self.names_its_signer:
            builder = builder.certificates([certificate])
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.fixture
def responder(own_pki: DemoPki, settings: Any) -> Iterator[Responder]:
    responder = Responder(own_pki)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = responder.reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """The tests say what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    responder.url = settings.CAKEY_OCSP_URL = f"http://127.0.0.1:{server.server_port}/"
    cache.clear()
    yield responder
    server.shutdown()
    server.server_close()
    thread.join()
    cache.clear()


@pytest.fixture
def certificate(own_pki: DemoPki) -> x509.Certificate:
    return own_pki.issue_enterprise_key(
        uscc=USCC, enterprise_name="演示建筑有限公司", operator_name="李演", pin=PIN
    ).certificate


def codes(
    pki: DemoPki, certificate: x509.Certificate, demanded: str, *, crls: bool = True, now: datetime | None = None
) -> list[str]:
    """`crls` False: without the list of the CA that issued the key."""
    lists = tuple(pki.cakey_crls) if crls else (pki.path(f"{CAKEY_ROOT}.crl"),)
    config = CakeyConfig((pki.cakey_roots,), lists, Revocation(demanded))
    return [
        item.code for item in check_certificate(certificate, others=[], now=now or datetime.now(UTC), config=config)
    ]


NO_LIST, UNREACHABLE = "key.no_revocation_list", "key.ocsp_unreachable"


@pytest.mark.parametrize(
    ("demanded", "crls", "reachable", "expected"),
    [
        ("ocsp", False, True, []),
        ("ocsp", True, False, [UNREACHABLE]),
        ("ocsp", False, False, [UNREACHABLE]),
        ("either", True, True, []),
        ("either", False, True, []),
        ("either", True, False, []),
        ("either", False, False, [NO_LIST, UNREACHABLE]),
        ("both", True, True, []),
        ("both", False, True, [NO_LIST]),
        ("both", True, False, [UNREACHABLE]),
        ("crl", True, False, []),
        ("crl", False, True, [NO_LIST]),
    ],
)
def test_what_is_demanded_decides(
    responder: Responder,
    certificate: x509.Certificate,
    settings: Any,
    demanded: str,
    crls: bool,
    reachable: bool,
    expected: list[str],
) -> None:
    if not reachable:
        settings.CAKEY_OCSP_URL = "http://127.0.0.1:9/"
    assert codes(responder.pki, certificate, demanded, crls=crls) == expected


@pytest.mark.parametrize("demanded", ["ocsp", "either", "both"])
def test_a_certificate_that_the_responder_knows_as_revoked_is_refused(
    responder: Responder, certificate: x509.Certificate, demanded: str
) -> None:
    responder.revoked.add(certificate.serial_number)
    assert codes(responder.pki, certificate, demanded) == ["key.revoked"]


def test_a_good_answer_does_not_outweigh_the_list(responder: Responder, certificate: x509.Certificate) -> None:
    responder.pki.revoke(certificate.serial_number)
    for demanded in ("ocsp", "either", "both"):
        assert codes(responder.pki, certificate, demanded) == ["key.revoked"]


def test_a_certificate_that_the_responder_does_not_know_is_refused(
    responder: Responder, certificate: x509.Certificate
) -> None:
    responder.unknown.add(certificate.serial_number)
    assert codes(responder.pki, certificate, "either") == ["key.ocsp_unknown"]


def test_the_authority_in_between_needs_its_list_all_the_same(
    responder: Responder, certificate: x509.Certificate
) -> None:
    responder.pki.path(f"{CAKEY_ROOT}.crl").unlink()
    config = CakeyConfig((responder.pki.cakey_roots,), (responder.pki.path(f"{CAKEY_CA}.crl"),), Revocation.OCSP)
    found = check_certificate(certificate, others=[], now=datetime.now(UTC), config=config)
    assert [item.code for item in found] == [NO_LIST]


def test_an_answer_is_kept_until_the_next_update(responder: Responder, certificate: x509.Certificate) -> None:
    for _ in range(3):
        assert codes(responder.pki, certificate, "ocsp") == []
    assert responder.asked == 1
    cache.clear()
    # Begins now, and not when the fixture was made: a busy machine must not find the answer outdated.
    responder.this_update, responder.life = datetime.now(UTC), timedelta(seconds=4)
    assert codes(responder.pki, certificate, "ocsp") == []
    threading.Event().wait(4.1)
    responder.this_update = datetime.now(UTC)
    responder.revoked.add(certificate.serial_number)
    assert codes(responder.pki, certificate, "ocsp") == ["key.revoked"]


def test_the_certificate_may_name_its_responder(responder: Responder, settings: Any) -> None:
    settings.CAKEY_OCSP_URL = ""
    access = x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(
                x509.oid.AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(responder.url)
            )
        ]
    )
    named = delegate(responder.pki, [(access, False)])[0]
    assert codes(responder.pki, named, "ocsp") == []
    silent = delegate(responder.pki, [])[0]
    assert codes(responder.pki, silent, "ocsp") == [UNREACHABLE]


# --- answers that are none ---


def delegate(
    pki: DemoPki, extensions: list[tuple[x509.ExtensionType, bool]], authority: Authority | None = None
) -> tuple[x509.Certificate, PrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (authority or pki.authority(CAKEY_CA)).issue(
        subject_name("演示", "演示OCSP", serial_number=USCC),
        key.public_key(),
        [(key_usage(sign_documents=True), True), *extensions],
        not_after=NOW + DAY,
    )
    return certificate, key


OCSP_SIGNING: tuple[x509.ExtensionType, bool] = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False)


def test_a_responder_named_by_the_issuer_is_believed(responder: Responder, certificate: x509.Certificate) -> None:
    responder.signer = delegate(responder.pki, [OCSP_SIGNING])
    assert codes(responder.pki, certificate, "ocsp") == []


def forge_stranger(responder: Responder) -> None:
    stranger = Authority.create(responder.pki.authority(CAKEY_CA).certificate.subject, years=1)
    responder.signer = delegate(responder.pki, [OCSP_SIGNING], stranger)


def forge_enterprise(responder: Responder) -> None:
    """An enterprise's own certificate is issued by the CA too, but not for this."""
    responder.signer = delegate(responder.pki, [])


def forge_unnamed(responder: Responder) -> None:
    responder.signer, responder.names_its_signer = delegate(responder.pki, [OCSP_SIGNING]), False


def forge_outdated(responder: Responder) -> None:
    responder.this_update = NOW - DAY


def forge_future(responder: Responder) -> None:
    responder.this_update = NOW + DAY


def forge_other_certificate(responder: Responder) -> None:
    responder.serial = 4711


def forge_garbage(responder: Responder) -> None:
    responder.raw = b"<html>not an answer"


def forge_busy(responder: Responder) -> None:
    unsuccessful = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    responder.raw = unsuccessful.public_bytes(Encoding.DER)


def forge_long(responder: Responder) -> None:
    responder.raw = b"0" * 100_000


@pytest.mark.parametrize(
    "forge",
    [
        forge_stranger,
        forge_enterprise,
        forge_unnamed,
        forge_outdated,
        forge_future,
        forge_other_certificate,
        forge_garbage,
        forge_busy,
        forge_long,
    ],
)
def test_what_is_no_proven_answer_counts_as_none(
    responder: Responder, certificate: x509.Certificate, forge: Callable[[Responder], None]
) -> None:
    forge(responder)
    assert codes(responder.pki, certificate, "ocsp") == [UNREACHABLE]
    assert responder.asked == 1


@pytest.mark.django_db
def test_the_login_names_the_responder_as_the_cause(client: Client, settings: Any) -> None:
    uscc = make_uscc(9_500_001)
    make_enterprise(uscc=uscc)
    settings.CAKEY_REVOCATION, settings.CAKEY_OCSP_URL = "both", "http://127.0.0.1:9/"
    reply = answer(client, issue(uscc))
    assert [finding.code for finding in reply.context["refusals"]] == [UNREACHABLE]
    assert "OCSP" in reply.content.decode()


# --- lists ---


@pytest.fixture
def portal(own_pki: DemoPki, tmp_path: Path, settings: Any) -> tuple[Path, Path]:
    """The list that the CA publishes, and the copy that the portal reads."""
    published, copy = tmp_path / "published.crl", tmp_path / "copy.crl"
    settings.CAKEY_TRUST_ROOTS = str(own_pki.cakey_roots)
    settings.CAKEY_CRLS, settings.CAKEY_CRL_URLS = [str(copy)], [str(published)]
    return published, copy


def publish(
    portal: tuple[Path, Path], authority: Authority, *, age: timedelta = timedelta(), life: timedelta = 7 * DAY
) -> bytes:
    crl = authority.crl({}, this_update=NOW - age, next_update=NOW - age + life)
    portal[0].write_bytes(crl.public_bytes(Encoding.DER))
    return crl.public_bytes(Encoding.PEM)


def run() -> JobRun:
    run = run_nightly("cakey_lists")
    assert run is not None
    return run


def alarm() -> str:
    with pytest.raises(ListsInDanger):
        run_nightly("cakey_lists")
    latest = JobRun.objects.latest("pk")
    assert latest.state == RunState.FAILED
    return latest.error


pytestmark = pytest.mark.django_db


def test_a_newer_list_is_taken_over_and_an_older_one_never(own_pki: DemoPki, portal: tuple[Path, Path]) -> None:
    ca = own_pki.authority(CAKEY_CA)
    newer = publish(portal, ca, age=DAY)
    assert run().counts == {"renewed": 1, "unchanged": 0, "failed": 0, "hours_left": 143}
    assert portal[1].read_bytes() == newer
    assert run().counts["unchanged"] == 1
    publish(portal, ca, age=2 * DAY)
    assert run().counts["unchanged"] == 1
    assert portal[1].read_bytes() == newer
    newest = publish(portal, ca)
    assert run().counts["renewed"] == 1
    assert portal[1].read_bytes() == newest


def test_lists_that_are_not_ours_are_left_alone_and_told(own_pki: DemoPki, portal: tuple[Path, Path]) -> None:
    good = publish(portal, own_pki.authority(CAKEY_CA), age=DAY)
    run()
    publish(portal, Authority.create(own_pki.authority(CAKEY_CA).certificate.subject, years=1))
    assert "不是受信任的 CA 机构签发的" in alarm()
    publish(portal, own_pki.authority(CAKEY_ROOT))
    assert "另一家 CA 机构" in alarm()
    publish(portal, own_pki.authority(CAKEY_CA), age=3 * DAY, life=DAY)
    assert "已过期" in alarm()
    portal[0].write_bytes(b"garbage")
    assert "不是吊销列表" in alarm()
    portal[0].unlink()
    assert "无法取得" in alarm()
    assert portal[1].read_bytes() == good


def test_a_list_that_runs_out_raises_the_alarm(own_pki: DemoPki, portal: tuple[Path, Path], settings: Any) -> None:
    settings.CAKEY_CRL_URLS = []
    assert "不存在或无法读取" in alarm()
    ca = own_pki.authority(CAKEY_CA)
    for life, words in ((timedelta(hours=20), "24小时内失效"), (-DAY, "已失效，CA 锁不能登录")):
        crl = ca.crl({}, this_update=NOW - 9 * DAY, next_update=NOW + life)
        portal[1].write_bytes(crl.public_bytes(Encoding.PEM))
        assert words in alarm()
        assert JobRun.objects.latest("pk").counts["hours_left"] in (0, 19)
