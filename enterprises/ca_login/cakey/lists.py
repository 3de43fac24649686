"""Fetches the CAs' revocation lists, and raises an alarm before outdated lists prevent every login."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone

from administration.models import JobRun
from common.pki.x509_chain import is_list_of, load_certificates, load_crls, paths_of
from common.web import http
from common.web.bounded import HttpFailed, HttpTooLong

ALARM_BEFORE = timedelta(hours=24)
TIMEOUT_SECONDS = 60
LARGEST_LIST = 64 * 1024 * 1024
LABELS = {"renewed": "已更新", "unchanged": "未变化", "failed": "更新失败", "hours_left": "最早失效前（小时）"}


class ListsInDanger(Exception):
    """The message is shown in the back office."""


class Unusable(Exception):
    """The list cannot be taken over; the message says why."""


def refresh(run: JobRun) -> Mapping[str, int]:
    """Takes over newer lists and checks the age of all. Raises ListsInDanger when one runs out within a day."""
    now = timezone.now()
    counts = {"renewed": 0, "unchanged": 0, "failed": 0}
    complaints: list[str] = []
    files = paths_of(settings.CAKEY_CRLS)
    for file, source in zip(files, settings.CAKEY_CRL_URLS, strict=False):
        if source:
            try:
                counts["renewed" if _take_over(file, source, now) else "unchanged"] += 1
            except Unusable as error:
                counts["failed"] += 1
                complaints.append(f"{file.name}：{error}")
    ends = [_end(file) for file in files]
    hours = [int((end - now).total_seconds() // 3600) if end is not None else 0 for end in ends]
    counts["hours_left"] = max(0, min(hours, default=0))
    for file, end in zip(files, ends, strict=True):
        if end is None:
            complaints.append(f"{file.name}：吊销列表不存在或无法读取，CA 锁不能登录")
        elif end - now <= ALARM_BEFORE:
            complaints.append(f"{file.name}：吊销列表{'已失效，CA 锁不能登录' if end <= now else '24小时内失效'}")
    if complaints:
        run.counts = counts
        raise ListsInDanger("；".join(complaints))
    return counts


def _take_over(file: Path, source: str, now: datetime) -> bool:
    """Answers False when the present list is as new. A list is taken over only if one of our authorities signed it."""
    content = _fetch(source)
    try:
        crl = x509.load_pem_x509_crl(content) if b"-----BEGIN" in content else x509.load_der_x509_crl(content)
    except ValueError as error:
        raise Unusable("取得的文件不是吊销列表") from error
    authorities = load_certificates(*paths_of(settings.CAKEY_TRUST_ROOTS))
    if not any(is_list_of(crl, authority) for authority in authorities):
        raise Unusable("取得的吊销列表不是受信任的 CA 机构签发的")
    if crl.next_update_utc is None or crl.next_update_utc <= now:
        raise Unusable("取得的吊销列表已过期")
    present = _present(file)
    if present is not None:
        if present.issuer != crl.issuer:
            raise Unusable("取得的是另一家 CA 机构的吊销列表，请核对 CAKEY_CRL_URLS 的顺序")
        # An older list lacks later revocations: replaying it must not undo them.
        if present.last_update_utc >= crl.last_update_utc:
            return False
    _write(file, crl.public_bytes(Encoding.PEM))
    return True


def _fetch(source: str) -> bytes:
    if not source.startswith(("http://", "https://")):
        try:
            return Path(source).read_bytes()
        except OSError as error:
            raise Unusable(f"无法取得（{type(error).__name__}）") from error
    try:
        # Lists are signed and public, so a redirect may lead anywhere.
        answer = http.get(source, timeout=TIMEOUT_SECONDS, most=LARGEST_LIST, redirects=True)
    except HttpTooLong as error:
        raise Unusable("取得的文件过大") from error
    except HttpFailed as error:
        raise Unusable(f"无法取得（{error}）") from error
    if answer.status != HTTPStatus.OK:
        raise Unusable(f"无法取得（HTTP {answer.status}）")
    return answer.body


def _present(file: Path) -> x509.CertificateRevocationList | None:
    try:
        return load_crls(file)[0]
    except (OSError, ValueError):
        return None


def _end(file: Path) -> datetime | None:
    crl = _present(file)
    return crl.next_update_utc if crl is not None else None


def _write(file: Path, content: bytes) -> None:
    """Replaces the file in one step: a login that reads meanwhile finds the old list or the new one."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(descriptor, "wb") as target:
        os.fchmod(descriptor, 0o644)
        target.write(content)
    os.replace(name, file)
