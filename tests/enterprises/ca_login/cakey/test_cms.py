from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from common.findings import Finding, Refused
from common.pki.der import DATA, INTEGER_1, SHA256, integer, octets, oid, sequence, set_of, tlv
from devtools.demo_keys.authority import PublicKey, key_usage, subject_name
from devtools.demo_keys.pki import CAKEY_CA, DemoPki, EnterpriseKey
from enterprises.ca_login.cakey import cms
from enterprises.ca_login.cakey.chain import CakeyConfig, check_certificate

CHALLENGE = b"ukey-login|https://portal.example.cn|jxcloud|q8Zr-3_x|1795449600"
DETACHED = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.DetachedSignature]


def signed(
    key: EnterpriseKey,
    content: bytes = CHALLENGE,
    options: Sequence[pkcs7.PKCS7Options] = DETACHED,
    digest: hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None = None,
) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(key.certificate, key.key, digest or hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, list(options))


def refusal(der: bytes, content: bytes = CHALLENGE) -> Finding:
    with pytest.raises(Refused) as caught:
        cms.verify(der, content)
    (finding,) = caught.value.findings
    return finding


def openssl_signed(
    folder: Path, certificate: x509.Certificate, key_pem: bytes, *options: str, extra: Sequence[x509.Certificate] = ()
) -> bytes:
    """As the signing tools of CAs do it, most of which are openssl inside."""
    pem = serialization.Encoding.PEM
    (folder / "signer.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "signer.key").write_bytes(key_pem)
    (folder / "extra.pem").write_bytes(b"".join(item.public_bytes(pem) for item in extra))
    (folder / "challenge").write_bytes(CHALLENGE)
    command = ["openssl", "cms", "-sign", "-binary", "-in", "challenge", "-outform", "DER", "-out", "signed.der"]
    command += ["-signer", "signer.pem", "-inkey", "signer.key", *options]
    command += ["-certfile", "extra.pem"] if extra else []
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "signed.der").read_bytes()


def pem_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def issued(pki: DemoPki, public_key: PublicKey, *, serial: int | None = None) -> x509.Certificate:
    return pki.authority(CAKEY_CA).issue(
        subject_name("演示建筑有限公司", "李演"),
        public_key,
        [(key_usage(sign_documents=True), True)],
        not_after=datetime.now(UTC) + timedelta(days=1),
        serial=serial,
    )


# --- accepted ---


@pytest.mark.parametrize("digest", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()], ids=lambda item: item.name)
def test_detached_signature_names_its_signer(
    enterprise_key: EnterpriseKey, digest: hashes.SHA256 | hashes.SHA384 | hashes.SHA512
) -> None:
    signer, others = cms.verify(signed(enterprise_key, digest=digest), CHALLENGE)
    assert signer == enterprise_key.certificate
    assert others == []


def test_signature_with_the_challenge_inside_is_accepted(enterprise_key: EnterpriseKey) -> None:
    signer, _ = cms.verify(signed(enterprise_key, options=[pkcs7.PKCS7Options.Binary]), CHALLENGE)
    assert signer == enterprise_key.certificate


def test_signature_without_attributes_is_accepted(enterprise_key: EnterpriseKey) -> None:
    signer, _ = cms.verify(signed(enterprise_key, options=[*DETACHED, pkcs7.PKCS7Options.NoAttributes]), CHALLENGE)
    assert signer == enterprise_key.certificate


def test_signer_named_by_key_identifier_is_found_and_the_chain_handed_on(
    pki: DemoPki, enterprise_key: EnterpriseKey, tmp_path: Path
) -> None:
    issuer = pki.authority(CAKEY_CA).certificate
    der = openssl_signed(tmp_path, enterprise_key.certificate, pem_of(enterprise_key.key), "-keyid", extra=[issuer])
    assert cms.verify(der, CHALLENGE) == (enterprise_key.certificate, [issuer])


