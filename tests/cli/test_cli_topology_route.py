"""``simastra topology route``: the ways that messages take, as people and programs read them."""

import json
import shlex
from pathlib import Path

import pytest

from simastra.cli import main

Capture = pytest.CaptureFixture[str]
CLUSTER = """graph:
  links:
    - {from: "npu[0:4]", to: switch, bandwidth: 400Gbps, latency: 500}
    - {ring: "npu[4:10]", bandwidth: 50, latency: 700}
    - {from: switch, to: npu.4, bandwidth: 25, latency: 1000}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.yml").write_text(CLUSTER)
    return tmp_path


def answer(capsys: Capture, words: str) -> tuple[int, str, str]:
    code = main(shlex.split(f"topology route {words}"))
    return code, *capsys.readouterr()


def test_a_way_has_all_devices_the_latency_of_all_links_and_the_least_bandwidth(
    capsys: Capture,
) -> None:
    assert answer(capsys, "net.yml --from 0 --to npu.7") == (
        0,
        "messages  hops  latency, ns  GB/s  way\n"
        "       1     5        3,600    25  npu.0 switch npu.4 npu.5 npu.6 npu.7\n",
        "",
    )


def test_programs_get_numbers(capsys: Capture) -> None:
    code, out, _ = answer(capsys, "net.yml --from 9 --to 1 --json")
    way = ["npu.9", "npu.4", "switch", "npu.1"]
    told = {"messages": 1, "hops": 3, "latency": 2200.0, "bandwidth": 25.0, "way": way}
    assert (code, json.loads(out)) == (0, [told])


def test_ways_of_several_tags_are_counted_the_most_used_first(capsys: Capture) -> None:
    assert main(["topology", "fat-tree", "--k", "4", "--output", "tree.yml"]) == 0
    capsys.readouterr()
    _, out, _ = answer(capsys, "tree.yml --from 0 --to 15 --tags 80 --json")
    counts = [it["messages"] for it in json.loads(out)]
    assert sum(counts) == 80
    assert len(counts) == 4
    assert counts == sorted(counts, reverse=True)


def test_networks_of_dimensions_have_ways_too(capsys: Capture, here: Path) -> None:
    (here / "native.yml").write_text(
        "topology: [Ring, Switch]\nnpus_count: [4, 2]\nbandwidth: [50, 25]\nlatency: [500, 700]\n"
    )
    _, out, _ = answer(capsys, "native.yml --from 0 --to 5 --json")
    way = ["npu.0", "npu.1", "switch.1.1", "npu.5"]
    told = {"messages": 1, "hops": 3, "latency": 1900.0, "bandwidth": 26.8435456, "way": way}
    assert json.loads(out) == [told]


def test_as_many_tags_as_there_may_be_are_counted(capsys: Capture) -> None:
    _, out, _ = answer(capsys, "net.yml --from 0 --to 1 --tags 100000 --json")
    assert [it["messages"] for it in json.loads(out)] == [100_000]


def test_a_message_to_its_own_sender_crosses_no_link(capsys: Capture) -> None:
    _, out, _ = answer(capsys, "net.yml --from 3 --to 3")
    assert out.splitlines()[1].split() == ["1", "0", "0", "-", "npu.3"]


@pytest.mark.parametrize(
    ("npus", "named"),
    [(8, "npu.5, npu.6, npu.7"), (9, "npu.6, ..., npu.8"), (10, "npu.6, ..., npu.9")],
)
def test_up_to_eight_npus_are_named_where_one_is_unknown(
    npus: int, named: str, capsys: Capture, here: Path
) -> None:
    (here / "net.yml").write_text(CLUSTER.replace("npu[4:10]", f"npu[4:{npus}]"))
    _, _, err = answer(capsys, "net.yml --from gpu --to 1")
    assert err.startswith("simastra: --from: unknown NPU 'gpu'; known are npu.0, npu.1, ")
    assert err.endswith(f", {named}\n")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("net.yml --from 0", "--to: is required: an NPU, such as 0 or npu.9"),
        ("net.yml --from 0 --to switch", "--to: switch is no NPU; messages begin and end at NPUs"),
        ("net.yml --from 10 --to 1", "--from: unknown NPU '10'; known are npu.0, npu.1,"),
        ("net.yml --from npu.x --to 1", "--from: unknown NPU 'npu.x'; did you mean 'npu."),
        ("net.yml --from 0 --to 1 --tags 0", "--tags: must be from 1 to 100,000, not 0"),
        ("net.yml --from 0 --to 1 --tags 100001", "--tags: must be from 1 to 100,000, not 100,001"),
        ("no.yml --from 0 --to 1", "no.yml: file not found"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(capsys: Capture, words: str, problem: str) -> None:
    code, out, err = answer(capsys, words)
    assert (code, out) == (2, "")
    assert problem in err
    assert err.count("\n") == 1
