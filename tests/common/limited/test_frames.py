"""What a child answers is a stranger's word: no length is believed beyond its limit."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Iterator

import pytest

from common.limited import frames

Pair = tuple[socket.socket, socket.socket]
MARK = 0x4A584C01


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def said(header: bytes, *, mark: int = MARK, size: int | None = None) -> bytes:
    return struct.pack(">II", mark, len(header) if size is None else size) + header


def test_a_message_comes_as_it_went(pair: Pair) -> None:
    frames.send(pair[1], {"name": "䶮"}, [b"", b"abc"])
    assert frames.receive(pair[0]) == ({"name": "䶮"}, [b"", b"abc"])


@pytest.mark.parametrize(
    "message",
    [
        said(b"{}", mark=1),
        said(b"", size=frames.LARGEST_HEADER + 1),
        said(b"{"),
        said(b"\xff"),
        said(b"[]"),
        said(b"{}"),
        said(b'{"pieces": 3}'),
        said(b'{"pieces": ["x"]}'),
        said(b'{"pieces": [-1]}'),
        said(json.dumps({"pieces": [frames.LARGEST_PIECE + 1]}).encode()),
        said(json.dumps({"pieces": [0] * (frames.MOST_PIECES + 1)}).encode()),
    ],
)
def test_what_is_no_message_is_refused_at_once(pair: Pair, message: bytes) -> None:
    pair[1].sendall(message)
    with pytest.raises(frames.Broken):
        frames.receive(pair[0], deadline=time.monotonic() + 60)


def test_an_end_in_the_middle_is_noticed(pair: Pair) -> None:
    pair[1].sendall(said(b'{"pieces": [10]}') + b"half")
    pair[1].close()
    with pytest.raises(frames.Broken):
        frames.receive(pair[0], deadline=time.monotonic() + 60)


def test_silence_ends_at_the_deadline(pair: Pair) -> None:
    pair[1].sendall(said(b'{"pieces": [10]}') + b"half")
    with pytest.raises(TimeoutError):
        frames.receive(pair[0], deadline=time.monotonic() + 0.2)
