from __future__ import annotations

import dataclasses
import random
import resource
import time
import zlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pytest_django.fixtures import Settings

from certificates.ecert import verifying
from certificates.ecert.render import render
from certificates.ecert.signing import SigningConfig
from certificates.ecert.verify_child import examine
from certificates.ecert.verifying import SENTENCES, Verdict, VerificationConfig, verify_upload
from common.limited.scope import SHARE_FOR_WAITING, request_scope
from devtools.demo_keys import pki as demo_pki
from devtools.demo_keys.pki import ECERT_CA, ECERT_ROOT, DemoPki, ensure_demo_pki, load_certificate
from devtools.demo_servers.time_stamping import demo_tsa_server
from tests.attack import bombs
from tests.certificates.ecert.faces import face
from tests.certificates.ecert.signed_files import (
    byte_range,
    drawn_pdf,
    signed_pdf,
    signing_config,
    trust,
    verification_config,
    write,
)

SIGNER_NAME = demo_pki.SIGNER_SUBJECT[1]


def verdict(pdf: bytes, pki: DemoPki) -> Verdict:
    return verify_upload(pdf, verification_config(pki)).verdict


def verdict_in_process(pdf: bytes, pki: DemoPki, *, now: datetime | None = None) -> str:
    """Without the process around it, for tests with many files."""
    return str(examine(pdf, trust(pki), now or datetime.now(UTC))["verdict"])


@pytest.fixture(scope="module")
def stamped(pki: DemoPki, tsa_url: str) -> bytes:
    return signed_pdf(pki, tsa_url=tsa_url, pdf=render(face()))


@pytest.fixture(scope="module")
def small(pki: DemoPki, tsa_url: str) -> bytes:
    return signed_pdf(pki, tsa_url=tsa_url)


# --- ours ---


def test_our_certificate_is_intact_and_tells_its_data(pki: DemoPki, stamped: bytes) -> None:
    report = verify_upload(stamped, verification_config(pki))
    assert report.verdict is Verdict.INTACT
    assert report.is_intact
    assert not report.is_known
    assert report.signer == SIGNER_NAME
    assert report.data == face().as_data()
    assert report.timestamp is not None
    assert report.signed_at == report.timestamp
    assert abs(report.timestamp - datetime.now(UTC)) < timedelta(minutes=5)


def test_certificate_without_timestamp_states_its_own_time(pki: DemoPki) -> None:
    report = verify_upload(signed_pdf(pki), verification_config(pki))
    assert report.verdict is Verdict.INTACT
    assert report.timestamp is None
    assert report.signed_at is not None
    assert report.data == {}


