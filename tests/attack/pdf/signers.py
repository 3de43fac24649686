"""Whole, untouched files with a signature that is not ours, or is ours in another shape than we write it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

from asn1crypto import cms, keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.ecert.signing import PdfSigner
from certificates.ecert.timestamp import HttpTimestamper
from common.pki.der import MemoryKey, SignedData
from devtools.demo_keys.authority import Authority, PrivateKey, key_usage, subject_name
from devtools.demo_keys.pki import (
    CAKEY_CA,
    DOCUMENT_SIGNING,
    ECERT_CA,
    ECERT_ROOT,
    SIGNER_SUBJECT,
    TSA_SUBJECT,
    DemoPki,
    ensure_demo_pki,
    load_certificate,
    load_key,
)
from devtools.demo_servers.time_stamping import demo_tsa_server
from tests.certificates.ecert.signed_files import signed_as_it_is, signed_pdf, signing_config

from .variant import Variants, World

VARIANTS = Variants()
add = VARIANTS.add
NOW = datetime.now(UTC)
PURPOSES = x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION])
Extensions = list[tuple[x509.ExtensionType, bool]]
USUAL: Extensions = [
    (x509.BasicConstraints(ca=False, path_length=None), True),
    (key_usage(sign_documents=True), True),
    (PURPOSES, False),
]


@dataclass(frozen=True)
class Identity:
    key: PrivateKey
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = ()
    """What is put into the signature beside the signer's certificate."""


def issued(
    authority: Authority,
    subject: x509.Name,
    extensions: Extensions = USUAL,
    *,
    above: tuple[x509.Certificate, ...] = (),
    **times: datetime,
) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    times.setdefault("not_after", NOW + timedelta(days=9))
    return Identity(
        key, authority.issue(subject, key.public_key(), extensions, **times), above or (authority.certificate,)
    )


class CarelessSigner(PdfSigner):
    """Signs as the portal does, with whatever it is given, and checks nothing."""

    def __init__(
        self, pki: DemoPki, who: Identity, *, tsa_url: str = "", reshape: Callable[[bytes], bytes] = bytes
    ) -> None:
        self._config = signing_config(pki)
        self._key = MemoryKey(who.key)
        self.certificate = who.certificate
        self._signed_data = SignedData(who.certificate, self._key.algorithm, (who.certificate, *who.above))
        self._timestamper = HttpTimestamper(tsa_url) if tsa_url else None
        self._tsa_path = ()
        self._reshape = reshape

    def _path_of(self, certificate: x509.Certificate, *rest: object) -> tuple[x509.Certificate, ...]:
        return (certificate,)

    def _cms(self, digest: bytes, now: datetime) -> bytes:
        return self._reshape(super()._cms(digest, now))

    def _check(self, signed: bytes, drawn: int) -> None:
        return None


def sign(world: World, who: Identity, **options: object) -> bytes:
    return CarelessSigner(world.pki, who, **options).sign(world.drawn, reason="签发电子证照", location="江西省")


def ours(world: World) -> Identity:
    pki = world.pki
    return Identity(load_key(pki.signer_key), load_certificate(pki.signer_certificate), (load_certificate(pki.chain),))


def our_ca(world: World) -> Authority:
    return world.pki.authority(ECERT_CA)


NAME = subject_name(*SIGNER_SUBJECT)


# --- not our signer ---


@cache
def _foreign(folder: Path) -> DemoPki:
    return ensure_demo_pki(folder / "foreign-instance")


@add("signer: another instance with the same names", "foreign_signature")
def _(world: World) -> bytes:
    return signed_pdf(_foreign(world.folder), pdf=world.drawn)


@add("signer: another instance with the same names and a time-stamp of its own", "foreign_signature")
def _(world: World) -> bytes:
    pki = _foreign(world.folder)
    with demo_tsa_server(pki.tsa_certificate, pki.tsa_key) as url:
        return signed_pdf(pki, tsa_url=url, pdf=world.drawn)


