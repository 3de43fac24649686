"""Reads DATABASE_URL and keeps or refuses by name every option that it has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from psycopg import pq

SCHEMES = ("postgres", "postgresql")
ENGINE = "common.database.postgresql"
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile")

IN_THE_ADDRESS = ("user", "password", "dbname")
"""These stand before the question mark; of two values one would be lost without notice."""
OF_THE_PORTAL = {
    "client_encoding": "the portal always talks UTF-8",
    "replication": "the portal does not replicate",
    "service": "name host, database and user in the address itself",
    "servicefile": "name host, database and user in the address itself",
    "sslkeylogfile": "whoever reads that file reads the connection",
}
OPTIONS_OF_THE_PORTAL = {
    "statement_timeout": "use DATABASE_STATEMENT_TIMEOUT_MS",
    "lock_timeout": "use DATABASE_LOCK_TIMEOUT_MS",
    "idle_in_transaction_session_timeout": "use DATABASE_IDLE_TIMEOUT_MS",
    "plan_cache_mode": "the portal sets it itself",
    "client_encoding": "the portal always talks UTF-8",
    "timezone": "the portal sets it itself",
    "default_transaction_isolation": "the locks of the portal are made for read committed",
    "default_transaction_read_only": "the portal writes",
    "session_replication_role": "it would turn the guards of the audit off",
    "synchronous_commit": "what was acknowledged must be on the disk",
}

_SET_PARAMETER = re.compile(r"(?:-c\s*|--)([A-Za-z_.-]+)\s*=")


class DatabaseUrl:
    """Holds what Django needs to connect, and everything that is wrong with the address; no complaint repeats a
    value.
    """

    def __init__(self, url: str) -> None:
        self.complaints: list[str] = []
        self.settings: dict[str, Any] = {}
        try:
            parts = urlsplit(url.strip())
            _ = parts.port  # raises for what is no number
        except ValueError:
            self._complain("cannot be read: write / ? # @ : % in user and password as %2F %3F %23 %40 %3A %25")
            return
        if parts.scheme not in SCHEMES:
            self._complain("must begin with postgres://")
            return
        if parts.fragment:
            self._complain("holds a bare #: write it as %23")
        self._read(parts, self._parameters(parts.query))

    def _read(self, parts: SplitResult, options: dict[str, str]) -> None:
        # `parts.hostname` is not used, because it makes the folder of a socket lower case.
        host, port = _host_and_port(parts.netloc.rpartition("@")[2])
        name = unquote(parts.path.removeprefix("/"))
        if "/" in name and not host:  # postgres://user@//run/postgresql/name, as earlier versions asked for
            folder, _, name = name.rpartition("/")
            host = f"/{folder.lstrip('/')}"
        if not name:
            self._complain("names no database")
        self.settings = {
            "ENGINE": ENGINE,
            "NAME": name,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            # libpq names a folder of a Unix socket, or several hosts, by ?host=.
            "HOST": options.pop("host", host),
            "PORT": options.pop("port", port),
            "OPTIONS": options,
        }

    def _parameters(self, query: str) -> dict[str, str]:
        known = {default.keyword.decode() for default in pq.Conninfo.get_defaults()}
        found: dict[str, str] = {}
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name in found:
                self._complain(f"says {name} twice")
            elif name in IN_THE_ADDRESS:
                self._complain(
                    f"says {name} behind the question mark: it belongs before it (user:password@host/database)"
                )
            elif name in OF_THE_PORTAL:
                self._complain(f"may not say {name}: {OF_THE_PORTAL[name]}")
            elif name not in known:
                self._complain(f"has the parameter {_printable(name)}, which libpq does not know")
            else:
                self._check(name, value)
                found[name] = value
        return found

    def _check(self, name: str, value: str) -> None:
        if not value:
            self._complain(f"gives {name} no value")
        elif name == "sslmode" and value not in SSL_MODES:
            self._complain(f"has an unknown sslmode: one of {', '.join(SSL_MODES)}")
        elif name in FILES and not Path(value).is_file() and (name, value) != ("sslrootcert", "system"):
            self._complain(f"names a file in {name} that is not there")
        elif name in ("connect_timeout", "port") and not re.fullmatch(r"[0-9]+(,[0-9]+)*", value):
            self._complain(f"needs a number in {name}")
        elif name == "options":
            for parameter in _SET_PARAMETER.findall(value):
                self._check_option(parameter.lower().replace("-", "_"))

    def _check_option(self, parameter: str) -> None:
        if reason := OPTIONS_OF_THE_PORTAL.get(parameter):
            self._complain(f"may not set {parameter} in options: {reason}")

    def _complain(self, what: str) -> None:
        self.complaints.append(what)


def merged(asked: Mapping[str, str], own: Mapping[str, Any]) -> dict[str, Any]:
    """The operator's parameters replace ours; `options` are joined, ours last."""
    both = {**own, **asked}
    if options := " ".join(filter(None, (asked.get("options", ""), own.get("options", "")))):
        both["options"] = options
    return both


def _host_and_port(text: str) -> tuple[str, str]:
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, rest.removeprefix(":")
    host, _, port = text.partition(":")
    return unquote(host), port


def _printable(name: str) -> str:
    """A name of a parameter is no secret, but a password with an unescaped & or = ends up as one."""
    return name if re.fullmatch("[a-z_]{1,40}", name) else "(unreadable)"
