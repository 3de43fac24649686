"""A complete environment of production, with an authority of its own; and a process that reads it."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings
from PIL import Image, ImageDraw

ROOT = Path(settings.ROOT)


def make_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@lru_cache(maxsize=1)
def authority() -> Path:
    """Made once a process by the script that operators rehearse with."""
    folder = Path(mkdtemp(prefix="authority-"))
    subprocess.run([ROOT / "deploy" / "test-authority", folder, "portal.example"], check=True)
    draw_seal(folder / "seal.png")
    return folder


def draw_seal(path: Path) -> None:
    """A red ring around a square: like no seal that the portal draws."""
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((8, 8, 392, 392), outline=(200, 20, 20, 255), width=18)
    draw.rectangle((150, 150, 250, 250), fill=(200, 20, 20, 255))
    image.save(path)


def complete(**changes: str) -> dict[str, str]:
    pki = authority()
    return {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_ENCRYPTION_KEYS": f"{make_key()},{make_key()}",
        "BLIND_INDEX_KEY": make_key(),
        "DATABASE_URL": "postgres://u:p@db.example/jxcloud",
        "ALLOWED_HOSTS": "portal.example",
        "CSRF_TRUSTED_ORIGINS": "https://portal.example",
        "PUBLIC_BASE_URL": "https://portal.example",
        "ECERT_ISSUER_NAME": "某省住房和城乡建设厅",
        "ECERT_ISSUER_USCC": "11360000014500000X",
        "ECERT_SIGNER_KEY": str(pki / "ecert-signer.key"),
        "ECERT_SIGNER_CERT": str(pki / "ecert-signer.pem"),
        "ECERT_CHAIN": str(pki / "ecert-ca.pem"),
        "ECERT_ROOT": str(pki / "ecert-root.pem"),
        "ECERT_CRLS": f"{pki / 'ecert-root.crl'},{pki / 'ecert-ca.crl'}",
        "ECERT_SEAL": str(pki / "seal.png"),
        "ECERT_TSA_URL": "http://stamps.example/",
        "CAKEY_TRUST_ROOTS": str(pki / "cakey-root.pem"),
        "CAKEY_CRLS": str(pki / "cakey-root.crl"),
        "CAKEY_ORIGIN": "https://portal.example",
        "FACE_PROVIDER": "local",
        "REGISTRY_URL": "https://registry.example/api",
        "REGISTRY_KEY": secrets.token_urlsafe(30),
        **changes,
    }


def start(environment: dict[str, str], program: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**inherited, "DJANGO_SETTINGS_MODULE": "jxcloud.settings.production", **environment},
        capture_output=True,
        text=True,
    )


def complaints(answer: subprocess.CompletedProcess[str]) -> list[str]:
    """What the portal says is wrong, a line each."""
    _, _, listed = answer.stderr.partition("The portal does not start (see .env.example):\n")
    return [line.strip() for line in listed.splitlines() if line.startswith("  ")]
