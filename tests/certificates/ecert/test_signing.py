from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm

from certificates.ecert import signing
from certificates.ecert.render import render
from certificates.ecert.signing import PdfSigner, SigningConfig, SigningUnavailable, signer_from_settings
from devtools.demo_keys import pki as demo_pki
from devtools.demo_keys.pki import ECERT_CA, ECERT_ROOT, DemoPki, ensure_demo_pki, load_certificate
from devtools.demo_servers.time_stamping import demo_tsa_server
from tests.certificates.ecert.faces import face
from tests.certificates.ecert.independent import make_nss_database, openssl_accepts, pdfsig, validated
from tests.certificates.ecert.signed_files import byte_range, drawn_pdf, signed_pdf, signing_config, write


@pytest.fixture
def nss_database(pki: DemoPki, tmp_path: Path) -> Path:
    return make_nss_database(pki, tmp_path / "nss")


@pytest.mark.parametrize("with_timestamp", [False, True], ids=["B-B", "B-T"])
def test_poppler_trusts_the_drawn_and_signed_certificate(
    pki: DemoPki, tsa_url: str, nss_database: Path, tmp_path: Path, with_timestamp: bool
) -> None:
    signed = signed_pdf(pki, tsa_url=tsa_url if with_timestamp else "", pdf=render(face()))
    answer = pdfsig(write(tmp_path / "signed.pdf", signed), nss_database)
    assert "Signature is Valid" in answer
    assert "Certificate is Trusted" in answer
    assert "Total document signed" in answer
    assert "ETSI.CAdES.detached" in answer
    assert answer.count("Signature #") == 1


def test_poppler_reports_a_changed_file(pki: DemoPki, nss_database: Path, tmp_path: Path) -> None:
    signed = signed_pdf(pki).replace(b"/Size", b"/Sise", 1)
    assert "Signature is Valid" not in pdfsig(write(tmp_path / "changed.pdf", signed), nss_database)


@pytest.mark.parametrize("with_timestamp", [False, True], ids=["B-B", "B-T"])
def test_openssl_verifies_the_extracted_signature(
    pki: DemoPki, tsa_url: str, tmp_path: Path, with_timestamp: bool
) -> None:
    signed = signed_pdf(pki, tsa_url=tsa_url if with_timestamp else "")
    assert openssl_accepts(signed, pki, tmp_path)
    assert not openssl_accepts(signed, pki, tmp_path, appended=b"\n")


def test_independent_validator_sees_a_certified_document_with_a_trusted_timestamp(pki: DemoPki, tsa_url: str) -> None:
    status = validated(signed_pdf(pki, tsa_url=tsa_url), pki)
    assert status.bottom_line
    assert status.trusted
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.trusted
    assert abs(status.timestamp_validity.timestamp - datetime.now(UTC)) < timedelta(minutes=1)
    (signature,) = PdfFileReader(BytesIO(signed_pdf(pki))).embedded_signatures
    assert signature.docmdp_level is MDPPerm.NO_CHANGES


def test_without_a_timestamp_server_the_chain_is_still_embedded(pki: DemoPki) -> None:
    signed = signed_pdf(pki)
    assert validated(signed, pki).bottom_line
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    embedded = {certificate.dump() for certificate in signature.other_embedded_certs}
    assert embedded == {load_certificate(pki.chain).public_bytes(serialization.Encoding.DER)}


def test_validation_data_stand_in_the_signed_revision(pki: DemoPki, tsa_url: str) -> None:
    signed = signed_pdf(pki, tsa_url=tsa_url)
    with pikepdf.open(BytesIO(signed)) as document:
        store = document.Root.DSS
        assert len(store.CRLs) == 2
        certificates = {x509.load_der_x509_certificate(item.read_bytes()) for item in store.Certs}
    files = (pki.signer_certificate, pki.chain, pki.root, pki.tsa_certificate)
    assert certificates == {load_certificate(path) for path in files}


def test_signing_leaves_the_drawn_file_as_it_was(pki: DemoPki) -> None:
    drawn = render(face())
    signed = signed_pdf(pki, pdf=drawn)
    assert signed.startswith(drawn)
    with pikepdf.open(BytesIO(drawn)) as before, pikepdf.open(BytesIO(signed)) as after:
        assert dict(before.docinfo) == dict(after.docinfo)
        assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()


