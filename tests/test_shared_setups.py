"""One process runs the tests that share a set-up; fixtures are asked from the collected tests themselves."""

from __future__ import annotations

import pytest

from tests.shared_setups import shared_by


def made_once(item: pytest.Item) -> set[str]:
    """Where the fixtures of the test are at home that are made for a module or a folder."""
    assert isinstance(item, pytest.Function)
    known = item._fixtureinfo.name2fixturedefs.values()
    return {found[-1].baseid for found in known if found and found[-1].scope in ("module", "package")} - {""}


def test_every_shared_set_up_is_found(request: pytest.FixtureRequest) -> None:
    """Looks at every test that is run with this one."""
    items = [item for item in request.session.items if made_once(item)]
    alone = [item.nodeid for item in items if not shared_by(item.nodeid.partition("::")[0])]
    assert alone == [], "their set-up would be made once in each process: say its scope in one line with `fixture(`"


@pytest.mark.parametrize(
    ("module", "shared"),
    [
        ("tests/devtools/test_run.py", "tests/devtools/test_run.py"),
        ("tests/certificates/ecert/test_render.py", "tests/certificates/ecert"),
        ("tests/test_alone.py", ""),
    ],
)
def test_a_module_and_a_folder_are_pieces(module: str, shared: str) -> None:
    assert shared_by(module) == shared
