"""Measures how often the embedded face models err on a folder of pictures, how long they take, and how much memory
they need.
"""

from __future__ import annotations

import itertools
import resource
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localdate

from accounts.faces import engine
from accounts.verification.verdicts import Thresholds
from devtools.face_attacks.trials import attack_table

_SUFFIXES = {".jpg", ".jpeg", ".png"}


class Described(NamedTuple):
    owner: str
    embedding: engine.Embedding


class Command(BaseCommand):
    help = "Compares every picture below DIR with every other; a folder holds the pictures of one person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path)
        parser.add_argument(
            "--attacks",
            action="store_true",
            help="also makes frames out of the pictures as attackers do, and judges them",
        )

    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        if not directory.is_dir():
            raise CommandError(f"{directory} is no folder")
        before = _megabytes()
        # Loads the models, which no verification but the first waits for.
        engine.detect(engine.read(_any_picture(directory)))
        described, times = self._describe(directory)
        same: list[float] = []
        different: list[float] = []
        for one, other in itertools.combinations(described, 2):
            likeness = engine.similarity(one.embedding, other.embedding)
            (same if one.owner == other.owner else different).append(likeness)
        self._report(same, different, times, before)
        if options["attacks"]:
            for row in attack_table(_by_owner(directory)):
                self.stdout.write(row)

    def _describe(self, directory: Path) -> tuple[list[Described], list[float]]:
        described: list[Described] = []
        times: list[float] = []
        for owner, path in _pictures(directory):
            started = time.perf_counter()
            image = engine.read(path.read_bytes())
            found = engine.detect(image)
            if not found:
                self.stdout.write(f"no face found: {path.relative_to(directory)}")
                continue
            described.append(Described(owner, engine.embed(image, found[0])))
            times.append(1000 * (time.perf_counter() - started))
        return described, times

    def _report(self, same: list[float], different: list[float], times: list[float], before: int) -> None:
        thresholds = Thresholds.on(localdate())
        say = self.stdout.write
        for name, limit in (("accept", thresholds.accept), ("review", thresholds.review)):
            rejected = sum(likeness < limit for likeness in same)
            accepted = sum(likeness >= limit for likeness in different)
            say(
                f"{name} from {limit:.2f}: {rejected} of {len(same)} pairs of one person below it, "
                f"{accepted} of {len(different)} pairs of two persons above it"
            )
        if same:
            say(f"one person: lowest likeness {min(same):.3f}")
        if different:
            say(f"two persons: highest likeness {max(different):.3f}")
        if times:
            say(
                f"milliseconds a picture (read, find, describe): median {statistics.median(times):.0f}, max {max(times):.0f}"
            )
        say(f"memory: {before} MB before the first picture, at most {_megabytes()} MB after")


def _pictures(directory: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(directory.glob("*/*")):
        if path.suffix.lower() in _SUFFIXES:
            yield path.parent.name, path


def _by_owner(directory: Path) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for owner, path in _pictures(directory):
        found.setdefault(owner, []).append(path.read_bytes())
    return found


def _any_picture(directory: Path) -> bytes:
    first = next(_pictures(directory), None)
    if first is None:
        raise CommandError(f"no pictures in the folders of {directory}")
    return first[1].read_bytes()


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
