"""What DATABASE_URL asks of the connection reaches libpq, or is refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.base import DatabaseWrapper

from jxcloud.settings.database_url import DatabaseUrl
from jxcloud.settings.databases import STARTUP_OPTIONS, database, databases
from jxcloud.settings.required import Required

from .environment import complaints, complete, start

LOAD = "from django.conf import settings; settings.DEBUG"


def parameters(url: str) -> dict[str, Any]:
    """What is handed to libpq."""
    read = {"TIME_ZONE": None, "ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, **database(url)}
    found: dict[str, Any] = DatabaseWrapper(read).get_connection_params()
    return found


def test_parameters_of_the_connection_survive(tmp_path: Path) -> None:
    root = tmp_path / "root.crt"
    root.touch()
    asked = f"sslmode=verify-full&sslrootcert={root}&application_name=jxcloud-web&connect_timeout=3&keepalives_idle=30"
    found = parameters(f"postgres://u:p%40ss@db.example:5433/name?{asked}")
    expected = {
        "sslmode": "verify-full",
        "sslrootcert": str(root),
        "application_name": "jxcloud-web",
        "connect_timeout": "3",
        "keepalives_idle": "30",
        "user": "u",
        "password": "p@ss",
        "host": "db.example",
        "port": "5433",
        "dbname": "name",
    }
    assert expected.items() <= found.items()
    assert found["options"] == STARTUP_OPTIONS
    psycopg.conninfo.make_conninfo("", **{k: v for k, v in found.items() if isinstance(v, str)})  # libpq knows them all


def test_own_options_come_behind_those_that_were_asked_for() -> None:
    found = parameters("postgres://u:p@h/d?options=-c%20work_mem%3D64MB%20-c%20search_path%3Dportal")
    assert found["options"] == f"-c work_mem=64MB -c search_path=portal {STARTUP_OPTIONS}"


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgres://u:p@/d?host=/run/postgresql", "/run/postgresql", ""),
        ("postgres://u:p@/d?host=/run/Postgre%20SQL&port=5433", "/run/Postgre SQL", "5433"),
        ("postgresql://u@%2Fvar%2FRun/d", "/var/Run", ""),
        ("postgres://u@//var/run/d", "/var/run", ""),
        ("postgres://u:p@elsewhere:1/d?host=a,b&port=5432,5433&target_session_attrs=read-write", "a,b", "5432,5433"),
        ("postgres://u:p@[::1]:5433/d", "::1", "5433"),
        ("postgres:///d", "", ""),
    ],
)
def test_hosts_and_unix_sockets(url: str, host: str, port: str) -> None:
    read = DatabaseUrl(url)
    assert read.complaints == []
    assert (read.settings["HOST"], read.settings["PORT"], read.settings["NAME"]) == (host, port, "d")


@pytest.mark.django_db
def test_a_server_takes_them() -> None:
    folder = settings.DATABASES["default"]["HOST"]
    user, name = settings.DATABASES["default"]["USER"], settings.DATABASES["default"]["NAME"]
    if not folder.startswith("/"):
        pytest.skip("another server, by TCP")
    asked = f"host={folder}&application_name=asked&options=-c%20work_mem%3D9MB"
    wrapper = DatabaseWrapper(
        {
            **settings.DATABASES["default"],
            **database(f"postgres://{user}@/postgres?{asked}"),
            "NAME": name or "postgres",
        }
    )
    try:
        with wrapper.cursor() as cursor:
            cursor.execute("SELECT current_setting('application_name'), current_setting('work_mem')")
            assert cursor.fetchone() == ("asked", "9MB")
            cursor.execute("SELECT current_setting('plan_cache_mode'), current_setting('lock_timeout')")
            assert cursor.fetchone() == ("force_custom_plan", "10s")
    finally:
        wrapper.close()


BAD = [
    ("postgres://u:p@h/d?sslmod=require", "has the parameter sslmod, which libpq does not know"),
    ("postgres://u:p@h/d?sslmode=verify", "has an unknown sslmode"),
    ("postgres://u:p@h/d?sslmode=", "gives sslmode no value"),
    ("postgres://u:p@h/d?sslmode=require&sslmode=disable", "says sslmode twice"),
    ("postgres://u:p@h/d?sslrootcert=/nowhere.crt", "names a file in sslrootcert that is not there"),
    ("postgres://u:p@h/d?user=other", "says user behind the question mark"),
    ("postgres://u:p@h/d?password=hunter2", "says password behind the question mark"),
    ("postgres://u:p@h/d?dbname=other", "says dbname behind the question mark"),
    ("postgres://u:p@h/d?service=x", "may not say service"),
    ("postgres://u:p@h/d?client_encoding=SQL_ASCII", "may not say client_encoding"),
    ("postgres://u:p@h/d?conn_max_age=5", "has the parameter conn_max_age, which libpq does not know"),
    ("postgres://u:p@h/d?pool=true", "has the parameter pool, which libpq does not know"),
    (
        "postgres://u:p@h/d?options=-c%20statement_timeout%3D0",
        "may not set statement_timeout in options: use DATABASE_ST",
    ),
    ("postgres://u:p@h/d?options=-cSynchronous_Commit%3Doff", "may not set synchronous_commit in options"),
    ("postgres://u:p@h/d?options=--session-replication-role%3Dreplica", "may not set session_replication_role"),
    ("postgres://u:p@h/d?connect_timeout=soon", "needs a number in connect_timeout"),
    ("mysql://u:p@h/d", "must begin with postgres://"),
    ("h/d", "must begin with postgres://"),
    ("postgres://u:p@h", "names no database"),
    ("postgres://u:p@h:port/d", "cannot be read"),
    ("postgres://u:pa#ss@h/d", "cannot be read"),
    ("postgres://u:p@h/d#x", "holds a bare #"),
    ("postgres://u:pa/ss@h/d", "cannot be read"),
]


@pytest.mark.parametrize(("url", "sentence"), BAD)
def test_what_would_be_lost_or_do_harm_is_refused(url: str, sentence: str) -> None:
    assert any(one.startswith(sentence) for one in DatabaseUrl(url).complaints)
    with pytest.raises(ImproperlyConfigured, match="The address of the database"):
        database(url)


def test_production_names_every_fault_and_repeats_no_value() -> None:
    url = "postgres://portal:hunter2secret@h/d?sslmode=verify&sslrootcert=/nowhere.crt&password=hunter2secret"
    answer = start(complete(DATABASE_URL=url, SECRET_KEY="short"), LOAD)
    assert answer.returncode != 0
    said = complaints(answer)
    assert [line.split()[0] for line in said] == ["SECRET_KEY", *["DATABASE_URL"] * 3]
    assert "hunter2secret" not in answer.stderr


def test_behind_a_pooler_nothing_is_asked_for_at_the_start() -> None:
    """The pooler would refuse it, or lose it without a word; the role has the limits (`common.operation.limits`)."""
    pooled = databases("postgres://u:p@pooler/d?application_name=portal", "postgres://u:p@db/d")["default"]
    assert pooled["HOST"] == "pooler"
    assert pooled["OPTIONS"].keys() == {"application_name", "connect_timeout", "prepare_threshold"}
    assert pooled["DISABLE_SERVER_SIDE_CURSORS"]
    replica = databases("postgres://u:p@db/d", None, "postgres://u:p@copy/d")["replica"]
    assert (replica["HOST"], replica["OPTIONS"]["options"]) == ("copy", STARTUP_OPTIONS)
    required = Required({"DATABASE_URL": "postgres://u:p@pooler/d?options=-c%20work_mem%3D64MB"})
    required.database("DATABASE_URL", is_pooled=True)
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL may not say options: .* ALTER ROLE"):
        required.check()


def test_a_replica_that_vanishes_is_not_waited_for_long() -> None:
    replica = databases("postgres://u:p@db/d", None, "postgres://u:p@copy/d")["replica"]["OPTIONS"]
    assert (replica["connect_timeout"], replica["tcp_user_timeout"], replica["keepalives_idle"]) == (2, 5000, 3)
    asked = databases("postgres://u:p@db/d", None, "postgres://u:p@copy/d?tcp_user_timeout=900")["replica"]["OPTIONS"]
    assert (asked["connect_timeout"], asked["tcp_user_timeout"]) == (2, "900")
