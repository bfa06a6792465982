"""What a line takes from a client: whole messages however they are cut, and nothing without end."""

from __future__ import annotations

import random
import select
import socket
import struct
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.live import loop
from mentorlink.live.loop import FRAMES, FRAMES_WITHIN, PARTS, WAITING_BYTES, Broken, Line, Loop, Reader, frame

pytestmark = pytest.mark.one_database
MOST = 16 * 1024
TEXT, GOES_ON, PING, PONG = 1, 0, 9, 10


def sent(payload: bytes, kind: int = TEXT, *, final: bool = True, masked: bool = True) -> bytes:
    """A frame as clients send it."""
    size, mask = len(payload), b"\x11\x22\x33\x44" if masked else b""
    head = struct.pack("!B", (0x80 if final else 0) | kind)
    flag = 0x80 if masked else 0
    if size < 126:
        head += struct.pack("!B", flag | size)
    elif size < 65536:
        head += struct.pack("!BH", flag | 126, size)
    else:
        head += struct.pack("!BQ", flag | 127, size)
    return head + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload)) if masked else head + payload


@given(
    messages=st.lists(st.binary(max_size=300), max_size=8),
    cuts=st.integers(min_value=1, max_value=5),
    chance=st.randoms(use_true_random=False),
)
def test_however_they_are_cut_messages_arrive_whole_and_in_order(messages: list[bytes], cuts: int, chance: random.Random) -> None:
    stream = b""
    for words in messages:
        places = sorted(chance.randrange(len(words) + 1) for _each in range(cuts - 1))
        parts = [words[start:end] for start, end in zip([0, *places], [*places, len(words)], strict=True)]
        for place, part in enumerate(parts):
            stream += sent(part, TEXT if place == 0 else GOES_ON, final=place == len(parts) - 1)
            stream += sent(b"", PONG) if chance.random() < 0.3 else b""
    reader, heard = Reader(MOST), []
    while stream:
        size = chance.randrange(1, 50)
        heard += [payload for kind, payload in reader.feed(stream[:size]) if kind == TEXT]
        stream = stream[size:]
    assert heard == messages


def test_a_message_without_an_end_is_refused_before_it_fills_the_memory() -> None:
    reader = Reader(MOST)
    reader.feed(sent(b"", final=False))
    with pytest.raises(Broken) as refused:
        reader.feed(sent(b"", GOES_ON, final=False) * PARTS)
    assert refused.value.code == 1009
    assert len(reader._parts) == PARTS + 1


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        (sent(b"x" * (MOST + 1)), 1009),
        (sent(b"x" * MOST, final=False) + sent(b"x", GOES_ON), 1009),
        (sent(b"x", GOES_ON), 1002),
        (sent(b"x", final=False) + sent(b"y"), 1002),
        (sent(b"x", masked=False), 1002),
        (sent(b"x" * 126, PING), 1002),
        (sent(b"", PING, final=False), 1002),
        (b"\xf1\x80\0\0\0\0", 1002),
    ],
    ids=[
        "too large",
        "too large in parts",
        "goes on with nothing",
        "begun twice",
        "unmasked",
        "long ping",
        "ping in parts",
        "bits",
    ],
)
def test_what_does_not_keep_to_the_protocol_ends_the_line(stream: bytes, code: int) -> None:
    with pytest.raises(Broken) as refused:
        Reader(MOST).feed(stream)
    assert refused.value.code == code


def test_a_flood_of_small_frames_ends_the_line_and_a_patient_client_stays() -> None:
    moment = [0.0]
    patient, hasty = Reader(MOST, clock=lambda: moment[0]), Reader(MOST, clock=lambda: moment[0])
    for _turn in range(3):
        assert len(patient.feed(sent(b"", PONG) * FRAMES)) == FRAMES
        moment[0] += FRAMES_WITHIN
    with pytest.raises(Broken) as refused:
        hasty.feed(sent(b"", PING) * (FRAMES + 1))
    assert refused.value.code == 1008


@pytest.fixture
def pair() -> Any:
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    ours.setblocking(False)
    yield ours, theirs
    theirs.close()


def test_who_takes_nothing_is_let_go_and_what_waited_is_bounded(pair: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lines, lost = Loop(), []
    monkeypatch.setattr(loop, "_end", lost.append)
    monkeypatch.setattr(lines, "start", lambda: None)
    line = Line(lines, pair[0], SimpleNamespace(), MOST)  # type: ignore[arg-type]  # as much of an engine as is asked
    lines.add(line)
    words = frame(b"x" * 8000)
    for _each in range(WAITING_BYTES // len(words) + 40):
        line.send(words)
    assert line._waiting <= WAITING_BYTES + len(words)
    for call in lines._calls():
        call()
    lines.pool.shutdown(wait=True)
    assert line.ended
    assert lost == [line.engine]


def test_what_waited_goes_out_whole_and_in_order_when_the_client_takes_it(pair: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = Loop()
    monkeypatch.setattr(lines, "start", lambda: None)
    line = Line(lines, pair[0], SimpleNamespace(), MOST)  # type: ignore[arg-type]  # as much of an engine as is asked
    lines.add(line)
    frames = [frame(bytes([65 + number]) * 5000) for number in range(20)]
    for each in frames:
        line.send(each)
    heard, whole = b"", b"".join(frames)
    while len(heard) < len(whole):
        heard += pair[1].recv(3000)
        line.flush()
    assert heard == whole
    line.finish()


@pytest.mark.parametrize("made", [getattr(select, "epoll", loop.Waiting), loop.Waiting])
def test_sockets_are_waited_for_alike_where_there_is_no_epoll(made: Any, pair: Any) -> None:
    ours, theirs = pair
    lines, fd = made(), ours.fileno()
    lines.register(fd, loop._IN)
    assert lines.poll(0) == []
    theirs.send(b"x")
    assert lines.poll(1) == [(fd, loop._IN)]
    lines.modify(fd, loop._IN | loop._OUT)
    assert lines.poll(1) == [(fd, loop._IN | loop._OUT)]
    lines.unregister(fd)
    assert lines.poll(0) == []
    for act in (lambda: lines.unregister(fd), lambda: lines.modify(fd, loop._IN)):
        with pytest.raises((OSError, ValueError)):
            act()
    ours.close()
