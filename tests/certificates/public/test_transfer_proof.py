"""The 调出证明: downloaded by its holder, scanned and verified by everybody."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from certificates.documents.transfer_proofs import make_transfer_proof
from certificates.enums import LegalState, Operation
from certificates.models import Certificate, CertificateEvent, TransferProof
from tests.factories import make_certificate, make_enterprise, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def proof() -> TransferProof:
    certificate = make_certificate(
        make_person("欧阳·䶮𬭎"), make_enterprise(), "B", legal_state=LegalState.TRANSFERRING
    )
    event = CertificateEvent.objects.create(
        certificate=certificate,
        effective_on=timezone.localdate(),
        operation=Operation.OTHER,
        state_after=LegalState.TRANSFERRING,
        summary="办理跨省调出",
    )
    return TransferProof.objects.create(
        certificate=certificate,
        event=event,
        destination="浙江省",
        issued_on=timezone.localdate(),
        issuer_name="江西省住房和城乡建设厅",
    )


@pytest.fixture
def holder(proof: TransferProof) -> Client:
    user = proof.certificate.person.user
    assert user is not None
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def content_of(proof: TransferProof) -> bytes:
    with make_transfer_proof(proof.pk).file.open("rb") as file:
        return file.read()


def verify(client: Client, pdf: bytes) -> str:
    return client.post("/verify/", {"file": SimpleUploadedFile("a.pdf", pdf)}).text


def test_its_holder_downloads_it_once_it_is_signed(holder: Client, proof: TransferProof) -> None:
    address = f"/person/certificates/{proof.certificate_id}/proof/"
    assert "调出证明正在签发" in holder.get(address, follow=True).text
    pdf = content_of(proof)
    assert "下载调出证明" in holder.get(f"/person/certificates/{proof.certificate_id}/").text
    answer = holder.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content) == pdf  # type: ignore[attr-defined]


def test_its_code_and_its_file_tell_the_live_state(client: Client, proof: TransferProof) -> None:
    pdf = content_of(proof)
    scanned = client.get(f"/v/{proof.token}/")
    assert '<span class="mark good">有效</span>' in scanned.text
    assert "欧*·*𬭎" in scanned.text
    assert "noindex" in scanned["X-Robots-Tag"]
    assert "核验结果：真实有效" in verify(client, pdf)
    Certificate.objects.update(legal_state=LegalState.CANCELLED)
    assert "核验结果：真实，但已办结" in verify(client, pdf)
    TransferProof.objects.update(undone_at=timezone.now())
    assert "调出已取消" in client.get(f"/v/{proof.token}/").text
    assert "核验结果：真实，但调出已取消" in verify(client, pdf)


def test_an_undone_one_is_not_handed_out(holder: Client, proof: TransferProof) -> None:
    content_of(proof)
    TransferProof.objects.update(undone_at=timezone.now())
    assert holder.get(f"/person/certificates/{proof.certificate_id}/proof/").status_code == 404
