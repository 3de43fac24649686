"""Verifiers that know nothing of this project: Poppler, openssl, and pyHanko trusting the root alone."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from devtools.demo_keys.pki import DemoPki

from .signed_files import byte_range, write


def make_nss_database(pki: DemoPki, directory: Path) -> Path:
    """Trusts the root, and nothing else."""
    directory.mkdir()
    script = Path(__file__).with_name("nss_database.py")
    subprocess.run([sys.executable, str(script), str(directory), str(pki.root)], check=True)
    return directory


def pdfsig(file: Path, database: Path) -> str:
    done = subprocess.run(
        ["pdfsig", "-nssdir", str(database), str(file)], capture_output=True, text=True, check=False, timeout=300
    )
    return done.stdout


def openssl_accepts(signed: bytes, pki: DemoPki, folder: Path, *, appended: bytes = b"") -> bool:
    """The signature taken out of the file, over what it says it covers and what is `appended` to that."""
    start, end = byte_range(signed)
    cms = write(folder / "cms.der", bytes.fromhex(signed[start + 1 : end - 1].decode()))
    content = write(folder / "content", signed[:start] + signed[end:] + appended)
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", str(cms), "-content", str(content)]
    command += ["-CAfile", str(pki.root), "-out", str(folder / "out")]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def validated(signed: bytes, pki: DemoPki) -> PdfSignatureStatus:
    def load(path: Path) -> bytes:
        _, _, der = pem.unarmor(path.read_bytes())
        return bytes(der)

    context = ValidationContext(
        trust_roots=[x509.Certificate.load(load(pki.root))],
        crls=[load(path) for path in pki.crls],
        allow_fetching=False,
        revocation_mode="require",
    )
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_signatures

    async def validate() -> PdfSignatureStatus:
        return await async_validate_pdf_signature(signature, signer_validation_context=context)

    # In a thread of its own: after a test in the browser, Playwright's event loop runs in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, validate()).result()
