"""Fixtures of the tests of employment."""

from __future__ import annotations

import pytest
from django.test import Client

from employment.models import Employment
from enterprises.models import Enterprise
from tests.employment.story import Story
from tests.factories import Province, make_employment, make_enterprise, make_operator, make_person


@pytest.fixture
def province(db: None) -> Province:
    return Province()


@pytest.fixture
def enterprise(db: None) -> Enterprise:
    return make_enterprise("江西赣江路桥建设有限公司")


@pytest.fixture
def door(client: Client, enterprise: Enterprise) -> Client:
    """Behind the door of the enterprise."""
    client.force_login(make_operator(enterprise, "李会计"))
    return client


@pytest.fixture
def employment(province: Province) -> Employment:
    return make_employment(make_person("欧阳·䶮"), make_enterprise("江西赣江路桥建设有限公司"), "08")


@pytest.fixture
def story(db: None) -> Story:
    return Story()