def test_known_file_is_not_opened(pki: DemoPki, stamped: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def known(digest: str) -> bool:
        asked.append(digest)
        return True

    monkeypatch.setattr(verifying, "_examined", None)
    report = verify_upload(stamped, verification_config(pki), known_sha256=known)
    assert report.is_known
    assert report.is_intact
    assert asked == [report.sha256]


def test_unknown_file_is_opened(pki: DemoPki, stamped: bytes) -> None:
    report = verify_upload(stamped, verification_config(pki), known_sha256=lambda digest: False)
    assert report.is_intact
    assert not report.is_known


# --- changed ---


def flipped(pdf: bytes, offset: int, gap: tuple[int, int]) -> bytes:
    """One bit; inside the signature another hexadecimal digit, so that the change is not merely a broken one."""
    changed = bytearray(pdf)
    if gap[0] < offset < gap[1] - 1:
        changed[offset] = ord(f"{int(chr(changed[offset]), 16) ^ 1:X}")
    else:
        changed[offset] ^= 1
    return bytes(changed)


def test_one_changed_byte_anywhere_is_refused(pki: DemoPki, small: bytes) -> None:
    gap = byte_range(small)
    assert verdict_in_process(small, pki) == "intact"
    used = gap[0] + len(small[gap[0] : gap[1] - 1].rstrip(b"0"))
    chance = random.Random(20190401)
    offsets = {0, 6, gap[0], gap[0] + 1, gap[1] - 2, gap[1] - 1, gap[1], len(small) - 1}
    offsets.update(chance.sample(range(gap[0]), 30))
    offsets.update(chance.sample(range(gap[0], used), 120))
    offsets.update(chance.sample(range(used, gap[1]), 15))
    offsets.update(chance.sample(range(gap[1], len(small)), 20))
    verdicts = {offset: verdict_in_process(flipped(small, offset, gap), pki) for offset in sorted(offsets)}
    assert [offset for offset, verdict in verdicts.items() if verdict == "intact"] == []


def test_changed_content_is_called_altered(pki: DemoPki, small: bytes) -> None:
    """In the page itself, where a forger would write: the file stays readable."""
    offset = small.index(b"/MediaBox") + len(b"/MediaBox [ 0 0 5")
    assert verdict(flipped(small, offset, byte_range(small)), pki) is Verdict.ALTERED


def test_lower_case_signature_digits_are_refused(pki: DemoPki, small: bytes) -> None:
    start, end = byte_range(small)
    assert verdict_in_process(small[:start] + small[start:end].lower() + small[end:], pki) == "altered"


@pytest.mark.parametrize("tail", [b"\n", b"x", b"%%EOF\n", b"\0" * 512], ids=["newline", "letter", "eof", "zeros"])
def test_bytes_after_the_end_are_refused(pki: DemoPki, small: bytes, tail: bytes) -> None:
    assert verdict_in_process(small + tail, pki) != "intact"


def test_appended_bytes_are_called_altered(pki: DemoPki, small: bytes) -> None:
    assert verdict(small + b"\n% note\n", pki) is Verdict.ALTERED


def test_incremental_update_is_refused(pki: DemoPki, small: bytes) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(small))
    writer.root["/PageMode"] = pdf_name("/UseNone")
    writer.update_root()
    target = BytesIO()
    writer.write(target)
    assert target.getvalue().startswith(small)
    assert verdict(target.getvalue(), pki) is Verdict.ALTERED


def test_incremental_update_that_changes_nothing_is_refused(pki: DemoPki, small: bytes) -> None:
    start = int(small.rsplit(b"startxref", 1)[1].split()[0])
    trailer = small.rsplit(b"trailer", 1)[1].split(b"startxref")[0].replace(b">>", b"/Prev %d >>" % start)
    table = b"xref\n0 0\ntrailer" + trailer + b"startxref\n%d\n%%%%EOF\n" % len(small)
    assert verdict_in_process(small + table, pki) != "intact"


def test_rewritten_file_is_refused(pki: DemoPki, small: bytes) -> None:
    target = BytesIO()
    with pikepdf.open(BytesIO(small)) as document:
        document.save(target)
    assert verdict_in_process(target.getvalue(), pki) == "altered"


