"""``simastra generate``: files for every NPU, which ``simastra run`` takes."""

import json
from pathlib import Path

import pytest
from command_line import RING_CYCLES, Inputs

from simastra.cli import main
from simastra.cli.verbs.generate import GENERATORS
from simastra.trace import CollectiveType, load_trace


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, as the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_generated_all_reduce_is_that_of_the_demo(ring: Inputs) -> None:
    words = ("collective", "--size=1MiB", "--npus=8", "--output=made")
    process = ring.call("generate", *words, inputs=False)
    assert (process.returncode, process.stdout) == (0, "made.0.et to made.7.et\n")
    finished = ring.call("run", "--workload=made").stdout
    assert finished.count(f"finished, {RING_CYCLES} cycles") == 8


@pytest.mark.parametrize("kind", CollectiveType)
@pytest.mark.parametrize("spell", [str.lower, str.upper, lambda name: name.replace("_", "-")])
def test_every_collective_can_be_made(here: Path, kind: CollectiveType, spell: object) -> None:
    assert callable(spell)
    words = [f"--type={spell(kind.name)}", "--size=64KiB,100", "--npus=2", "--output=x"]
    assert main(["generate", "collective", *words]) == 0
    trace = load_trace(here / "x", 2)
    assert [(node.comm_type, node.comm_size) for node in trace.npus[1]] == [
        (kind, 65536),
        (kind, 100),
    ]


def test_groups_are_written_beside_the_trace_and_taken_by_run(ring: Inputs) -> None:
    words = ("collective", "--group-size=4", "--num_npus=8", "--output=g")
    assert ring.call("generate", *words, inputs=False).returncode == 0
    groups = json.loads((ring.folder / "g.groups.json").read_text())
    assert groups == {"1": [0, 1, 2, 3], "2": [4, 5, 6, 7]}
    run = ring.call("run", "--workload=g", "--comm-groups=g.groups.json", "--compat=master")
    assert run.returncode == 0
    (time,) = {int(line.split()[2]) for line in run.stdout.splitlines()}
    assert time < RING_CYCLES  # that of eight NPUs, with the same bytes


def test_the_examples_are_there_under_chakras_names(here: Path) -> None:
    assert main(["generate", "examples", "--num_npus=2", "--default_comm_size=4096"]) == 0
    names = {path.name for path in here.iterdir()}
    assert {"one_comp_node.1.et", "two_comp_nodes_dependent.0.et", "ALL_GATHER.1.et"} <= names
    assert len(names) == 2 * 13
    assert load_trace("ALL_GATHER", 2).npus[0][0].comm_size == 4096
    assert load_trace("one_comp_node", 2).npus[0][0].duration == 5000


def test_layers_in_memory_are_as_asked_for(here: Path) -> None:
    words = ["--layers=2", "--size=1KiB", "--micros=3", "--npus=1", "--output=m"]
    assert main(["generate", "memory", *words]) == 0
    nodes = load_trace(here / "m", 1).npus[0]
    assert [node.name for node in nodes if node.tensor_size] == [
        "load_0",
        "store_0",
        "load_1",
        "store_1",
    ]
    assert sum(node.duration for node in nodes) == 6000


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "nothing stands where a generator is wanted, one of collective, pipeline"),
        (["colective"], "unknown generator 'colective'; did you mean 'collective'?"),
        (["collective"], "--npus: is required; see --help"),
        (["collective", "--npus=2"], "--output: is required; see --help"),
        (["collective", "--npus=0", "--output=x"], "--npus: must be from 1 to 1048576, not 0"),
        (["collective", "--npus=2", "--output=no/x"], "--output: there is no folder "),
        (["collective", "--size=1.3MiB", "--npus=2"], "--size: must be a whole number of bytes"),
        (["collective", "--size=1,", "--npus=2"], "--size: must be a size such as 1MiB"),
        (
            ["collective", "--type=all-reduced", "--npus=2", "--output=x"],
            "--type: unknown collective 'all-reduced'; did you mean 'all-reduce'?",
        ),
        (
            ["collective", "--group-size=4", "--npus=6", "--output=x"],
            "--group-size: 6 NPUs can't be divided into groups of 4",
        ),
        (
            ["pipeline", "--microbatches=0", "--npus=2", "--output=x"],
            "trace: there are 0 microbatches; 1 to 1000000 are wanted",
        ),
        (["pipeline", "--forward-micros=-1"], "--forward-micros: must be 0 or more, not"),
        (["examples", "--num_npus=1", "--output=a\0b"], "--output: a\\x00b/"),
    ],
)
def test_a_wrong_command_line_gets_one_message_and_leaves_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    assert main(["generate", *words]) == 2
    output = capsys.readouterr()
    assert output.err.startswith(f"simastra: {message}")
    assert (output.out, len(output.err.splitlines())) == ("", 1)
    assert not list(here.iterdir())


@pytest.mark.parametrize("name", GENERATORS)
def test_each_generators_own_example_works(
    here: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["generate", name, "--help"]) == 0
    (example,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  sim")]
    (here / "examples").mkdir()
    assert main(example.split()[1:]) == 0
    assert list(here.rglob("*.et"))


def test_what_is_not_given_has_the_default_that_the_help_tells(here: Path) -> None:
    assert main(["generate", "pipeline", "--npus=2", "--output=p"]) == 0
    nodes = load_trace(here / "p", 2).npus[0]
    assert [(it.comm_dst, it.comm_size) for it in nodes if it.comm_size] == [(1, 2**20)] * 4
    assert [it.duration for it in nodes if it.duration] == [100_000] * 4
