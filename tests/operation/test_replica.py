"""A real streaming replica of the tests' server: read when it is young, left alone when it is old or away."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client, override_settings
from django.utils import timezone

from administration.models import Notice
from common.database import replica
from devtools.postgres import SUPERUSER, Cluster
from jxcloud.settings.databases import database, databases
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.CLUSTER is None, reason="another server, which this test may not copy"),
]
LIST = "/notices/"


@pytest.fixture
def standby(tmp_path_factory: pytest.TempPathFactory, transactional_db: None) -> Iterator[Cluster]:
    primary: Cluster = settings.CLUSTER
    cluster = Cluster(tmp_path_factory.mktemp("standby") / "pg", durable=False, max_connections=300)
    cluster.home.mkdir(parents=True)
    identity = cluster._identity()
    cluster.data.mkdir(mode=0o700)
    cluster._own(cluster.data, identity)
    source = ["-h", str(primary.socket_directory), "-U", SUPERUSER, "-D", str(cluster.data)]
    answer = cluster._run(identity, "pg_basebackup", *source, "-R", "-X", "stream", "-c", "fast", "--no-sync")
    assert answer.returncode == 0, answer.stdout
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    with cluster.session():
        yield cluster


@contextmanager
def replica_at(own: dict[str, Any]) -> Iterator[None]:
    """As if DATABASE_REPLICA_URL named it."""
    connections.settings[replica.ALIAS] = {**connections["default"].settings_dict, **own}
    replica.freshness.__init__()  # type: ignore[misc]  # nothing of before is known
    wrapper = connections[replica.ALIAS]

    def ensure_connection() -> None:
        """Django lets a test open only the databases that the settings named when it began."""
        if wrapper.connection is None:
            with wrapper.wrap_database_errors:
                wrapper.connect()

    wrapper.ensure_connection = ensure_connection  # type: ignore[method-assign]
    try:
        with override_settings(REPLICA_LAG_SECONDS=3):
            yield
    finally:
        connections[replica.ALIAS].close()
        del connections[replica.ALIAS]
        del connections.settings[replica.ALIAS]
        replica.freshness.__init__()  # type: ignore[misc]


@pytest.fixture
def configured(standby: Cluster) -> Iterator[Cluster]:
    with replica_at(database(standby.url(str(connections["default"].settings_dict["NAME"])))):
        yield standby


def publish(title: str) -> Notice:
    return Notice.objects.create(kind="news", title=title, body="内容", published_at=timezone.now())


def replay(cluster: Cluster, word: str) -> None:
    with cluster.connect("postgres") as session:
        session.execute(f"SELECT pg_wal_replay_{word}()".encode())


def titles(client: Client) -> str:
    answer = client.get(LIST)
    assert answer.status_code == 200
    return answer.content.decode()


def asked_of_the_replica(act: Callable[[], object]) -> int:
    """Counts the statements that went there; those that measure its age are left out."""
    found: list[str] = []

    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        found.append(sql)
        return execute(sql, *rest)

    with connections[replica.ALIAS].execute_wrapper(note):
        act()
    return len([sql for sql in found if "pg_last_wal_replay_lsn" not in sql])


def test_it_answers_while_it_is_young_and_only_then(configured: Cluster) -> None:
    visitor, writer = Client(), Client()
    publish("第一条公告")
    wait_until(lambda: asked_of_the_replica(lambda: titles(visitor)) > 0)
    wait_until(lambda: "第一条公告" in titles(visitor))
    # Whether a certificate is valid, and everything else, is asked of the primary.
    for address in ("/lookup/", "/v/nobody/", "/verify/", "/login/", "/"):
        assert asked_of_the_replica(lambda address=address: visitor.get(address)) == 0, address  # type: ignore[misc]
    replay(configured, "pause")
    publish("第二条公告")
    if replica.is_fresh():
        # A session that has written reads its own writes, whatever the replica knows.
        assert writer.post("/login/", {}).cookies["wrote"]["max-age"] == 4
        assert "第二条公告" in titles(writer)
        assert asked_of_the_replica(lambda: titles(writer)) == 0
    wait_until(lambda: not replica.is_fresh())
    assert "第二条公告" in titles(visitor)
    assert asked_of_the_replica(lambda: titles(visitor)) == 0
    assert "behind" in Client().get("/readyz").json()["warnings"][0]
    replay(configured, "resume")
    wait_until(lambda: asked_of_the_replica(lambda: titles(visitor)) > 0)
    assert "第二条公告" in titles(visitor)


def test_when_it_is_away_the_primary_answers(configured: Cluster) -> None:
    publish("第三条公告")
    wait_until(replica.is_fresh)
    configured.stop()
    assert "第三条公告" in titles(Client())
    assert not replica.is_fresh()
    assert "away" in Client().get("/readyz").json()["warnings"][0]


def test_one_that_takes_connections_and_says_nothing_holds_nobody(transactional_db: None) -> None:
    """As a machine does that hangs: the kernel still takes the connection."""
    publish("第四条公告")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgres://u:p@127.0.0.1:{silent.getsockname()[1]}/d"
        with replica_at(databases("postgres://u:p@db/d", None, address)["replica"]):
            began = time.monotonic()
            assert "第四条公告" in titles(Client())
            assert not replica.is_fresh()
            assert "第四条公告" in titles(Client())
            # One of them has waited two seconds; without its limit it would have waited for ever.
            assert time.monotonic() - began < 120
