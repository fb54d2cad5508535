"""Real traces: what Chakra's converter makes of them, and what was measured."""

import gzip
import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from support.trace_files import decode_nodes, read_messages

from simastra import Options, Simulation
from simastra.convert.link import link_traces
from simastra.convert.pytorch import LinkedTrace, convert_pytorch, read_linked
from simastra.simulation import dialect_named
from simastra.trace import CollectiveType, NodeType

TRACES = Path(__file__).parents[4] / "shared" / "data" / "traces"
RESNET50 = TRACES / "resnet50_ddp2"
SELF = TRACES / "self"

pytestmark = pytest.mark.skipif(not TRACES.is_dir(), reason="the recordings aren't here")


@cache
def _linked(folder: Path, rank: int, device: str = "device") -> LinkedTrace:
    host, kineto = folder / f"host_{rank}.json.gz", folder / f"{device}_{rank}.json.gz"
    with TemporaryDirectory() as beside:
        output = Path(beside) / "linked.json"
        link_traces(host, kineto, output, like_chakra=True)
        return read_linked(output)


@pytest.mark.parametrize(
    ("folder", "reference"),
    [
        (RESNET50, RESNET50 / "ref_hoti.0.et.gz"),
        *(
            (SELF / n, SELF / "ref" / f"{n}.hotilink_v1conv.0.et.gz")
            for n in ("gpt", "resnet", "mixed")
        ),
    ],
    ids=["resnet50_ddp2", "gpt", "resnet", "mixed"],
)
def test_like_chakra_every_node_is_the_reference_s(
    folder: Path, reference: Path, tmp_path: Path
) -> None:
    output = tmp_path / "ours.et"
    output.write_bytes(convert_pytorch(_linked(folder, 0), like_chakra=True).content)
    ours, theirs = read_messages(output), read_messages(reference)
    assert ours.metadata == theirs.metadata
    assert [node.id for node in ours.nodes] == [node.id for node in theirs.nodes]
    for mine, expected in zip(ours.nodes, theirs.nodes, strict=True):
        assert mine == expected
    assert output.read_bytes() == gzip.decompress(reference.read_bytes())


def test_like_chakra_resnet50_has_the_specified_counts() -> None:
    conversion = convert_pytorch(_linked(RESNET50, 0), like_chakra=True)
    assert conversion.types == {NodeType.COMP: 18029, NodeType.COMM_COLL: 21}


def test_resnet50_s_host_takes_the_time_that_was_measured() -> None:
    conversion = convert_pytorch(_linked(RESNET50, 0))
    assert conversion.host_time == pytest.approx(667_226_000, rel=0.01)
    nodes = decode_nodes(conversion.content, "x")
    collectives = Counter(n.comm_type for n in nodes if n.type is NodeType.COMM_COLL)
    assert collectives == {CollectiveType.ALL_REDUCE: 15, CollectiveType.BROADCAST: 6}
    # ResNet-50's 25,557,032 parameters are reduced in each of three steps
    reduced = sum(n.comm_size or 0 for n in nodes if n.comm_type is CollectiveType.ALL_REDUCE)
    assert reduced == 3 * 4 * 25_557_032


def test_every_communication_of_resnet50_gates_what_uses_its_buffer() -> None:
    nodes = decode_nodes(convert_pytorch(_linked(RESNET50, 0)).content, "x")
    streams = {op.id: op.stream for op in _linked(RESNET50, 0).operators}
    needed = {d for n in nodes if streams[n.id] != 40 for d in n.data_deps}
    assert all(n.id in needed for n in nodes if n.type is NodeType.COMM_COLL)


@pytest.mark.parametrize("rank", [0, 1])
def test_gloo_s_seven_kinds_of_communication_are_found(rank: int) -> None:
    conversion = convert_pytorch(_linked(SELF / "mixed", rank))
    nodes = [n for n in decode_nodes(conversion.content, "x") if n.type is not NodeType.COMP]
    kinds = Counter(n.comm_type for n in nodes if n.comm_type is not None)
    assert kinds == {
        CollectiveType.ALL_REDUCE: 4,
        CollectiveType.ALL_GATHER: 1,
        CollectiveType.BROADCAST: 1,
        CollectiveType.ALL_TO_ALL: 1,
        CollectiveType.REDUCE_SCATTER: 1,
        CollectiveType.BARRIER: 1,
    }
    (message,) = (n for n in nodes if n.comm_type is None)
    assert message.type is (NodeType.COMM_RECV if rank else NodeType.COMM_SEND)
    assert (message.comm_src, message.comm_dst, message.comm_size) == (0, 1, 262144)


