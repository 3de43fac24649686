"""CA keys with SM2 and SM3: the signature, the chain, the revocation list, the whole login."""

from __future__ import annotations

import base64
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from django.test import Client

from common.findings import Refused
from common.pki import sm2
from common.pki.der import DATA, SHA256, SIGNED_DATA, integer, sequence
from enterprises.ca_login.cakey import cms
from enterprises.ca_login.cakey.chain import CakeyConfig, check_certificate
from enterprises.models import CaKey
from tests.enterprises.ca_login.gm import Sm2Authority, Sm2Key, fingerprint, sm3
from tests.enterprises.ca_login.keys import LOGIN, challenge_of, form
from tests.factories import make_enterprise

from .conftest import USCC

CHALLENGE = b"ukey-login|https://portal.example|jxcloud|q8Zr-3_x|1795449600"
CHALLENGE_DIGEST = sm3(CHALLENGE)


@pytest.fixture(scope="module")
def authority() -> Sm2Authority:
    return Sm2Authority()


@pytest.fixture(scope="module")
def key(authority: Sm2Authority) -> Sm2Key:
    return authority.issue(USCC)


def refusal(der: bytes) -> str:
    with pytest.raises(Refused) as caught:
        cms.verify(der, CHALLENGE)
    return caught.value.findings[0].code


# --- the signature ---


@pytest.mark.parametrize("attributes", [True, False], ids=["signed attributes", "bare"])
@pytest.mark.parametrize("embedded", [True, False], ids=["embedded", "detached"])
@pytest.mark.parametrize("names", ["national", "international"])
def test_the_signer_is_found_in_every_form(key: Sm2Key, attributes: bool, embedded: bool, names: str) -> None:
    kinds: dict[str, Any] = {} if names == "national" else {"signed_data": SIGNED_DATA, "data": DATA}
    der = key.sign(CHALLENGE, attributes=attributes, embedded=embedded, **kinds)
    assert cms.verify(der, CHALLENGE) == (key.certificate, [])


@pytest.mark.parametrize("written", ["1.2.156.10197.1.301", "1.2.156.10197.1.301.1", "1.2.156.10197.1.501"])
def test_the_algorithm_has_several_names(key: Sm2Key, written: str) -> None:
    assert cms.verify(key.sign(CHALLENGE, signature_oid=written), CHALLENGE)[0] == key.certificate


def test_a_signature_over_something_else_is_refused(key: Sm2Key) -> None:
    assert refusal(key.sign(b"other")) == "signature.other_content"
    assert refusal(key.sign(b"other", attributes=False)) == "signature.wrong"
    assert refusal(key.sign(b"other", attributes=False, embedded=True)) == "signature.other_content"


def test_a_signature_under_another_distinguished_id_is_refused(key: Sm2Key) -> None:
    assert refusal(key.sign(CHALLENGE, user_id=b"somebody")) == "signature.wrong"


def test_a_signature_of_another_key_is_refused(authority: Sm2Authority, key: Sm2Key) -> None:
    stolen = Sm2Key(key.certificate, authority.issue(USCC).private)
    assert refusal(stolen.sign(CHALLENGE)) == "signature.wrong"


def test_sm2_goes_with_sm3_only(key: Sm2Key) -> None:
    assert refusal(key.sign(CHALLENGE, attributes=False, digest=SHA256)) == "signature.unsupported_algorithm"
    assert refusal(key.sign(CHALLENGE, signature_oid="1.2.840.10045.4.3.2")) == "signature.unsupported_algorithm"


@pytest.mark.parametrize(
    "signature", [b"", b"\x30\x00", sequence(integer(0), integer(1)), sequence(integer(-1), integer(5))]
)
def test_malformed_signatures_are_wrong(key: Sm2Key, signature: bytes) -> None:
    point = sm2.public_point(key.certificate)
    with pytest.raises(InvalidSignature):
        sm2.verify(point, signature, CHALLENGE)


def test_a_point_off_the_curve_is_refused(key: Sm2Key) -> None:
    point = bytearray(sm2.public_point(key.certificate))
    point[-1] ^= 1
    with pytest.raises(InvalidSignature):
        sm2.verify(bytes(point), sequence(integer(5), integer(7)), CHALLENGE)


def test_changed_bytes_are_refused_with_a_reason(key: Sm2Key) -> None:
    """Never an exception. Accepted are only changes outside of what is signed: names of algorithms, the certificate."""
    der = key.sign(CHALLENGE)
    signed = der.index(CHALLENGE_DIGEST)
    for offset in range(0, len(der), 7):
        changed = bytearray(der)
        changed[offset] ^= 1
        assert outcome(bytes(changed)).startswith(("signature.", "accepted"))
    for offset in (signed, len(der) - 1):
        changed = bytearray(der)
        changed[offset] ^= 1
        assert outcome(bytes(changed)).startswith("signature.")


