"""Examines many uploads as `certificates.ecert.verify_child` examines one: each in a process of its own, with the same limits.

Starting Python and its libraries is most of what one examination costs, so this program starts once and forks for
every file. Standard input: for each file two lines with its header and its length, then the file. Standard output:
one line of JSON for each, with what the process said, how it ended and what it used.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback

from certificates.ecert import verify_child

STARTUP_SECONDS = time.process_time()


def examine(header: bytes, pdf: bytes) -> dict[str, object]:
    fed, feeding = os.pipe()
    answered, answering = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(feeding)
        os.close(answered)
        _become_child(fed, answering)
    os.close(fed)
    os.close(answering)
    try:
        with os.fdopen(feeding, "wb") as target:
            target.write(header + b"\n" + pdf)
    except BrokenPipeError:
        pass  # the child broke off before it had read everything
    with os.fdopen(answered, "rb") as source:
        said = source.read().decode()
    _, status, usage = os.wait4(child, 0)
    return {
        "said": said,
        "returncode": os.waitstatus_to_exitcode(status),
        "cpu_seconds": STARTUP_SECONDS + usage.ru_utime + usage.ru_stime,
        "memory_mb": usage.ru_maxrss / 1024,
    }


def _become_child(fed: int, answering: int) -> None:
    code = 1
    try:
        os.dup2(fed, 0)
        os.dup2(answering, 1)
        verify_child.limit_resources()
        verify_child.limit_examination(STARTUP_SECONDS)
        sys.stdin = open(0)  # noqa: SIM115 - the process ends without closing anything
        sys.stdout = open(1, "w")  # noqa: SIM115
        verify_child.main()
        sys.stdout.flush()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def main() -> None:
    while header := sys.stdin.buffer.readline():
        size = int(sys.stdin.buffer.readline())
        outcome = examine(header.rstrip(b"\n"), sys.stdin.buffer.read(size))
        sys.stdout.write(json.dumps(outcome) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
