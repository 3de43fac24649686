"""Judges whether the certificate of a CA key is trusted today; every reason against it is told, with what to do."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from django.conf import settings

from common.findings import Finding
from common.pki.x509_chain import (
    ChainCheck,
    ChainProblem,
    check_chain,
    extension_of,
    is_self_signed,
    load_certificates,
    load_crls,
    paths_of,
)

from . import ocsp

logger = logging.getLogger(__name__)

FINDINGS = {
    ChainProblem.FOREIGN_ISSUER: Finding(
        "key.foreign_issuer",
        "CA 锁不是受信任的 CA 机构签发的",
        "请使用原“江西省住房和城乡建设厅行政审批系统”的 CA 锁，或向受信任的 CA 机构申请。",
        turn="企业",
    ),
    ChainProblem.NOT_YET_VALID: Finding(
        "key.not_yet_valid",
        "CA 锁还没有到启用日期",
        "请核对证书的有效期，到启用日期后再登录。",
        turn="企业",
    ),
    ChainProblem.EXPIRED: Finding(
        "key.expired",
        "CA 锁已过期",
        "请向 CA 机构续期，续期后的证书首次登录时自动绑定。",
        turn="企业",
    ),
    ChainProblem.REVOKED: Finding(
        "key.revoked",
        "CA 锁已被 CA 机构吊销",
        "挂失、注销过的锁不能再使用，请向 CA 机构申请新的证书。",
        turn="企业",
    ),
    ChainProblem.NO_REVOCATION_LIST: Finding(
        "key.no_revocation_list",
        "暂时无法核对 CA 锁是否已吊销",
        "系统没有取得 CA 机构的吊销列表，请稍后再试。",
        turn="系统管理员",
    ),
    ChainProblem.STALE_REVOCATION_LIST: Finding(
        "key.stale_revocation_list",
        "暂时无法核对 CA 锁是否已吊销",
        "CA 机构的吊销列表已过期，请稍后再试。",
        turn="系统管理员",
    ),
    ChainProblem.UNKNOWN_CRITICAL_EXTENSION: Finding(
        "key.unknown_critical_extension",
        "CA 锁的证书含有系统不认识的限制",
        "请联系 CA 机构核对证书种类。",
        turn="CA 机构",
    ),
}
OCSP_UNREACHABLE = Finding(
    "key.ocsp_unreachable",
    "暂时无法向 CA 机构核对 CA 锁是否已吊销",
    "CA 机构的在线查询（OCSP）没有给出可信的答复，请稍后再试。",
    turn="系统管理员",
)
OCSP_UNKNOWN = Finding(
    "key.ocsp_unknown",
    "CA 机构查不到这张证书",
    "在线查询（OCSP）没有这张证书的记录，请联系 CA 机构核对。",
    turn="CA 机构",
)
WRONG_USAGE = Finding(
    "key.wrong_usage",
    "选用的证书不能用于签名",
    "一把 CA 锁里常有签名证书和加密证书两张，请在签名工具中改选签名证书。",
    turn="企业",
)


MOST_OTHERS = 4
"""A chain has one or two other certificates; the bound is there because every path through them has to be tried."""


class Revocation(StrEnum):
    """Names the values of the setting CAKEY_REVOCATION.

    Revocation lists of the intermediate authorities are demanded in any case. EITHER means that list and responder are
    both asked, and that the responder alone decides while the list is out of date.
    """

    CRL = "crl"
    OCSP = "ocsp"
    EITHER = "either"
    BOTH = "both"


LIST_PROBLEMS = {ChainProblem.NO_REVOCATION_LIST, ChainProblem.STALE_REVOCATION_LIST}


@dataclass(frozen=True)
class CakeyConfig:
    trusted: tuple[Path, ...]
    """These are the roots and their sub-CAs, because keys often come without their intermediate certificate."""
    crls: tuple[Path, ...]
    revocation: Revocation = Revocation.CRL

    @classmethod
    def from_settings(cls) -> CakeyConfig:
        demanded = Revocation(settings.CAKEY_REVOCATION)
        return cls(paths_of(settings.CAKEY_TRUST_ROOTS), paths_of(settings.CAKEY_CRLS), demanded)


def check_certificate(
    certificate: x509.Certificate,
    *,
    others: Sequence[x509.Certificate],
    now: datetime,
    config: CakeyConfig | None = None,
) -> list[Finding]:
    """Answers nothing when the certificate may be used to log in. `others` came with the signature and are not trusted."""
    config = config or CakeyConfig.from_settings()
    trusted = load_certificates(*config.trusted)
    check = check_chain(
        certificate,
        roots=[item for item in trusted if is_self_signed(item)],
        intermediates=[*(item for item in trusted if not is_self_signed(item)), *others[:MOST_OTHERS]],
        crls=_readable_lists(config.crls),
        now=now,
    )
    problems, ocsp_findings = _revocation(check, config.revocation, now)
    findings = [finding for problem, finding in FINDINGS.items() if problem in problems]
    findings += ocsp_findings
    if not _can_sign(certificate):
        findings.append(WRONG_USAGE)
    return findings


def _revocation(check: ChainCheck, demanded: Revocation, now: datetime) -> tuple[set[ChainProblem], list[Finding]]:
    """Answers the problems that remain once the responder was asked about the key's own certificate, and what it said."""
    if demanded is Revocation.CRL or len(check.path) < 2:
        return check.problems, []
    key, issuer = check.path[:2]
    answer = ocsp.ask(key, issuer, now=now)
    if answer is ocsp.Answer.REVOKED:
        return check.problems | {ChainProblem.REVOKED}, []
    own_list = {fault.problem for fault in check.faults if fault.certificate == key} & LIST_PROBLEMS
    others = {fault.problem for fault in check.faults if fault.certificate != key or fault.problem not in LIST_PROBLEMS}
    if answer is ocsp.Answer.GOOD:
        return (check.problems if demanded is Revocation.BOTH else others), []
    if demanded is Revocation.EITHER and not own_list and answer is ocsp.Answer.UNREACHABLE:
        return check.problems, []
    kept = others if demanded is Revocation.OCSP else check.problems
    return kept, [OCSP_UNKNOWN if answer is ocsp.Answer.UNKNOWN else OCSP_UNREACHABLE]


def _readable_lists(paths: Iterable[Path]) -> list[x509.CertificateRevocationList]:
    """Skips a list that is missing or damaged: the login page must not fail, and without the list the check refuses."""
    lists = []
    for path in paths:
        try:
            lists.extend(load_crls(path))
        except (OSError, ValueError):
            logger.exception("revocation list %s cannot be read", path)
    return lists


def _can_sign(certificate: x509.Certificate) -> bool:
    constraints = extension_of(certificate, x509.BasicConstraints)
    usage = extension_of(certificate, x509.KeyUsage)
    if constraints is not None and constraints.ca:
        return False
    return usage is None or usage.digital_signature or usage.content_commitment
