from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from common.findings import Finding
from common.pki.x509_chain import ChainProblem
from devtools.demo_keys.authority import Authority, key_usage, subject_name
from devtools.demo_keys.pki import CAKEY_CA, CAKEY_ROOT, DemoPki, EnterpriseKey
from enterprises.ca_login.cakey.chain import FINDINGS, CakeyConfig, check_certificate

from .conftest import PIN, USCC

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def codes(
    certificate: x509.Certificate,
    config: CakeyConfig,
    *,
    others: Sequence[x509.Certificate] = (),
    now: datetime | None = None,
) -> list[str]:
    found = check_certificate(certificate, others=others, now=now or datetime.now(UTC), config=config)
    assert all(finding.blocking and finding.message and finding.detail and finding.turn for finding in found)
    return [finding.code for finding in found]


def config_of(pki: DemoPki) -> CakeyConfig:
    return CakeyConfig((pki.cakey_roots,), tuple(pki.cakey_crls))


def enterprise_key_of(pki: DemoPki, **times: datetime) -> x509.Certificate:
    return pki.issue_enterprise_key(
        uscc=USCC, enterprise_name="演示建筑有限公司", operator_name="李演", pin=PIN, **times
    ).certificate


def leaf(authority: Authority, extensions: Sequence[tuple[x509.ExtensionType, bool]]) -> x509.Certificate:
    return authority.issue(
        subject_name("演示建筑有限公司", "李演", serial_number=USCC),
        ec.generate_private_key(ec.SECP256R1()).public_key(),
        extensions,
        not_after=datetime.now(UTC) + DAY,
    )


SIGNING = (key_usage(sign_documents=True), True)


def test_key_of_our_ca_has_no_findings(enterprise_key: EnterpriseKey, config: CakeyConfig) -> None:
    assert codes(enterprise_key.certificate, config) == []


def test_settings_name_the_trusted_cas(settings: object, pki: DemoPki, enterprise_key: EnterpriseKey) -> None:
    settings.CAKEY_TRUST_ROOTS = str(pki.cakey_roots)  # type: ignore[attr-defined]
    settings.CAKEY_CRLS = [str(path) for path in pki.cakey_crls]  # type: ignore[attr-defined]
    assert check_certificate(enterprise_key.certificate, others=[], now=datetime.now(UTC)) == []


def test_intermediate_certificate_may_come_with_the_signature(pki: DemoPki, enterprise_key: EnterpriseKey) -> None:
    only_root = CakeyConfig((pki.path(f"{CAKEY_ROOT}.pem"),), tuple(pki.cakey_crls))
    assert codes(enterprise_key.certificate, only_root) == ["key.foreign_issuer"]
    assert codes(enterprise_key.certificate, only_root, others=[pki.authority(CAKEY_CA).certificate]) == []


def test_key_of_another_ca_is_foreign_even_if_it_brings_its_root(
    own_pki: DemoPki, enterprise_key: EnterpriseKey
) -> None:
    other = config_of(own_pki)
    assert codes(enterprise_key.certificate, other) == ["key.foreign_issuer"]


def test_foreign_root_that_comes_along_is_not_trusted(pki: DemoPki, own_pki: DemoPki) -> None:
    certificate = enterprise_key_of(own_pki)
    brought = [own_pki.authority(CAKEY_CA).certificate, own_pki.authority(CAKEY_ROOT).certificate]
    assert codes(certificate, config_of(pki), others=brought) == ["key.foreign_issuer"]


def test_signer_of_certificates_is_no_signer_of_keys(pki: DemoPki, config: CakeyConfig) -> None:
    """The other hierarchy of the same house does not open this door."""
    assert codes(leaf(pki.authority("ecert-ca"), [SIGNING]), config) == ["key.foreign_issuer"]


def test_certificate_issued_by_an_enterprise_key_is_foreign(
    pki: DemoPki, enterprise_key: EnterpriseKey, config: CakeyConfig
) -> None:
    forged = leaf(Authority(enterprise_key.certificate, enterprise_key.key), [SIGNING])
    assert codes(forged, config, others=[enterprise_key.certificate]) == ["key.foreign_issuer"]


def test_sub_ca_may_not_make_further_cas(pki: DemoPki, config: CakeyConfig) -> None:
    further = Authority.create(subject_name("演示", "演示下级机构"), years=1, issuer=pki.authority(CAKEY_CA))
    assert codes(leaf(further, [SIGNING]), config, others=[further.certificate]) == ["key.foreign_issuer"]


def test_same_names_with_another_key_are_foreign(pki: DemoPki, config: CakeyConfig) -> None:
    name = pki.authority(CAKEY_CA).certificate.subject
    impostor = Authority.create(name, years=1)
    assert codes(leaf(impostor, [SIGNING]), config, others=[impostor.certificate]) == ["key.foreign_issuer"]


def test_a_crowd_of_certificates_that_came_along_costs_no_time(pki: DemoPki, config: CakeyConfig) -> None:
    """Each of them may have issued each: all ways through forty would take years."""
    name = subject_name("演示", "演示迷宫")
    key = ec.generate_private_key(ec.SECP256R1())
    usages: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (key_usage(sign_certificates=True), True),
    ]
    itself = Authority(pki.authority(CAKEY_CA).certificate, key)
    maze = Authority(itself.issue(name, key.public_key(), usages, not_after=NOW + DAY), key)
    crowd = [maze.issue(name, key.public_key(), usages, not_after=NOW + DAY) for _ in range(40)]
    started = time.process_time()
    assert codes(leaf(maze, [SIGNING]), config, others=crowd) == ["key.foreign_issuer"]
    assert time.process_time() - started < 5


