"""Declares the command that takes the pictures of the manual anew, by running the browser stories that name its steps."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from devtools.manual import PICTURES, ROOT, named_steps, write_sides
from portal.home.manual.chapters import chapters

FITS = 6_000_000
"""Bytes of all pictures together."""


class Command(BaseCommand):
    help = "Take the pictures of the manual, of all chapters or of those named. The PDFs follow at collectstatic."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help="such as 1.3.5")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = [one for one in chapters() if not options["chapters"] or one.code in options["chapters"]]
        if unknown := set(options["chapters"]) - {one.code for one in wanted}:
            raise CommandError(f"the manual has no chapter {', '.join(sorted(unknown))}")
        codes = {step.code for chapter in wanted for step in chapter.steps}
        stories = sorted({str(story) for code, story in named_steps() if code in codes})
        if not stories:
            raise CommandError("no story takes a picture of these chapters")
        with TemporaryDirectory() as folder:
            self._run(stories, folder)
            taken = {code: Path(folder) / f"{code}.webp" for code in codes}
            if missing := sorted(code for code, file in taken.items() if not file.exists()):
                raise CommandError(f"no picture was taken of {', '.join(missing)}")
            self._keep(taken)

    @staticmethod
    def _run(stories: list[str], folder: str) -> None:
        command = [sys.executable, "-m", "pytest", "-q", *stories]
        surroundings = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        ended = subprocess.run(
            command, cwd=ROOT, env={**surroundings, "LANGUAGE": "zh_CN", "JXCLOUD_MANUAL": folder}, check=False
        )
        if ended.returncode:
            raise CommandError("a story has failed, so nothing was changed")

    def _keep(self, taken: dict[str, Path]) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        for code, file in sorted(taken.items()):
            shutil.copyfile(file, PICTURES / f"{code}.webp")
        known = {step.code for chapter in chapters() for step in chapter.steps}
        for old in PICTURES.glob("*.webp"):
            if old.stem not in known:
                old.unlink()
        write_sides()
        size = sum(file.stat().st_size for file in PICTURES.glob("*.webp"))
        self.stdout.write(f"{len(taken)} pictures taken; all together {size:,} bytes")
        if size > FITS:
            raise CommandError(f"the pictures together may have {FITS:,} bytes")
