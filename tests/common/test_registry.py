"""The one class behind every list that apps fill."""

from __future__ import annotations

import pytest

from common.registry import AlreadyRegistered, NotRegistered, Registry


def test_items_come_in_their_order_then_as_registered() -> None:
    registry: Registry[str] = Registry("word")
    registry.register("b", "second")
    registry.register("c", "third")
    registry.register("a", "first", order=1)
    assert list(registry) == ["first", "second", "third"]
    assert registry.names() == ["a", "b", "c"]
    assert len(registry) == 3


def test_a_name_is_taken_once() -> None:
    registry: Registry[object] = Registry("thing")
    one = object()
    registry.register("x", one)
    registry.register("x", one)
    with pytest.raises(AlreadyRegistered, match="thing"):
        registry.register("x", object())
    assert list(registry) == [one]


def test_an_unknown_name_says_what_was_looked_for() -> None:
    registry: Registry[str] = Registry("importer")
    with pytest.raises(NotRegistered, match="no importer is called 'x'"):
        registry["x"]
    assert registry.get("x") is None
    assert "x" not in registry
