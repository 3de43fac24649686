"""The reference client, as a machine runs it, against the portal as it runs."""

from __future__ import annotations

import http.server
import json
import os
import stat
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from pytest_django.live_server_helper import LiveServer

from accounts.kiosk.services import create_device
from accounts.models import KioskRequest, Person
from administration.enums import OfficeKind
from clients.kiosk import api, keys
from clients.kiosk.__main__ import HELD, REFUSED, UNREACHABLE, main
from devtools.demo.accounts import make_kiosk
from devtools.demo.context import DemoContext
from tests.accounts.cards import PORTRAIT, make_card
from tests.factories import make_office

from .machine import card_json
from .paper import password_of


@pytest.fixture
def office(transactional_db: None) -> Any:
    return make_office("东湖区实名制登记点", kind=OfficeKind.REGISTRATION)


def set_up(folder: Path, server: str, office: Any) -> Path:
    """Key, card and portrait in a folder; the public key handed to the administrator."""
    file = folder / "key.json"
    assert main(["keygen", "--server", server, "--office", str(office.pk), "--out", str(file)]) == 0
    key = keys.read(file)
    device, private = create_device(
        name="1号机", office=office, public_key=key.public_text, valid_until=date(2099, 1, 1), by=None
    )
    assert (device.key_id, private) == (key.key_id, None)
    (folder / "card.json").write_text(json.dumps(card_json(make_card()), ensure_ascii=False), encoding="utf-8")
    (folder / "face.jpg").write_bytes(PORTRAIT)
    return folder


@pytest.fixture
def kiosk(tmp_path: Path, live_server: LiveServer, office: Any) -> Path:
    return set_up(tmp_path, live_server.url, office)


def arguments(folder: Path, receipt: str = "receipt.pdf") -> list[str]:
    return [
        "register", "--key", str(folder / "key.json"), "--card", str(folder / "card.json"),
        "--portrait", str(folder / "face.jpg"), "--receipt", str(folder / receipt),
    ]  # fmt: skip


def test_registers_from_files_in_a_process_of_its_own(kiosk: Path, live_server: LiveServer) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "clients.kiosk", *arguments(kiosk)], cwd=settings.ROOT, capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (0, "")
    person = Person.objects.select_related("user").get()
    assert person.id_number not in run.stdout
    assert "已登记" in run.stdout
    receipt = kiosk / "receipt.pdf"
    assert stat.S_IMODE(receipt.stat().st_mode) == 0o600
    password = password_of(receipt.read_bytes())
    assert person.user.check_password(password)
    assert KioskRequest.objects.get().printed_at is not None
    assert not list(kiosk.glob("*.request"))
    answer = Browser().post("/login/", {"id_number": person.id_number, "password": password})
    assert answer.url == "/password/"


