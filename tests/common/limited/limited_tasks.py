"""Work that misbehaves, for tests of the limits. Runs in children."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

Answer = tuple[dict[str, Any], list[bytes]]


def prepare() -> None:
    """Nothing to load."""


def echo(arguments: dict[str, Any], pieces: list[bytes]) -> Answer:
    return {"said": arguments["say"], "pid": os.getpid()}, pieces


def spin(arguments: dict[str, Any], pieces: list[bytes]) -> Answer:
    while True:
        pass


def hoard(arguments: dict[str, Any], pieces: list[bytes]) -> Answer:
    return {"size": len(bytearray(2_000_000_000))}, []


def give_up(arguments: dict[str, Any], pieces: list[bytes]) -> Answer:
    """PDFium ends like this where it gets no memory."""
    os.abort()


def sleep(arguments: dict[str, Any], pieces: list[bytes]) -> Answer:

    time.sleep(60)
    return {}, []


def open_file(arguments: dict[str, Any], pieces: list[bytes]) -> Answer:
    try:
        Path("/etc/hostname").read_bytes()
    except OSError as error:
        return {"error": error.errno}, []
    return {"error": 0}, []


def secrets(arguments: dict[str, Any], pieces: list[bytes]) -> Answer:
    return {"names": sorted(os.environ)}, []


def fail(arguments: dict[str, Any], pieces: list[bytes]) -> Answer:
    raise ValueError("secret text of the file")