def test_truncated_file_is_unreadable(pki: DemoPki, small: bytes) -> None:
    assert verdict(small[: len(small) // 2], pki) is Verdict.UNREADABLE


# --- foreign ---


def test_signature_of_another_hierarchy_is_foreign(pki: DemoPki, own_pki: DemoPki) -> None:
    assert verdict(signed_pdf(own_pki), pki) is Verdict.FOREIGN_SIGNATURE


def reissue_signer(pki: DemoPki, *, authority: str, subject: tuple[str, str], **times: datetime) -> None:
    key = demo_pki.load_key(pki.signer_key)
    usages = demo_pki.x509.ExtendedKeyUsage([demo_pki.DOCUMENT_SIGNING, demo_pki.ExtendedKeyUsageOID.EMAIL_PROTECTION])
    times.setdefault("not_after", datetime.now(UTC) + timedelta(days=9))
    certificate = pki.authority(authority).issue(
        demo_pki.subject_name(*subject),
        key.public_key(),
        [(demo_pki.key_usage(sign_documents=True), True), (usages, False)],
        **times,
    )
    write(pki.signer_certificate, certificate.public_bytes(serialization.Encoding.PEM))


def test_somebody_else_under_our_own_ca_is_foreign(own_pki: DemoPki) -> None:
    expected = trust(own_pki)
    reissue_signer(own_pki, authority=ECERT_CA, subject=("演示另一机关", "演示另一签章"))
    assert examine(signed_pdf(own_pki), expected, datetime.now(UTC))["verdict"] == "foreign_signature"


def test_our_name_from_another_issuer_under_the_root_is_foreign(own_pki: DemoPki) -> None:
    expected = trust(own_pki)
    reissue_signer(own_pki, authority=ECERT_ROOT, subject=demo_pki.SIGNER_SUBJECT)
    assert examine(signed_pdf(own_pki), expected, datetime.now(UTC))["verdict"] == "foreign_signature"


def test_certificate_for_another_purpose_is_foreign(own_pki: DemoPki) -> None:
    expected = trust(own_pki)
    certificate = own_pki.authority(ECERT_CA).issue(
        demo_pki.subject_name(*demo_pki.SIGNER_SUBJECT),
        demo_pki.load_key(own_pki.signer_key).public_key(),
        [(demo_pki.key_usage(sign_documents=True), True)],
        not_after=datetime.now(UTC) + timedelta(days=9),
    )
    write(own_pki.signer_certificate, certificate.public_bytes(serialization.Encoding.PEM))
    assert examine(signed_pdf(own_pki), expected, datetime.now(UTC))["verdict"] == "foreign_signature"


def test_unsigned_file_is_called_unsigned(pki: DemoPki) -> None:
    assert verdict(render(face()), pki) is Verdict.UNSIGNED


# --- keys come and go ---


def test_signature_of_the_former_key_stays_intact_after_rotation(own_pki: DemoPki) -> None:
    """Edge case 31."""
    signed = signed_pdf(own_pki)
    former = load_certificate(own_pki.signer_certificate)
    demo_pki._issue_signer(own_pki.directory)
    assert load_certificate(own_pki.signer_certificate) != former
    assert verdict(signed, own_pki) is Verdict.INTACT


def test_timestamp_keeps_a_signature_valid_after_its_certificate_expired(pki: DemoPki, small: bytes) -> None:
    after_expiry = load_certificate(pki.signer_certificate).not_valid_after_utc + timedelta(days=1)
    assert verdict_with_fresh_lists(small, pki, after_expiry) == "intact"
    assert verdict_with_fresh_lists(signed_pdf(pki), pki, after_expiry) == "foreign_signature"


def verdict_with_fresh_lists(pdf: bytes, pki: DemoPki, now: datetime) -> str:
    lists = [
        pki.authority(name).crl({}, this_update=now - timedelta(days=1), next_update=now + timedelta(days=1))
        for name in (ECERT_ROOT, ECERT_CA)
    ]
    today = trust(pki)
    later = type(today)(today.signer, today.chain, today.roots, lists)
    return str(examine(pdf, later, now)["verdict"])


def test_signature_after_revocation_is_foreign_and_stamped_before_it_intact(own_pki: DemoPki) -> None:
    with demo_tsa_server(own_pki.tsa_certificate, own_pki.tsa_key) as url:
        stamped = signed_pdf(own_pki, tsa_url=url)
    plain = signed_pdf(own_pki)
    time.sleep(1.1)  # time-stamps and lists count whole seconds
    own_pki.revoke(load_certificate(own_pki.signer_certificate).serial_number, authority=ECERT_CA)
    assert verdict_in_process(stamped, own_pki) == "intact"
    assert verdict_in_process(plain, own_pki, now=datetime.now(UTC) + timedelta(seconds=1)) == "foreign_signature"


def test_without_current_lists_nothing_is_said_about_the_file(pki: DemoPki, own_pki: DemoPki) -> None:
    signed = signed_pdf(own_pki)
    config = verification_config(own_pki)
    without = VerificationConfig(config.signer, config.chain, config.roots, ())
    assert verify_upload(signed, without).verdict is Verdict.UNAVAILABLE
    own_pki.root.unlink()
    assert verify_upload(signed, config).verdict is Verdict.UNAVAILABLE


# --- hostile ---


def test_file_over_five_megabytes_is_refused_unread(pki: DemoPki) -> None:
    assert verdict(b"%PDF-1.7\n" + bytes(100 * 1024 * 1024), pki) is Verdict.TOO_LARGE
    assert verdict(bytes(verifying.MAX_SIZE + 1), pki) is Verdict.TOO_LARGE


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"<html>", b"\n" * 2000 + b"%PDF-1.7"], ids=["empty", "zip", "html", "late"]
)
def test_other_files_are_not_pdf(pki: DemoPki, content: bytes) -> None:
    assert verdict(content, pki) is Verdict.NOT_PDF


