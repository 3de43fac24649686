"""The file of settings means the same to systemd and to a shell, and names everything that is read."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from jxcloud.settings.required import Required
from jxcloud.web import DEFAULTS

from .env_file import quoted, read_as_shell, read_as_systemd
from .environment import ROOT

EXAMPLE = ROOT / ".env.example"
READS = re.compile(r"(?:env\.\w+|env|_required\.\w+)\(\s*\"([A-Z_]+)\"|environ(?:\.get)?[(\[]\s*\"([A-Z_]+)\"")
OF_DEVELOPMENT = {"DJANGO_SETTINGS_MODULE"}


def test_the_example_means_the_same_to_both() -> None:
    read = read_as_systemd(EXAMPLE.read_text())
    assert read == read_as_shell(EXAMPLE)
    assert read["DJANGO_SETTINGS_MODULE"] == "jxcloud.settings.production"
    assert re.findall(r"^[A-Z_]+=(?!'.*'$).*$", EXAMPLE.read_text(), re.MULTILINE) == []


@pytest.mark.parametrize(
    "value",
    [
        "江西省 住房和城乡建设厅",
        r"ab\cd\\e\n",
        'say "yes"',
        "it's",
        "''",
        "$HOME and `id` and $(id)",
        "# no comment ; neither",
        "  blanks around  ",
        "a=b&c=d%20e!*?[x]{y}~",
        "",
    ],
)
def test_every_value_survives_both(value: str, tmp_path: Path) -> None:
    file = tmp_path / "jxcloud.env"
    file.write_text(f"# a comment\nFIRST={quoted(value)}\n\nSECOND='last'\n")
    expected = {"FIRST": value, "SECOND": "last"}
    assert read_as_systemd(file.read_text()) == expected
    assert read_as_shell(file) == expected


def test_fresh_secrets_are_strong_and_differ_each_time() -> None:
    def fresh() -> dict[str, str]:
        made = subprocess.run([ROOT / "deploy" / "new-env"], capture_output=True, text=True, check=True)
        return read_as_systemd(made.stdout)

    first, second = fresh(), fresh()
    required = Required(first)
    required.secret("SECRET_KEY")
    required.keys("FIELD_ENCRYPTION_KEYS")
    required.key("BLIND_INDEX_KEY")
    required.check()
    assert all(first[name] != second[name] for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "BLIND_INDEX_KEY"))
    assert first.keys() == read_as_systemd(EXAMPLE.read_text()).keys()


def test_everything_that_is_read_is_in_the_example_and_nothing_else() -> None:
    documented = set(read_as_systemd(EXAMPLE.read_text()))
    read = set(DEFAULTS)
    for name in ("base.py", "databases.py", "production.py"):
        source = (ROOT / "jxcloud" / "settings" / name).read_text()
        read |= {first or second for first, second in READS.findall(source)}
    assert read - documented == set()
    assert documented - read - OF_DEVELOPMENT == set()
