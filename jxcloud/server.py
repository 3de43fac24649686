"""Sets the web server's own limits in one place; production uses the same (README, docs/adr/0016)."""

from __future__ import annotations

import sys

OPTIONS = (
    "--interface=wsgi",
    "--workers=2",
    # Of these, settings.BODIES_AT_ONCE read bodies and limited.scope.IN_ONE_PROCESS wait for children.
    "--blocking-threads=8",
    # Requests that one worker accepts; the rest stays in the backlog of the system.
    "--backpressure=64",
    "--backlog=512",
    "--http=1",
    "--no-ws",
    # Milliseconds for a request's headers. There is no such limit for bodies: the proxy in front collects them.
    "--http1-header-read-timeout=10000",
    "--respawn-failed-workers",
    "--workers-kill-timeout=10",
)


def web_command(host: str, port: int) -> list[str]:
    return [sys.executable, "-m", "granian", f"--host={host}", f"--port={port}", *OPTIONS]
