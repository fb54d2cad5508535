"""PyTorch's recordings as people make them, linked and converted rank by rank, and simulated."""

import json
from pathlib import Path

import pytest
from support.trace_files import read_nodes

from simastra.cli import main
from simastra.trace import CollectiveType, Node, NodeType

HERE = Path(__file__).parent
GROUPS = {"1": [0, 1], "2": [2, 3], "3": [0, 2], "4": [1, 3]}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def convert(case: Path, ranks: range, prefix: str = "", suffix: str = "", *more: str) -> None:
    """Link and convert the recordings of some ranks to ``t.<rank>.et``."""
    for rank in ranks:
        pair = [str(case / f"{prefix}{side}.{rank}.json{suffix}") for side in ("host", "device")]
        assert main(["link", *pair, f"--output=l.{rank}.json"]) == 0
        words = ["convert", "pytorch", f"l.{rank}.json", f"--output=t.{rank}.et", *more]
        assert main(words) == 0


def communication(rank: int) -> list[Node]:
    nodes = read_nodes(f"t.{rank}.et")
    kinds = (NodeType.COMM_COLL, NodeType.COMM_SEND, NodeType.COMM_RECV)
    return [node for node in nodes if node.type in kinds]


def run(case: Path, network: str, *more: str) -> int:
    files = [f"--system={case / 'system.json'}", f"--network={case / network}"]
    return main(["run", "--workload=t", *files, *more])


def test_groups_have_the_same_numbers_on_all_ranks_and_share_a_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = HERE / "groups-across-ranks"
    convert(case, range(4), "", "", "--groups=g.json")
    assert json.loads(Path("g.json").read_text()) == GROUPS
    for rank in range(4):
        groups = [node.pg_name for node in communication(rank)]
        assert groups == [number for number, ranks in GROUPS.items() if rank in ranks]
    capsys.readouterr()
    assert run(case, "ring4.yml", "--compat=master", "--comm-groups=g.json", "--quiet") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[1] for line in lines] == [" 850180 cycles"] * 4


def test_a_functional_collective_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    case = HERE / "functional-doubled"
    convert(case, range(2), "", ".gz")
    for rank in range(2):
        assert [(node.comm_type, node.comm_size) for node in communication(rank)] == [
            (CollectiveType.ALL_REDUCE, 8192),
            (CollectiveType.ALL_GATHER, 8192),
            (CollectiveType.REDUCE_SCATTER, 16384),
        ]
    capsys.readouterr()
    assert run(case, "net2.yml") == 0
    assert main(["inspect", "t"]) == 0
    assert "unlike" not in capsys.readouterr().out


def test_a_kernel_in_a_cuda_graph_has_the_size_that_it_tells() -> None:
    convert(HERE / "collective-in-cuda-graph", range(1), "cga.")
    assert [(node.comm_type, node.comm_size) for node in communication(0)] == [
        (CollectiveType.ALL_REDUCE, 131072)
    ]


def test_a_kernel_in_a_cuda_graph_without_a_size_is_replayed_and_told_of(
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = HERE / "collective-in-cuda-graph"
    convert(case, range(2), "cg.")
    told = capsys.readouterr().err
    assert told.count("nothing tells how much it is, as of a kernel in a CUDA graph") == 2
    for rank in range(2):
        (kernel,) = (node for node in read_nodes(f"t.{rank}.et") if "nccl" in node.name)
        assert (kernel.type, kernel.duration) == (NodeType.COMP, 25_000)
    words = ["convert", "pytorch", "l.0.json", "--output=strict.et", "--strict"]
    assert main(words) == 2
    assert not Path("strict.et").exists()


@pytest.mark.parametrize("dialect", ["auto", "hoti2024", "master"])
def test_uneven_all_to_alls_run_with_each_rank_s_own_split_sizes_and_it_is_said(
    dialect: str, capsys: pytest.CaptureFixture[str]
) -> None:
    case = HERE / "moe-all-to-allv"
    convert(case, range(4), "moe.")
    assert capsys.readouterr().err.count("collectives whose parts differ in size") == 4
    sizes = [[node.comm_sizes for node in communication(rank)] for rank in range(4)]
    dispatch, combine = zip(*sizes, strict=True)
    assert combine == tuple(zip(*dispatch, strict=True))
    assert dispatch[0] == (12288, 4096, 4096, 12288)
    assert run(case, "ring4.yml", "--compat", dialect) == 0
    told = capsys.readouterr().err
    assert "8 nodes ask for collectives whose parts differ in size" in told
    assert "NPU 0 has most, 40,960 bytes, 1.25 times the mean" in told
    assert run(case, "ring4.yml", "--compat", dialect, "--strict") == 2
    assert main(["inspect", "t"]) == 0
    assert "unlike" not in capsys.readouterr().out
