"""Keeps the registry of demo builders: each module in this package registers what it adds to an empty portal."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

from common.registry import Registry

from .context import DemoContext

Builder = Callable[[DemoContext], None]

BUILDERS: Registry[Builder] = Registry("demo builder")


def demo_builder(name: str, *, order: int) -> Callable[[Builder], Builder]:
    """Builders run by `order`; a later one finds in the context what an earlier one has put there."""
    return lambda builder: BUILDERS.register(name, builder, order=order)


def discover_builders() -> None:
    package = __name__.rpartition(".")[0]
    for module in iter_modules(import_module(package).__path__, f"{package}."):
        import_module(module.name)
