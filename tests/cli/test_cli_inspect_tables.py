"""``simastra inspect`` and ``check``: their tables, letter by letter."""

import json
from pathlib import Path

import pytest
from command_line import Inputs

from simastra import MiB, TraceBuilder
from simastra.cli import main

MACHINE = ("--system=sys.json", "--network=net.yml")


@pytest.fixture(autouse=True)
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of `ring`, with two NPUs, as the current one."""
    ring.network(2)
    monkeypatch.chdir(ring.folder)
    return ring.folder


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(words) == 0
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def write(kinds: int, npus: int = 1) -> None:
    """A computation, and all-reduces of as many sizes."""
    trace = TraceBuilder()
    last = trace.compute("work", micros=1500)
    for number in range(kinds):
        last = trace.all_reduce(f"{number}", size=1000 * (number + 1), after=last)
    trace.write("x", npus)


def test_a_trace_is_shown_in_four_tables(capsys: pytest.CaptureFixture[str]) -> None:
    trace = TraceBuilder()
    first = trace.compute("a", micros=1500)
    trace.compute("b", micros=500)
    trace.all_reduce("c", size=MiB, after=first)
    trace.write("x", 2)
    other = TraceBuilder()
    other.all_reduce("c", size=MiB)
    other.write("y", 1)
    Path("y.0.et").rename("x.1.et")
    assert shown(capsys, "inspect", "x") == [
        "nodes      of all NPUs",
        "COMP                 2",
        "COMM_COLL            2",
        "all                  4",
        "",
        "communication  group  nodes         size",
        "ALL_REDUCE     -          2  2,097,152 B  2 MiB",
        "",
        "trace   NPUs  form      schema  nodes  compute   CPU",
        "x.0.et     1  protobuf  0.0.4       3     2 ms  0 ns",
        "x.1.et     1  protobuf  0.0.4       1     0 ns  0 ns",
        "",
        "trace   critical path  its nodes  depth  width  parallelism",
        "x.0.et         1.5 ms          2      2      2         1.33",
        "x.1.et           0 ns          1      1      1            -",
    ]


@pytest.mark.parametrize(("files", "more"), [(24, None), (25, 1), (30, 6)])
def test_of_more_than_24_traces_the_rest_is_counted(
    files: int, more: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    for npu in range(files):
        trace = TraceBuilder()
        trace.compute("x", micros=npu + 1)
        trace.write("z", 1)
        Path("z.0.et").rename(f"w.{npu}.et")
    lines = shown(capsys, "inspect", "w")
    for column in ("form", "critical path"):
        at = next(it for it, line in enumerate(lines) if column in line)
        table = [*lines[at + 1 :], ""]
        table = table[: table.index("")]
        assert sum(line.startswith("w.") for line in table) == 24
        assert table[24:] == ([] if more is None else [f"and {more} more: see --json"])


def test_what_is_doubtful_is_shown_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    for npu, size in enumerate((1000, 2000)):
        trace = TraceBuilder(npu)
        trace.all_reduce("x", size=size)
        trace.write("u")
    lines = shown(capsys, "inspect", "u")
    heading = next(line for line in lines if line.startswith("finding"))
    assert heading.split() == ["finding", "where", "what"]
    (finding,) = lines[lines.index(heading) + 1 :]
    assert finding.startswith("warning  ")
    assert finding.endswith(")")


def test_nodes_in_a_circle_have_no_longest_chain(capsys: pytest.CaptureFixture[str]) -> None:
    trace = TraceBuilder()
    first = trace.compute("a", micros=1)
    trace.compute("b", micros=1, after=first)
    trace.write("c", 1)
    assert main(["jsonize", "c.0.et", "--output=c.json"]) == 0
    document = json.loads(Path("c.json").read_text())
    one, two = document["nodes"]
    one["dataDeps"] = [two["id"]]
    Path("c.json").write_text(json.dumps(document))
    lines = shown(capsys, "inspect", "c.json")
    at = next(it for it, line in enumerate(lines) if "critical path" in line)
    assert lines[at + 1].split() == ["c.json", "circle", "-", "-", "-", "-"]


@pytest.mark.parametrize(("kinds", "more"), [(12, []), (13, ["and 1 more kinds", "2"])])
def test_check_shows_twelve_kinds_of_collectives(
    kinds: int, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write(kinds, 2)
    lines = shown(capsys, "check", "--workload=x", *MACHINE)
    at = next(it for it, line in enumerate(lines) if line.startswith("collective"))
    table = lines[at + 1 :]
    assert sum(line.startswith("ALL_REDUCE") for line in table) == 12
    assert table[0].split() == ["ALL_REDUCE", "1,000", "B", "(1000", "B)", "2"]
    assert [" ".join(line.split()) for line in table[12:]] == ([" ".join(more)] if more else [])


def test_check_shows_dimensions_groups_and_what_a_collective_lacks(
    here: Path, ring: Inputs, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "net.yml").write_text(
        "topology: [Ring, Switch]\nnpus_count: [2, 1000]\nbandwidth: [12.5, 400]\n"
        "latency: [500.5, 20]\n"
    )
    ring.system(all_reduce_implementation=["ring", "direct"])
    (here / "groups.json").write_text('{"1": [0, 1], "2": [2, 3]}')
    trace = TraceBuilder()
    trace.compute("work", micros=1)
    trace.write("x", 2000)
    words = ("--workload=x", *MACHINE, "--comm-groups=groups.json", "--num-queues-per-dim=2")
    lines = shown(capsys, "check", *words, "--rendezvous-protocol", "--compat=master")
    assert lines[:-4] == [
        "NPUs        2,000",
        "nodes       2,000 COMP",
        "ALL_REDUCE  ring, direct",
        "memory      NO_MEMORY_EXPANSION",
        "groups      2",
        "network     congestion-aware, with handshakes",
        "compat      master",
        "queues      2 a dimension",
        f"notices     {lines[8].split()[1]}",
    ]
    assert lines[-4:] == [
        "",
        "dim  topology  NPUs  GiB/s  latency, ns",
        "  0  Ring         2   12.5        500.5",
        "  1  Switch    1000    400           20",
    ]


def test_a_trace_of_nothing_has_nodes_none(capsys: pytest.CaptureFixture[str]) -> None:
    TraceBuilder().write("e", 2)
    lines = shown(capsys, "check", "--workload=e", *MACHINE)
    assert lines[1] == "nodes       none"
    assert not any(line.startswith("collective") for line in lines)
