"""Does what no way of making a certificate can leave out, and nothing else: the floor below which no writer gets.

The QR code, the attached data and the texts of one certificate are made and compressed, a file of the usual length is
joined around the photo, its digest is taken once and signed once. Fonts, ground, seal, certificates and the signature's
frame are ready bytes, nothing is laid out, and nothing that was signed is verified.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from certificates.ecert import layout
from certificates.ecert.face import Face
from certificates.ecert.render import as_attachment
from common.printing import qr
from common.printing.pdf import deflated
from devtools.demo_keys.pki import DemoPki


def limit(pki: DemoPki, size: int) -> Callable[[Face], bytes]:
    """Answers what makes one file of `size` bytes, which no reader could open."""
    key = serialization.load_pem_private_key(pki.signer_key.read_bytes(), None)

    def signature(digest: bytes) -> bytes:
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
        raise TypeError("the demo's signer has a key of another kind")

    def make(face: Face) -> bytes:
        texts = "".join(text.text for text in layout.texts(face)).encode("utf-16-be")
        parts = [
            deflated(qr.bitmap(face.qr_url)[1]),
            deflated(as_attachment(face.as_data())),
            deflated(texts),
            face.photo,
        ]
        ready = b" " * (size - sum(map(len, parts)))
        pdf = b"".join([*parts, ready])
        return b"".join([pdf, signature(hashlib.sha256(pdf).digest())])

    return make