def outcome(der: bytes) -> str:
    try:
        cms.verify(der, CHALLENGE)
    except Refused as refused:
        return refused.findings[0].code
    return "accepted"


# --- the chain ---


def config(authority: Sm2Authority, folder: Path, *revoked: int) -> CakeyConfig:
    root, crl = authority.write(folder)
    crl.write_bytes(authority.crl(*revoked))
    return CakeyConfig((root,), (crl,))


def codes(certificate: x509.Certificate, config: CakeyConfig) -> list[str]:
    return [finding.code for finding in check_certificate(certificate, others=[], now=datetime.now(UTC), config=config)]


def test_a_key_under_an_sm2_authority_is_trusted(authority: Sm2Authority, key: Sm2Key, tmp_path: Path) -> None:
    assert codes(key.certificate, config(authority, tmp_path)) == []


def test_every_failure_of_the_chain_has_its_name(authority: Sm2Authority, key: Sm2Key, tmp_path: Path) -> None:
    good = config(authority, tmp_path)
    day = timedelta(days=1)
    now = datetime.now(UTC)
    expired = authority.issue(USCC, not_before=now - 9 * day, not_after=now - day)
    assert codes(expired.certificate, good) == ["key.expired"]
    assert codes(authority.issue(USCC, not_before=now + day).certificate, good) == ["key.not_yet_valid"]
    assert codes(key.certificate, config(authority, tmp_path, key.certificate.serial_number)) == ["key.revoked"]
    assert codes(key.certificate, CakeyConfig(good.trusted, ())) == ["key.no_revocation_list"]
    impostor = Sm2Authority()
    assert codes(impostor.issue(USCC).certificate, good) == ["key.foreign_issuer"]
    others_list = config(impostor, tmp_path).crls
    assert codes(key.certificate, CakeyConfig(good.trusted, others_list)) == ["key.no_revocation_list"]


def test_certificates_made_by_openssl_are_verified(tmp_path: Path) -> None:
    """An implementation that has nothing in common with ours."""
    script = """
    openssl ecparam -name SM2 -genkey -noout -out ca.key
    openssl req -x509 -new -key ca.key -sm3 -sigopt distid:1234567812345678 -subj /CN=ca -days 10 -out ca.pem
    openssl ecparam -name SM2 -genkey -noout -out key.pem
    openssl req -new -key key.pem -sm3 -sigopt distid:1234567812345678 -subj /CN=enterprise -out key.csr
    openssl x509 -req -in key.csr -vfyopt distid:1234567812345678 -CA ca.pem -CAkey ca.key -CAcreateserial -sm3 \
      -sigopt distid:1234567812345678 -days 5 -out key.crt
    printf '[ca]\\ndefault_ca=a\\n[a]\\ndatabase=db\\ncrlnumber=no\\ndefault_md=sm3\\ndefault_crl_days=5\\n' > ca.conf
    touch db; echo 01 > no
    openssl ca -gencrl -config ca.conf -cert ca.pem -keyfile ca.key -sigopt distid:1234567812345678 -out ca.crl
    """
    subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path, check=True, capture_output=True)
    certificate = x509.load_pem_x509_certificate((tmp_path / "key.crt").read_bytes())
    found = check_certificate(
        certificate,
        others=[],
        now=datetime.now(UTC),
        config=CakeyConfig((tmp_path / "ca.pem",), (tmp_path / "ca.crl",)),
    )
    assert found == []


# --- the login ---


@pytest.mark.django_db
def test_login_with_an_sm2_key(
    client: Client, authority: Sm2Authority, key: Sm2Key, tmp_path: Path, settings: Any
) -> None:
    make_enterprise(uscc=USCC)
    root, crl = authority.write(tmp_path)
    settings.CAKEY_TRUST_ROOTS, settings.CAKEY_CRLS = str(root), [str(crl)]
    challenge = challenge_of(client)
    reply = client.post(LOGIN, form(challenge, key.sign(challenge.encode())))
    assert reply["Location"] == "/enterprise/"
    bound = CaKey.objects.get()
    assert (bound.fingerprint, bound.operator_name) == (fingerprint(key), "李会计")
    crl.write_bytes(authority.crl(key.certificate.serial_number))
    other = Client()
    challenge = challenge_of(other)
    text = base64.b64encode(key.sign(challenge.encode(), embedded=True)).decode()
    reply = other.post(LOGIN, {"challenge": challenge, "signature": text})
    assert [finding.code for finding in reply.context["refusals"]] == ["key.revoked"]
