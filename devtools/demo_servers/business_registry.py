"""Answers as a business registry for the demonstration and tests with made-up records (docs/business-registry.md).

`python -m devtools.demo_servers.business_registry PORT FILE` serves until it is ended and reads FILE anew for each question.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from common.pki.demo_marks import DEMO_REGISTRY_KEY

from .loopback import Answering, http_server, serving

KEY = DEMO_REGISTRY_KEY
Records = Callable[[], Mapping[str, Mapping[str, Any]]]


def records_file(folder: Path) -> Path:
    return folder / "demo-registry.json"


def read_records(file: Path) -> dict[str, dict[str, Any]]:
    """Is empty before the demonstration's data has been made."""
    if not file.exists():
        return {}
    records: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return records


def server_of(records: Records, *, port: int = 0) -> ThreadingHTTPServer:
    class Handler(Answering):
        def do_GET(self) -> None:
            if self.headers.get("Authorization") != f"Bearer {KEY}":
                self.send_error(401)
                return
            collection, _, uscc = self.path.strip("/").partition("/")
            found = records().get(uscc) if collection == "enterprises" else None
            if found is None:
                self.send_error(404)
                return
            answer = json.dumps(found, ensure_ascii=False).encode()
            self.reply(200, "application/json", answer)

    return http_server(Handler, port=port)


@contextmanager
def demo_registry_server(records: Records) -> Iterator[str]:
    """Serves on loopback as long as the block runs, and gives the address."""
    with serving(server_of(records)) as port:
        yield f"http://127.0.0.1:{port}"


if __name__ == "__main__":
    source = Path(sys.argv[2])
    server_of(lambda: read_records(source), port=int(sys.argv[1])).serve_forever()
