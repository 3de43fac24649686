"""The example client, against the portal as it runs."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from accounts.enums import Sphere
from accounts.models import User
from certificates.public.batch_verification.services import issue_key
from clients.verification import api
from clients.verification.__main__ import main

from .test_lists import make_holder


def make_key(rows: int = 100) -> str:
    now = timezone.now()
    by = User.objects.create(login="sec.one", sphere=Sphere.SECURITY_ADMIN, name="安全")
    expires_on = (now + timedelta(days=30)).date()
    return issue_key(holder="甲", purpose="乙", rows_per_day=rows, expires_on=expires_on, by=by, now=now)[1]


def test_a_list_becomes_a_report(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = make_holder()
    source, target = tmp_path / "list.csv", tmp_path / "report.csv"
    source.write_text(f"number,name\n{good.number},{good.person.name}\n{good.number},张三\n", encoding="utf-8")
    monkeypatch.setenv("VERIFICATION_KEY", make_key())
    monkeypatch.setattr(api, "AT_ONCE", 1)
    assert main([live_server.url, str(source), str(target)]) == 0
    assert capsys.readouterr().out == "2 verified, 1 confirmed\n"
    with target.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["outcome"] for row in rows] == ["confirmed", "not_confirmed"]
    assert [row["place"] for row in rows] == ["1", "2"]
    assert rows[0]["enterprise"] == good.enterprise_name
    monkeypatch.setenv("VERIFICATION_KEY", "jxv_wrong")
    assert main([live_server.url, str(source), str(target)]) == 1
    assert "key.unknown" in capsys.readouterr().err


def test_it_waits_only_where_the_server_says_so(live_server: LiveServer, transactional_db: None) -> None:
    waited: list[float] = []
    client = api.Api(live_server.url, make_key(rows=1), wait=waited.append)
    with pytest.raises(api.Refused) as refused:
        list(client.verify([("1", "张三"), ("2", "李四")]))
    assert refused.value.code == "key.used_up"
    assert waited == []
    with pytest.raises(ValueError, match="https"):
        api.Api("portal.example", "x")
