"""Verifies that an uploaded PDF is one of ours, and unchanged.

Only data under a signature of ours reach the reader; nothing else that the file says about itself does.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings

from common.files import kinds, pdf_bytes
from common.limited.client import Exceeded, Failed, Kind, Limits, run_in_child
from common.limited.slots import Busy, Slots
from common.pki.x509_chain import paths_of

logger = logging.getLogger(__name__)

MAX_SIZE = 5 * 1024 * 1024
VERIFYING = Kind(
    "certificates.ecert.verify_child:work",
    Limits(cpu_seconds=1, memory=700 * 1024 * 1024, files=16),
    Slots("verify", count=2, for_one_source=1),
)
"""An ordinary file takes a tenth of this time."""


class Verdict(StrEnum):
    """UNAVAILABLE says nothing about the file: there is no revocation list, or the machine is too busy. BUSY and
    BUSY_OWN mean that other files, or one from the same address, are still being read.
    """

    INTACT = "intact"
    ALTERED = "altered"
    FOREIGN_SIGNATURE = "foreign_signature"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NOT_PDF = "not_pdf"
    UNAVAILABLE = "unavailable"
    BUSY = "busy"
    BUSY_OWN = "busy_own"


_ORIGINAL = "请上传从“我的证书”下载的电子证书（扩展名为 .pdf）。"
_NOT_PDF_ADVICE = {
    kinds.OFD.label: "本省的电子证书都是 PDF；OFD 文件请到它的签发单位核验，或向持证人要 PDF 原文件。",
    kinds.ZIP.label: "请先解压，再上传里面的 PDF 文件。",
}
SENTENCES = {
    Verdict.INTACT: "文件完整：由本机关签发，签发后没有被改动过。",
    Verdict.ALTERED: "文件在签发之后被改动过或者已经损坏，不能作为凭证使用。请让持证人从“我的证书”重新下载电子证书。",
    Verdict.FOREIGN_SIGNATURE: "文件上的电子签名不是本机关的有效签名，不能证明它由本机关签发。",
    Verdict.UNSIGNED: "文件没有电子签名，不是电子证书原件。打印后扫描、截图或另存的文件都不带签名，"
    "请上传从“我的证书”下载的原文件。",
    Verdict.UNREADABLE: "文件无法读取：可能没有下载完整、已经损坏或设了密码。请重新下载原文件后再上传。",
    Verdict.TOO_LARGE: "文件超过 5 MB。电子证书原件远小于 5 MB，请上传从“我的证书”下载的原文件。",
    Verdict.NOT_PDF: f"这不是 PDF 文件。{_ORIGINAL}",
    Verdict.BUSY: "现在核验文件的人太多，您的文件还没有核验，也没有保存。这不表示文件有问题。",
    Verdict.BUSY_OWN: "您的网络上一次提交的文件还在核验，这一个还没有核验，也没有保存。",
    Verdict.UNAVAILABLE: "暂时无法核验签名，这不表示文件有问题。请稍后再试，或用证书编号和姓名查询。",
}


SURPLUS = (
    "文件里的证书和签名都没有变，但文件的前面或后面多出了一些字节，和签发时的原文件不完全一样，不能当作原件。"
    "这常见于传输软件或保存时的添加。请让持证人从“我的证书”重新下载，直接上传下载的文件。"
)


@dataclass(frozen=True)
class VerificationConfig:
    signer: tuple[Path, ...]
    chain: tuple[Path, ...]
    roots: tuple[Path, ...]
    crls: tuple[Path, ...]

    @classmethod
    def from_settings(cls) -> VerificationConfig:
        return cls(
            signer=paths_of(settings.ECERT_SIGNER_CERT),
            chain=paths_of(settings.ECERT_CHAIN),
            roots=paths_of(settings.ECERT_ROOT),
            crls=paths_of(settings.ECERT_CRLS),
        )


@dataclass(frozen=True)
class VerificationReport:
    """Reports on one uploaded file.

    `is_known` means that we issued exactly this file; its data are then in the database and not read from the file.
    `signed_at` is the time of the time-stamp, or what the signature states where there is none. `data` were attached
    when the certificate was drawn, and are filled for an intact file only.
    """

    verdict: Verdict
    sha256: str = ""
    is_known: bool = False
    signer: str = ""
    signed_at: datetime | None = None
    timestamp: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    has_surplus: bool = False
    given: kinds.Kind | None = None

    @property
    def is_intact(self) -> bool:
        return self.verdict is Verdict.INTACT

    @property
    def sentence(self) -> str:
        if self.has_surplus:
            return SURPLUS
        if self.given is not None:
            return f"这不是 PDF 文件，您选的是{kinds.spaced(self.given.label)}。{_NOT_PDF_ADVICE.get(self.given.label, _ORIGINAL)}"
        return SENTENCES[self.verdict]


def verify_upload(
    pdf: bytes, config: VerificationConfig, *, known_sha256: Callable[[str], bool] | None = None
) -> VerificationReport:
    """Makes the cheap checks first; only a file that nobody knows is opened, in a process of its own.

    `known_sha256` says whether a document with this digest was issued here. A revoked or superseded certificate is
    intact too: the caller reports its present state.
    """
    if len(pdf) > MAX_SIZE:
        return VerificationReport(Verdict.TOO_LARGE)
    if not kinds.is_pdf(pdf):
        return VerificationReport(Verdict.NOT_PDF, given=kinds.kind_of(pdf))
    report = _verified(pdf, config, known_sha256)
    if report.verdict not in (Verdict.ALTERED, Verdict.UNREADABLE):
        return report
    for inner in _inside(pdf):
        found = _verified(inner, config, known_sha256)
        if found.is_intact:
            return VerificationReport(Verdict.ALTERED, report.sha256, has_surplus=True)
        if found.verdict not in (Verdict.ALTERED, Verdict.UNREADABLE):
            return replace(found, sha256=report.sha256)
    return report


def _verified(pdf: bytes, config: VerificationConfig, known_sha256: Callable[[str], bool] | None) -> VerificationReport:
    digest = hashlib.sha256(pdf).hexdigest()
    if known_sha256 is not None and known_sha256(digest):
        return VerificationReport(Verdict.INTACT, digest, is_known=True)
    try:
        return _report(_examined(pdf, config), digest)
    except Busy as busy:
        return VerificationReport(Verdict.BUSY_OWN if busy.own else Verdict.BUSY, digest)


_BYTE_RANGE = re.compile(rb"/ByteRange \[0 [0-9]{1,9} ([0-9]{1,9}) ([0-9]{1,9})")


def _inside(pdf: bytes) -> Iterator[bytes]:
    """Yields the file without what stands before its header, and behind the end that its last signature states."""
    at = pdf_bytes.header_at(pdf)
    inner = pdf[at:]
    signed = list(_BYTE_RANGE.finditer(inner))
    end = int(signed[-1][1]) + int(signed[-1][2]) if signed else len(inner)
    if not inner[end:].strip(pdf_bytes.PADDING):
        inner = inner[:end]
    if inner != pdf:
        yield inner


def _examined(pdf: bytes, config: VerificationConfig) -> Mapping[str, Any]:
    trust = {
        "signer": [str(path.absolute()) for path in config.signer],
        "chain": [str(path.absolute()) for path in config.chain],
        "roots": [str(path.absolute()) for path in config.roots],
        "crls": [str(path.absolute()) for path in config.crls],
    }
    try:
        return run_in_child(VERIFYING, {"trust": trust, "now": datetime.now(UTC).isoformat()}, [pdf])[0]
    except Exceeded:
        # None of our files needs so much.
        return {"verdict": Verdict.UNREADABLE}
    except Failed as error:
        logger.warning("verification failed: %s", error)
        return {"verdict": Verdict.UNAVAILABLE}


def _report(result: Mapping[str, Any], digest: str) -> VerificationReport:
    return VerificationReport(
        verdict=Verdict(result["verdict"]),
        sha256=digest,
        signer=result.get("signer", ""),
        signed_at=_moment(result.get("signed_at")),
        timestamp=_moment(result.get("timestamp")),
        data=result.get("data") or {},
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
