"""The chain of hashes over the audit's entries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from administration.audit import chain
from administration.audit.chain import (
    BEGINNING,
    Anchor,
    ChainBroken,
    digest_after,
    link_entries,
    read_anchors,
    verify_chain,
    verify_newest,
)
from administration.audit.services import record_audit
from administration.models import AuditCheck, AuditEntry, AuditLink
from administration.nightly import run_nightly
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db


def write(count: int, *, days_ago: int = 0) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            action="login", actor_id=number, actor_name="欧阳·䶮", detail={"号": number, "b": [1.5, None]}, at=at
        )
        for number in range(count)
    )


def tamper(statement: str) -> None:
    """As somebody with the rights of the owner would: the triggers are off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_every_entry_becomes_one_link_and_the_chain_verifies() -> None:
    write(3)
    assert link_entries() == 3
    write(2)
    assert link_entries() == 2
    assert link_entries() == 0
    links = list(AuditLink.objects.select_related("entry"))
    assert [link.position for link in links] == [1, 2, 3, 4, 5]
    assert links[0].digest == digest_after(BEGINNING, links[0].entry)
    check = verify_chain()
    assert (check.first, check.last, check.head, check.problem) == (1, 5, links[-1].digest, "")


def test_an_empty_chain_is_in_order() -> None:
    assert (verify_chain().last, verify_newest().last) == (0, 0)


@pytest.mark.parametrize(
    "table", ["administration_auditentry", "administration_auditlink", "administration_auditcheck"]
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete(table: str, statement: str) -> None:
    write(1)
    link_entries()
    verify_chain()
    column = "position" if table.endswith("link") else "id"
    with pytest.raises((InternalError, DatabaseError), match="never changed or deleted"), transaction.atomic():
        connection.cursor().execute(statement.format(table, column, column))


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE administration_auditentry SET actor_name = '别人' WHERE id = {second}", "第2环与审计记录"),
        ("UPDATE administration_auditentry SET detail = '{{}}' WHERE id = {second}", "第2环与审计记录"),
        ("DELETE FROM administration_auditlink WHERE position = 2", "第2环不存在"),
        ("UPDATE administration_auditlink SET digest = repeat('a', 64) WHERE position = 3", "第3环与审计记录"),
    ],
)
def test_what_is_changed_behind_the_triggers_is_found(statement: str, sentence: str) -> None:
    write(4)
    link_entries()
    second = AuditLink.objects.get(position=2).entry_id
    tamper(statement.format(second=second))
    with pytest.raises(ChainBroken, match=sentence):
        verify_chain()
    assert sentence in AuditCheck.objects.latest("id").problem


def test_an_end_that_was_cut_off_is_shown_by_an_anchor() -> None:
    write(4)
    link_entries()
    anchor = Anchor(4, verify_chain().head)
    tamper("DELETE FROM administration_auditlink WHERE position = 4")
    tamper("DELETE FROM administration_auditentry WHERE id = (SELECT max(id) FROM administration_auditentry)")
    assert verify_chain().last == 3
    with pytest.raises(ChainBroken, match="末尾被删除"):
        verify_chain(anchors=[anchor])


def test_a_chain_that_was_written_anew_does_not_agree_with_an_anchor() -> None:
    write(2)
    link_entries()
    anchors = [Anchor(2, verify_chain().head)]
    tamper("UPDATE administration_auditentry SET actor_name = '别人'")
    tamper("DELETE FROM administration_auditlink")
    link_entries()
    assert verify_chain().last == 2
    with pytest.raises(ChainBroken, match="被重写"):
        verify_chain(anchors=anchors)


def test_an_old_entry_without_link_is_found() -> None:
    write(1, days_ago=3)
    with pytest.raises(ChainBroken, match="没有连入链条"):
        verify_chain()


def test_an_entry_with_a_small_id_that_commits_late_is_linked() -> None:
    write(2)
    first = AuditEntry.objects.order_by("id").first()
    assert first is not None
    late = first.pk - 1
    link_entries()
    AuditEntry.objects.create(pk=late, action="login")
    assert link_entries() == 1
    assert AuditLink.objects.get(position=3).entry_id == late
    assert verify_chain().last == 3


def test_the_newest_part_is_verified_from_the_last_good_end() -> None:
    write(3)
    link_entries()
    verify_chain()
    write(2)
    link_entries()
    check = verify_newest()
    assert (check.first, check.last) == (3, 5)


def test_blocks_do_not_change_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 2)
    write(5)
    assert link_entries() == 5
    assert verify_chain().last == 5


@pytest.mark.django_db(transaction=True)
def test_many_workers_and_writers_at_once_make_one_chain() -> None:
    def write_and_link(number: int) -> Callable[[], int]:
        def run() -> int:
            for _ in range(10):
                record_audit(action="login", actor_id=number)
                link_entries()
            return number

        return run

    assert at_once([write_and_link(number) for number in range(8)]) == list(range(8))
    assert list(AuditLink.objects.values_list("position", flat=True)) == list(range(1, 81))
    assert verify_chain().last == 80


def test_the_nightly_job_counts_and_fails_on_a_broken_chain() -> None:
    write(2)
    run = run_nightly("audit_chain")
    assert run is not None
    assert run.counts["linked"] == 2
    tamper("UPDATE administration_auditentry SET actor_name = '别人'")
    tamper("DELETE FROM administration_auditcheck")
    with pytest.raises(ChainBroken):
        run_nightly("audit_chain")


def test_the_command_verifies_and_keeps_an_anchor(tmp_path: Path) -> None:
    anchor = tmp_path / "anchors.txt"
    write(2)
    out = StringIO()
    call_command("verify_audit_chain", anchor=anchor, stdout=out)
    assert "2 entries in order" in out.getvalue()
    write(1)
    call_command("verify_audit_chain", anchor=anchor, stdout=out)
    assert [one.position for one in read_anchors(anchor.read_text().splitlines())] == [2, 3]
    tamper(
        "UPDATE administration_auditentry SET actor_name = '别人' WHERE id = (SELECT min(id) FROM administration_auditentry)"
    )
    err = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit_chain", anchor=anchor, stdout=out, stderr=err)
    assert end.value.code == 1
    assert "第1环与审计记录" in err.getvalue()


def test_linking_takes_the_same_queries_for_one_and_for_fifty(
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    write(1)
    one = count_queries(link_entries)
    write(50)
    assert count_queries(link_entries) == one
