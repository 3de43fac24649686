"""Makes the CMS over a challenge, as the login page takes it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from common.pki.der import MemoryKey, SignedData, SigningKey, attributes_to_sign
from common.pki.token_key import TokenAddress, TokenKey

BEGINNING = b"ukey-login|"
LONGEST = 500


class ToolError(Exception):
    """The message is a sentence for the operator."""


@dataclass(frozen=True)
class Holder:
    key: SigningKey
    certificate: x509.Certificate


def from_file(path: Path, pin: str) -> Holder:
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(path.read_bytes(), pin.encode())
    except OSError as error:
        raise ToolError(f"无法读取 {path}") from error
    except ValueError as error:
        raise ToolError("PIN 码不正确，或者这不是 CA 锁文件") from error
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ToolError("文件里没有可以签名的证书")
    return Holder(MemoryKey(key), certificate)


def from_token(address: TokenAddress, pin: str, certificate: Path | None) -> Holder:
    key = TokenKey(address, pin)
    try:
        given = x509.load_pem_x509_certificates(certificate.read_bytes()) if certificate else key.certificates()
    except (OSError, ValueError) as error:
        raise ToolError(f"无法读取证书 {certificate}") from error
    fitting = [one for one in given if key.belongs_to(one)]
    if not fitting:
        raise ToolError("锁里没有与私钥相符的证书，请用 --certificate 指定证书文件")
    return Holder(key, fitting[0])


def origin_of(challenge: bytes) -> str:
    """Answers the portal that the challenge is for. Only a challenge may be signed, so everything else is refused."""
    parts = challenge.split(b"|")
    if not challenge.startswith(BEGINNING) or len(parts) != 5 or len(challenge) > LONGEST or not challenge.isascii():
        raise ToolError("这不是登录口令：请使用登录页面下载的 challenge.txt，不要改动")
    return parts[1].decode()


def sign(holder: Holder, challenge: bytes) -> bytes:
    signed = SignedData(holder.certificate, holder.key.algorithm, (holder.certificate,))
    attributes = signed.attributes(hashlib.sha256(challenge).digest())
    return signed.encode(attributes, holder.key.sign(attributes_to_sign(attributes)))
