"""Traces that other programs wrote, and ours in Chakra's own reader."""

import importlib.util
import json
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from simastra.errors import TraceError
from simastra.trace import NodeType, TraceBuilder
from simastra.trace.contents import trace_contents
from simastra.trace.decoding import decode_any
from simastra.trace.files import read_file

PUBLIC = Path(__file__).parents[3] / "shared" / "data" / "traces"
needs_public = pytest.mark.skipif(not PUBLIC.is_dir(), reason="the public traces aren't here")
needs_chakra = pytest.mark.skipif(
    importlib.util.find_spec("chakra") is None,
    reason="mlc-chakra isn't installed: pip install --no-deps mlc-chakra==1.0.0",
)


def members(archive: str, ending: str) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(PUBLIC / "chakra_et" / archive) as files:
        for member in files.getmembers():
            content = files.extractfile(member)
            if content is not None and member.name.endswith(ending):
                yield member.name, content.read()


@needs_public
def test_the_feeders_trace_is_read() -> None:
    ((name, data),) = members("feeder_tests_trace.tar.gz", ".et")
    nodes = decode_any(data, name)
    assert Counter(node.type for node in nodes) == {NodeType.COMP: 3643, NodeType.COMM_COLL: 21}
    assert sum(len(node.data_deps) for node in nodes) == 181878
    assert round(sum(node.duration for node in nodes) / 1e6, 1) == 381.8


@needs_public
def test_the_same_trace_as_json_has_the_same_nodes() -> None:
    ((_, protobuf),) = members("feeder_tests_trace.tar.gz", ".et")
    (json_data,) = [data for name, data in members("json_trace.tar.gz", "/chakra.0.json")]
    ours, theirs = decode_any(protobuf, "et"), decode_any(json_data, "json")
    assert [node.id for node in theirs] == [node.id for node in ours]
    assert [node.data_deps for node in theirs] == [node.data_deps for node in ours]
    assert [node.is_cpu_op for node in theirs] == [node.is_cpu_op for node in ours]


@needs_public
def test_every_microbenchmark_is_read() -> None:
    read = [
        decode_any(data, name) for name, data in members("astra_sim_microbenchmarks.tar.gz", ".et")
    ]
    assert len(read) == 4 * (4 + 8 + 16) + 8
    assert sum(len(nodes) == 1 and nodes[0].comm_size == 2**20 for nodes in read) == 112


@needs_public
def test_a_pytorch_trace_is_refused_in_one_message() -> None:
    (data,) = [
        data
        for name, data in members("1.0.2-chakra.0.0.4.tgz", ".json")
        if not name.startswith("._")
    ]
    with pytest.raises(TraceError, match="this is an execution trace of PyTorch, not yet Chakra's"):
        decode_any(data, "host.json")


@needs_public
def test_every_trace_that_other_tools_converted_is_read() -> None:
    paths = sorted([*PUBLIC.rglob("*.et"), *PUBLIC.rglob("*.et.gz")])
    assert len(paths) >= 9
    for path in paths:
        assert trace_contents(read_file(path), path).nodes


READER = """
import json, sys
from chakra.schema.protobuf.et_def_pb2 import GlobalMetadata, Node
from chakra.src.third_party.utils.protolib import decodeMessage, openFileRd
file, metadata, node, read = openFileRd(sys.argv[1]), GlobalMetadata(), Node(), []
decodeMessage(file, metadata)
while decodeMessage(file, node):
    values = {it.name: getattr(it, it.WhichOneof("value")) for it in node.attr}
    simple = {name: value for name, value in values.items() if isinstance(value, int | str)}
    dims = list(values["involved_dim"].values) if "involved_dim" in values else None
    read.append([node.id, node.name, node.type, list(node.data_deps), node.duration_micros,
                 simple, dims])
print(json.dumps([metadata.version, read]))
"""


@needs_chakra
def test_chakras_own_reader_reads_what_we_write(tmp_path: Path) -> None:
    builder = TraceBuilder(0)
    first = builder.compute("work", micros=7, num_ops=3, tensor_size=5)
    builder.all_reduce("sum", size=2**40, group=3, after=first)
    builder.send("s", size=9, to=1, tag=4)
    (path,) = builder.write(tmp_path / "x")
    # In a process of its own: two protobuf modules of one package don't get along.
    done = subprocess.run(
        [sys.executable, "-c", READER, str(path)], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    version, (work, reduction, send) = json.loads(done.stdout)
    assert version == "0.0.4"
    assert work[:5] == [1, "work", 4, [], 7]
    assert work[5] == {"is_cpu_op": False, "num_ops": 3, "tensor_size": 5}
    assert reduction[:4] == [2, "sum", 7, [1]]
    assert reduction[5]["comm_size"] == 2**40
    assert (reduction[5]["comm_type"], reduction[5]["pg_name"]) == (0, "3")
    assert reduction[6] == [True] * 4
    assert send[5].items() >= {"comm_src": 0, "comm_dst": 1, "comm_tag": 4, "comm_size": 9}.items()
