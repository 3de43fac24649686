"""Reads a file of settings as systemd's EnvironmentFile= does (systemd.exec(5); src/basic/env-file.c), and as a shell does."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ESCAPED_IN_DOUBLE_QUOTES = '"\\`$\n'


def read_as_systemd(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    position = 0
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        line = text[position:end]
        if not line.strip() or line.lstrip()[0] in "#;" or "=" not in line:
            position = end + 1
            continue
        name, _, _ = line.partition("=")
        value, position = _value(text, position + len(name) + 1)
        found[name.strip()] = value
    return found


def _value(text: str, at: int) -> tuple[str, int]:
    """The value that begins there, and where the next line begins. Quoted pieces may follow each other."""
    value: list[str] = []
    bare_end = 0
    while at < len(text) and text[at] in " \t":
        at += 1
    while at < len(text) and text[at] != "\n":
        letter = text[at]
        if letter in "'\"":
            piece, at = _quoted(text, at + 1, letter)
            value.append(piece)
            bare_end = sum(map(len, value))
            continue
        if letter == "\\" and at + 1 < len(text):
            at += 1
            letter = "" if text[at] == "\n" else text[at]
        value.append(letter)
        bare_end = bare_end if letter in " \t" else sum(map(len, value))
        at += 1
    return "".join(value)[:bare_end], at + 1


def _quoted(text: str, at: int, mark: str) -> tuple[str, int]:
    value = ""
    while at < len(text) and text[at] != mark:
        if text[at] == "\\" and mark == '"' and at + 1 < len(text):
            at += 1
            value += "" if text[at] == "\n" else text[at] if text[at] in ESCAPED_IN_DOUBLE_QUOTES else "\\" + text[at]
        else:
            value += text[at]
        at += 1
    return value, at + 1


def read_as_shell(path: Path) -> dict[str, str]:
    """What `set -a; . FILE; set +a` hands to a program."""
    script = 'set -a; . "$1"; set +a; exec env -0'
    answer = subprocess.run(
        ["sh", "-c", script, "sh", str(path)],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    pairs = (entry.partition("=") for entry in answer.stdout.split("\0") if entry)
    return {name: value for name, _, value in pairs if name not in ("PATH", "PWD", "OLDPWD", "SHLVL", "_")}


def quoted(value: str) -> str:
    """As .env.example tells people to write it."""
    return "'" + value.replace("'", "'\"'\"'") + "'"
