"""Makes a certificate database for pdfsig that trusts one root: `python nss_database.py <directory> <root.pem>`.

Debian's certutil would do the same; the library that pdfsig brings along is enough.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path


def _check(status: int, what: str) -> None:
    if status != 0:
        raise SystemExit(f"{what} failed")


def main(directory: Path, root: Path) -> None:
    nss = ctypes.CDLL("libnss3.so")
    decode = ctypes.CDLL("libsmime3.so").CERT_DecodeCertFromPackage
    for function in (nss.PK11_GetInternalKeySlot, decode, nss.CERT_GetDefaultCertDB):
        function.restype = ctypes.c_void_p
    pem = root.read_bytes()
    _check(nss.NSS_InitReadWrite(f"sql:{directory}".encode()), "NSS_InitReadWrite")
    slot = ctypes.c_void_p(nss.PK11_GetInternalKeySlot())
    _check(nss.PK11_InitPin(slot, None, None), "PK11_InitPin")
    certificate = ctypes.c_void_p(decode(pem, len(pem)))
    if not certificate:
        raise SystemExit("not a certificate")
    _check(nss.PK11_ImportCert(slot, certificate, ctypes.c_ulong(0), b"demo root", 0), "PK11_ImportCert")
    trust = (ctypes.c_uint * 3)()
    _check(nss.CERT_DecodeTrustString(trust, b"CT,C,C"), "CERT_DecodeTrustString")
    database = ctypes.c_void_p(nss.CERT_GetDefaultCertDB())
    _check(nss.CERT_ChangeCertTrust(database, certificate, trust), "CERT_ChangeCertTrust")
    nss.CERT_DestroyCertificate(certificate)
    nss.PK11_FreeSlot(slot)
    _check(nss.NSS_Shutdown(), "NSS_Shutdown")


main(Path(sys.argv[1]), Path(sys.argv[2]))
