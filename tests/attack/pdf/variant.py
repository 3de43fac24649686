"""Files that somebody might upload to have them called genuine, and what the portal has to say of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from certificates.ecert.render import render
from certificates.ecert.transfer_proof import Proof, render_proof
from devtools.demo_keys.pki import DemoPki
from tests.certificates.ecert.faces import face
from tests.certificates.ecert.signed_files import byte_range, signed_pdf

PROOF = Proof(
    number="赣建安B（2024）0001234",
    name="欧阳·䶮𬭎",
    sex="男",
    category_label="B类（项目负责人）",
    enterprise_name="江西赣江建设工程集团有限公司",
    valid_to=face().valid_to,
    destination="湖南省",
    new_enterprise="湖南湘江建设有限公司",
    issuer_name="江西省住房和城乡建设厅",
    issued_on=face().issued_on,
    url="https://portal.example.cn/v/Qm3x9ZkT7vB2nLpR8sWcYd",
)


@dataclass(frozen=True)
class World:
    """Our keys, and one of each file that we have signed with them; signed once for all variants."""

    pki: DemoPki
    tsa_url: str
    folder: Path

    @cached_property
    def drawn(self) -> bytes:
        return render(face())

    @cached_property
    def signed(self) -> bytes:
        return signed_pdf(self.pki, tsa_url=self.tsa_url, pdf=self.drawn)

    @cached_property
    def signed_without_timestamp(self) -> bytes:
        return signed_pdf(self.pki, pdf=self.drawn)

    @cached_property
    def other(self) -> bytes:
        """A certificate of another holder, as genuine as the first."""
        return signed_pdf(
            self.pki, tsa_url=self.tsa_url, pdf=render(face(name="张伟", number="赣建安A（2024）0009999"))
        )

    @cached_property
    def proof(self) -> bytes:
        return signed_pdf(self.pki, tsa_url=self.tsa_url, pdf=render_proof(PROOF))

    @cached_property
    def gap(self) -> tuple[int, int]:
        return byte_range(self.signed)


Make = Callable[[World], bytes]


@dataclass(frozen=True)
class Variant:
    name: str
    expected: str
    """A verdict of `certificates.ecert.verifying.Verdict`, by its value."""
    make: Make


class Variants(dict[str, Variant]):
    """All variants by name; each module of this package fills a dictionary of its own."""

    def add(self, name: str, expected: str) -> Callable[[Make], Make]:
        def keep(make: Make) -> Make:
            assert name not in self, name
            self[name] = Variant(name, expected, make)
            return make

        return keep

    def put(self, name: str, expected: str, make: Make) -> None:
        self.add(name, expected)(make)
