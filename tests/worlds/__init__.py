"""For each kind of business a small world in which it can be filed, in a module of the kind's name.

A module is found by itself: whoever writes a business adds one here, and the tests of every business walk through it.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from tests.worlds.base import World


def worlds_in(path: Iterable[str], package: str) -> dict[str, type[World]]:
    """The worlds that the modules of a folder define, by kind. A module that is called otherwise than its kind is an error."""
    found: dict[str, type[World]] = {}
    for module in iter_modules(path, f"{package}."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, World) and value.__module__ == module.name and value.kind:
                if module.name != f"{package}.{value.kind}" or value.kind in found:
                    raise ValueError(
                        f"{module.name} holds a world of {value.kind}: each has one in a module of its name"
                    )
                found[value.kind] = value
    return found


WORLDS = worlds_in(__path__, __name__)
