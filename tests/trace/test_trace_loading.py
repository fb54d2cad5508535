"""Loading: each distinct file once, a block at a time, without the garbage collector."""

import gc
import gzip
import os
import threading
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.trace_files import write_nodes

from simastra.errors import TraceError
from simastra.trace import CollectiveType, Node, NodeType, TraceFiles, load_trace
from simastra.trace.framing import BLOCK, join_records, stream_records
from simastra.trace.protobuf import encode_nodes

LONG = "n" * 10_000


def long_nodes(letter: str, count: int = 150) -> tuple[Node, ...]:
    """Nodes whose file is larger than a block."""
    return tuple(Node(id, letter + LONG, NodeType.COMP) for id in range(1, count + 1))


class Dribble:
    """A stream that gives little at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self._data = data
        self._step = step

    def read(self, size: int = -1, /) -> bytes:
        step = self._step if size < 0 else min(size, self._step)
        part, self._data = self._data[:step], self._data[step:]
        return part


@given(st.lists(st.binary(max_size=300)), st.integers(1, 50), st.integers(0, 50))
def test_records_come_apart_however_they_are_read(
    payloads: list[bytes], step: int, already: int
) -> None:
    data = join_records(payloads)
    stream = Dribble(data[already:], step)
    records = list(stream_records(stream, "t", data[:already]))
    assert [record.payload for record in records] == payloads
    starts = [0]
    for payload in payloads:
        starts.append(starts[-1] + len(join_records([payload])))
    assert [record.offset for record in records] == starts[:-1]


@given(st.lists(st.binary(max_size=200), min_size=1), st.integers(1, 50), st.data())
def test_a_stream_that_ends_too_soon_says_where(
    payloads: list[bytes], step: int, data: st.DataObject
) -> None:
    whole = join_records(payloads)
    starts = [record.offset for record in stream_records(Dribble(whole, step), "t")]
    length = data.draw(st.integers(0, len(whole)))
    if length in {*starts, len(whole)}:
        return
    with pytest.raises(TraceError) as caught:
        list(stream_records(Dribble(whole[:length], step), "t"))
    assert caught.value.offset == max(start for start in starts if start <= length)


def test_files_of_one_size_are_told_apart_and_equal_ones_shared(tmp_path: Path) -> None:
    for npu, letter in enumerate("abab"):
        write_nodes(tmp_path / f"x.{npu}.et", long_nodes(letter))
    write_nodes(tmp_path / "x.4.et", long_nodes("a", 151))
    os.link(tmp_path / "x.1.et", tmp_path / "x.5.et")
    (tmp_path / "x.6.et").symlink_to("x.4.et")
    assert (tmp_path / "x.0.et").stat().st_size > BLOCK
    npus = load_trace(tmp_path / "x", 7).npus
    assert npus[0] == long_nodes("a")
    assert npus[1] == long_nodes("b")
    assert npus[4] == long_nodes("a", 151)
    assert npus[0] is npus[2]
    assert npus[1] is npus[3] is npus[5]
    assert npus[4] is npus[6]


def test_large_compressed_files_are_read_in_blocks_too(tmp_path: Path) -> None:
    data = encode_nodes(long_nodes("a"), "t")
    for npu in range(2):
        packed = gzip.compress(data, compresslevel=0, mtime=npu)
        (tmp_path / f"x.{npu}.et").write_bytes(packed)
    assert (tmp_path / "x.0.et").stat().st_size > BLOCK
    assert load_trace(tmp_path / "x", 2).npus == (long_nodes("a"),) * 2


def test_a_large_file_that_is_cut_is_an_error_at_the_last_record(tmp_path: Path) -> None:
    data = encode_nodes(long_nodes("a"), "t")
    (tmp_path / "x.0.et").write_bytes(data[:-1])
    with pytest.raises(TraceError, match="the file is truncated") as caught:
        load_trace(tmp_path / "x", 1)
    assert caught.value.offset is not None
    assert 0 < len(data) - caught.value.offset < 2 * len(LONG)
    assert caught.value.source == tmp_path / "x.0.et"


def test_a_trace_may_come_through_a_pipe(tmp_path: Path) -> None:
    """As ``<(...)`` in a shell makes one."""
    reading, writing = os.pipe()
    (tmp_path / "x.0.et").symlink_to(f"/dev/fd/{reading}")
    data = encode_nodes(long_nodes("a"), "t")

    def write() -> None:
        with open(writing, "wb") as pipe:  # noqa: PTH123  # a descriptor
            pipe.write(data)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert load_trace(tmp_path / "x", 1).npus == (long_nodes("a"),)
    finally:
        writer.join()
        os.close(reading)


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.0.et")
    with pytest.raises(TraceError, match="can't be read: it is a named pipe; give a file"):
        load_trace(tmp_path / "x", 1)


def test_who_watches_sees_large_files_being_read(tmp_path: Path) -> None:
    for npu, count in enumerate((150, 300, 150)):
        write_nodes(tmp_path / f"x.{npu}.et", long_nodes("a", count))
    seen: list[tuple[int, int]] = []
    trace = TraceFiles(tmp_path / "x", lambda *told: seen.append(told)).load(3)
    assert [len(nodes) for nodes in trace.npus] == [150, 300, 150]
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    positions = [done for done, _ in seen]
    assert {total for _, total in seen} == {size}
    assert positions == sorted(positions)
    assert len(set(positions)) > 4
    assert positions[-1] <= size


def test_who_watches_small_files_is_not_bothered(tmp_path: Path) -> None:
    write_nodes(tmp_path / "x.0.et", long_nodes("a", 5))
    seen: list[int] = []
    TraceFiles(tmp_path / "x", lambda done, _total: seen.append(done)).load(1)
    assert not seen


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("damage", [b"", b"x"])
def test_the_garbage_collector_is_left_as_it_was(
    tmp_path: Path,
    enabled: bool,  # noqa: FBT001  # pytest passes it by name
    damage: bytes,
) -> None:
    (tmp_path / "x.0.et").write_bytes(encode_nodes(long_nodes("a"), "t") + damage)
    during: list[bool] = []
    files = TraceFiles(tmp_path / "x", lambda *_told: during.append(gc.isenabled()))
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        if damage:
            with pytest.raises(TraceError):
                files.load(1)
        else:
            files.load(1)
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
    assert set(during) == {False}


def test_a_large_file_is_never_whole_in_memory(tmp_path: Path) -> None:
    write_nodes(tmp_path / "x.0.et", long_nodes("a", 1200))
    assert (tmp_path / "x.0.et").stat().st_size > 11 * BLOCK
    load_trace(tmp_path / "x", 1)  # so that imports don't count below
    tracemalloc.start()
    try:
        trace = load_trace(tmp_path / "x", 1)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(trace.npus[0]) == 1200
    assert peak - kept < 5 * BLOCK


def test_a_node_takes_no_more_than_500_bytes(tmp_path: Path) -> None:
    count = 20_000
    nodes = [
        Node(
            id,
            f"COMM_COLL_NODE_{id}",
            NodeType.COMM_COLL,
            (id - 1, id - 2),
            duration=1000 * id,
            is_cpu_op=False,
            comm_type=CollectiveType.ALL_REDUCE,
            comm_size=id % 100 << 20,
            involved_dim=(True, True),
        )
        for id in range(2, count + 2)
    ]
    write_nodes(tmp_path / "x.0.et", nodes)
    load_trace(tmp_path / "x", 1)
    tracemalloc.start()
    try:
        trace = load_trace(tmp_path / "x", 1)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert list(trace.npus[0]) == nodes
    assert kept < 500 * count
