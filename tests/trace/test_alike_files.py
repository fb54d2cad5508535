"""Files that differ in few records from one before are what they are when loaded alone."""

from __future__ import annotations

import gzip
from pathlib import Path
from random import Random

import pytest

from simastra.errors import TraceError
from simastra.trace import TraceBuilder, load_trace
from simastra.trace.decoding import decode_any
from simastra.trace.protobuf import encode_nodes

SEEDS = range(60)
NODES = 150


def content(npu: int, nodes: int = NODES) -> bytes:
    """What NPU `npu` of some does: the same as the others, with peers of its own."""
    trace = TraceBuilder(npu=npu)
    for number in range(nodes):
        match number % 5:
            case 0:
                trace.send(f"s{number}", to=npu + 1 + number * 37 % 300, size=1024, tag=number)
            case 1:
                trace.all_reduce(f"c{number}", size=4096, group=1 + npu // 2)
            case _:
                trace.compute(f"k{number}", num_ops=10 + number, tensor_size=64)
    return encode_nodes(trace.nodes, "test")


def damaged(rnd: Random, data: bytes) -> bytes:
    """The same content, or another."""
    match rnd.randrange(9):
        case 0:
            return data[: rnd.randrange(len(data))]
        case 1 | 2 | 3:
            place = rnd.randrange(len(data))
            return data[:place] + bytes((rnd.randrange(256),)) + data[place + 1 :]
        case 4:
            place = rnd.randrange(len(data))
            return data[:place] + rnd.randbytes(3) + data[place:]
        case 5:
            return data + data[-rnd.randrange(1, 80) :]
        case 6:
            return gzip.compress(data)
        case _:
            return data


def outcome(prefix: Path, npus: int) -> object:
    """What each file is decoded to, or the first error."""
    try:
        return load_trace(prefix, npus).npus
    except TraceError as error:
        return str(error)


def outcome_alone(prefix: Path, npus: int) -> object:
    """The same, each file for itself."""
    found = []
    for npu in range(npus):
        path = Path(f"{prefix}.{npu}.et")
        try:
            found.append(decode_any(path.read_bytes(), path))
        except TraceError as error:
            return str(error)
    return tuple(found)


@pytest.mark.parametrize("seed", SEEDS)
def test_damaged_and_odd_files_are_told_as_if_each_was_alone(tmp_path: Path, seed: int) -> None:
    rnd = Random(seed)
    npus = 6
    sizes = [rnd.choice((NODES, NODES, NODES, NODES - 5)) for _ in range(npus)]
    for npu in range(npus):
        data = content(npu * rnd.choice((1, 1, 50)), sizes[npu])
        if npu > 1 and rnd.random() < 0.4:
            data = damaged(rnd, data)
        (tmp_path / f"t.{npu}.et").write_bytes(data)
    assert outcome(tmp_path / "t", npus) == outcome_alone(tmp_path / "t", npus)


def test_a_file_that_breaks_off_spoils_none_after_it(tmp_path: Path) -> None:
    """The records that had been compared are other ones by then."""
    whole = [content(npu) for npu in range(5)]
    whole[3] = whole[3][:-1] + bytes((whole[3][-1] ^ 1,))
    for npu, data in enumerate(whole):
        (tmp_path / f"t.{npu}.et").write_bytes(data)
    assert outcome(tmp_path / "t", 5) == outcome_alone(tmp_path / "t", 5)


def test_what_is_the_same_is_shared(tmp_path: Path) -> None:
    for npu in range(4):
        (tmp_path / f"t.{npu}.et").write_bytes(content(npu))
    first, *others = load_trace(tmp_path / "t", 4).npus[1:]
    for nodes in others:
        shared = sum(one is other for one, other in zip(first, nodes, strict=True))
        assert shared >= NODES * 3 // 5


def test_a_file_that_is_cut_in_its_last_record_is_told_wherever(tmp_path: Path) -> None:
    # Three files, of which the last record differs in a peer alone: it is decoded by its end.
    whole = [content(npu, nodes=6) for npu in range(4)]
    for npu, data in enumerate(whole[:3]):
        Path(f"{tmp_path}/t.{npu}.et").write_bytes(data)
    for cut in range(1, 80):
        Path(f"{tmp_path}/t.3.et").write_bytes(whole[3][:-cut])
        assert outcome(tmp_path / "t", 4) == outcome_alone(tmp_path / "t", 4)


@pytest.mark.parametrize("cut", [0, 1, 12, 13, 60])
def test_files_of_which_no_node_is_shared_are_what_they_are_alone(tmp_path: Path, cut: int) -> None:
    # After 10,000 nodes that no other file has, nobody looks for such any more.
    npus = 36
    for npu in range(npus):
        trace = TraceBuilder(npu=npu)
        for number in range(300):
            trace.send(f"s{number}", to=npu + 1, size=1024, tag=number)
        data = encode_nodes(trace.nodes, "test")
        Path(f"{tmp_path}/t.{npu}.et").write_bytes(data[: len(data) - cut] if npu > 34 else data)
    assert outcome(tmp_path / "t", npus) == outcome_alone(tmp_path / "t", npus)
