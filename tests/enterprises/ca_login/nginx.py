"""A real nginx on ports of its own with the configuration that the project ships, and a browser-like client."""

from __future__ import annotations

import ipaddress
import shutil
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, HTTPSHandler, Request, build_opener

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

from devtools.demo_keys.authority import Authority, key_usage, subject_name
from devtools.demo_keys.pki import EnterpriseKey
from devtools.ports import free_port
from tests.ports import is_open
from tests.waiting import wait_until

SHIPPED = Path(settings.ROOT) / "deploy" / "nginx" / "jxcloud.conf"
MAIN = """
daemon off; pid nginx.pid; error_log error.log warn; worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
    include {site};
}}
"""


@dataclass(frozen=True)
class Front:
    """Where nginx answers, and what its visitors need to trust it."""

    folder: Path
    public: str
    entrance: str

    @property
    def root(self) -> Path:
        return self.folder / "tls-root.pem"


def shipped_site(
    folder: Path, backend: str, public: int, entrance: int, *, secret: str, plain: int = 0, var: Path | None = None
) -> str:
    """The shipped file with the places marked SET filled in, and nothing else changed."""
    places = {
        "server 127.0.0.1:8000;": f"server {backend};",
        "listen 443 ssl;": f"listen 127.0.0.1:{public} ssl;",
        "listen 8443 ssl;": f"listen 127.0.0.1:{entrance} ssl;",
        "listen 80;": f"listen 127.0.0.1:{plain or free_port()};",
        "server_name portal.example;": "server_name localhost;",
        "https://portal.example$request_uri": f"https://localhost:{public}$request_uri",
        "/etc/jxcloud/tls/": f"{folder}/",
        "/etc/jxcloud/cakey/": f"{folder}/",
        "/var/log/nginx/": f"{folder}/",
        "/var/lib/jxcloud;": f"{folder if var is None else var};",
        "/opt/jxcloud/": f"{settings.ROOT}/",
    }
    text = SHIPPED.read_text()
    for shipped, filled in places.items():
        assert shipped in text, shipped
        text = text.replace(shipped, filled)
    (folder / "secret.conf").write_text(f'proxy_set_header X-Cakey-Secret "{secret}";\n')
    return text


@contextmanager
def running(folder: Path, backend: str, *, secret: str, trust: Path, crls: list[Path]) -> Iterator[Front]:
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    public, entrance = free_port(), free_port()
    _server_certificate(folder)
    shutil.copy(trust, folder / "trust.pem")
    (folder / "crls.pem").write_bytes(b"".join(path.read_bytes() for path in crls))
    site = folder / "site.conf"
    site.write_text(shipped_site(folder, backend, public, entrance, secret=secret))
    (folder / "nginx.conf").write_text(MAIN.format(site=site))
    command = [program, "-p", str(folder), "-e", "error.log", "-c", "nginx.conf"]
    with subprocess.Popen(command, cwd=folder) as process:
        try:
            wait_until(lambda: is_open(public) and is_open(entrance), (folder / "error.log").read_text, alive=process)
            yield Front(folder, f"https://localhost:{public}", f"https://localhost:{entrance}")
        finally:
            process.terminate()


def _server_certificate(folder: Path) -> None:
    root = Authority.create(subject_name("演示", "演示TLS根"), years=1)
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = root.issue(
        subject_name("演示", "localhost"),
        key.public_key(),
        [(names, False), (key_usage(sign_documents=True), True)],
        not_after=datetime.now(UTC) + timedelta(days=30),
    )
    (folder / "tls-root.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    (folder / "portal.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "portal.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@dataclass(frozen=True)
class Page:
    status: int
    url: str
    text: str


class Visitor:
    """Keeps cookies, follows redirects and shows its certificate to whoever asks."""

    def __init__(self, front: Front, key: EnterpriseKey | None = None) -> None:
        context = ssl.create_default_context(cafile=str(front.root))
        if key is not None:
            file = front.folder / f"{key.certificate.serial_number:x}.pem"
            private = key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            file.write_bytes(key.certificate.public_bytes(Encoding.PEM) + private)
            context.load_cert_chain(file)
        self.cookies = CookieJar()
        self._opener = build_opener(HTTPSHandler(context=context), HTTPCookieProcessor(self.cookies))

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Page:
        try:
            with self._opener.open(Request(url, headers=dict(headers or {})), timeout=120) as reply:  # noqa: S310  our own addresses
                return Page(reply.status, reply.url, reply.read().decode())
        except HTTPError as error:
            with error:
                return Page(error.code, error.url, error.read().decode())