@add("signer: self-signed with our name", "foreign_signature")
def _(world: World) -> bytes:
    return sign(world, _self_signed(NAME))


@add("signer: self-signed with our name and our serial number", "foreign_signature")
def _(world: World) -> bytes:
    return sign(world, _self_signed(NAME, serial=load_certificate(world.pki.signer_certificate).serial_number))


def _self_signed(name: x509.Name, serial: int | None = None) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = Authority.create(name, years=1)
    issued_by_itself = Authority(certificate.certificate, key).issue(
        name, key.public_key(), USUAL, not_after=NOW + timedelta(days=9), serial=serial
    )
    return Identity(key, issued_by_itself)


@add("signer: an attacker's CA with the name of ours", "foreign_signature")
def _(world: World) -> bytes:
    fake = Authority.create(our_ca(world).certificate.subject, years=5)
    return sign(world, issued(fake, NAME, above=(fake.certificate,)))


@add("signer: an attacker's CA with the name of ours, our real CA enclosed", "foreign_signature")
def _(world: World) -> bytes:
    fake = Authority.create(our_ca(world).certificate.subject, years=5)
    return sign(world, issued(fake, NAME, above=(our_ca(world).certificate,)))


@add("signer: another name from our CA", "foreign_signature")
def _(world: World) -> bytes:
    return sign(world, issued(our_ca(world), subject_name("演示另一机关", "演示另一签章")))


@add("signer: our organisation, another common name", "foreign_signature")
def _(world: World) -> bytes:
    return sign(world, issued(our_ca(world), subject_name(SIGNER_SUBJECT[0], "演示另一签章")))


@add("signer: our name with a second common name", "foreign_signature")
def _(world: World) -> bytes:
    twice = x509.Name([*NAME, x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    return sign(world, issued(our_ca(world), twice))


for _name, _usage in {
    "for time-stamps": x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]),
    "for e-mail only": x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]),
    "for everything": x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]),
    "for more than ours": x509.ExtendedKeyUsage([*PURPOSES, ExtendedKeyUsageOID.SERVER_AUTH]),
}.items():

    @add(f"signer: our name, {_name}", "foreign_signature")
    def _(world: World, usage: x509.ExtendedKeyUsage = _usage) -> bytes:
        return sign(world, issued(our_ca(world), NAME, [*USUAL[:2], (usage, False)]))


@add("signer: our name, no purpose stated", "foreign_signature")
def _(world: World) -> bytes:
    return sign(world, issued(our_ca(world), NAME, USUAL[:2]))


@add("signer: our name, from the root", "foreign_signature")
def _(world: World) -> bytes:
    return sign(world, issued(world.pki.authority(ECERT_ROOT), NAME))


@add("signer: the root itself", "foreign_signature")
def _(world: World) -> bytes:
    root = world.pki.authority(ECERT_ROOT)
    return sign(world, Identity(root.key, root.certificate))


@add("signer: our CA itself", "foreign_signature")
def _(world: World) -> bytes:
    return sign(world, Identity(our_ca(world).key, our_ca(world).certificate))


@add("signer: expired", "foreign_signature")
def _(world: World) -> bytes:
    times = {"not_before": NOW - timedelta(days=90), "not_after": NOW - timedelta(days=1)}
    return sign(world, issued(our_ca(world), NAME, **times))


@add("signer: expired, and a time-stamp of today", "foreign_signature")
def _(world: World) -> bytes:
    times = {"not_before": NOW - timedelta(days=90), "not_after": NOW - timedelta(days=1)}
    return sign(world, issued(our_ca(world), NAME, **times), tsa_url=world.tsa_url)


@add("signer: not yet valid", "foreign_signature")
def _(world: World) -> bytes:
    return sign(world, issued(our_ca(world), NAME, not_before=NOW + timedelta(days=2)))


@add("signer: revoked", "foreign_signature")
def _(world: World) -> bytes:
    who = issued(our_ca(world), NAME)
    world.pki.revoke(who.certificate.serial_number, authority=ECERT_CA)
    return sign(world, who)