def test_viewers_are_told_reason_and_place(pki: DemoPki) -> None:
    signed = PdfSigner(signing_config(pki)).sign(drawn_pdf(), reason="签发", location="江西省", field_name="Seal")
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    assert signature.field_name == "Seal"
    assert signature.sig_object["/Reason"] == "签发"
    assert signature.sig_object["/Location"] == "江西省"


def test_rsa_key_signs_too(own_pki: DemoPki) -> None:
    key = rsa.generate_private_key(65537, 3072)
    certificate = own_pki.authority(ECERT_CA).issue(
        demo_pki.subject_name(*demo_pki.SIGNER_SUBJECT),
        key.public_key(),
        [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (demo_pki.key_usage(sign_documents=True), True),
        ],
        not_after=datetime.now(UTC) + timedelta(days=9),
    )
    demo_pki._write_pair(own_pki.directory, demo_pki.SIGNER, certificate, key)  # type: ignore[arg-type]
    assert validated(signed_pdf(own_pki), own_pki).bottom_line


def test_room_for_the_signature_is_hardly_larger_than_it(pki: DemoPki, tsa_url: str) -> None:
    signer = PdfSigner(signing_config(pki, tsa_url=tsa_url))
    for _ in range(3):
        signed = signer.sign(drawn_pdf(), reason="r", location="l")
        start, end = byte_range(signed)
        assert len(signed[start + 1 : end - 1]) - len(signed[start + 1 : end - 1].rstrip(b"0")) < 256


def test_longer_time_stamp_than_the_last_one_still_fits(pki: DemoPki, tsa_url: str) -> None:
    signer = PdfSigner(signing_config(pki, tsa_url=tsa_url))
    signer.sign(drawn_pdf(), reason="r", location="l")
    signer._token_size = 100
    assert validated(signer.sign(drawn_pdf(), reason="r", location="l"), pki).bottom_line


def test_only_a_file_of_one_plain_revision_is_signed(pki: DemoPki) -> None:
    drawn = render(face())
    signer = PdfSigner(signing_config(pki))
    signed = signer.sign(drawn, reason="r", location="l")
    for bad in (b"", b"%PDF-1.7\n", signed, drawn + drawn, drawn + b"\n%", drawn[:-9], drawn[:5000] + drawn[5001:]):
        with pytest.raises(SigningUnavailable, match="drawn"):
            signer.sign(bad, reason="r", location="l")
    for taken in (b"/AcroForm 1 0 R", b"/Perms << >>", b"/Pages 9 0 R"):
        changed = drawn.replace(b"/PageMode /UseNone", taken.ljust(len(b"/PageMode /UseNone")))
        with pytest.raises(SigningUnavailable, match="drawn"):
            signer.sign(changed, reason="r", location="l")


# --- no key, no certificate ---


def replace_signer(pki: DemoPki, **times: datetime) -> None:
    key = pki.authority(ECERT_CA).key
    signer_key = demo_pki.load_key(pki.signer_key)
    assert key != signer_key
    certificate = pki.authority(ECERT_CA).issue(
        demo_pki.subject_name(*demo_pki.SIGNER_SUBJECT),
        signer_key.public_key(),
        [(demo_pki.key_usage(sign_documents=True), True)],
        **times,
    )
    write(pki.signer_certificate, certificate.public_bytes(serialization.Encoding.PEM))


def refusal(config: SigningConfig) -> str:
    with pytest.raises(SigningUnavailable) as caught:
        PdfSigner(config).sign(drawn_pdf(), reason="r", location="l")
    return str(caught.value)


def test_missing_key_is_refused(own_pki: DemoPki) -> None:
    config = signing_config(own_pki)
    assert "not set" in refusal(replace(config, key=None))
    assert "not set" in refusal(replace(config, certificate=None))
    own_pki.signer_key.unlink()
    assert "cannot be read" in refusal(config)


def test_unreadable_certificate_is_refused(own_pki: DemoPki) -> None:
    write(own_pki.signer_certificate, b"garbage")
    assert "cannot be read" in refusal(signing_config(own_pki))


def test_key_of_another_certificate_is_refused(own_pki: DemoPki) -> None:
    config = signing_config(own_pki)
    assert "does not belong" in refusal(replace(config, key=own_pki.tsa_key))


