"""Recognises what the demonstration made for itself, since any checkout can make it and it proves nothing.

Its certificates say 演示 in their names, its seal says so in the file and is known by its pixels, its keys are known by
the certificates that lie beside them. Nothing here needs Django.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from PIL import Image

from common.pki.demo_marks import CENTRE_DIGEST, DEMO_REGISTRY_KEY, SEAL_COMMENT, WORD, seal_centre

REFUSED = "belongs to the demonstration and proves nothing"
CERTIFICATES = ("ECERT_SIGNER_CERT", "ECERT_CHAIN", "ECERT_ROOT", "CAKEY_TRUST_ROOTS")
LISTS = ("ECERT_CRLS", "CAKEY_CRLS")
SECRETS = (
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "FIELD_ENCRYPTION_KEYS",
    "BLIND_INDEX_KEY",
    "REGISTRY_KEY",
    "CAKEY_PROXY_SECRET",
    "FACE_PROVIDER_SECRET",
)
PKI_FOLDER = "demo-pki"
SECRETS_FILE = "dev-secrets.json"


Complaint = tuple[str, str]


def demonstration_complaints(environment: Mapping[str, str], folders: Collection[Path]) -> Iterator[Complaint]:
    """Answers the name of the setting and what is wrong with it; missing files are reported elsewhere."""
    for name in (*CERTIFICATES, *LISTS, "ECERT_SEAL"):
        for path in _files(environment, name):
            try:
                if _is_demonstration_file(name, path):
                    yield name, REFUSED
            except Unreadable as error:
                yield name, str(error)
    yield from _key_complaints(environment, folders)
    if WORD in environment.get("ECERT_ISSUER_NAME", ""):
        yield "ECERT_ISSUER_NAME", REFUSED
    known = secrets_of_development(folders) | {DEMO_REGISTRY_KEY}
    for name in SECRETS:
        if known & {value.strip() for value in environment.get(name, "").split(",")}:
            yield name, "is known from the development or demonstration of this checkout: make a new one"


def _is_demonstration_file(name: str, path: Path) -> bool:
    if name in CERTIFICATES:
        return any(map(is_demonstration, certificates_in(path)))
    return is_demonstration_list(path) if name in LISTS else is_demonstration_seal(path)


def _key_complaints(environment: Mapping[str, str], folders: Collection[Path]) -> Iterator[Complaint]:
    """A key on a token is asked when it is first used."""
    name = "ECERT_SIGNER_KEY"
    for path in _files(environment, name):
        try:
            public = public_bytes_of_key(path)
        except Unreadable as error:
            yield name, str(error)
            return
        if is_demonstration_key(public, {path.parent, *(folder / PKI_FOLDER for folder in folders)}):
            yield name, REFUSED
        for certificate in _files(environment, "ECERT_SIGNER_CERT"):
            try:
                if public_bytes(certificates_in(certificate)[0]) != public:
                    yield name, "does not belong to the certificate in ECERT_SIGNER_CERT"
            except Unreadable:
                continue  # said of ECERT_SIGNER_CERT


def _files(environment: Mapping[str, str], name: str) -> list[Path]:
    listed = [Path(entry.strip()) for entry in environment.get(name, "").split(",") if entry.strip()]
    return [path for path in listed if path.is_file()]


class Unreadable(Exception):
    """The file is not what it should be; the message says what is wrong."""


def certificates_in(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Unreadable("holds no PEM certificate that can be read") from error


def public_bytes_of_key(path: Path) -> bytes:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except TypeError as error:
        raise Unreadable("is protected by a password, which nobody types at a start") from error
    except (OSError, ValueError) as error:
        raise Unreadable("holds no PEM private key that can be read") from error
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def public_bytes(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def is_demonstration(certificate: x509.Certificate | x509.CertificateRevocationList) -> bool:
    names = [certificate.issuer]
    if isinstance(certificate, x509.Certificate):
        names.append(certificate.subject)
    return any(WORD in str(attribute.value) for name in names for attribute in name)


def is_demonstration_list(path: Path) -> bool:
    content = path.read_bytes()
    for load in (x509.load_pem_x509_crl, x509.load_der_x509_crl):
        try:
            return is_demonstration(load(content))
        except ValueError:
            continue
    raise Unreadable("holds no revocation list (PEM or DER) that can be read")


def is_demonstration_key(public: bytes, folders: Iterable[Path]) -> bool:
    return any(public in _demonstration_keys(folder) for folder in folders)


@lru_cache(maxsize=8)
def _demonstration_keys(folder: Path) -> frozenset[bytes]:
    """Answers the public keys of the demonstration's certificates in one folder."""
    found = set()
    for path in folder.glob("*.pem"):
        try:
            found |= {public_bytes(one) for one in certificates_in(path) if is_demonstration(one)}
        except Unreadable:
            continue
    return frozenset(found)


def is_demonstration_seal(path: Path) -> bool:
    try:
        with Image.open(path) as image:
            image.load()
            if image.format != "PNG":
                raise Unreadable("is no PNG picture")
            marked = image.info.get("Comment") == SEAL_COMMENT
            return marked or hashlib.sha256(seal_centre(image)).hexdigest() == CENTRE_DIGEST
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable("is no PNG picture that can be read") from error


def secrets_of_development(folders: Iterable[Path]) -> set[str]:
    """Answers every secret that a checkout made for its own development."""
    found: set[str] = set()
    for folder in folders:
        try:
            content = json.loads((folder / SECRETS_FILE).read_text())
        except (OSError, ValueError):
            continue
        for value in content.values() if isinstance(content, dict) else ():
            found |= set(value) if isinstance(value, list) else {value}
    return found
