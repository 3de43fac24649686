"""Certificates signed by a key on a token; whatever is wrong with the token, no unsigned file comes out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from certificates.ecert.signing import PdfSigner, SigningUnavailable, signer_from_settings
from common.pki import token_key
from common.pki.token_key import TokenAddress, TokenKey
from devtools.demo_keys.pki import DemoPki, load_key
from tests.certificates.ecert.independent import validated
from tests.certificates.ecert.signed_files import drawn_pdf, signing_config
from tests.softhsm import MODULE, SoftHsm


@pytest.fixture
def label(hsm: SoftHsm, pki: DemoPki) -> str:
    return hsm.put(load_key(pki.signer_key))


@pytest.fixture
def configured(hsm: SoftHsm, pki: DemoPki, label: str, settings: Any) -> Any:
    settings.ECERT_SIGNER_KEY = hsm.address(label)
    settings.ECERT_SIGNER_CERT = str(pki.signer_certificate)
    settings.ECERT_CHAIN, settings.ECERT_ROOT = str(pki.chain), str(pki.root)
    settings.ECERT_CRLS, settings.ECERT_TSA_URL = [str(path) for path in pki.crls], ""
    return settings


def test_a_token_signs_what_independent_verifiers_accept(configured: Any, pki: DemoPki) -> None:
    signer = signer_from_settings()
    assert isinstance(signer._key, TokenKey)
    for _ in range(2):
        signed = signer.sign(drawn_pdf(), reason="发证", location="江西")
        assert validated(signed, pki).bottom_line
    assert signer_from_settings() is signer


def forget_sessions() -> None:
    while token_key._sessions:
        _, session = token_key._sessions.popitem()
        session.close()


def refusal(settings: Any, address: str) -> str:
    settings.ECERT_SIGNER_KEY = address
    with pytest.raises(SigningUnavailable) as caught:
        signer_from_settings()
    return str(caught.value)


def test_every_failure_of_the_token_stops_the_signing(
    configured: Any, hsm: SoftHsm, label: str, tmp_path: Path
) -> None:
    assert "holds 0 keys" in refusal(configured, hsm.address("nobody"))
    assert "is not there" in refusal(configured, hsm.address(label, token="elsewhere"))
    assert "PIN cannot be read" in refusal(
        configured, hsm.address(label, token="unread", pin_file=tmp_path / "missing")
    )
    other = hsm.put(ec.generate_private_key(ec.SECP256R1()))
    assert "does not belong to the certificate" in refusal(configured, hsm.address(other))
    assert "names token, object" in refusal(configured, "pkcs11:token=x")
    missing_module = hsm.address(label).replace(str(MODULE), "/nowhere/lib.so")
    assert "cannot be opened" in refusal(configured, missing_module)


def test_a_wrong_pin_is_tried_once(
    configured: Any, hsm: SoftHsm, label: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each job would try it again, and a token locks itself after a few."""
    forget_sessions()
    monkeypatch.setattr(token_key, "_wrong_pins", {})
    wrong = tmp_path / "pin"
    wrong.write_text("0000-000")
    address = hsm.address(label, pin_file=wrong)
    assert "wrong or the token is locked" in refusal(configured, address)
    assert "not tried again" in refusal(configured, address)
    wrong.write_text(hsm.pin_file.read_text())
    configured.ECERT_SIGNER_KEY = address
    assert signer_from_settings().sign(drawn_pdf(), reason="r", location="l")


# The library's search complains at its own end that the session is gone; nobody can catch that.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_dead_session_is_opened_again(configured: Any, hsm: SoftHsm, pki: DemoPki, label: str) -> None:
    signer = PdfSigner(replace(signing_config(pki), key=TokenAddress.parse(hsm.address(label))))
    for session in token_key._sessions.values():
        session.close()  # as if the token had been pulled out
    assert validated(signer.sign(drawn_pdf(), reason="r", location="l"), pki).bottom_line


def test_a_token_that_fails_in_between_yields_no_file(
    configured: Any, hsm: SoftHsm, pki: DemoPki, label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = signer_from_settings()
    monkeypatch.setattr(TokenAddress, "pin", lambda self: "0000-000")
    monkeypatch.setattr(token_key, "_wrong_pins", {})
    forget_sessions()
    with pytest.raises(SigningUnavailable, match="PIN is wrong"):
        signer.sign(drawn_pdf(), reason="r", location="l")


def test_addresses_may_be_escaped() -> None:
    parsed = TokenAddress.parse("pkcs11:token=%E5%8E%85%20HSM;id=%01%ff?module-path=/usr/lib/x.so&pin-value=a%2Bb")
    assert parsed == TokenAddress("/usr/lib/x.so", "厅 HSM", "", b"\x01\xff", "", "a+b")