def test_expired_certificate_is_refused(own_pki: DemoPki) -> None:
    now = datetime.now(UTC)
    replace_signer(own_pki, not_before=now - timedelta(days=9), not_after=now - timedelta(days=1))
    assert "has expired" in refusal(signing_config(own_pki))


def test_certificate_of_the_future_is_refused(own_pki: DemoPki) -> None:
    now = datetime.now(UTC)
    replace_signer(own_pki, not_before=now + timedelta(days=1), not_after=now + timedelta(days=9))
    assert "not yet valid" in refusal(signing_config(own_pki))


def test_missing_chain_or_root_is_refused(own_pki: DemoPki) -> None:
    config = signing_config(own_pki)
    assert "does not lead to the configured root" in refusal(replace(config, chain=()))
    assert "does not lead to the configured root" in refusal(replace(config, roots=()))
    own_pki.root.unlink()
    assert "cannot be read" in refusal(config)


def test_missing_or_outdated_revocation_list_is_refused(own_pki: DemoPki) -> None:
    config = signing_config(own_pki)
    assert "no revocation list" in refusal(replace(config, crls=()))
    now = datetime.now(UTC)
    stale = own_pki.authority(ECERT_ROOT).crl(
        {}, this_update=now - timedelta(days=9), next_update=now - timedelta(days=1)
    )
    write(own_pki.path(f"{ECERT_ROOT}.crl"), stale.public_bytes(serialization.Encoding.PEM))
    assert "outdated revocation list" in refusal(config)


def test_signer_that_is_revoked_while_in_use_signs_nothing_more(own_pki: DemoPki) -> None:
    signer = PdfSigner(signing_config(own_pki))
    signer.sign(drawn_pdf(), reason="r", location="l")
    own_pki.revoke(signer.certificate.serial_number, authority=ECERT_CA)
    with pytest.raises(SigningUnavailable, match="is revoked"):
        signer.sign(drawn_pdf(), reason="r", location="l")


def test_silent_timestamp_server_is_refused(pki: DemoPki, tmp_path: Path) -> None:
    with demo_tsa_server(pki.tsa_certificate, pki.tsa_key) as url:
        pass
    assert "does not answer" in refusal(signing_config(pki, tsa_url=url))


def test_foreign_timestamp_server_is_refused(pki: DemoPki, own_pki: DemoPki) -> None:
    with demo_tsa_server(own_pki.tsa_certificate, own_pki.tsa_key) as url:
        assert "time-stamping certificate" in refusal(signing_config(pki, tsa_url=url))


def test_signature_too_long_for_its_place_is_refused(pki: DemoPki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "BYTES_RESERVED", 512)
    assert "does not fit" in refusal(signing_config(pki))


def test_key_that_makes_wrong_signatures_is_found_out(pki: DemoPki, monkeypatch: pytest.MonkeyPatch) -> None:
    signer = PdfSigner(signing_config(pki))
    right = signer._key.sign
    monkeypatch.setattr(signer._key, "sign", lambda data: right(data + b"!"))
    with pytest.raises(SigningUnavailable, match="wrong signature"):
        signer.sign(drawn_pdf(), reason="r", location="l")


def test_configured_signer_is_kept_until_its_files_change(own_pki: DemoPki, settings: object) -> None:
    for name, value in {
        "ECERT_SIGNER_KEY": own_pki.signer_key,
        "ECERT_SIGNER_CERT": own_pki.signer_certificate,
        "ECERT_CHAIN": own_pki.chain,
        "ECERT_ROOT": own_pki.root,
        "ECERT_CRLS": own_pki.crls,
        "ECERT_TSA_URL": "",
    }.items():
        setattr(settings, name, value)
    first = signer_from_settings()
    assert signer_from_settings() is first
    demo_pki._issue_signer(own_pki.directory)
    second = signer_from_settings()
    assert second.certificate != first.certificate
    own_pki.signer_key.unlink()
    with pytest.raises(SigningUnavailable, match="missing"):
        signer_from_settings()


def test_demo_hierarchies_of_two_machines_do_not_trust_each_other(pki: DemoPki, tmp_path: Path) -> None:
    other = ensure_demo_pki(tmp_path / "other")
    assert not validated(signed_pdf(other), pki).trusted
