"""Logs in by the certificate that a browser shows in TLS (F05): reads the proxy's headers, and leads back to the
portal.

Only the proxy's server for CA keys asks for certificates. It passes on the certificate together with a secret; the
public server blanks both headers. The portal then checks the certificate again, as if it had come with a signature.

The two servers may have different host names and so different cookies. The login page's challenge travels to the
entrance in the address, and comes back inside a signed answer that only the browser which holds the challenge can use.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote, urlencode

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from common.findings import Cure, Finding, Refused

CERTIFICATE = "X-Cakey-Certificate"
VERIFY = "X-Cakey-Verify"
"""This header holds the proxy's own opinion of the chain: SUCCESS, NONE or FAILED:reason."""
SECRET = "X-Cakey-Secret"  # noqa: S105  the header's name
VALID_FOR = timedelta(seconds=60)
_SALT = "enterprises.entrance"
_AGAIN = Cure("返回企业登录", "enterprises:login")

NO_CERTIFICATE = Finding(
    "entrance.no_certificate",
    "浏览器没有出示 CA 锁的证书",
    "请插好 CA 锁并安装驱动，关闭全部浏览器窗口后重新打开，在浏览器弹出的窗口中选择本企业的证书；没有弹出的，请改用签名方式登录。",
    turn="企业",
    cure=_AGAIN,
)
FORGED = Finding(
    "entrance.forged",
    "证书不是从 CA 锁登录入口送来的，不予承认",
    "请从企业登录页面进入。反复出现的，请联系系统管理员核对登录入口的密钥（CAKEY_PROXY_SECRET）。",
    turn="系统管理员",
    cure=_AGAIN,
)
UNREADABLE = Finding(
    "entrance.unreadable",
    "CA 锁的证书无法读取",
    "请改用签名方式登录；仍然不行的，请联系 CA 机构检查证书。",
    turn="企业",
    cure=_AGAIN,
)
BAD_ANSWER = Finding(
    "entrance.bad_answer",
    "登录结果无效或已超过1分钟",
    "请重新登录，中途不要刷新页面或复制地址。",
    turn="企业",
)
REFUSED_BY_PROXY = Finding(
    "key.refused_by_proxy",
    "登录入口没有认可这张证书",
    "证书可能不能用于客户端登录，请改用签名方式登录；仍然不行的，请联系 CA 机构。",
    turn="CA 机构",
)


@dataclass(frozen=True)
class Shown:
    """Holds the certificate that the browser showed; `is_approved` says whether the proxy accepted it."""

    certificate: x509.Certificate
    is_approved: bool


def is_open() -> bool:
    return bool(settings.CAKEY_TLS_URL and settings.CAKEY_PROXY_SECRET)


def address(challenge: str, following: str) -> str:
    """Answers where the browser is asked for its certificate; `following` is the page to open after the login."""
    query = urlencode({"challenge": challenge, "next": following})
    return f"{settings.CAKEY_TLS_URL}{reverse('enterprises:entrance')}?{query}"


def shown_by(request: HttpRequest) -> Shown:
    """Raises Refused: without the secret the headers are not read."""
    given = request.headers.get(SECRET, "")
    if not is_open() or not constant_time_compare(given, settings.CAKEY_PROXY_SECRET):
        raise Refused(FORGED if given or CERTIFICATE in request.headers else NO_CERTIFICATE)
    pem = unquote(request.headers.get(CERTIFICATE, ""))
    if not pem:
        raise Refused(NO_CERTIFICATE)
    try:
        certificate = _readable(x509.load_pem_x509_certificate(pem.encode()))
    except (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension) as error:
        raise Refused(UNREADABLE) from error
    return Shown(certificate, request.headers.get(VERIFY) == "SUCCESS")


def answer_address(shown: Shown, challenge: str, following: str) -> str:
    """Leads back to the portal, which keeps the session that asked."""
    body = {
        "certificate": base64.b64encode(shown.certificate.public_bytes(Encoding.DER)).decode(),
        "approved": shown.is_approved,
        "challenge": challenge,
    }
    query = urlencode({"answer": signing.dumps(body, salt=_SALT, compress=True), "next": following})
    return f"{settings.CAKEY_ORIGIN}{reverse('enterprises:entrance_done')}?{query}"


def read_answer(text: str) -> tuple[Shown, str]:
    """Answers the shown certificate and the challenge that it answers. Raises Refused."""
    try:
        body = signing.loads(text, salt=_SALT, max_age=VALID_FOR)
    except signing.BadSignature as error:
        raise Refused(BAD_ANSWER) from error
    certificate = x509.load_der_x509_certificate(base64.b64decode(body["certificate"]))
    return Shown(certificate, body["approved"]), body["challenge"]


def _readable(certificate: x509.Certificate) -> x509.Certificate:
    """Parses every part now: a damaged part would otherwise fail at a later access."""
    if not certificate.subject.rdns or not certificate.issuer.rdns or certificate.extensions is None:
        raise ValueError("no names")
    return certificate
