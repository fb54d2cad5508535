"""What can be read, what is refused at once, and how much may come of little."""

from __future__ import annotations

import gzip
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from simastra.config import load_network
from simastra.convert.json_stream import JsonArray
from simastra.convert.text.parse import read_workload
from simastra.errors import InputError
from simastra.reading import (
    INFLATION,
    LARGEST_PIPE,
    LEAST_INFLATED,
    LIMIT_VARIABLE,
    is_reference,
    largest_inflated,
    open_input,
    raising,
)
from simastra.report.timeline_input import read_timeline
from simastra.trace import TraceBuilder
from simastra.trace.contents import trace_contents
from simastra.trace.decoding import decode_any
from simastra.trace.files import read_file
from simastra.trace.protobuf import encode_nodes
from simastra.transformer.graph.table import read_table

READERS: list[Callable[[Path], object]] = [
    load_network,
    read_file,
    read_workload,
    read_timeline,
    read_table,
    lambda path: list(JsonArray(path, "nodes")),
]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(InputError) as raised:
        call()
    return str(raised.value)


@pytest.mark.parametrize("read", READERS)
def test_what_has_no_end_is_refused_without_being_opened(
    read: Callable[[Path], object], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")  # to open it would wait for a writer
    (tmp_path / "link").symlink_to("/dev/zero")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"{tmp_path}/socket")
    listening.close()
    for name, problem in {
        "/dev/zero": "it is a device; give a file",
        "link": "it is a device; give a file",
        "pipe": "it is a named pipe; give a file",
        "socket": "it is a socket; give a file",
        "loop": "Too many levels of symbolic links",
        "a\0b": "null",
    }.items():
        message = refusal(lambda name=name: read(tmp_path / name))
        assert problem in message
        assert "\n" not in message
    assert "directory" in refusal(lambda: read(tmp_path)).lower()


def through_a_pipe(content: bytes) -> bytes:
    reading, writing = os.pipe()

    def write() -> None:
        with open(writing, "wb") as pipe:  # noqa: PTH123  # a descriptor
            pipe.write(content)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with open_input(f"/dev/fd/{reading}") as file:
            assert file.read(3) == content[:3]
            file.seek(0)
            return file.read()
    finally:
        os.close(reading)
        writer.join()


def test_an_open_pipe_is_read_and_can_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert through_a_pipe(b"x" * 300_000) == b"x" * 300_000
    monkeypatch.setenv(LIMIT_VARIABLE, "1KiB")
    assert through_a_pipe(b"x" * 1024) == b"x" * 1024
    with pytest.raises(OSError, match="more than 1024 bytes come through the pipe; SIMASTRA_READ"):
        through_a_pipe(b"x" * 1025)


@pytest.mark.parametrize("limit", ["0", "1G", "GiB", "-1", "1.5", "\u0661", "x" * 1000])
def test_a_limit_is_bytes(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIMIT_VARIABLE, limit)
    message = refusal(lambda: decode_any(gzip.compress(b"x"), "x.0.et"))
    assert f"{LIMIT_VARIABLE} must be " in message
    assert len(message) < 200


def compressed(size: int) -> bytes:
    """JSON with so many blanks: as small as anything gets."""
    return gzip.compress(b'{"nodes": [' + b" " * size + b"]}")


def test_a_little_inflates_to_sixteen_mebibytes_and_no_more(tmp_path: Path) -> None:
    for size, allowed in ((LEAST_INFLATED - 100, True), (LEAST_INFLATED, False)):
        (tmp_path / "x.json.gz").write_bytes(compressed(size))
        reads: list[Callable[[], object]] = [
            lambda: list(JsonArray(tmp_path / "x.json.gz", "nodes")),
            lambda: decode_any((tmp_path / "x.json.gz").read_bytes(), "x.0.et"),
            lambda: trace_contents((tmp_path / "x.json.gz").read_bytes(), "x.0.et"),
        ]
        for read in reads:
            if allowed:
                read_or_refusal = _message(read)
                assert "inflate" not in read_or_refusal
            else:
                message = refusal(read)
                assert f"bytes inflate to more than {LEAST_INFLATED}; {LIMIT_VARIABLE}=" in message


def _message(read: Callable[[], object]) -> str:
    try:
        read()
    except InputError as error:
        return str(error)
    return ""


def test_much_inflates_a_hundredfold(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = compressed(12 * LEAST_INFLATED)
    assert len(trace) * INFLATION > LEAST_INFLATED
    assert f"more than {len(trace) * INFLATION}" in refusal(lambda: decode_any(trace, "x.0.et"))
    monkeypatch.setenv(LIMIT_VARIABLE, "1KiB")
    assert "inflate to more than 1024; " in refusal(lambda: decode_any(trace, "x.0.et"))


def test_traces_compress_much_less_than_that() -> None:
    """Even one whose nodes differ in their numbers only."""
    trace = TraceBuilder()
    last = trace.compute("layer")
    for _ in range(20_000):
        last = trace.compute("layer", micros=1, after=last)
    content = encode_nodes(trace.nodes, "x.0.et")
    assert len(content) < INFLATION / 3 * len(gzip.compress(content))


def test_bounds_are_those_of_the_page_on_limits() -> None:
    text = (Path(__file__).parent.parent / "docs" / "limits.md").read_text()
    assert "1 GiB" in text
    assert (LARGEST_PIPE, INFLATION, LEAST_INFLATED) == (2**30, 100, 2**24)
    assert largest_inflated(10) == largest_inflated(2**24 // 100) == 2**24
    assert largest_inflated(2**20) == 100 * 2**20


@pytest.mark.parametrize(("limit", "advice"), [(1, "1GiB"), (2**30, "4GiB"), (3 * 2**29, "6GiB")])
def test_four_times_as_much_is_advised(limit: int, advice: str) -> None:
    assert raising(limit) == f"SIMASTRA_READ_LIMIT={advice} in the environment allows more"


def test_a_path_that_begins_with_a_folder_is_no_machine() -> None:
    assert [is_reference(it) for it in ("@x", "./@x", Path("@x"), "x")] == [
        True,
        False,
        False,
        False,
    ]
