"""Offers one list that apps fill: kinds of application, nightly jobs, importers, boxes of home pages, counts in
menus.

An app registers what it contributes when it is ready; a package to its left reads the list without knowing the app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages
from typing import Generic, TypeVar

from django.apps import apps

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., object])


class AlreadyRegistered(ValueError):
    """Another item has that name."""


class NotRegistered(LookupError):
    """No item has that name."""


class Registry(Generic[T]):
    """Holds items by name. Iteration follows `order`, then the order of registration.

    The same item under the same name is no clash, since Django may make an app ready twice in tests.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._items: dict[str, tuple[int, T]] = {}

    def register(self, name: str, item: T, *, order: int = 100) -> T:
        known = self._items.get(name)
        if known is not None and known[1] is not item and known[1] != item:
            raise AlreadyRegistered(f"two items called {name!r} were registered as {self.what}")
        self._items[name] = (order, item)
        return item

    def unregister(self, name: str) -> None:
        """Tests remove what they registered."""
        del self._items[name]

    def __getitem__(self, name: str) -> T:
        try:
            return self._items[name][1]
        except KeyError:
            raise NotRegistered(f"no {self.what} is called {name!r}") from None

    def get(self, name: str) -> T | None:
        known = self._items.get(name)
        return known[1] if known else None

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[T]:
        return (item for _, item in sorted(self._items.values(), key=lambda entry: entry[0]))

    def __len__(self) -> int:
        return len(self._items)

    def names(self) -> list[str]:
        return [name for name, _ in sorted(self._items.items(), key=lambda entry: entry[1][0])]


def autodiscover(name: str) -> None:
    """Imports every module called `name` in the installed apps and, if it is a package, all modules inside it.

    A room of an app is searched as well: `certificates/documents/tasks.py` is found under `tasks`.
    """
    for config in apps.get_app_configs():
        if "." in config.name or config.name in _FOREIGN:
            continue
        for found in modules_named(config.name, name):
            import_module(found)


_FOREIGN = frozenset({"axes", "csp", "crispy_forms", "crispy_bootstrap5"})


def modules_named(package: str, name: str) -> Iterator[str]:
    """Answers the modules inside a package that are called `name` or lie in a folder of that name."""
    spec = find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        return
    for module in walk_packages(spec.submodule_search_locations, f"{package}."):
        parts = module.name.split(".")[1:]
        if "migrations" not in parts and "management" not in parts and name in parts:
            yield module.name
