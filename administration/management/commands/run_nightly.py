"""Declares the command that runs nightly jobs by hand."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from administration.nightly import NIGHTLY_JOBS, run_nightly


class Command(BaseCommand):
    help = "Run the nightly jobs now, all of them or the named ones. Running a job twice does its work once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="name", help="; ".join(job.name for job in NIGHTLY_JOBS))

    def handle(self, *, names: list[str], **options: Any) -> None:
        known = [job.name for job in NIGHTLY_JOBS]
        unknown = [name for name in names if name not in known]
        if unknown:
            raise CommandError(f"没有这个任务：{'、'.join(unknown)}。可用：{'、'.join(known)}")
        for name in names or known:
            run = run_nightly(name)
            self.stdout.write(f"{name}：正在另一进程中运行" if run is None else f"{name}：{run.counts}")
