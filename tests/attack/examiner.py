"""Examines many uploads as the portal's children do (`common.limited.server`): each in a process with the same limits.

Argument: the limits as JSON. Standard input: for each file two lines with the arguments and its length, then the file.
Standard output: one line of JSON for each, with what the process said, how it ended and what it used.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback

from certificates.ecert import verify_child
from common.limited.server import limit

verify_child.prepare()
STARTUP_SECONDS = time.process_time()
LIMITS = json.loads(sys.argv[1])


def examine(arguments: dict[str, object], pdf: bytes) -> dict[str, object]:
    answered, answering = os.pipe()
    child = os.fork()
    if child == 0:
        _become_child(arguments, pdf, answering)
    os.close(answering)
    with os.fdopen(answered, "rb") as source:
        said = source.read().decode()
    _, status, usage = os.wait4(child, 0)
    return {
        "said": said,
        "returncode": os.waitstatus_to_exitcode(status),
        "cpu_seconds": STARTUP_SECONDS + usage.ru_utime + usage.ru_stime,
        "memory_mb": usage.ru_maxrss / 1024,
    }


def _become_child(arguments: dict[str, object], pdf: bytes, answering: int) -> None:
    code = 1
    try:
        limit(LIMITS)
        try:
            outcome, _ = verify_child.work(arguments, [pdf])
        except MemoryError:
            outcome = {"verdict": "unreadable"}
        os.write(answering, json.dumps(outcome).encode())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def main() -> None:
    while arguments := sys.stdin.buffer.readline():
        size = int(sys.stdin.buffer.readline())
        outcome = examine(json.loads(arguments), sys.stdin.buffer.read(size))
        sys.stdout.write(json.dumps(outcome) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
