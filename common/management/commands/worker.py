"""Declares the command that runs background jobs until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from procrastinate.contrib.django import app

from common.operation.limits import complaint
from common.operation.preparing import PREPARATIONS


class Command(BaseCommand):
    help = (
        "Runs background jobs and the timetable until it is told to stop (SIGTERM, SIGINT); running jobs are finished "
        "first. Ends with an error when it stops by itself, as it does when the database was restarted: whatever "
        "supervises it starts it again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if words := complaint(connection):
            raise CommandError(words)
        for prepare in PREPARATIONS:
            prepare()
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]  # ours is Django's
            was_told = asyncio.run(_work())
        if not was_told:
            raise CommandError("The worker stopped by itself; the lines above say why.")


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