@add("signer: a leaf that our CA issued acts as a CA", "foreign_signature")
def _(world: World) -> bytes:
    leaf = issued(our_ca(world), NAME)
    below = Authority(leaf.certificate, leaf.key)
    return sign(world, issued(below, NAME, above=(leaf.certificate, our_ca(world).certificate)))


@add("signer: a sub-CA below ours, against its path length", "foreign_signature")
def _(world: World) -> bytes:
    below = Authority.create(subject_name("演示", "演示下级"), years=1, issuer=our_ca(world))
    return sign(world, issued(below, NAME, above=(below.certificate, our_ca(world).certificate)))


@add("signer: a critical extension that nobody knows", "foreign_signature")
def _(world: World) -> bytes:
    unknown = x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
    return sign(world, issued(our_ca(world), NAME, [*USUAL, (unknown, True)]))


@add("signer: our time-stamping key", "foreign_signature")
def _(world: World) -> bytes:
    return sign(world, Identity(load_key(world.pki.tsa_key), load_certificate(world.pki.tsa_certificate)))


@add("signer: the CA key of an enterprise", "foreign_signature")
def _(world: World) -> bytes:
    own = world.pki.issue_enterprise_key(
        uscc="91360100MA35ABCD1X", enterprise_name=SIGNER_SUBJECT[0], operator_name=SIGNER_SUBJECT[1], pin="1"
    )
    return sign(world, Identity(own.key, own.certificate, (world.pki.authority(CAKEY_CA).certificate,)))


@add("signer: a time-stamp by a self-made server with the right name", "foreign_signature")
def _(world: World) -> bytes:
    pki = _foreign(world.folder)
    assert load_certificate(pki.tsa_certificate).subject == subject_name(*TSA_SUBJECT)
    with demo_tsa_server(pki.tsa_certificate, pki.tsa_key) as url:
        return sign(world, ours(world), tsa_url=url)


# --- our certificate, another's signature ---


@add("signature: made by another key under our certificate", "altered")
def _(world: World) -> bytes:
    return sign(world, replace(ours(world), key=ec.generate_private_key(ec.SECP256R1())))


def _reshaped(name: str, expected: str = "altered") -> Callable[[Callable[[World, cms.ContentInfo], bytes]], None]:
    """The signature that our own key has made, put into another form."""

    def keep(reshape: Callable[[World, cms.ContentInfo], bytes]) -> None:
        def make(world: World) -> bytes:
            return sign(
                world,
                ours(world),
                tsa_url=world.tsa_url,
                reshape=lambda encoded: reshape(world, cms.ContentInfo.load(encoded)),
            )

        VARIANTS.put(f"signature: {name}", expected, make)

    return keep


@_reshaped("its time-stamp taken from another file")
def _(world: World, message: cms.ContentInfo) -> bytes:
    start = world.other.rindex(b"/Contents <") + len(b"/Contents <")
    other = cms.ContentInfo.load(bytes.fromhex(world.other[start : world.other.index(b">", start)].decode()))
    token = other["content"]["signer_infos"][0]["unsigned_attrs"][0]["values"][0].dump()
    (attribute,) = message["content"]["signer_infos"][0]["unsigned_attrs"]
    attribute["values"] = cms.SetOfContentInfo([cms.ContentInfo.load(token)])
    return message.dump()


@_reshaped("two signers", "unreadable")
def _(world: World, message: cms.ContentInfo) -> bytes:
    message["content"]["signer_infos"].append(message["content"]["signer_infos"][0].copy())
    return message.dump()


@_reshaped("no signer", "unreadable")
def _(world: World, message: cms.ContentInfo) -> bytes:
    message["content"]["signer_infos"] = cms.SignerInfos([])
    return message.dump()


@_reshaped("one more certificate")
def _(world: World, message: cms.ContentInfo) -> bytes:
    stranger = _self_signed(NAME).certificate.public_bytes(serialization.Encoding.DER)
    message["content"]["certificates"].append(
        cms.CertificateChoices("certificate", asn1_x509.Certificate.load(stranger))
    )
    return message.dump()