@pytest.mark.parametrize("name", ["gpt", "resnet", "mixed"])
def test_both_ranks_communicate_alike(name: str) -> None:
    sizes = []
    for rank in (0, 1):
        trace = _linked(SELF / name, rank)
        order = {op.id: op.rf_id for op in trace.operators}
        nodes = decode_nodes(convert_pytorch(trace).content, "x")
        collectives = [n for n in nodes if n.type is NodeType.COMM_COLL]
        collectives.sort(key=lambda node: order[node.id])
        sizes.append([(n.comm_type, n.comm_size) for n in collectives])
    assert sizes[0] == sizes[1]
    assert len(sizes[0]) == {"gpt": 4, "resnet": 9, "mixed": 9}[name]


def test_what_a_kernel_did_is_not_gloo_s_once_more() -> None:
    conversion = convert_pytorch(_linked(SELF / "mixed", 0, "device_synthgpu"))
    assert conversion.types[NodeType.COMM_COLL] == 9
    assert conversion.types[NodeType.COMM_SEND] == 1


def test_a_single_gpu_s_trace_has_no_communication() -> None:
    conversion = convert_pytorch(_linked(TRACES / "upgraded" / "linear1", 0))
    assert set(conversion.types) == {NodeType.COMP}
    assert conversion.notices == ()


def _inputs(folder: Path) -> None:
    """A machine of two NPUs."""
    (folder / "system.json").write_text(
        json.dumps({"all-reduce-implementation": ["ring"], "preferred-dataset-splits": 4})
    )
    (folder / "network.yml").write_text(
        "topology: [FullyConnected]\nnpus_count: [2]\nbandwidth: [50]\nlatency: [500]\n"
    )


@pytest.mark.parametrize(
    ("like_chakra", "cycles"),
    [(True, 919_600_000), (False, 667_350_532)],
    ids=["like-chakra", "default"],
)
def test_resnet50_on_two_npus_takes_what_the_reference_and_kineto_say(
    tmp_path: Path, *, like_chakra: bool, cycles: int
) -> None:
    content = convert_pytorch(_linked(RESNET50, 0), like_chakra=like_chakra).content
    for npu in (0, 1):
        (tmp_path / f"resnet.{npu}.et").write_bytes(content)
    _inputs(tmp_path)
    options = Options(dialect=dialect_named("hoti2024", exact_durations=not like_chakra))
    result = Simulation(
        tmp_path / "resnet",
        tmp_path / "system.json",
        tmp_path / "network.yml",
        options=options,
    ).run()
    assert [finish.cycles for finish in result.finishes] == [cycles, cycles]


def _simastra(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "simastra", *map(str, words)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_commands_give_the_reference_s_file_and_its_cycles(tmp_path: Path) -> None:
    pair = RESNET50 / "host_0.json.gz", RESNET50 / "device_0.json.gz"
    steps: tuple[tuple[str | Path, ...], ...] = (
        ("link", *pair, "--like-chakra", "--output", "L.json"),
        *(
            ("convert", "pytorch", "L.json", "--like-chakra", "--output", f"P.{npu}.et")
            for npu in (0, 1)
        ),
    )
    for words in steps:
        process = _simastra(tmp_path, *words)
        assert process.returncode == 0, process.stderr
    reference = gzip.decompress((RESNET50 / "ref_hoti.0.et.gz").read_bytes())
    for npu in (0, 1):
        assert (tmp_path / f"P.{npu}.et").read_bytes() == reference
    _inputs(tmp_path)
    files = ("--system-configuration=system.json", "--network-configuration=network.yml")
    process = _simastra(tmp_path, "run", "--workload-configuration=P", *files)
    finished = [line for line in process.stdout.splitlines() if "finished" in line]
    assert finished == [f"sys[{npu}] finished, 919600000 cycles" for npu in (0, 1)]
