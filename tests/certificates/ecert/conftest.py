from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools.demo_keys.pki import DemoPki, ensure_demo_pki
from devtools.demo_servers.time_stamping import demo_tsa_server


@pytest.fixture(scope="package")
def pki(tmp_path_factory: pytest.TempPathFactory) -> DemoPki:
    """Shared: tests that revoke or replace something use `own_pki`."""
    return ensure_demo_pki(tmp_path_factory.mktemp("pki") / "shared")


@pytest.fixture
def own_pki(tmp_path: Path) -> DemoPki:
    return ensure_demo_pki(tmp_path / "own-pki")


@pytest.fixture(scope="package")
def tsa_url(pki: DemoPki) -> Iterator[str]:
    with demo_tsa_server(pki.tsa_certificate, pki.tsa_key) as url:
        yield url
