"""``simastra inspect``, ``jsonize``, ``visualize`` and ``timeline``, as a user meets them."""

import gzip
import json
import os
from pathlib import Path

import pytest
from command_line import RING_CYCLES, Inputs

from simastra import TraceBuilder
from simastra.cli import main


@pytest.fixture
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of `ring`, as the current one."""
    monkeypatch.chdir(ring.folder)
    return ring.folder


@pytest.fixture
def chain(here: Path) -> Path:
    """Thirty computations in a row."""
    builder = TraceBuilder()
    last = builder.compute("0", micros=1)
    for index in range(1, 30):
        last = builder.compute(str(index), micros=1, after=last)
    (path,) = builder.write(here / "chain", 1)
    return path


def test_inspect_tells_of_a_prefix_and_of_a_file(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", "wl"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["COMM_COLL", "8"] in rows
    assert ["ALL_REDUCE", "-", "8", "8,388,608", "B", "8", "MiB"] in rows
    assert ["wl.0.et", "8", "protobuf", "0.0.4", "1", "0", "ns", "0", "ns"] in rows
    assert main(["inspect", "--json", "--input_filename", str(here / "wl.3.et")]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["npus"], document["nodes"]) == (1, {"COMM_COLL": 1})
    assert document["traffic"] == [{"what": "ALL_REDUCE", "group": "", "nodes": 1, "size": 2**20}]


def test_inspect_tells_of_a_trace_that_run_refuses(
    deadlock: Inputs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(deadlock.folder)
    assert main(["inspect", "wl"]) == 0
    assert "1 receive has no send and waits for ever: NPU 1" in capsys.readouterr().out


def test_inspect_on_a_pipe_is_plain_text(ring: Inputs) -> None:
    process = ring.call("inspect", "wl", inputs=False)
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.splitlines()[0] == "nodes      of all NPUs"
    assert process.stdout.isascii()


def test_jsonize_there_and_back_is_the_same_file(here: Path) -> None:
    (here / "z.gz").write_bytes(gzip.compress((here / "wl.0.et").read_bytes()))
    assert main(["jsonize", "z.gz", "--output", "a.json"]) == 0
    assert json.loads((here / "a.json").read_text())["nodes"][0]["name"] == "gradients"
    assert main(["jsonize", "--input_filename=a.json", "--output_filename=b.et"]) == 0
    assert (here / "b.et").read_bytes() == (here / "wl.0.et").read_bytes()
    assert not list(here.glob(".*"))  # nothing temporary is left


def test_visualize_writes_dot_and_graphml(here: Path) -> None:
    assert main(["visualize", "wl.0.et", "--output", "a.dot"]) == 0
    assert '1 [label="1: gradients"' in (here / "a.dot").read_text()
    assert main(["visualize", "wl.0.et", "--output", "a.graphml"]) == 0
    assert '<data key="name">gradients</data>' in (here / "a.graphml").read_text()


def test_visualize_says_when_it_shows_a_window(
    chain: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["visualize", str(chain), "--output=a.dot"]
    assert main([*words, "--max-nodes=7"]) == 0
    assert f"{chain}: 7 of 30 nodes are shown; --around, --depth" in capsys.readouterr().err
    assert Path("a.dot").read_text().count("label=") == 7
    assert main([*words, "--around=20", "--depth=1", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    assert Path("a.dot").read_text().count("label=") == 3
    assert main(words) == 0
    assert capsys.readouterr().err == ""


def graphviz(folder: Path, script: str) -> str:
    """A program that stands in for Graphviz's, and the PATH on which it is the only one."""
    program = folder / "bin" / "dot"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return os.pathsep.join((str(program.parent), "/usr/bin", "/bin"))


