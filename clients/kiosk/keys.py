"""Reads and writes the key file of one machine: JSON with server, office, key id and private key, readable by its
owner only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_LOCAL = {"localhost", "127.0.0.1", "::1"}


class KeyFileError(Exception):
    """The message is a sentence for whoever sets the machine up."""


@dataclass(frozen=True)
class Key:
    """`server` is scheme, host and port."""

    server: str
    office: int
    key_id: str
    private: Ed25519PrivateKey

    @property
    def public_text(self) -> str:
        return _text(self.private.public_key().public_bytes_raw())


def generate(server: str, office: int) -> Key:
    return _key(server, office, Ed25519PrivateKey.generate())


def write(key: Key, path: Path) -> None:
    """Never replaces an existing file, because a lost key has to be registered anew."""
    content = {
        "server": key.server,
        "office": key.office,
        "key_id": key.key_id,
        "private_key": _text(key.private.private_bytes_raw()),
    }
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileError(f"文件已经存在，没有覆盖：{path}") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")


def read(path: Path) -> Key:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(content["private_key"], validate=True))
        key = _key(str(content["server"]), int(content["office"]), private)
    except OSError as error:
        raise KeyFileError(f"不能读取密钥文件：{error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise KeyFileError("密钥文件的内容不完整，请重新生成或重新复制。") from None
    return key


def _key(server: str, office: int, private: Ed25519PrivateKey) -> Key:
    parts = urlsplit(server)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise KeyFileError("服务器地址应以 https:// 开头：请求中有身份证信息，回答中有一次性密码。")
    digest = hashlib.sha256(private.public_key().public_bytes_raw()).hexdigest()
    return Key(server.rstrip("/"), office, f"k{digest[:20]}", private)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