def test_garbage_is_unreadable(pki: DemoPki) -> None:
    noise = random.Random(7).randbytes(20_000)
    assert verdict(b"%PDF-1.7\n" + noise, pki) is Verdict.UNREADABLE
    assert verdict_in_process(b"%PDF-1.7\n" + b"[" * 200_000, pki) == "unreadable"


def object_stream_bomb() -> bytes:
    """4 GB of zeros, compressed twice, where a reader looks for the catalogue."""
    packed = zlib.compress(bytes(64 * 1024 * 1024), 9) * 64
    packed = zlib.compress(packed, 9)
    head = b"%PDF-1.7\n"
    dictionary = b"<</Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]/Length %d>>" % len(packed)
    stream = b"2 0 obj\n" + dictionary + b"stream\n" + packed + b"\nendstream\nendobj\n"
    table_at = len(head) + len(stream)
    rows = b"".join(
        [
            b"\0\0\0\0\0\xff",
            b"\2\0\0\0\2\0",
            b"\1" + len(head).to_bytes(4, "big") + b"\0",
            b"\1" + table_at.to_bytes(4, "big") + b"\0",
        ]
    )
    table = b"3 0 obj\n<</Type/XRef/Size 4/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(rows)
    return head + stream + table + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table_at


def test_decompression_bomb_is_unreadable_and_cheap(pki: DemoPki) -> None:
    bomb = object_stream_bomb()
    assert len(bomb) < verifying.MAX_SIZE
    begun = time.monotonic()
    assert verdict(bomb, pki) is Verdict.UNREADABLE
    assert time.monotonic() - begun < 60, "without a limit it takes minutes"


def test_encrypted_file_is_unreadable(pki: DemoPki) -> None:
    target = BytesIO()
    with pikepdf.open(BytesIO(drawn_pdf())) as document:
        document.save(target, encryption=pikepdf.Encryption(user="geheim", owner="geheim"))
    assert verdict(target.getvalue(), pki) is Verdict.UNREADABLE


@pytest.mark.parametrize("name", bombs.PDFS)
def test_a_bomb_is_given_up_after_a_second_of_computing(pki: DemoPki, name: str) -> None:
    before = peak_memory()
    assert verdict(bombs.pdf_bombs()[name], pki) is Verdict.UNREADABLE
    assert peak_memory() - before < 40_000, "this process reads no stranger's file itself"


