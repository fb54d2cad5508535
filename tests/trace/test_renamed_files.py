"""Files that are another with other names are told by it, and are what they are when decoded."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from simastra.errors import TraceError
from simastra.trace import Annotations, Node, NodeType, TraceBuilder
from simastra.trace.decoding import DecodedTrace, decode_stream
from simastra.trace.protobuf import encode_nodes
from simastra.trace.renamed import RenamedNodes
from simastra.trace.renamed_files import RenamedFiles
from simastra.transformer import Family, Model, Parallelism, Training, build


def _decoded(data: bytes) -> DecodedTrace | None:
    """What a file is when it is decoded; None if it is wrong."""
    try:
        return decode_stream(io.BytesIO(data), Path("x"))
    except TraceError:
        return None


def _known(*contents: bytes) -> RenamedFiles:
    files = RenamedFiles()
    for data in contents:
        decoded = _decoded(data)
        assert decoded is not None
        files.learn(data, decoded)
    return files


def _content(peers: Sequence[int], groups: Sequence[int], size: int = 4096) -> bytes:
    """Nodes that name these NPUs in turns, and these groups."""
    trace = TraceBuilder(npu=0)
    for number in range(60):
        match number % 4:
            case 0:
                trace.send(f"s{number}", to=peers[number % len(peers)], size=size, tag=number)
            case 1:
                trace.recv(f"r{number}", source=peers[number % len(peers)], size=8, tag=number)
            case 2:
                group = groups[number // 4 % len(groups)]
                trace.all_reduce(f"c{number}", size=size, group=group)
            case _:
                trace.compute(f"k{number}", num_ops=10 + number, tensor_size=64)
    return encode_nodes(trace.nodes, "test")


@pytest.mark.parametrize("names", [([1, 2], [3]), ([300, 70_000], [12_345]), ([5, 5], [3])])
def test_a_file_with_other_names_is_told_by_them(names: tuple[list[int], list[int]]) -> None:
    data = _content(*names)
    found = _known(_content([7, 8], [9])).decoded(data)
    assert found is not None
    assert found == _decoded(data)
    assert isinstance(found.nodes, RenamedNodes)


@pytest.mark.parametrize(
    "other",
    [
        _content([1, 2], [3], size=4095),
        _content([1, 2], [3, 4]),
        _content([1, 2, 3], [3]),
        gzip.compress(_content([1, 2], [3])),
        b"",
    ],
    ids=["another size", "another group", "another peer", "compressed", "empty"],
)
def test_what_differs_in_more_is_none(other: bytes) -> None:
    assert _known(_content([7, 8], [9])).decoded(other) is None


SEND = Node(
    1, "s", NodeType.COMM_SEND, comm_src=1, comm_dst=2, comm_size=8, is_cpu_op=False, pg_name="3"
)


@pytest.mark.parametrize(
    "change",
    [
        {"comm_tag": 5},
        {"duration_nanos": 5},
        {"purpose": "weights"},
        {"outputs": ()},
        {"comm_src": None},
        {"comm_dst": None},
        {"pg_name": None},
        {"pg_name": ""},
        {"comm_size": 2},
        {"data_deps": (7,)},
        {"name": "t"},
    ],
    ids=str,
)
def test_one_node_that_differs_in_more_is_none(change: dict[str, Any]) -> None:
    """The first of a file, from which names are learned, and the second."""
    other = replace(SEND, comm_src=5, comm_dst=6, pg_name="4")
    last = Node(9, "last", NodeType.COMP)
    base = encode_nodes((SEND, replace(SEND, id=2), last), "f")
    for changed in (
        (replace(other, **change), replace(other, id=2), last),
        (other, replace(other, id=2, **change), last),
    ):
        data = encode_nodes(changed, "f")
        assert _known(base).decoded(data) is None
        # The other way round, names are learned from what has more.
        assert _known(data).decoded(base) is None
    assert _known(base).decoded(encode_nodes((other, replace(other, id=2), last), "f")) is not None


def test_an_npu_that_is_named_as_another_end_is_none() -> None:
    base = encode_nodes((replace(SEND, comm_dst=None),), "f")
    data = base.replace(b"comm_src", b"comm_dst")
    assert data != base
    assert _known(base).decoded(data) is None


def test_a_file_that_says_another_thing_of_the_step_is_none() -> None:
    base, data = (encode_nodes((SEND,), "f", Annotations(tokens=tokens)) for tokens in (5, 6))
    assert len(base) == len(data)
    assert _known(base).decoded(data) is None
    assert _known(base).decoded(base) == _decoded(base)


def test_of_several_files_the_one_is_found_that_is_alike() -> None:
    files = _known(_content([7], [9]), _content([7], [9], size=1), _content([7], [9, 8]))
    for data in (_content([1], [2]), _content([1], [2], size=1), _content([1], [3, 2])):
        found = files.decoded(data)
        assert found is not None
        assert found == _decoded(data)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_never_taken_for_another(seed: int) -> None:
    rnd = Random(seed)
    files = _known(_content([7, 8], [9, 10]))
    whole = _content([rnd.randrange(400), 20], [rnd.randrange(1, 400), 2])
    for _ in range(60):
        place = rnd.randrange(len(whole))
        byte = bytes((rnd.randrange(256),))
        data = rnd.choice(
            [whole[:place], whole[:place] + byte + whole[place + 1 :], whole + byte * 3]
        )
        found = files.decoded(data)
        assert found is None or found == _decoded(data)


def test_most_ranks_of_a_training_step_are_told_by_few(tmp_path: Path) -> None:
    model = Model(
        "tiny", Family.GPT, layers=4, hidden=64, heads=4, ffn=256, vocabulary=256, sequence=32
    )
    step = build(model, Parallelism(tp=2, dp=4, pp=2), Training(batch=8, micro_batches=2))
    files, renamed = RenamedFiles(), 0
    for npu, (_, data) in enumerate(step.files(tmp_path / "step")):
        found = files.decoded(data)
        if found is None:
            decoded = _decoded(data)
            assert decoded is not None
            files.learn(data, decoded)
        else:
            renamed += 1
            nodes: Sequence[Node] = step.trace.npus[npu]
            assert tuple(found.nodes) == tuple(nodes)
    assert renamed == 14


def test_after_many_files_with_nothing_in_common_none_is_looked_at() -> None:
    files = RenamedFiles()
    contents = [_content([1], [2], size=16 + number) for number in range(40)]
    for data in contents:
        assert files.decoded(data) is None
        decoded = _decoded(data)
        assert decoded is not None
        files.learn(data, decoded)
    assert files.decoded(contents[-1]) is None
