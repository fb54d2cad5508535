"""A type of nodes is a member of `NodeType` and an entry of `NODE_KINDS`; all else follows."""

import json
from pathlib import Path
from typing import Any

import pytest
from changed_copy import Edit, changed_copy, python

MEMBER = Edit("trace/nodes.py", "    COMM_COLL = 7\n", "    DELAY = 8\n")
KIND = Edit(
    "workload/operation.py",
    "NODE_KINDS: Mapping[NodeType, NodeKind] = {\n",
    """\
    NodeType.DELAY: NodeKind(
        Activity.DELAY,
        None,
        lambda rules, node: rules.replay(node, Category.OTHER),
        runs_on_cpu=False,
    ),
""",
)
ACTIVITY = Edit(
    "workload/operation.py", '    REMOTE_MEMORY = "remote memory"\n', '    DELAY = "delay"\n'
)
METHOD = Edit(
    "trace/builder.py",
    '        return self._add(NodeType.MEM_STORE, name, after, {"tensor_size": tensor_size})\n',
    """
    def delay(self, name: str, *, micros: int, after: Node | Iterable[Node] = ()) -> Node:
        return self._add(NodeType.DELAY, name, after, {}, micros)
""",
)
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of simastra that has nodes of a type "delay"."""
    return changed_copy(tmp_path_factory.mktemp("extended"), (MEMBER, KIND, ACTIVITY, METHOD))


@pytest.fixture(scope="module")
def found(extended: Path) -> dict[str, Any]:
    """What tests/extensions/delay_in_use.py finds."""
    done = python(extended, str(HERE / "delay_in_use.py"))
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads((extended / "found.json").read_text())
    return read


def test_it_is_saved_and_loaded(found: dict[str, Any]) -> None:
    assert found["loaded"] == [["DELAY", 5000], ["COMP", 2000], ["DELAY", 1000]]


def test_it_takes_its_time_beside_others_with_and_without_shortcuts(found: dict[str, Any]) -> None:
    assert found["cycles"] == [{"0": 6000, "1": 6000}] * 3


def test_columns_tell_its_activity_as_nodes_do(found: dict[str, Any]) -> None:
    assert found["activities"] == ["delay", "compute", "delay"]


def test_it_has_a_column_of_its_own_in_the_statistics(found: dict[str, Any]) -> None:
    assert found["statistics"][0] == {
        "wall": 6000,
        "cpu": 0,
        "compute": 2000,
        "communication": 0,
        "remote_memory": 0,
        "delay": 6000,
        "overlap": 0,
        "exposed_communication": 0,
        "idle": 0,
    }
    heading, first, _ = found["csv"].splitlines()
    assert dict(zip(heading.split(","), first.split(","), strict=True))["delay_ns"] == "6000"


def test_it_is_explained_by_what_it_says_that_it_spends(found: dict[str, Any]) -> None:
    times = {kind: time for kind, time in found["explained"].items() if time}
    assert times == {"other": 6000}


def test_it_is_drawn_though_nobody_has_chosen_a_colour(found: dict[str, Any]) -> None:
    assert 'tooltip="DELAY wait", fillcolor="#95c2d4"' in found["dot"]
    assert found["gantt"] == ["NPU 0 compute", "NPU 0 delay"]
    (timeline,) = [page for page in found["timeline"] if page.startswith("timeline")]
    assert "+ delay" in timeline.splitlines()[0]
    assert [line.split() for line in timeline.splitlines()[2:]] == [
        ["0", "compute", "2######............."],
        ["0", "delay", "1+++++++++++++++3+++"],
    ]


def test_the_command_line_shows_it(extended: Path) -> None:
    inspected = python(extended, "-m", "simastra", "inspect", "wl")
    assert inspected.returncode == 0
    assert ["DELAY", "4"] in [line.split() for line in inspected.stdout.splitlines()]
    name = "wl.0.et"
    assert python(extended, "-m", "simastra", "jsonize", name, "--output", "a.json").returncode == 0
    back = python(extended, "-m", "simastra", "jsonize", "a.json", "--output", "b.et")
    assert back.returncode == 0, back.stderr
    assert (extended / "b.et").read_bytes() == (extended / name).read_bytes()


def test_one_test_names_each_table_in_which_nobody_has_chosen_its_look(extended: Path) -> None:
    palette = HERE.parent / "palette" / "test_palette.py"
    done = python(extended, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(palette))
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    assert [line.partition("::")[2].partition(" ")[0] for line in failed] == [
        "test_every_member_has_a_look_of_its_own[Activity-]",
        "test_every_member_has_a_look_of_its_own[NodeType-]",
    ]


def test_a_builder_makes_it_among_others(extended: Path) -> None:
    program = (
        "from simastra import TraceBuilder; et = TraceBuilder();"
        "first = et.compute('forward', micros=3); wait = et.delay('wait', micros=5, after=first);"
        "last = et.compute('backward', micros=1, after=wait);"
        "print(wait.type.name, wait.duration, wait.data_deps, last.data_deps)"
    )
    done = python(extended, "-c", program)
    assert done.stdout == "DELAY 5000 (1,) (2,)\n", done.stderr
