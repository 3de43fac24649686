"""What the stages `documents` and `memory` count is that of the processes they start."""

from __future__ import annotations

import subprocess
import sys

from devtools.bench.documents import _spent_by
from devtools.bench.memory import _megabytes

LOOP = "import os\nwhile os.times().user < 1: pass\n"
PARENT = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {LOOP!r}])\nprint('done', flush=True)\nsys.stdin.read()"
HOLDS = "held = bytearray(b'1' * 60_000_000); print('held', flush=True); import sys; sys.stdin.read()"
STARTS = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {HOLDS!r}])"


def test_the_time_of_children_that_have_ended_counts() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdin is not None
        assert parent.stdout.readline() == b"done\n"
        assert 1 <= _spent_by(parent.pid) < 10
        parent.stdin.close()


def test_the_memory_is_that_of_the_process_that_serves() -> None:
    with subprocess.Popen([sys.executable, "-c", STARTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdin is not None
        assert parent.stdout.readline() == b"held\n"
        assert 60 < _megabytes(parent) < 120
        parent.stdin.close()
