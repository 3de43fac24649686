"""Verification by upload: each verdict in plain words, data only from the register."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from administration.throttle import Limit
from certificates.documents.services import make_document
from certificates.ecert import verifying
from certificates.ecert.render import render
from certificates.ecert.signing import signer_from_settings
from certificates.enums import LegalState
from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate, CertificateVersion, Document
from certificates.public import views_verify
from devtools.demo_keys.pki import ensure_demo_pki
from tests.certificates.ecert.faces import face
from tests.certificates.ecert.signed_files import drawn_pdf, signed_pdf
from tests.factories import make_certificate, make_employment, make_enterprise, make_person
from workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db
SECRET_NAME = "<b>机密文件名</b>.pdf"


@pytest.fixture
def certificate() -> Certificate:
    person, enterprise = make_person("欧阳·䶮𬭎"), make_enterprise()
    make_employment(person, enterprise, "07")
    return make_certificate(person, enterprise, "B", ends_on=timezone.localdate().replace(year=2030))


@pytest.fixture
def signed(certificate: Certificate) -> bytes:
    version = issue_electronic(certificate_id=certificate.pk, by=SYSTEM, now=timezone.now())
    with make_document(version.pk).file.open("rb") as file:
        return file.read()


def upload(client: Client, content: bytes, status: int = 200) -> str:
    file = SimpleUploadedFile(SECRET_NAME, content, content_type="application/pdf")
    answer = client.post("/verify/", {"file": file})
    assert answer.status_code == status
    assert "机密文件名" not in answer.text
    return answer.text


def test_the_file_as_it_was_issued_is_genuine(client: Client, certificate: Certificate, signed: bytes) -> None:
    page = upload(client, signed)
    assert "核验结果：真实有效" in page
    assert certificate.number in page
    assert "欧*·*𬭎" in page


def test_genuine_by_its_signature_where_the_bytes_are_not_known(
    client: Client, certificate: Certificate, signed: bytes
) -> None:
    Document.objects.update(sha256="0" * 64)
    page = upload(client, signed)
    assert "核验结果：真实有效" in page
    assert certificate.number in page
    assert "签名时间" in page


def test_a_genuine_file_whose_certificate_is_not_in_the_register(client: Client) -> None:
    pdf = signer_from_settings().sign(render(face()), reason="签发电子证书", location="江西省")
    page = upload(client, pdf)
    assert "登记中没有这张证书" in page
    assert face().number not in page


def test_a_superseded_file_names_the_latest_version(client: Client, signed: bytes) -> None:
    Certificate.objects.update(latest_version=2)
    page = upload(client, signed)
    assert "真实，但不是最新版本" in page
    assert "第 2 版" in page


@pytest.mark.parametrize(
    ("state", "word"),
    [(LegalState.SUSPENDED, "已暂扣"), (LegalState.CANCELLED, "已注销"), (LegalState.TRANSFERRING, "跨省调出")],
)
def test_a_genuine_file_of_a_certificate_that_may_not_be_used(
    client: Client, signed: bytes, state: LegalState, word: str
) -> None:
    Certificate.objects.update(legal_state=state)
    assert f"核验结果：真实，但证书{word}" in upload(client, signed)


@pytest.mark.parametrize("place", [0.3, 0.6])
def test_an_altered_file_is_called_altered(client: Client, signed: bytes, place: float) -> None:
    position = int(len(signed) * place)
    altered = signed[:position] + bytes([signed[position] ^ 1]) + signed[position + 1 :]
    page = upload(client, altered)
    assert "核验结果：文件被改动过" in page or "核验结果：文件无法读取" in page
    assert "<dt>证书编号</dt>" not in page


def test_bytes_added_at_the_end_are_an_alteration(client: Client, signed: bytes) -> None:
    assert "核验结果：文件被改动过" in upload(client, signed + b"\n% more\n")


@pytest.mark.parametrize("around", [(b"", b"\n"), (b"\r\n", b""), (b"\xef\xbb\xbf", b"\0" * 2000)])
def test_reading_m4_bytes_around_the_file_are_called_surplus(
    client: Client, certificate: Certificate, signed: bytes, around: tuple[bytes, bytes]
) -> None:
    page = upload(client, around[0] + signed + around[1])
    assert "核验结果：文件多出了内容，不是原件" in page
    assert "真实有效" not in page
    assert certificate.number not in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"PK\x03\x04....OFD.xml",
            "您选的是 OFD 文件（电子公文或电子发票）。本省的电子证书都是 PDF",
        ),
        (b"PK\x03\x04....a.pdf", "您选的是压缩包（.zip、.rar 一类）。请先解压"),
        (b"\xff\xd8\xff\xe0", "您选的是 JPG 图片。请上传从“我的证书”下载的电子证书"),
    ],
)
def test_reading_m4_file_of_another_kind_is_named(client: Client, content: bytes, sentence: str) -> None:
    assert sentence in upload(client, content, 400)


def test_a_file_signed_by_somebody_else_is_foreign(client: Client, tmp_path: Path) -> None:
    other = ensure_demo_pki(tmp_path / "pki")
    assert "核验结果：不是本机关签发的文件" in upload(client, signed_pdf(other))


def test_an_unsigned_file_is_no_certificate(client: Client) -> None:
    page = upload(client, drawn_pdf("secret text of the upload"))
    assert "核验结果：没有电子签名" in page
    assert "secret text" not in page


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"garbage", 400, "这不是 PDF 文件"),
        (b"%PDF-1.7\ngarbage", 200, "文件无法读取"),
        (b"%PDF-" + b"x" * (5 * 1024 * 1024), 413, "超过 5 MB"),
    ],
)
def test_what_is_no_readable_pdf_is_told_why(client: Client, content: bytes, status: int, sentence: str) -> None:
    assert sentence in upload(client, content, status)


def test_without_a_file_the_field_says_so(client: Client) -> None:
    answer = client.post("/verify/", {})
    assert answer.status_code == 400
    assert "请选择要核验的 PDF 文件" in answer.text
    empty = client.post("/verify/", {"file": SimpleUploadedFile("a.pdf", b"")})
    assert "文件是空的" in empty.text


def test_when_too_many_are_verified_at_once_the_page_offers_what_works(client: Client, signed: bytes) -> None:
    Document.objects.update(sha256="0" * 64)
    slots = verifying.VERIFYING.slots
    taken = [slots.take(f"198.51.100.{number}") for number in range(slots.count)]
    try:
        page = upload(client, signed, 503)
        assert "这不表示文件有问题" in page
        assert "再试一次" in page
        assert "扫描证书上的二维码" in page
        assert 'href="/lookup/"' in page
    finally:
        for slot in taken:
            slot.release()
    assert "核验结果：真实有效" in upload(client, signed)


def test_one_address_has_one_file_verified_at_a_time(client: Client, signed: bytes) -> None:
    Document.objects.update(sha256="0" * 64)
    slot = verifying.VERIFYING.slots.take("127.0.0.1")
    try:
        answer = client.post("/verify/", {"file": SimpleUploadedFile(SECRET_NAME, signed)})
        assert answer.status_code == 429
        assert answer["Retry-After"] == "5"
        assert "上一次提交的文件还在核验" in answer.text
    finally:
        slot.release()


@pytest.mark.usefixtures("fresh_windows")
def test_uploads_are_limited_by_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_verify, "UPLOADS", Limit("verify", 1))
    upload(client, b"garbage", 400)
    assert client.post("/verify/", {}).status_code == 429


def test_nothing_of_an_upload_is_kept(client: Client, signed: bytes) -> None:
    before = CertificateVersion.objects.count(), Document.objects.count()
    upload(client, signed)
    assert (CertificateVersion.objects.count(), Document.objects.count()) == before
