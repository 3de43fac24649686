from __future__ import annotations

from pathlib import Path

import pytest

from devtools.demo_keys.pki import DemoPki, EnterpriseKey, ensure_demo_pki
from enterprises.ca_login.cakey.chain import CakeyConfig

USCC = "91350100M000100Y43"
PIN = "Pin-1234"


@pytest.fixture(scope="package")
def pki(tmp_path_factory: pytest.TempPathFactory) -> DemoPki:
    return ensure_demo_pki(tmp_path_factory.mktemp("pki") / "shared")


@pytest.fixture
def own_pki(tmp_path: Path) -> DemoPki:
    """For tests that revoke or replace something."""
    return ensure_demo_pki(tmp_path / "own-pki")


@pytest.fixture(scope="package")
def enterprise_key(pki: DemoPki) -> EnterpriseKey:
    return pki.issue_enterprise_key(uscc=USCC, enterprise_name="演示建筑有限公司", operator_name="李演", pin=PIN)


@pytest.fixture
def config(pki: DemoPki) -> CakeyConfig:
    return CakeyConfig((pki.cakey_roots,), tuple(pki.cakey_crls))
