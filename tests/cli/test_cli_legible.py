"""What is told on a terminal: short, and without control characters, whatever files hold."""

import json
import re
from pathlib import Path

import pytest
from command_line import Inputs

from simastra import TraceBuilder
from simastra.cli import main

EVIL = "e\x1b[31mvil\x07\x7f\u202e"
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
LARGEST = 2048  # bytes


def yaml(**changes: str) -> str:
    keys = {"topology": "[Ring]", "npus_count": "[8]", "bandwidth": "[50]", "latency": "[500]"}
    return "".join(f"{key}: {value}\n" for key, value in {**keys, **changes}.items())


FILES = {
    EVIL: yaml(foo="1"),
    "key.yml": yaml() + f"'{'x' * 5000}': 1\n",
    "value.yml": yaml(topology='["\\e[31m\\a"]'),
    "long.yml": yaml(topology=f"[{'T' * 9000}]"),
    "key.json": json.dumps({EVIL: 1, "preferred-dataset-splits": 1}),
    "value.json": json.dumps({"scheduling-policy": EVIL * 300, "preferred-dataset-splits": 1}),
    "name.json": json.dumps(
        {"preferred-dataset-splits": 1, "all-reduce-implementation": [EVIL * 300]}
    ),
    "custom.json": json.dumps(
        {"preferred-dataset-splits": 1, "all-reduce-implementation-custom": [EVIL * 9]}
    ),
    "group.json": json.dumps({EVIL * 99: [0, 1]}),
    "type.0.et": json.dumps({"nodes": [{"id": "1", "name": EVIL * 400, "type": EVIL * 300}]}),
    "send.0.et": json.dumps(
        {"metadata": {}, "nodes": [{"id": "1", "name": EVIL * 400, "type": "COMM_SEND_NODE"}]}
    ),
    "text.txt": f"MODEL\n1\na -1 1 {EVIL * 300} 64 2 NONE 0 3 NONE 0 9\n",
    "host.json": json.dumps({"schema": EVIL * 99, "nodes": [{"id": 1, "name": EVIL, "attrs": []}]}),
}


@pytest.mark.parametrize(
    "words",
    [
        ["run", f"--network={EVIL}"],
        ["run", "--network=key.yml"],
        ["run", "--network=value.yml"],
        ["run", "--network=long.yml"],
        ["run", "--system=key.json"],
        ["run", "--system=value.json"],
        ["run", "--system=name.json"],
        ["run", "--system=custom.json", "--compat=master"],
        ["run", "--comm-groups=group.json", "--compat=master"],
        ["run", "--workload=type"],
        ["run", f"--workload={EVIL}"],
        ["check", "--workload=send", "--strict"],
        ["run", f"--compat={EVIL * 99}"],
        ["run", f"--{EVIL}"],
        ["run", EVIL * 99],
    ],
)
def test_a_wrong_input_of_a_run_is_told_legibly(
    ring: Inputs,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    write(ring.folder)
    monkeypatch.chdir(ring.folder)
    verb, *rest = words
    assert main([verb, *ring.words, *rest]) == 2
    assert_legible(capsys)


@pytest.mark.parametrize(
    "words",
    [
        ["convert", "text", "text.txt", "--output=o", "--npus=2"],
        ["link", "host.json", "host.json", "--output=o"],
        ["inspect", "type.0.et"],
        ["inspect", EVIL],
        ["timeline", EVIL, "--output=o"],
        ["visualize", "send.0.et", f"--output=o.{EVIL}"],
        ["convert", EVIL],
        ["generate", "collective", f"--type={EVIL}", "--npus=2", "--output=o"],
        [EVIL],
    ],
)
def test_a_wrong_input_of_another_verb_is_told_legibly(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert_legible(capsys)


def test_a_deadlock_among_nodes_of_long_names_is_told_legibly(
    deadlock: Inputs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(deadlock.folder)
    waiting = TraceBuilder(1)
    waiting.recv(EVIL * 900, size=64, source=0)
    waiting.write("wl")
    assert main(["run", *deadlock.words, "--quiet"]) == 3
    told = assert_legible(capsys)
    assert "deadlock: the simulation stands still at " in told
    assert "likely cause: " in told


def test_tables_of_names_are_legible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    trace = TraceBuilder()
    trace.compute("a", micros=1)
    trace.write(EVIL, 1)
    assert main(["inspect", EVIL]) == 0
    output = capsys.readouterr().out
    assert not UNSEEN.search(output)
    assert "e\\x1b[31mvil\\x07\\u007f\\u202e.0.et" in output


def write(folder: Path) -> None:
    for name, content in FILES.items():
        (folder / name).write_text(content)


def assert_legible(capsys: pytest.CaptureFixture[str]) -> str:
    output = capsys.readouterr()
    assert output.err.startswith("simastra: ")
    for message in re.split(r"\n(?=simastra: )", output.err):
        assert not UNSEEN.search(message)
        assert len(message.encode()) <= LARGEST
    assert not UNSEEN.search(output.out)
    return output.err