@_reshaped("no certificates")
def _(world: World, message: cms.ContentInfo) -> bytes:
    del message["content"]["certificates"]
    return message.dump()


@_reshaped("an attribute that is not signed")
def _(world: World, message: cms.ContentInfo) -> bytes:
    attribute = cms.CMSAttribute({"type": "1.2.840.113549.1.9.5", "values": [cms.Time({"utc_time": NOW})]})
    message["content"]["signer_infos"][0]["unsigned_attrs"].append(attribute)
    return message.dump()


@_reshaped("its certificate named by key, not by number")
def _(world: World, message: cms.ContentInfo) -> bytes:
    message["content"]["signer_infos"][0]["sid"] = cms.SignerIdentifier(
        "subject_key_identifier", hashlib.sha256(b"x").digest()
    )
    return message.dump()


@_reshaped("a content of its own beside the file's")
def _(world: World, message: cms.ContentInfo) -> bytes:
    message["content"]["encap_content_info"] = cms.ContentInfo({"content_type": "data", "content": b"x"})
    return message.dump()


@_reshaped("an older digest named")
def _(world: World, message: cms.ContentInfo) -> bytes:
    message["content"]["signer_infos"][0]["digest_algorithm"] = cms.DigestAlgorithm({"algorithm": "sha1"})
    return message.dump()


@_reshaped("signed attributes left out")
def _(world: World, message: cms.ContentInfo) -> bytes:
    del message["content"]["signer_infos"][0]["signed_attrs"]
    return message.dump()


@_reshaped("a length of undefined form")
def _(world: World, message: cms.ContentInfo) -> bytes:
    whole = message.dump()
    return b"\x30\x80" + whole[4:] + b"\0\0"


@_reshaped("garbage of the right length", "unreadable")
def _(world: World, message: cms.ContentInfo) -> bytes:
    return b"\x30\x82\x04\x00" + b"\xaa" * 1024


@_reshaped("a number as content", "unreadable")
def _(world: World, message: cms.ContentInfo) -> bytes:
    return b"\x02\x01\x05"


# --- further signatures ---


def _common_signer(who: Identity) -> signers.SimpleSigner:
    pem = who.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificates = [
        asn1_x509.Certificate.load(item.public_bytes(serialization.Encoding.DER))
        for item in (who.certificate, *who.above)
    ]
    return signers.SimpleSigner(
        signing_cert=certificates[0],
        signing_key=keys.PrivateKeyInfo.load(pem),
        cert_registry=SimpleCertificateStore.from_certs(certificates),
    )


def _signed_commonly(pdf: bytes, who: Identity, field: str) -> bytes:
    """As any program for signing PDFs does it."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    metadata = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
    # In a thread of its own: it runs an event loop, and browser tests of the same process have one in this thread.
    with ThreadPoolExecutor(1) as own:
        return own.submit(signers.sign_pdf, writer, metadata, signer=_common_signer(who)).result().getvalue()


@add("further: an attacker's signature by a common program", "foreign_signature")
def _(world: World) -> bytes:
    return _signed_commonly(world.drawn, _self_signed(NAME), "Seal")


@add("further: our key used by a common program", "altered")
def _(world: World) -> bytes:
    return _signed_commonly(world.drawn, ours(world), "Seal")


@add("further: an attacker signs first, we second", "altered")
def _(world: World) -> bytes:
    signer = PdfSigner(signing_config(world.pki))
    return signed_as_it_is(signer, _signed_commonly(world.drawn, _self_signed(NAME), "First"))


@add("further: our signature twice", "altered")
def _(world: World) -> bytes:
    signer = PdfSigner(signing_config(world.pki))
    once = signer.sign(world.drawn, reason="1", location="1")
    return signed_as_it_is(CarelessSigner(world.pki, ours(world)), once, field_name="Second")


@add("further: an attacker's signature above ours", "altered")
def _(world: World) -> bytes:
    return signed_as_it_is(CarelessSigner(world.pki, _self_signed(NAME)), world.signed, field_name="Second")