def test_the_key_file_is_the_owners_and_never_overwritten(kiosk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = kiosk / "key.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    assert main(["keygen", "--server", "https://a.example", "--office", "1", "--out", str(file)]) == REFUSED
    assert "没有覆盖" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_a_server_without_encryption_is_not_spoken_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["keygen", "--server", "http://a.example", "--office", "1", "--out", str(tmp_path / "k.json")]
    assert main(arguments) == REFUSED
    assert "https://" in capsys.readouterr().err


def test_ping_and_status(kiosk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = str(kiosk / "key.json")
    assert main(["ping", "--key", key]) == 0
    assert "东湖区实名制登记点" in capsys.readouterr().out
    assert main(arguments(kiosk)) == 0
    request_id = str(KioskRequest.objects.get().request_id)
    assert main(["status", "--key", key, "--request-id", request_id]) == 0
    assert "360***" in capsys.readouterr().out


def test_refusals_list_every_reason(kiosk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = json.loads((kiosk / "card.json").read_text(encoding="utf-8"))
    wrong = card | {"birth_date": "1991-01-01", "valid_to": "2021-01-01"}
    (kiosk / "card.json").write_text(json.dumps(wrong), encoding="utf-8")
    assert main(arguments(kiosk)) == REFUSED
    said = capsys.readouterr().err
    assert "出生日期与身份证号码不符" in said
    assert "身份证已过期" in said
    assert not (kiosk / "receipt.pdf").exists()
    (kiosk / "card.json").write_text(json.dumps(card), encoding="utf-8")
    assert main(arguments(kiosk)) == 0


def test_a_changed_name_ends_with_a_receipt_for_the_counter(kiosk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(kiosk)) == 0
    card = json.loads((kiosk / "card.json").read_text(encoding="utf-8"))
    (kiosk / "card.json").write_text(json.dumps(card | {"name": "李大明"}), encoding="utf-8")
    assert main(arguments(kiosk, "second.pdf")) == HELD
    assert "已转人工核实" in capsys.readouterr().out
    assert password_of((kiosk / "second.pdf").read_bytes()) is None


@pytest.mark.parametrize("file", ["card.json", "face.jpg", "key.json"])
def test_a_missing_file_is_named(kiosk: Path, capsys: pytest.CaptureFixture[str], file: str) -> None:
    (kiosk / file).unlink()
    assert main(arguments(kiosk)) == REFUSED
    assert "不能读取" in capsys.readouterr().err


class _Faults(http.server.BaseHTTPRequestHandler):
    """A line to the portal that swallows answers: the portal has done its work, and the machine hears nothing."""

    protocol_version = "HTTP/1.0"
    target = ""
    plan: list[str]

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.plan.pop(0) if self.plan else "none"
        if fault == "busy":
            self.send_response(503)
            self.send_header("Retry-After", "7")
            self.end_headers()
            return
        headers = {name: value for name, value in self.headers.items() if name.startswith(("X-", "Content-Type"))}
        request = urllib.request.Request(  # noqa: S310  the live server
            self.target + self.path, data=body if self.command == "POST" else None, headers=headers, method=self.command
        )
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
            content = answer.read()
        if fault == "cut":
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _pass_on

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@pytest.fixture
def faulty_line(live_server: LiveServer) -> Iterator[tuple[str, list[str]]]:
    plan: list[str] = []
    handler = type("Handler", (_Faults,), {"target": live_server.url, "plan": plan})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", plan
        server.shutdown()
        thread.join()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    original = api.Client.__init__
    monkeypatch.setattr(api.Client, "__init__", lambda self, key: original(self, key, sleep=slept.append))
    return slept


def test_a_lost_answer_is_asked_for_again_and_nobody_registered_twice(
    tmp_path: Path, office: Any, faulty_line: tuple[str, list[str]], waits: list[float]
) -> None:
    server, plan = faulty_line
    folder = set_up(tmp_path, server, office)
    plan += ["busy", "cut", "cut"]
    assert main(arguments(folder)) == 0
    assert waits == [7.0, 2.0, 4.0]
    person = Person.objects.select_related("user").get()
    assert KioskRequest.objects.count() == 1
    assert person.user.check_password(password_of((folder / "receipt.pdf").read_bytes()))


def test_a_command_given_again_goes_on_with_the_same_request(
    tmp_path: Path,
    office: Any,
    faulty_line: tuple[str, list[str]],
    waits: list[float],
    capsys: pytest.CaptureFixture[str],
) -> None:
    server, plan = faulty_line
    folder = set_up(tmp_path, server, office)
    plan += ["cut"] * api.ATTEMPTS
    assert main(arguments(folder)) == UNREACHABLE
    assert "不会重复登记" in capsys.readouterr().err
    journal = (folder / "receipt.pdf.request").read_text(encoding="ascii")
    assert Person.objects.get().id_number not in journal
    assert main(arguments(folder)) == 0
    request = KioskRequest.objects.get()
    assert journal.startswith(str(request.request_id))
    assert Person.objects.get().user.check_password(password_of((folder / "receipt.pdf").read_bytes()))


def test_no_server_at_all(tmp_path: Path, office: Any, waits: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    folder = set_up(tmp_path, "http://127.0.0.1:9", office)
    assert main(arguments(folder)) == UNREACHABLE
    assert len(waits) == api.ATTEMPTS - 1
    assert "网络不通" in capsys.readouterr().err


def test_nothing_but_cryptography_and_the_standard_library() -> None:
    code = "import sys, clients.kiosk.__main__; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.ROOT, env={**os.environ}, capture_output=True, text=True, check=True
    )
    assert not {"django", "accounts", "jxcloud", "administration"} & set(run.stdout.split())


def test_the_machine_of_the_demonstration(
    tmp_path: Path, live_server: LiveServer, office: Any, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.PUBLIC_BASE_URL = live_server.url
    context = DemoContext(date(2026, 11, 23))
    make_kiosk(context, tmp_path / "kiosk")
    (entry,) = context.logins
    program, *given = entry["command"].split()
    assert (program, given[:2]) == ("python", ["-m", "clients.kiosk"])
    assert main(given[2:]) == 0
    assert password_of((tmp_path / "kiosk" / "receipt.pdf").read_bytes())
    assert Person.objects.count() == 1
