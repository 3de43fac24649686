from __future__ import annotations

import stat
import subprocess
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from devtools.demo_keys import pki as demo_pki
from devtools.demo_keys.pki import AUTHORITIES, CAKEY_CA, DemoPki, ensure_demo_pki, load_certificate

USCC = "91350100M000100Y43"


@pytest.fixture
def pki(tmp_path: Path) -> DemoPki:
    return ensure_demo_pki(tmp_path / "pki")


def openssl(*arguments: str | Path) -> str:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def snapshot(pki: DemoPki) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in pki.directory.iterdir() if path.is_file()}


def test_openssl_accepts_both_hierarchies_with_their_revocation_lists(pki: DemoPki, tmp_path: Path) -> None:
    crls = tmp_path / "crls.pem"
    crls.write_bytes(b"".join(path.read_bytes() for path in [*pki.crls, *pki.cakey_crls]))
    key = pki.issue_enterprise_key(uscc=USCC, enterprise_name="演示建筑公司", operator_name="李演", pin="1234")
    enterprise = tmp_path / "enterprise.pem"
    enterprise.write_bytes(demo_pki._pem(key.certificate))
    checks = ["-x509_strict", "-crl_check_all", "-CRLfile", crls]

    openssl(
        "verify", "-CAfile", pki.root, *checks, "-purpose", "smimesign", "-untrusted", pki.chain, pki.signer_certificate
    )
    openssl("verify", "-CAfile", pki.root, *checks, "-purpose", "timestampsign", pki.tsa_certificate)
    openssl("verify", "-CAfile", pki.cakey_roots, *checks, "-purpose", "sslclient", enterprise)


def test_every_subject_is_marked_as_a_demonstration(pki: DemoPki) -> None:
    for path in pki.directory.glob("*.pem"):
        for certificate in x509.load_pem_x509_certificates(path.read_bytes()):
            assert "演示" in certificate.subject.rfc4514_string()


def test_private_keys_are_readable_by_the_owner_only(pki: DemoPki) -> None:
    keys = list(pki.directory.glob("*.key"))
    assert len(keys) == len(AUTHORITIES) + 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    assert stat.S_IMODE(pki.directory.stat().st_mode) == 0o700


def test_a_second_call_changes_nothing(pki: DemoPki) -> None:
    before = snapshot(pki)
    ensure_demo_pki(pki.directory)
    assert snapshot(pki) == before


def _ensure_and_read(directory: Path) -> bytes:
    return ensure_demo_pki(directory).root.read_bytes()


def test_callers_that_start_together_get_one_hierarchy(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        roots = list(pool.map(_ensure_and_read, [tmp_path / "pki"] * 8))
    assert len(set(roots)) == 1


def test_a_build_that_was_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    leftover = tmp_path / ".pki.new-dead"
    leftover.mkdir()
    ensure_demo_pki(tmp_path / "pki")
    assert not leftover.exists()


def test_what_runs_out_is_renewed(pki: DemoPki) -> None:
    authority = pki.authority(CAKEY_CA)
    now = datetime.now(UTC)
    stale = authority.crl({}, this_update=now - timedelta(days=9), next_update=now - timedelta(days=1))
    crl = pki.path(f"{CAKEY_CA}.crl")
    crl.write_bytes(stale.public_bytes(demo_pki.serialization.Encoding.PEM))
    demo_pki._issue_leaf(
        pki.directory,
        demo_pki.SIGNER,
        demo_pki.ECERT_CA,
        demo_pki.SIGNER_SUBJECT,
        demo_pki.key_usage(sign_documents=True),
        (x509.ExtendedKeyUsage([demo_pki.DOCUMENT_SIGNING]), False),
        years=0,
    )
    ensure_demo_pki(pki.directory)
    renewed = x509.load_pem_x509_crl(crl.read_bytes())
    assert renewed.next_update_utc is not None
    assert renewed.next_update_utc > now + timedelta(days=300)
    assert load_certificate(pki.signer_certificate).not_valid_after_utc > now + timedelta(days=365)


def test_enterprise_key_carries_the_code_the_name_and_the_chain(pki: DemoPki) -> None:
    issued = pki.issue_enterprise_key(
        uscc=USCC, enterprise_name="演示建筑公司", operator_name="李演", pin="1234", serial=77
    )
    opened = pkcs12.load_pkcs12(issued.p12, b"1234")
    assert opened.cert is not None
    assert opened.cert.certificate == issued.certificate
    assert [extra.certificate for extra in opened.additional_certs] == [pki.authority(CAKEY_CA).certificate]
    subject = issued.certificate.subject
    values = [
        subject.get_attributes_for_oid(oid)[0].value
        for oid in (NameOID.SERIAL_NUMBER, NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
    ]
    assert values == [USCC, "演示建筑公司", "李演"]
    assert issued.certificate.serial_number == 77
    with pytest.raises(ValueError, match=r"(?i)password"):
        pkcs12.load_pkcs12(issued.p12, b"4321")


def test_demo_enterprise_keeps_its_key_file(pki: DemoPki) -> None:
    names = {"uscc": USCC, "enterprise_name": "演示建筑公司", "operator_name": "李演", "pin": "1234"}
    first = pki.ensure_enterprise_key(**names)
    content = first.read_bytes()
    assert pki.ensure_enterprise_key(**names).read_bytes() == content
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    with pytest.raises(ValueError, match="18 digits"):
        pki.ensure_enterprise_key(**{**names, "uscc": "../escape"})


def test_revoked_key_enters_the_list_and_stays_there(pki: DemoPki) -> None:
    pki.revoke(4711)
    pki.revoke(4712)
    pki.write_crl()
    crl = x509.load_pem_x509_crl(pki.path(f"{CAKEY_CA}.crl").read_bytes())
    assert {entry.serial_number for entry in crl} == {4711, 4712}
