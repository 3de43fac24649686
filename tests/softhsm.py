"""A token of SoftHSM, spoken to through its real PKCS#11 library."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

MODULE = next(
    (path for path in Path("/usr/lib").glob("**/softhsm/libsofthsm2.so")), Path("/usr/lib/softhsm/libsofthsm2.so")
)
TOKEN = "jxcloud-test"
PIN = "1357-246"
_ids = count(1)


@dataclass(frozen=True)
class SoftHsm:
    folder: Path

    @property
    def pin_file(self) -> Path:
        return self.folder / "pin"

    @classmethod
    def create(cls, folder: Path) -> SoftHsm:
        """Once in a process: the library reads its configuration when it is loaded."""
        (folder / "tokens").mkdir()
        (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
        made = cls(folder)
        made.pin_file.write_text(f"{PIN}\n")
        made._run("--init-token", "--free", "--label", TOKEN, "--so-pin", "so-12345", "--pin", PIN)
        return made

    def _run(self, *arguments: str) -> None:
        subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)

    def put(
        self, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, certificate: x509.Certificate | None = None
    ) -> str:
        """The object's label."""
        number = next(_ids)
        label = f"key-{number}"
        file = self.folder / "import.pem"
        file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        self._run("--import", str(file), "--token", TOKEN, "--label", label, "--id", f"{number:04x}", "--pin", PIN)
        file.unlink()
        if certificate is not None:
            self._put_certificate(certificate, label, number)
        return label

    def _put_certificate(self, certificate: x509.Certificate, label: str, number: int) -> None:
        """In a process of its own: this one may be logged in already."""
        program = (
            "import sys, pkcs11; from pkcs11 import Attribute, CertificateType, ObjectClass\n"
            "with pkcs11.lib(sys.argv[1]).get_token(token_label=sys.argv[2]).open(rw=True, user_pin=sys.argv[3]) as s:\n"
            "    s.create_object({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.TOKEN: True,\n"
            "        Attribute.CERTIFICATE_TYPE: CertificateType.X_509, Attribute.LABEL: sys.argv[4],\n"
            "        Attribute.ID: int(sys.argv[5]).to_bytes(2, 'big'),\n"
            "        Attribute.SUBJECT: bytes.fromhex(sys.argv[6]), Attribute.VALUE: bytes.fromhex(sys.argv[7])})\n"
        )
        subject, value = certificate.subject.public_bytes().hex(), certificate.public_bytes(Encoding.DER).hex()
        arguments = [str(MODULE), TOKEN, PIN, label, str(number), subject, value]
        subprocess.run([sys.executable, "-c", program, *arguments], check=True)

    def address(self, label: str, *, token: str = TOKEN, pin_file: Path | None = None) -> str:
        return f"pkcs11:token={token};object={label}?module-path={MODULE}&pin-source=file:{pin_file or self.pin_file}"