def test_expired_and_future_keys_are_told_apart(pki: DemoPki, config: CakeyConfig) -> None:
    expired = enterprise_key_of(pki, not_before=NOW - 9 * DAY, not_after=NOW - DAY)
    future = enterprise_key_of(pki, not_before=NOW + DAY, not_after=NOW + 9 * DAY)
    assert codes(expired, config) == ["key.expired"]
    assert codes(future, config) == ["key.not_yet_valid"]


def test_revoked_key_is_refused_from_that_moment(own_pki: DemoPki) -> None:
    certificate = enterprise_key_of(own_pki)
    assert codes(certificate, config_of(own_pki)) == []
    own_pki.revoke(certificate.serial_number)
    assert codes(certificate, config_of(own_pki)) == ["key.revoked"]


def test_all_reasons_are_given_at_once(own_pki: DemoPki) -> None:
    certificate = enterprise_key_of(own_pki, not_before=NOW - 9 * DAY, not_after=NOW - DAY)
    own_pki.revoke(certificate.serial_number)
    assert codes(certificate, config_of(own_pki)) == ["key.expired", "key.revoked"]


def test_revoked_sub_ca_takes_its_keys_along(own_pki: DemoPki) -> None:
    certificate = enterprise_key_of(own_pki)
    own_pki.revoke(own_pki.authority(CAKEY_CA).certificate.serial_number, authority=CAKEY_ROOT)
    assert codes(certificate, config_of(own_pki)) == ["key.revoked"]


@pytest.mark.parametrize("missing", [0, 1], ids=["of the root", "of the sub-CA"])
def test_missing_revocation_list_fails_closed(
    pki: DemoPki, enterprise_key: EnterpriseKey, config: CakeyConfig, missing: int
) -> None:
    lists = [path for number, path in enumerate(config.crls) if number != missing]
    incomplete = CakeyConfig(config.trusted, tuple(lists))
    assert codes(enterprise_key.certificate, incomplete) == ["key.no_revocation_list"]


def test_unreadable_revocation_list_fails_closed_and_is_logged(
    own_pki: DemoPki, caplog: pytest.LogCaptureFixture
) -> None:
    certificate = enterprise_key_of(own_pki)
    own_pki.cakey_crls[0].unlink()
    own_pki.cakey_crls[1].write_bytes(b"garbage")
    with caplog.at_level(logging.ERROR):
        assert codes(certificate, config_of(own_pki)) == ["key.no_revocation_list"]
    assert len(caplog.records) == 2


def replace_list(pki: DemoPki, crl: x509.CertificateRevocationList) -> None:
    pki.path(f"{CAKEY_CA}.crl").write_bytes(crl.public_bytes(serialization.Encoding.PEM))


def test_outdated_revocation_list_fails_closed(own_pki: DemoPki) -> None:
    certificate = enterprise_key_of(own_pki)
    replace_list(own_pki, own_pki.authority(CAKEY_CA).crl({}, this_update=NOW - 9 * DAY, next_update=NOW - DAY))
    assert codes(certificate, config_of(own_pki)) == ["key.stale_revocation_list"]


def test_entry_in_an_outdated_list_still_counts(own_pki: DemoPki) -> None:
    certificate = enterprise_key_of(own_pki)
    revoked = {certificate.serial_number: NOW - 8 * DAY}
    replace_list(own_pki, own_pki.authority(CAKEY_CA).crl(revoked, this_update=NOW - 9 * DAY, next_update=NOW - DAY))
    assert codes(certificate, config_of(own_pki)) == ["key.revoked"]


def test_list_signed_by_somebody_else_does_not_count(own_pki: DemoPki) -> None:
    certificate = enterprise_key_of(own_pki)
    impostor = Authority.create(own_pki.authority(CAKEY_CA).certificate.subject, years=1)
    replace_list(own_pki, impostor.crl({}))
    assert codes(certificate, config_of(own_pki)) == ["key.no_revocation_list"]


def test_encryption_certificate_cannot_log_in(pki: DemoPki, config: CakeyConfig) -> None:
    """Keys carry two certificates, and signing tools offer both."""
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=True,
        data_encipherment=True,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    assert codes(leaf(pki.authority(CAKEY_CA), [(usage, True)]), config) == ["key.wrong_usage"]


def test_ca_itself_cannot_log_in(pki: DemoPki, config: CakeyConfig) -> None:
    assert codes(pki.authority(CAKEY_CA).certificate, config) == ["key.wrong_usage"]


def test_certificate_without_usage_may_do_everything(pki: DemoPki, config: CakeyConfig) -> None:
    assert codes(leaf(pki.authority(CAKEY_CA), []), config) == []


def test_restriction_that_is_not_understood_is_refused(pki: DemoPki, config: CakeyConfig) -> None:
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
    assert codes(leaf(pki.authority(CAKEY_CA), [SIGNING, (strange, True)]), config) == [
        "key.unknown_critical_extension"
    ]


def test_every_problem_of_a_chain_has_its_sentence() -> None:
    assert set(FINDINGS) == set(ChainProblem)
    assert all(isinstance(finding, Finding) for finding in FINDINGS.values())
