"""Every management command of the portal and its workshop starts."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class

from tests.guards.test_source import ROOT

OURS = sorted(
    (name, app)
    for name, app in get_commands().items()
    if isinstance(app, str) and apps.is_installed(app) and (ROOT / app.replace(".", "/") / "management").is_dir()
)


def test_every_command_in_the_tree_is_found() -> None:
    files = {path.stem for path in ROOT.glob("*/management/commands/*.py")} - {"__init__"}
    assert {name for name, _ in OURS} == files


@pytest.mark.parametrize(("name", "app"), OURS)
def test_help_says_what_the_command_does(name: str, app: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = load_command_class(app, name)
    with pytest.raises(SystemExit) as ended:
        command.run_from_argv(["manage.py", name, "--help"])
    assert ended.value.code == 0
    assert command.help.strip(), "a command says in a sentence what it does"
    assert f"manage.py {name}" in capsys.readouterr().out
