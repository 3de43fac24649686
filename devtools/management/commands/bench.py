"""Measures the pages of the portal on made-up people, in a database of their own: `make bench`."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import override_settings

from accounts.models import Person
from devtools.bench.data import generate
from devtools.bench.deciding import deciding
from devtools.bench.documents import make_many
from devtools.bench.indexes import named_indexes, unused
from devtools.bench.loading import is_unfinished, marked_as_unfinished
from devtools.bench.measure import Cost, costs
from devtools.bench.memory import Held, held
from devtools.bench.nightly import Night, nights
from devtools.bench.pages import PAGES
from devtools.bench.public import Rate, rates
from devtools.bench.renaming import Step, renaming
from devtools.postgres import Cluster

STAGES = ("generate", "pages", "public", "renaming", "deciding", "nightly", "documents", "memory")


def _cluster() -> Cluster:
    cluster = getattr(settings, "CLUSTER", None)
    if not isinstance(cluster, Cluster):
        raise CommandError("the bench needs the embedded database: unset DATABASE_URL")
    return cluster


class Command(BaseCommand):
    help = "Generate a database of made-up people of a given number, and measure every page on it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=10_000)
        parser.add_argument("--stages", default=",".join(STAGES))
        parser.add_argument("--documents", type=int, default=5_000, help="how many the stage of that name makes")
        parser.add_argument(
            "--renamed", type=int, default=0, help="certificates of the stage `renaming`, else up to 5,000"
        )
        parser.add_argument("--processes", type=int, default=settings.WORKER_PROCESSES, help="of the worker there")
        parser.add_argument("--requests", type=int, default=10_000, help="how many the stage `memory` asks")
        parser.add_argument("--json", dest="file", type=Path, help="write the figures to this file too")
        parser.add_argument("--drop", action="store_true", help="remove the database at the end")

    def handle(self, *, people: int, stages: str, file: Path | None, drop: bool, **options: Any) -> None:
        wanted = [stage for stage in stages.split(",") if stage]
        if unknown := set(wanted) - set(STAGES):
            raise CommandError(f"unknown stages: {', '.join(sorted(unknown))}; there are {', '.join(STAGES)}")
        name = f"bench_{people}"
        self._turn_to(name)
        if "generate" in wanted:
            self._generate(people)
        figures: dict[str, Any] = {"people": people}
        # With DEBUG each statement is kept and timed, which is no cost of the portal's.
        with override_settings(DEBUG=False):
            if "pages" in wanted:
                figures |= self._of_pages()
            if "public" in wanted:
                figures["public"] = [rate.as_row() for rate in self._public()]
            if "renaming" in wanted:
                figures["renaming"] = self._of_steps(renaming(options["renamed"]))
            if "deciding" in wanted:
                figures["deciding"] = self._of_steps(deciding())
            if "nightly" in wanted:
                figures["nightly"] = [night.as_row() for night in self._nightly()]
        if "documents" in wanted:
            making = make_many(_cluster(), name, options["documents"], options["processes"])
            self.stdout.write(" ".join(f"{key}={value}" for key, value in making.as_row().items()))
            figures["documents"] = making.as_row()
        if "memory" in wanted:
            figures["memory"] = [one.as_row() for one in self._memory(name, options["requests"])]
        if file is not None:
            file.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if drop:
            connection.close()
            with _cluster().connect("postgres") as server:
                server.execute(f"DROP DATABASE {name}")

    def _turn_to(self, name: str) -> None:
        """The database of development is left alone."""
        _cluster().ensure_running(name)
        connection.close()
        connection.settings_dict["NAME"] = name
        settings.ALLOWED_HOSTS.append("testserver")

    def _generate(self, people: int) -> None:
        if is_unfinished():
            raise CommandError(
                f"filling bench_{people} was interrupted: remove it by --stages '' --drop, and begin again"
            )
        call_command("migrate", verbosity=0)
        if Person.objects.exists():
            self.stdout.write("The database of an earlier run is kept.")
            return
        started = time.monotonic()

        def tell(what: str) -> None:
            self.stdout.write(f"{time.monotonic() - started:.0f} s {what}")
            self.stdout.flush()

        with marked_as_unfinished():
            generate(people, tell)
        tell("finished")

    def _of_pages(self) -> dict[str, Any]:
        found = list(self._pages())
        left = unused(index for cost in found for plan in cost.plans for index in plan.indexes)
        self.stdout.write(f"{len(left)} of {len(named_indexes())} indexes were read by no page: {' '.join(left)}")
        return {"pages": [cost.as_row() for cost in found], "unused_indexes": left}

    def _pages(self) -> Iterator[Cost]:
        self.stdout.write("status queries buffers db_ms cpu_ms rows reader address")
        for cost in costs(PAGES):
            figures = (cost.status, cost.queries, cost.buffers, cost.database_ms, cost.cpu_ms, cost.looked_at)
            self.stdout.write(" ".join(map(str, (*figures, cost.reader, cost.address))))
            yield cost

    def _memory(self, name: str, requests: int) -> Iterator[Held]:
        self.stdout.write("requests megabytes")
        for one in held(_cluster(), name, requests):
            self.stdout.write(f"{one.requests} {one.megabytes}")
            yield one

    def _public(self) -> Iterator[Rate]:
        self.stdout.write("queries page_ms template_ms ratio page")
        for rate in rates():
            self.stdout.write(f"{rate.queries} {rate.page_ms} {rate.template_ms} {rate.ratio} {rate.name}")
            yield rate

    def _nightly(self) -> Iterator[Night]:
        self.stdout.write("seconds cpu_seconds statements done job")
        for night in nights():
            self.stdout.write(f"{night.seconds} {night.cpu_seconds} {night.statements} {night.done} {night.name}")
            yield night

    def _of_steps(self, steps: list[Step]) -> list[dict[str, Any]]:
        self.stdout.write("seconds cpu_seconds statements step")
        for step in steps:
            self.stdout.write(f"{step.seconds} {step.cpu_seconds} {step.statements} {step.name}")
        return [step.as_row() for step in steps]
