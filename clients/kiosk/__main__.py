"""Runs `python -m clients.kiosk keygen | ping | register | status`; docs/kiosk.md has examples.

It ends with 0 registered or updated, 1 refused, 3 not reachable, 4 left for a clerk.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import keys
from .api import Client, RefusedByServer, Unreachable

REFUSED, UNREACHABLE, HELD = 1, 3, 4


class InputError(Exception):
    """The message is a sentence that names the file."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (keys.KeyFileError, InputError) as error:
        return _say_wrong(str(error), REFUSED)
    except RefusedByServer as refused:
        for finding in refused.findings:
            print(f"  ✖ {finding['message']} {finding['detail']}".rstrip(), file=sys.stderr)
        return _say_wrong(f"{refused}（{refused.code}）", REFUSED)
    except Unreachable as error:
        return _say_wrong(str(error), UNREACHABLE)
    return code


def _say_wrong(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m clients.kiosk", description="实名制登记一体机参考客户端")
    commands = parser.add_subparsers(required=True, metavar="命令")
    keygen = commands.add_parser("keygen", help="生成设备密钥文件，显示要登记的公钥")
    keygen.add_argument("--server", required=True, help="门户地址，例如 https://aqsc.example.gov.cn")
    keygen.add_argument("--office", required=True, type=int, help="登记点编号")
    keygen.add_argument("--out", required=True, type=Path, help="密钥文件")
    keygen.set_defaults(run=_keygen)
    ping = commands.add_parser("ping", help="检查网络、时间和密钥")
    register = commands.add_parser("register", help="登记一个人，保存回执")
    register.add_argument("--card", required=True, type=Path, help="身份证信息（JSON）")
    register.add_argument("--portrait", required=True, type=Path, help="人像（JPG 或 PNG）")
    register.add_argument("--receipt", required=True, type=Path, help="回执保存到（PDF）")
    status = commands.add_parser("status", help="查询一次登记的结果")
    status.add_argument("--request-id", required=True, type=uuid.UUID)
    for command, run in ((ping, _ping), (register, _register), (status, _status)):
        command.add_argument("--key", type=Path, default=Path("kiosk-key.json"), help="密钥文件（默认 kiosk-key.json）")
        command.set_defaults(run=run)
    return parser


def _keygen(options: argparse.Namespace) -> int:
    key = keys.generate(options.server, options.office)
    keys.write(key, options.out)
    print(
        f"密钥编号：{key.key_id}\n设备公钥：{key.public_text}\n请把设备公钥交给省厅系统管理员登记；私钥只在 {options.out} 中。"
    )
    return 0


def _ping(options: argparse.Namespace) -> int:
    answer = Client(keys.read(options.key)).ping()
    print(f"{answer['device']}，{answer['office']['name']}，密钥有效期至 {answer['valid_until']}")
    return 0


def _status(options: argparse.Namespace) -> int:
    answer = Client(keys.read(options.key)).status(str(options.request_id))
    print(f"{answer['person']['name']} {answer['person']['id_number']}：{answer['message']}")
    return HELD if answer["needs_clerk"] else 0


def _register(options: argparse.Namespace) -> int:
    client = Client(keys.read(options.key))
    card, portrait = _read_card(options.card), _read_file(options.portrait)
    journal = options.receipt.with_name(options.receipt.name + ".request")
    body, request_id = _body(client, card, portrait, journal)
    answer = client.register(body)
    pdf = answer["receipt"]["pdf"]
    if pdf is not None:
        _write_durably(options.receipt, base64.b64decode(pdf))
        client.confirm_printed(request_id)
    journal.unlink(missing_ok=True)
    print(f"{answer['person']['name']} {answer['person']['id_number']}：{answer['message']}")
    for finding in answer["findings"]:
        print(f"  ! {finding['message']} {finding['detail']}".rstrip())
    print(f"回执：{options.receipt}" if pdf is not None else "回执已打印过或已过期，需要密码的请到窗口重置。")
    return HELD if answer["needs_clerk"] else 0


def _body(client: Client, card: dict[str, Any], portrait: bytes, journal: Path) -> tuple[bytes, str]:
    """A command that was broken off and is given again keeps its request id if card and portrait are the same.

    The journal holds the id and a digest of everything sent, no card data.
    """
    if journal.exists():
        request_id, _, digest = journal.read_text(encoding="ascii").strip().partition(" ")
        body = client.registration_body(request_id, card, portrait)
        if hashlib.sha256(body).hexdigest() == digest:
            return body, request_id
    request_id = str(uuid.uuid4())
    body = client.registration_body(request_id, card, portrait)
    _write_durably(journal, f"{request_id} {hashlib.sha256(body).hexdigest()}\n".encode("ascii"))
    return body, request_id


def _read_card(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(_read_file(path))
    except ValueError:
        raise InputError(f"身份证信息不是 JSON：{path}") from None
    if not isinstance(card, dict):
        raise InputError(f"身份证信息应为一个 JSON 对象：{path}")
    return card


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"不能读取 {path}：{error.strerror}") from None


def _write_durably(path: Path, content: bytes) -> None:
    """Writes the whole file or nothing, also when the power fails; only the owner may read it."""
    beside = path.with_name(path.name + ".part")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


if __name__ == "__main__":
    sys.exit(main())
