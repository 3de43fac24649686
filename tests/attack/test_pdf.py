"""Nothing but what we have signed ourselves is called genuine, and no file costs more than two seconds of computing or 300 MB."""

from __future__ import annotations

import warnings

import pytest

from certificates.ecert.verifying import MAX_SIZE, Verdict, verify_upload
from devtools.demo_keys.authority import subject_name
from devtools.demo_keys.pki import ECERT_CA, SIGNER_SUBJECT
from tests.attack.bombs import pdf_bombs
from tests.attack.conftest import Examiner
from tests.attack.pdf import bombs, forgeries, signers, spellings, updates
from tests.attack.pdf.variant import Variant, World
from tests.certificates.ecert.signed_files import verification_config

CPU_SECONDS = 2.0
MEMORY_MB = 300

VARIANTS: dict[str, Variant] = {}
for _module in (spellings, updates, forgeries, signers, bombs):
    assert not VARIANTS.keys() & _module.VARIANTS.keys()
    VARIANTS.update(_module.VARIANTS)
for _name, _bomb in pdf_bombs().items():
    VARIANTS[f"bomb: {_name}"] = Variant(f"bomb: {_name}", bombs.REFUSED, lambda world, pdf=_bomb: pdf)


def made(variant: Variant, world: World) -> bytes:
    with warnings.catch_warnings():
        # The tools that make the files complain about what they are asked to make.
        warnings.simplefilter("ignore")
        pdf = variant.make(world)
    assert len(pdf) <= MAX_SIZE, "would be refused unread"
    return pdf


def test_there_are_as_many_as_the_security_document_says() -> None:
    assert len(VARIANTS) >= 160
    assert len(bombs.VARIANTS) >= 50


@pytest.mark.parametrize("name", VARIANTS)
def test_variant_is_not_genuine_and_costs_little(name: str, attack_world: World, examiner: Examiner) -> None:
    variant = VARIANTS[name]
    pdf = made(variant, attack_world)
    if not pdf.startswith(b"%PDF-"):
        assert verify_upload(pdf, verification_config(attack_world.pki)).verdict == variant.expected
        assert variant.expected in {Verdict.NOT_PDF, Verdict.ALTERED}
        return
    examined = examiner(pdf)
    assert examined.verdict in variant.expected.split(" or ")
    assert examined.verdict not in {Verdict.INTACT, Verdict.UNAVAILABLE}
    assert examined.memory_mb <= MEMORY_MB
    assert examined.cpu_seconds <= CPU_SECONDS or examined.cpu_seconds <= CPU_SECONDS * examiner.slowness()


GENUINE = {
    "certificate with time-stamp": lambda world: world.signed,
    "certificate without time-stamp": lambda world: world.signed_without_timestamp,
    "certificate of somebody else": lambda world: world.other,
    "letter of transfer to another province": lambda world: world.proof,
    "certificate signed by an earlier key of ours": lambda world: signers.sign(
        world, signers.issued(world.pki.authority(ECERT_CA), subject_name(*SIGNER_SUBJECT))
    ),
}


@pytest.mark.parametrize("name", GENUINE)
def test_genuine_file_is_intact_and_costs_little(name: str, attack_world: World, examiner: Examiner) -> None:
    examined = examiner(GENUINE[name](attack_world))
    assert examined.verdict == Verdict.INTACT
    assert examined.memory_mb <= MEMORY_MB / 2
    assert examined.cpu_seconds <= CPU_SECONDS / 2 * examiner.slowness()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", Verdict.INTACT),
        ("update: a stamp", Verdict.ALTERED),
        ("signer: another instance with the same names", Verdict.FOREIGN_SIGNATURE),
        ("stripping: only what was drawn", Verdict.UNSIGNED),
        ("bomb: a hexadecimal text of four megabytes", Verdict.UNREADABLE),
        ("bomb: a packed table of 400 MB", Verdict.UNREADABLE),
    ],
    ids=lambda value: str(value) or "the letter of transfer",
)
def test_whole_way_of_an_upload_ends_the_same(name: str, expected: Verdict, attack_world: World) -> None:
    """By the portal's own children."""
    pdf = made(VARIANTS[name], attack_world) if name else attack_world.proof
    verdict = verify_upload(pdf, verification_config(attack_world.pki)).verdict
    # A machine that is too busy to let a bomb compute ends it by the clock, and says that this is its own fault.
    assert verdict is expected or (name.startswith("bomb:") and verdict is Verdict.UNAVAILABLE)