def peak_memory() -> int:
    """Of this process alone, in KB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_a_child_that_fails_says_nothing_about_the_file(
    pki: DemoPki, small: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = dataclasses.replace(verifying.VERIFYING, work="certificates.ecert.verify_child:no_such_function")
    monkeypatch.setattr(verifying, "VERIFYING", broken)
    assert verdict(small, pki) is Verdict.UNAVAILABLE


def test_too_many_at_once_are_refused_at_once(pki: DemoPki, small: bytes, settings: Settings) -> None:
    slots = verifying.VERIFYING.slots
    taken = [slots.take(f"198.51.100.{number}") for number in range(slots.count)]
    begun = time.monotonic()
    with request_scope("203.0.113.1"):
        assert verdict(small, pki) is Verdict.BUSY
    with request_scope("198.51.100.1"):
        assert verdict(small, pki) is Verdict.BUSY_OWN
    assert time.monotonic() - begun < SHARE_FOR_WAITING * settings.LIMITED_WORK_SECONDS, "nobody waited"
    for slot in taken:
        slot.release()
    with request_scope("203.0.113.1"):
        assert verdict(small, pki) is Verdict.INTACT


def test_a_known_file_needs_no_slot(pki: DemoPki, small: bytes) -> None:
    taken = [verifying.VERIFYING.slots.take(str(number)) for number in range(verifying.VERIFYING.slots.count)]
    with request_scope("203.0.113.1"):
        report = verify_upload(small, verification_config(pki), known_sha256=lambda digest: True)
    assert report.verdict is Verdict.INTACT
    for slot in taken:
        slot.release()


def test_every_verdict_has_its_sentence(pki: DemoPki) -> None:
    assert set(SENTENCES) == set(Verdict)
    report = verify_upload(b"x", verification_config(pki))
    assert report.sentence.startswith("这不是 PDF 文件")


@pytest.mark.parametrize("tail", [b"\n", b"\r\n", b"\0" * 3000], ids=["newline", "two", "zeros"])
@pytest.mark.parametrize(
    "head", [b"", b"\r\n", b"\xef\xbb\xbf", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["none", "lines", "bom", "http"]
)
def test_reading_m4_bytes_around_our_file_are_told_as_such(
    pki: DemoPki, small: bytes, head: bytes, tail: bytes
) -> None:
    report = verify_upload(head + small + tail, verification_config(pki))
    assert report.verdict is Verdict.ALTERED
    assert report.has_surplus
    assert "签名都没有变" in report.sentence
    assert "重新下载" in report.sentence


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf + b"\n% note\n",
        lambda pdf: b"\r\n" + pdf[:200] + bytes([pdf[200] ^ 1]) + pdf[201:],
        lambda pdf: pdf[:200] + bytes([pdf[200] ^ 1]) + pdf[201:] + b"\n",
    ],
    ids=["note", "byte-before", "byte-behind"],
)
def test_reading_m4_what_is_altered_inside_is_never_called_surplus(pki: DemoPki, small: bytes, change: object) -> None:
    report = verify_upload(change(small), verification_config(pki))  # type: ignore[operator]
    assert report.verdict in {Verdict.ALTERED, Verdict.UNREADABLE}
    assert not report.has_surplus


@pytest.mark.parametrize("head", [b"", b"\r\n", b"\xef\xbb\xbf", b"\0" * 100], ids=["none", "lines", "bom", "zeros"])
def test_reading_m4_unsigned_file_with_harmless_deviations_is_called_unsigned(pki: DemoPki, head: bytes) -> None:
    scan = (Path(__file__).parents[2] / "fixtures" / "pdf" / "13-scan.pdf").read_bytes()
    protected = (Path(__file__).parents[2] / "fixtures" / "pdf" / "20-owner-protected.pdf").read_bytes()
    for data in (protected, scan, scan.replace(b"65536 f", b"65535 f"), drawn_pdf(), drawn_pdf() + b"\0" * 500):
        assert verdict(head + data, pki) is Verdict.UNSIGNED


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04....OFD.xml", "OFD"),
        (b"PK\x03\x04....a.pdf", "压缩包"),
        (b"PK\x03\x04....word/", "Word"),
        (b"\xff\xd8\xff\xe0", "JPG"),
        (b"<html>", "网页"),
    ],
)
def test_reading_m4_other_files_are_named(pki: DemoPki, content: bytes, name: str) -> None:
    sentence = verify_upload(content, verification_config(pki)).sentence
    assert name in sentence
    assert "这不是 PDF 文件" in sentence


def test_settings_name_the_same_files_for_signing_and_verifying(settings: object) -> None:
    pki = ensure_demo_pki(settings.DEMO_PKI)  # type: ignore[attr-defined]
    assert VerificationConfig.from_settings() == verification_config(pki)
    assert verify_upload(signed_pdf(pki), VerificationConfig.from_settings()).is_intact
    assert SigningConfig.from_settings() == signing_config(pki)