def test_elliptic_curve_key_is_accepted(pki: DemoPki, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = issued(pki, key.public_key())
    der = openssl_signed(tmp_path, certificate, pem_of(key))
    assert cms.verify(der, CHALLENGE)[0] == certificate


def test_certificates_with_one_serial_number_are_told_apart_by_issuer(
    pki: DemoPki, own_pki: DemoPki, tmp_path: Path
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    ours = issued(pki, key.public_key(), serial=4711)
    theirs = own_pki.authority("ecert-ca").issue(
        subject_name("演示其他", "演示其他"),
        ec.generate_private_key(ec.SECP256R1()).public_key(),
        [],
        not_after=datetime.now(UTC) + timedelta(days=1),
        serial=4711,
    )
    der = openssl_signed(tmp_path, ours, pem_of(key), extra=[theirs])
    assert cms.verify(der, CHALLENGE) == (ours, [theirs])


# --- refused ---


def test_signature_of_another_challenge_is_refused(enterprise_key: EnterpriseKey) -> None:
    other = CHALLENGE.replace(b"q8Zr", b"q8Zs")
    assert refusal(signed(enterprise_key), other) == cms.OTHER_CONTENT
    attached = signed(enterprise_key, options=[pkcs7.PKCS7Options.Binary])
    assert refusal(attached, other) == cms.OTHER_CONTENT
    bare = signed(enterprise_key, options=[*DETACHED, pkcs7.PKCS7Options.NoAttributes])
    assert refusal(bare, other) == cms.WRONG


def test_changed_signature_is_refused(enterprise_key: EnterpriseKey) -> None:
    der = bytearray(signed(enterprise_key))
    der[-1] ^= 1
    assert refusal(bytes(der)) == cms.WRONG


def test_certificate_of_somebody_else_is_refused(pki: DemoPki, enterprise_key: EnterpriseKey, tmp_path: Path) -> None:
    """The attacker signs with a key of his own and puts the enterprise's certificate beside it."""
    fake = ec.generate_private_key(ec.SECP256R1())
    own = issued(pki, fake.public_key(), serial=12345)
    der = openssl_signed(tmp_path, own, pem_of(fake))
    victim = issued(pki, ec.generate_private_key(ec.SECP256R1()).public_key(), serial=12345)
    swapped = swap_certificate(der, own, victim)
    assert refusal(swapped) == cms.WRONG


def swap_certificate(der: bytes, old: x509.Certificate, new: x509.Certificate) -> bytes:
    encoding = serialization.Encoding.DER
    content_info = asn1_cms.ContentInfo.load(der)
    certificates = content_info["content"]["certificates"]
    assert [item.dump() for item in certificates] == [old.public_bytes(encoding)]
    choice = asn1_cms.CertificateChoices("certificate", asn1_x509.Certificate.load(new.public_bytes(encoding)))
    content_info["content"]["certificates"] = asn1_cms.CertificateSet([choice])
    return bytes(content_info.dump(force=True))


def test_signature_without_certificate_is_refused(enterprise_key: EnterpriseKey) -> None:
    der = signed(enterprise_key, options=[*DETACHED, pkcs7.PKCS7Options.NoCerts])
    assert refusal(der) == cms.NO_CERTIFICATE


def test_outdated_digest_is_refused(enterprise_key: EnterpriseKey, tmp_path: Path) -> None:
    der = openssl_signed(tmp_path, enterprise_key.certificate, pem_of(enterprise_key.key), "-md", "sha1")
    assert refusal(der) == cms.UNSUPPORTED


def test_other_padding_is_refused(enterprise_key: EnterpriseKey, tmp_path: Path) -> None:
    der = openssl_signed(
        tmp_path, enterprise_key.certificate, pem_of(enterprise_key.key), "-keyopt", "rsa_padding_mode:pss"
    )
    assert refusal(der) == cms.UNSUPPORTED


def test_short_rsa_key_is_refused(pki: DemoPki, tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505 - what the test is about
    der = openssl_signed(tmp_path, issued(pki, key.public_key()), pem_of(key))
    assert refusal(der) == cms.UNSUPPORTED


def test_kind_of_key_without_verifier_is_refused(pki: DemoPki) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    certificate = issued(pki, key.public_key())  # type: ignore[arg-type]
    assert refusal(hand_made(certificate, key.sign(CHALLENGE))) == cms.UNSUPPORTED


def hand_made(certificate: x509.Certificate, signature: bytes, *, signers: int = 1, attributes: bytes = b"") -> bytes:
    der = certificate.public_bytes(serialization.Encoding.DER)
    signer = sequence(
        INTEGER_1,
        sequence(certificate.issuer.public_bytes(), integer(certificate.serial_number)),
        SHA256,
        attributes,
        sequence(oid("1.3.101.112")),
        octets(signature),
    )
    body = sequence(INTEGER_1, set_of(SHA256), sequence(DATA), tlv(0xA0, der), set_of(*[signer] * signers))
    return sequence(oid("1.2.840.113549.1.7.2"), tlv(0xA0, body))


@pytest.mark.parametrize("signers", [0, 2])
def test_exactly_one_signer_is_wanted(enterprise_key: EnterpriseKey, signers: int) -> None:
    assert refusal(hand_made(enterprise_key.certificate, b"", signers=signers)) == cms.UNREADABLE


def test_attributes_that_leave_room_for_doubt_are_refused(enterprise_key: EnterpriseKey) -> None:
    digest = sequence(oid("1.2.840.113549.1.9.4"), set_of(octets(b"\0" * 32)))
    kind = sequence(oid("1.2.840.113549.1.9.3"), set_of(DATA))
    twice = tlv(0xA0, kind, digest, digest)
    assert refusal(hand_made(enterprise_key.certificate, b"", attributes=twice)) == cms.UNREADABLE
    without_kind = tlv(0xA0, digest)
    assert refusal(hand_made(enterprise_key.certificate, b"", attributes=without_kind)) == cms.UNREADABLE
    without_digest = tlv(0xA0, kind)
    assert refusal(hand_made(enterprise_key.certificate, b"", attributes=without_digest)) == cms.OTHER_CONTENT


def test_garbage_is_unreadable(enterprise_key: EnterpriseKey) -> None:
    der = signed(enterprise_key)
    certificate = enterprise_key.certificate.public_bytes(serialization.Encoding.DER)
    for content in (b"", b"garbage", b"0\x80", der[:-1], der + b"\0", certificate, b"\x30\x84\xff\xff\xff\xff"):
        assert refusal(content) == cms.UNREADABLE
    for cut in range(0, len(der), 37):
        assert refusal(der[:cut]).code.startswith("signature.")


def test_changed_bytes_are_refused_with_a_reason(enterprise_key: EnterpriseKey, config: CakeyConfig) -> None:
    """Never an exception: neither here nor where the certificate is judged."""
    der = signed(enterprise_key)
    for offset in range(0, len(der), 3):
        changed = bytearray(der)
        changed[offset] ^= 1
        assert outcome(bytes(changed), config) in EXPECTED


EXPECTED = {
    *(finding.code for finding in (cms.UNREADABLE, cms.NO_CERTIFICATE, cms.OTHER_CONTENT, cms.WRONG, cms.UNSUPPORTED)),
    "key.foreign_issuer",  # the certificate's own bytes: its issuer's signature is wrong
    "",  # fields that repeat what is signed elsewhere
}


def outcome(der: bytes, config: CakeyConfig) -> str:
    try:
        signer, others = cms.verify(der, CHALLENGE)
    except Refused as refused:
        return refused.findings[0].code
    findings = check_certificate(signer, others=others, now=datetime.now(UTC), config=config)
    return findings[0].code if findings else ""


def test_key_on_an_unknown_curve_is_refused(pki: DemoPki, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = issued(pki, key.public_key())
    der = openssl_signed(tmp_path, certificate, pem_of(key))
    p256, p192 = oid("1.2.840.10045.3.1.7"), oid("1.2.840.10045.3.1.2")
    assert der.count(p256) == 1
    assert len(p256) == len(p192)
    assert refusal(der.replace(p256, p192)) == cms.UNSUPPORTED
