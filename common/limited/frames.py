"""Sends messages between a web process and a child through a socket: one line of JSON, then pieces of bytes."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

READY = b"R"
LARGEST_HEADER = 1024 * 1024
LARGEST_PIECE = 128 * 1024 * 1024
MOST_PIECES = 32
_PREFIX = struct.Struct(">II")


class Broken(Exception):
    """The other side has ended, or sends something that is not allowed."""


def send(channel: socket.socket, header: dict[str, Any], pieces: Sequence[bytes] = ()) -> None:
    encoded = json.dumps({**header, "pieces": [len(piece) for piece in pieces]}).encode()
    channel.sendall(_PREFIX.pack(0x4A584C01, len(encoded)) + encoded)
    for piece in pieces:
        channel.sendall(piece)


def receive(channel: socket.socket, *, deadline: float | None = None) -> tuple[dict[str, Any], list[bytes]]:
    """`deadline` is on the monotonic clock. Raises Broken or TimeoutError; every length has a limit."""
    mark, size = _PREFIX.unpack(_exactly(channel, _PREFIX.size, deadline))
    if mark != 0x4A584C01 or size > LARGEST_HEADER:
        raise Broken("not a message")
    try:
        header: dict[str, Any] = json.loads(_exactly(channel, size, deadline))
        lengths = [int(length) for length in header.pop("pieces")]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Broken("not a header") from error
    if len(lengths) > MOST_PIECES or any(not 0 <= length <= LARGEST_PIECE for length in lengths):
        raise Broken("too much")
    return header, [_exactly(channel, length, deadline) for length in lengths]


def _exactly(channel: socket.socket, size: int, deadline: float | None) -> bytes:
    out = bytearray()
    while len(out) < size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            channel.settimeout(left)
        piece = channel.recv(min(size - len(out), 1 << 18))
        if not piece:
            raise Broken("ended")
        out += piece
    return bytes(out)
