"""Production refuses what the demonstration made for itself, wherever it was copied to; and warns without time-stamps."""

from __future__ import annotations

import json
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from certificates.ecert.seal import drawn_png
from common.pki.demo_marks import CENTRE_DIGEST
from devtools.demo_keys.pki import DemoPki, ensure_demo_pki
from devtools.demo_servers.business_registry import KEY
from jxcloud.settings.demonstration import is_demonstration_seal
from jxcloud.settings.generated_secrets import kept_secrets

from .environment import authority, complaints, complete, draw_seal, start

LOAD = "from django.conf import settings; settings.DEBUG"
REFUSED = "belongs to the demonstration and proves nothing"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoPki:
    return ensure_demo_pki(tmp_path_factory.mktemp("checkout") / "demo-pki")


def test_everything_of_the_demonstration_is_named_at_once(demo: DemoPki, tmp_path: Path) -> None:
    seal = tmp_path / "seal.png"
    seal.write_bytes(drawn_png("某省住房和城乡建设厅"))
    changes = {
        "ECERT_SIGNER_KEY": demo.signer_key,
        "ECERT_SIGNER_CERT": demo.signer_certificate,
        "ECERT_CHAIN": demo.chain,
        "ECERT_ROOT": demo.root,
        "ECERT_CRLS": demo.crls[0],
        "CAKEY_TRUST_ROOTS": demo.cakey_roots,
        "CAKEY_CRLS": demo.cakey_crls[1],
        "ECERT_SEAL": seal,
        "ECERT_ISSUER_NAME": "江西省住房和城乡建设厅（演示）",
    }
    answer = start(complete(**{name: str(value) for name, value in changes.items()}, SECRET_KEY="short"), LOAD)
    assert answer.returncode != 0
    assert {line.split()[0] for line in complaints(answer) if line.endswith(REFUSED)} == set(changes)
    assert any(line.startswith("SECRET_KEY") for line in complaints(answer))


def test_copies_under_other_names_are_recognised(demo: DemoPki, tmp_path: Path) -> None:
    for name, source in (("a.pem", demo.signer_certificate), ("root.pem", demo.root)):
        shutil.copy(source, tmp_path / name)
    mixed = tmp_path / "trust.pem"
    mixed.write_bytes((authority() / "cakey-root.pem").read_bytes() + demo.cakey_roots.read_bytes())
    environment = complete(ECERT_SIGNER_CERT=str(tmp_path / "a.pem"), CAKEY_TRUST_ROOTS=str(mixed))
    said = complaints(start(environment, LOAD))
    assert f"ECERT_SIGNER_CERT {REFUSED}" in said
    assert f"CAKEY_TRUST_ROOTS {REFUSED}" in said
    assert "ECERT_SIGNER_KEY does not belong to the certificate in ECERT_SIGNER_CERT" in said


def test_a_key_of_the_demonstration_of_this_checkout_is_known_alone(demo: DemoPki, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    shutil.copy(demo.signer_key, key)
    said = complaints(start(complete(ECERT_SIGNER_KEY=str(key), JXCLOUD_VAR=str(demo.directory.parent)), LOAD))
    assert f"ECERT_SIGNER_KEY {REFUSED}" in said


def test_secrets_of_the_development_of_this_checkout(tmp_path: Path) -> None:
    made = kept_secrets(tmp_path / "dev-secrets.json")
    assert json.loads((tmp_path / "dev-secrets.json").read_text()) == made
    changes = {
        "SECRET_KEY": made["SECRET_KEY"],
        "FIELD_ENCRYPTION_KEYS": f"{complete()['BLIND_INDEX_KEY']},{made['FIELD_ENCRYPTION_KEYS'][0]}",
        "BLIND_INDEX_KEY": made["BLIND_INDEX_KEY"],
        "REGISTRY_KEY": KEY,
    }
    answer = start(complete(**changes, JXCLOUD_VAR=str(tmp_path)), LOAD)
    assert {line.split()[0] for line in complaints(answer)} == set(changes)
    assert not any(value in answer.stderr for value in changes.values())


@pytest.mark.parametrize("issuer", ["江西省住房和城乡建设厅（演示）", "某省", "新疆维吾尔自治区住房和城乡建设厅"])
def test_a_drawn_seal_is_known_by_its_mark_and_by_its_pixels(issuer: str, tmp_path: Path) -> None:
    marked, stripped = tmp_path / "marked.png", tmp_path / "stripped.png"
    marked.write_bytes(drawn_png(issuer))
    assert is_demonstration_seal(marked)
    Image.open(BytesIO(drawn_png(issuer))).convert("RGBA").save(stripped, pnginfo=None)
    with Image.open(stripped) as image:
        image.info.clear()
        image.save(stripped)
    assert b"demonstration" not in stripped.read_bytes()
    assert is_demonstration_seal(stripped), (
        f"the drawing changed; put the new digest into CENTRE_DIGEST ({CENTRE_DIGEST})"
    )


def test_another_seal_is_taken(tmp_path: Path) -> None:
    draw_seal(tmp_path / "seal.png")
    assert not is_demonstration_seal(tmp_path / "seal.png")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("ECERT_SIGNER_KEY", b"no key", "holds no PEM private key"),
        ("ECERT_SIGNER_CERT", b"", "holds no PEM certificate"),
        ("ECERT_ROOT", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "holds no PEM certificate"),
        ("CAKEY_CRLS", b"\x00", "holds no revocation list"),
        ("ECERT_SEAL", b"GIF89a", "is no PNG picture"),
        ("ECERT_SEAL", b"\x89PNG\r\n\x1a\n", "is no PNG picture"),
    ],
)
def test_a_file_that_is_something_else_is_named(name: str, content: bytes, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    answer = start(complete(**{name: str(file)}), LOAD)
    assert answer.returncode != 0
    assert any(line.startswith(f"{name} {sentence}") for line in complaints(answer))


def test_without_time_stamps_it_starts_and_warns_at_once() -> None:
    program = """
import sys, django
from django.core.management import call_command
django.setup()
call_command("check", stdout=sys.stderr)
from common.operation.health import lacks_time_stamps
print(lacks_time_stamps())
"""
    answer = start(complete(ECERT_TSA_URL=""), program)
    assert (answer.returncode, answer.stdout) == (0, "True\n"), answer.stderr
    assert "jxcloud.W001" in answer.stderr
    logged = [json.loads(line) for line in answer.stderr.splitlines() if line.startswith("{")]
    assert [line["level"] for line in logged if "ECERT_TSA_URL is empty" in line["message"]] == ["WARNING"]
    answer = start(complete(), program)
    assert (answer.stdout, "W001" in answer.stderr) == ("False\n", False), answer.stderr
