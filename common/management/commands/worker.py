"""Declares the command that runs background jobs until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from procrastinate.contrib.django import app

from common.operation.limits import complaint
from common.operation.preparing import PREPARATIONS
from common.operation.process_group import run_together


class Command(BaseCommand):
    help = (
        "Runs background jobs and the timetable until it is told to stop (SIGTERM, SIGINT); running jobs are finished "
        "first. Ends with an error when it stops by itself, as it does when the database was restarted: whatever "
        "supervises it starts it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--processes",
            type=int,
            default=settings.WORKER_PROCESSES,
            help="how many processes run jobs; by default WORKER_PROCESSES, which is one for each processor",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if words := complaint(connection):
            raise CommandError(words)
        if options["processes"] > 1:
            connection.close()
            was_told = run_together([sys.executable, *_own_line(sys.argv), "--processes=1"], count=options["processes"])
        else:
            was_told = _work_alone()
        if not was_told:
            raise CommandError("The worker stopped by itself; the lines above say why.")


def _own_line(arguments: list[str]) -> list[str]:
    """Answers this command's own line without its number of processes."""
    return [arguments[0], "worker", *[one for one in arguments[2:] if not one.startswith("--processes")]]


def _work_alone() -> bool:
    for prepare in PREPARATIONS:
        prepare()
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]  # ours is Django's
        return asyncio.run(_work())


async def _work() -> bool:
    """Answers True when a signal ended it."""
    async with app.open_async():
        return await _work_until_told()


async def _work_until_told() -> bool:
    worker = asyncio.create_task(app.run_worker_async(install_signal_handlers=False))
    was_told = False

    def stop() -> None:
        # This is done once, because a second cancellation would break off the jobs that the first one waits for.
        nonlocal was_told
        if not was_told:
            was_told = True
            worker.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await worker
    except asyncio.CancelledError:
        if not was_told:
            raise
    return was_told
