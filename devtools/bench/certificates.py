"""Measures what a certificate costs: faces, drawing, signing, time-stamps, and the same by plain ReportLab with pyHanko."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from certificates.ecert.face import Face
from certificates.ecert.render import prepare, render
from certificates.ecert.signing import PdfSigner, SigningConfig
from devtools.demo_keys.pki import DemoPki

from .certificate_limit import limit
from .certificate_peers import peers

SAMPLE = "赣鄱建设工程集团有限公司市政园林水利电力路桥装饰洪都华信安泰恒远"
SERVER = """
import sys
from pathlib import Path
from devtools.demo_servers.time_stamping import demo_tsa_server
with demo_tsa_server(Path(sys.argv[1]), Path(sys.argv[2])) as address:
    print(address, flush=True)
    sys.stdin.read()
"""
"""It is a process of its own, so that its time is not counted."""
Sign = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Figure:
    """The unit is milliseconds of CPU of this process, or bytes."""

    what: str
    median: float
    least: float
    bytes: int = 0

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def figures(pki: DemoPki, count: int) -> Iterator[Figure]:
    """The first figures are those of a fresh process."""
    photo = sample_photo()
    values = [_values(number, photo) for number in range(count)]
    signer = PdfSigner(_config(pki))

    def sign(pdf: bytes) -> bytes:
        return signed(signer, pdf)

    yield _measured("warm-up at the start of a worker", lambda _: prepare(), [None])
    yield _measured("first certificate after the warm-up", lambda one: sign(render(Face(**one))), values[:1])
    yield _measured("face with its checks", lambda one: Face(**one), values)
    faces = [Face(**one) for one in values]
    yield _measured("draw", render, faces)
    drawn = [render(face) for face in faces]
    yield _measured("sign and check", sign, drawn)
    yield _measured("face, draw, sign", lambda one: sign(render(Face(**one))), values)
    with _time_stamping(pki) as address:
        stamping = PdfSigner(_config(pki, address))
        signed(stamping, drawn[0])
        yield _measured("sign with time-stamp and validation data", lambda pdf: signed(stamping, pdf), drawn)
        yield _measured("face, draw, sign, time-stamp", lambda one: signed(stamping, render(Face(**one))), values)
    yield _measured("what no writer can leave out", limit(pki, len(sign(drawn[0]))), faces)
    for name, make in peers(pki):
        make(faces[0])
        yield _measured(name, make, faces[: max(count // 10, 1)])


def signed(signer: PdfSigner, pdf: bytes) -> bytes:
    return signer.sign(pdf, reason="签发电子证书", location="江西省住房和城乡建设厅", name="江西省住房和城乡建设厅")


def _measured(what: str, make: Callable[[Any], object], items: Sequence[Any]) -> Figure:
    times, made = [], None
    for item in items:
        started = time.process_time()
        made = make(item)
        times.append((time.process_time() - started) * 1000)
    size = len(made) if isinstance(made, bytes) else 0
    return Figure(what, round(statistics.median(times), 2), round(min(times), 2), size)


def _config(pki: DemoPki, tsa_url: str = "") -> SigningConfig:
    return SigningConfig(
        pki.signer_key, pki.signer_certificate, (pki.chain,), (pki.root,), tuple(pki.crls), tsa_url=tsa_url
    )


@contextmanager
def _time_stamping(pki: DemoPki) -> Iterator[str]:
    command = [sys.executable, "-c", SERVER, str(pki.tsa_certificate), str(pki.tsa_key)]
    root = Path(__file__).resolve().parent.parent.parent
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=root, text=True
    ) as server:
        if server.stdout is None or server.stdin is None:
            raise RuntimeError("the server has no pipes")
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()


def sample_photo() -> bytes:
    """Looks like nobody, and takes as many bytes as a photo of 358 × 500 does: 32 kB."""
    numbers = random.Random(1)  # noqa: S311 - a picture
    coarse = Image.frombytes("RGB", (36, 50), numbers.randbytes(36 * 50 * 3))
    target = BytesIO()
    coarse.resize((358, 500), Image.Resampling.BICUBIC).save(target, "JPEG", quality=72)
    return target.getvalue()


def _values(number: int, photo: bytes) -> dict[str, Any]:
    choice = random.Random(number)  # noqa: S311 - invented names
    return {
        "category": "C3",
        "number": f"赣建安C3（2024）{number:07d}",
        "name": "".join(choice.sample(SAMPLE, 3)),
        "sex": "男",
        "birth_date": date(1985, 3, 9),
        "enterprise_name": f"江西{''.join(choice.sample(SAMPLE, 6))}有限公司",
        "post": "专职安全生产管理人员",
        "first_issued_on": date(2018, 5, 4),
        "valid_from": date(2024, 3, 1),
        "valid_to": date(2027, 2, 28),
        "issuer_name": "江西省住房和城乡建设厅",
        "issued_on": date(2024, 3, 1),
        "photo_jpeg": photo,
        "qr_url": f"https://portal.example.cn/v/Qm3x9ZkT7vB2nLp{number:07d}/",
        "identifier": "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "version_no": 1,
    }