def test_visualize_lets_graphviz_draw(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", graphviz(here, 'echo "drawn with $1"; cat'))
    assert main(["visualize", "wl.0.et", "--output", "a.svg"]) == 0
    first, second = (here / "a.svg").read_text().splitlines()[:2]
    assert (first, second) == ("drawn with -Tsvg", 'digraph "wl.0.et" {')


def test_what_graphviz_complains_of_is_passed_on_and_nothing_is_written(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", graphviz(here, "cat >/dev/null; echo 'no memory' >&2; exit 3"))
    assert main(["visualize", "wl.0.et", "--output", "a.png"]) == 2
    assert "failed with exit code 3: no memory; fewer --max-nodes" in capsys.readouterr().err
    assert not (here / "a.png").exists()


def test_timeline_of_a_run_has_every_node(ring: Inputs) -> None:
    assert ring.call("run", "--json=r.json").returncode == 0
    process = ring.call("timeline", "r.json", "--output=t.json", inputs=False)
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")
    events = json.loads((ring.folder / "t.json").read_text())["traceEvents"]
    bars = [event for event in events if event["ph"] == "X"]
    assert [(bar["pid"], bar["name"], bar["dur"]) for bar in bars] == [
        (npu, "gradients", RING_CYCLES / 1000) for npu in range(8)
    ]
    assert {bar["cat"] for bar in bars} == {"communication"}


def test_timeline_takes_chakras_options(here: Path) -> None:
    lines = "issue,sys->id=0,tick=0,node->id=1,node->name=a\ncallback,sys->id=0,tick=7,node->id=1,"
    (here / "log").write_text(lines + "node->name=a\n")
    words = ["--num_npus=1", "--npu_frequency=1000", "--log_filename=debug.log"]
    assert main(["timeline", "--input_filename=log", "--output_filename=t", *words]) == 0
    events = json.loads((here / "t").read_text())["traceEvents"]
    assert [event["dur"] for event in events if event["ph"] == "X"] == [0.007]
    assert not (here / "debug.log").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["inspect"], "PREFIX|FILE is required; see --help"),
        (["inspect", "w"], "w: there is no such file, and none whose name begins so"),
        (["inspect", "net.yml"], "net.yml: this is a network configuration, not a Chakra"),
        (["inspect", "wl", "x"], "unexpected 'x': all that simastra inspect takes are options and"),
        (["jsonize", "wl.0.et"], "--output: is required; see --help"),
        (["jsonize", "--output=x"], "FILE is required; see --help"),
        (["jsonize", "a", "--input_filename=b", "--output=x"], "FILE is given twice; see --help"),
        (["jsonize", "no.et", "--output=x"], "no.et: the file does not exist"),
        (["jsonize", "sys.json", "--output=x"], "sys.json: this is a system configuration, not"),
        (
            ["jsonize", "wl.0.et", "--output=wl.0.et"],
            "--output: wl.0.et is an input; name another file",
        ),
        (["jsonize", "wl.0.et", "--output=no/x"], "--output: there is no folder "),
        (["jsonize", "wl.0.et", "--output=."], "--output: . isn't a regular file; name a file"),
        (
            ["jsonize", "wl.0.et", "--output=a\0b"],
            "--output: a\\x00b can't be written: embedded null",
        ),
        (["jsonize", "--ouput=x"], "unknown option '--ouput'; did you mean '--output'?"),
        (
            ["visualize", "wl.0.et", "--output=a.gif"],
            "--output: a.gif: unknown kind of picture 'gif'",
        ),
        (["visualize", "wl.0.et", "--output=a"], "--output: a: unknown kind of picture ''"),
        (["visualize", "wl.0.et", "--output=a.dot", "--depth=1"], "--depth: needs --around, the"),
        (
            ["visualize", "wl.0.et", "--output=a.dot", "--max-nodes=0"],
            "--max-nodes: must be at least",
        ),
        (
            ["visualize", "wl.0.et", "--output=a.dot", "--around=9"],
            "wl.0.et: the trace has no node 9 to show; its ids lie between 1 and 1",
        ),
        (
            ["timeline", "net.yml", "--output=x"],
            "net.yml: this is a network configuration, not a result of",
        ),
        (["timeline", "sys.json", "--output=x"], "sys.json: this is a system configuration, not a"),
        (
            ["timeline", "log", "--output=x", "--npu_frequency=1500"],
            "--npu-frequency: is 1500 MHz, but a cycle of ASTRA-sim is 1 ns",
        ),
    ],
)
def test_a_wrong_command_line_gets_one_message_and_leaves_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    before = {path.name: path.read_bytes() for path in here.iterdir()}
    assert main(words) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"simastra: {message}")
    assert len(output.err.splitlines()) == 1
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before


def test_without_graphviz_a_picture_is_refused_with_advice(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(here))
    assert main(["visualize", "wl.0.et", "--output=a.pdf"]) == 2
    assert "Graphviz's program 'dot', which isn't installed here" in capsys.readouterr().err
