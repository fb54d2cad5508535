"""The recordings of all ranks in one command: what each rank's commands make, and device alone."""

import json
from pathlib import Path

import pytest
from support.trace_files import read_nodes

from simastra.cli import main
from simastra.trace import Node, NodeType

HERE = Path(__file__).parent
CASE = HERE / "groups-across-ranks"
GROUPS = {"1": [0, 1], "2": [2, 3], "3": [0, 2], "4": [1, 3]}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def convert(*words: str) -> int:
    return main(["convert", "pytorch", *words, "--workers=1"])


def cycles(case: Path, capsys: pytest.CaptureFixture[str], *more: str) -> set[str]:
    """What the NPUs' finish lines say."""
    capsys.readouterr()
    files = [f"--system={case / 'system.json'}", f"--network={case / 'ring4.yml'}"]
    assert main(["run", "--workload=t", *files, *more]) == 0
    return {line.split(",")[1] for line in capsys.readouterr().out.splitlines()}


def communication(rank: int) -> list[Node]:
    return [node for node in read_nodes(f"t.{rank}.et") if node.type is NodeType.COMM_COLL]


def test_a_folder_s_traces_are_those_that_each_rank_s_commands_make(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert convert(str(CASE), "--output=t") == 0
    assert json.loads(Path("t.groups.json").read_text()) == GROUPS
    for rank in range(4):
        pair = [str(CASE / f"{side}.{rank}.json") for side in ("host", "device")]
        assert main(["link", *pair, "--output=l.json"]) == 0
        assert main(["convert", "pytorch", "l.json", "--output=one.et"]) == 0
        assert Path("one.et").read_bytes() == Path(f"t.{rank}.et").read_bytes()
    groups = "--comm-groups=t.groups.json"
    assert cycles(CASE, capsys, "--compat=master", groups) == {" 850180 cycles"}


def test_device_traces_alone_have_the_same_collectives_in_the_same_groups(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert convert(str(CASE / "device.?.json"), "--output=t") == 0
    assert json.loads(Path("t.groups.json").read_text()) == GROUPS
    for rank in range(4):
        found = [(node.pg_name, node.comm_size) for node in communication(rank)]
        own = [number for number, ranks in GROUPS.items() if rank in ranks]
        assert [name for name, _ in found] == own
    groups = "--comm-groups=t.groups.json"
    assert cycles(CASE, capsys, "--compat=master", groups) == {" 850180 cycles"}


def test_uneven_all_to_alls_of_device_traces_alone_have_each_rank_s_sizes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = HERE / "moe-all-to-allv"
    assert convert(str(case / "moe.device.*.json"), "--output=t") == 0
    dispatch, combine = zip(
        *([node.comm_sizes for node in communication(rank)] for rank in range(4)), strict=True
    )
    assert combine == tuple(zip(*dispatch, strict=True))
    assert dispatch[0] == (12288, 4096, 4096, 12288)
    assert len(cycles(case, capsys)) >= 1
