"""``simastra topology``: what is written reads as what was made; what is shown is right."""

import io
import json
import shlex
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from simastra.cli import main
from simastra.config import load_network
from simastra.network_graph.generators import GENERATORS

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: Capture, command: str) -> str:
    assert main(shlex.split(command)) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def refused(capsys: Capture, command: str) -> str:
    assert main(shlex.split(command)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


MADE: dict[str, tuple[dict[str, object], tuple[int, ...]]] = {
    "fat-tree --k 4 --bandwidth 100Gb/s": ({"k": 4, "bandwidth": 12.5}, (16,)),
    "clos --npus 24 --leafs 4 --spines 2 --oversubscription 3:1": (
        {"npus": 24, "leafs": 4, "spines": 2, "oversubscription": 3},
        (24,),
    ),
    "clos --npus 32 --tiers 3 --radix 8": ({"npus": 32, "tiers": 3, "radix": 8}, (32,)),
    "dragonfly --routers 2 --global-latency 2us": ({"routers": 2, "global_latency": 2000}, (6,)),
    "torus --shape 3x4": ({"shape": (3, 4)}, (3, 4)),
    "torus --shape 2x4 --twist": ({"shape": (2, 4), "twist": True}, (8,)),
    "mesh --shape 3x3": ({"shape": (3, 3)}, (3, 3)),
    "hypercube --npus 8": ({"npus": 8}, (2, 2, 2)),
    "rail --servers 2 --npus 4": ({"servers": 2, "npus": 4}, (4, 2)),
    "nvlink+ib --servers 2 --nics 4": ({"servers": 2, "nics": 4}, (8, 2)),
    "hgx": ({}, (8,)),
    "dgx1-cube": ({}, (8,)),
}


@pytest.mark.parametrize("command", MADE)
def test_a_file_reads_as_what_the_function_makes(command: str, capsys: Capture) -> None:
    arguments, npus_count = MADE[command]
    assert said(capsys, f"topology {command} --output made.yml") == "made.yml\n"
    network = load_network("made.yml")
    assert network.graph == GENERATORS[command.split(maxsplit=1)[0]].make(**arguments)
    assert (network.npus_count, set(network.topology)) == (npus_count, {"Ring"})
    first = Path("made.yml").read_text().partition("\n")[0]
    assert first == f"# simastra topology {command}"


def test_all_generators_are_verbs_and_are_tried_here() -> None:
    assert {command.split()[0] for command in MADE} == set(GENERATORS)


@pytest.mark.parametrize("name", GENERATORS)
def test_the_example_of_its_help_makes_a_network(name: str, capsys: Capture) -> None:
    (line,) = [
        it for it in said(capsys, f"topology {name} --help").splitlines() if "  sim" in it[:5]
    ]
    program, *words = shlex.split(line)
    assert program == "simastra"
    assert said(capsys, shlex.join(words))
    assert load_network(words[-1]).graph is not None


def test_help_says_what_is_required_and_what_is_assumed(capsys: Capture) -> None:
    page = " ".join(said(capsys, "topology fat-tree --help").split())
    assert "usage: simastra topology fat-tree --k N --output FILE [options]" in page
    assert "--k N ports of each switch, an even number (required)" in page
    assert "--latency TIME of each link (default: 500ns)" in page
    assert "SIGCOMM 2008" in page
    assert ">>>" not in page
    assert "Raises" not in page


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("fat-tree --output x.yml", "--k: is required; see --help"),
        ("fat-tree --k 4", "--output: is required; see --help"),
        ("fat-tree --k 5 --output x.yml", "--k: must be even"),
        ("fat-tree --k four --output x.yml", "--k: must be a whole number, not 'four'"),
        (
            "fat-tree --k 4 --bandwidth 5 --rate 3 --output x.yml",
            "unknown option '--rate'; did you mean",
        ),
        ("fat-tree --k 4 --latency 5m --output x.yml", "--latency: must be a duration"),
        ("torus --shape 4 --twist --output x.yml", "--twist: needs a shape of two lengths"),
        (
            "nvlink+ib --servers 4 --nic-bandwidth 0 --output x.yml",
            "--nic-bandwidth: must be larger",
        ),
        ("fattree --k 4 --output x.yml", "unknown network 'fattree'; did you mean 'fat-tree'?"),
        ("--k 4", "'--k' stands where a network is wanted, one of fat-tree, clos"),
        ("show", "FILE is required; see --help"),
        ("show nowhere.yml", "nowhere.yml: "),
        ("show @hgx-h100:8x4 --output x.png", "--output: x.png: unknown kind of drawing 'png'"),
        ("expand @hgx-h100:7x4 --output x.yml", "@hgx-h100:7x4 has 7 along"),
        ("expand @demo", "--output: is required"),
    ],
)
def test_what_is_wrong_is_one_message(command: str, message: str, capsys: Capture) -> None:
    assert refused(capsys, f"topology {command}").startswith(f"simastra: {message}")
    assert not Path("x.yml").exists()


def test_collectives_go_along_the_dimensions_that_are_asked_for(capsys: Capture) -> None:
    command = "topology fat-tree --k 4 --npus-count 2,2,4"
    said(capsys, f"{command} --output g.yml")
    assert Path("g.yml").read_text().startswith(f"# simastra {command}\n")
    network = load_network("g.yml")
    assert (network.npus_count, network.topology) == ((2, 2, 4), ("Ring",) * 3)
    message = refused(capsys, "topology fat-tree --k 4 --npus-count 2,2 --output g.yml")
    assert message == "simastra: --npus-count: multiplies to 4 NPUs; the network has 16\n"


def test_switches_reduce_if_they_are_asked_to(capsys: Capture) -> None:
    said(capsys, "topology rail --servers 2 --npus 2 --reduces --output rail.yml")
    graph = load_network("rail.yml").graph
    assert graph is not None
    reducing = {node.kind for node in graph.nodes if node.reduces}
    assert reducing == {"nvswitch", "switch"}
    assert "switches that reduce  server.0.nvswitch, " in said(capsys, "topology show rail.yml")
    wrong = refused(capsys, "topology torus --shape 4x4 --reduces --output torus.yml")
    assert "--reduces: the network has no switches that could reduce" in wrong


def test_what_is_expanded_runs_as_before(capsys: Capture) -> None:
    said(capsys, "topology expand @hgx-h100:8x2 --output graph.yml")
    sweep = "bandwidth all-reduce --system @hgx-h100 -b 1M -e 1M --network"
    assert said(capsys, f"{sweep} graph.yml") == said(capsys, f"{sweep} @hgx-h100:8x2")
    assert load_network("graph.yml").npus_count == (8, 2)


def test_no_input_is_replaced(capsys: Capture) -> None:
    said(capsys, "topology hgx --output g.yml")
    for verb in ("expand g.yml --output g.yml", "show g.yml --output g.yml"):
        assert "--output: g.yml is an input" in refused(capsys, f"topology {verb}")


def test_numbers_of_a_tree_are_shown(capsys: Capture) -> None:
    said(capsys, "topology clos --npus 96 --radix 16 --oversubscription 3 --output g.yml")
    lines = [" ".join(it.split()) for it in said(capsys, "topology show g.yml").splitlines()]
    for line in (
        "NPUs 96",
        "collectives go along 96 (Ring)",
        "routing ecmp",
        "diameter 4 hops",
        "bisection bandwidth 800 GB/s each way, 16.67 for each NPU of a half",
        "npu and switch host 96 50 500",
        "1 switch 8 4,800 1,600 3",
        "2 switch 2 1,600 - -",
    ):
        assert line in lines


def test_numbers_of_a_machine_are_shown(capsys: Capture) -> None:
    shown = said(capsys, "topology show @hgx-h100:8x4")
    assert "8 x 4 (Switch, Switch)" in shown
    assert "800 GB/s each way, 50 for each NPU" in shown


def test_what_is_not_exact_says_so(capsys: Capture) -> None:
    said(capsys, "topology dragonfly --routers 4 --output g.yml")
    shown = " ".join(said(capsys, "topology show g.yml").split())
    assert "bandwidth at most 1,200 GB/s each way, 33.33 for each NPU of a half, at least" in shown


def test_the_same_as_json(capsys: Capture) -> None:
    said(capsys, "topology nvlink+ib --servers 4 --leafs 2 --oversubscription 2 --output g.yml")
    shown = json.loads(said(capsys, "topology show g.yml --json"))
    assert shown["npus_count"] == [8, 4]
    assert shown["routing"] == {"name": "ecmp"}
    assert shown["devices"] == {"npu": 32, "nvswitch": 4, "nic": 32, "switch": 3}
    assert shown["diameter"] == 6
    assert shown["hops_are_exact"] is True
    assert shown["bisection"] == {"at_least": 400, "at_most": 400, "is_exact": True}
    assert shown["links"][0] == {
        **{"kind": "nvlink", "between": ["npu", "nvswitch"], "both_ways": True},
        **{"bytes_per_ns": 450, "latency": 936.25, "number": 32},
    }
    assert [it["oversubscription"] for it in shown["tiers"]] == [63 / 50, None, 2, None]


def test_one_npu_has_no_bisection(capsys: Capture) -> None:
    Path("g.yml").write_text("graph: {links: [{from: npu.0, to: a, bandwidth: 1, latency: 1}]}\n")
    assert "bisection" not in said(capsys, "topology show g.yml")
    found = json.loads(said(capsys, "topology show g.yml --json"))["bisection"]
    assert found == {"at_least": 0, "at_most": 0, "is_exact": True}


@pytest.mark.parametrize("ending", ["svg", "html"])
def test_it_is_drawn(ending: str, capsys: Capture) -> None:
    said(capsys, "topology hgx --npus 4 --output g.yml")
    assert "diameter" in said(capsys, f"topology show g.yml --output drawn.{ending}")
    drawn = Path(f"drawn.{ending}").read_text()
    assert "450 GB/s" in drawn
    if ending == "svg":
        assert ElementTree.fromstring(drawn).tag.endswith("svg")
    else:
        assert "bisection bandwidth" in drawn


def test_what_was_noticed_is_told_unless_nobody_wants_to_know(capsys: Capture) -> None:
    nodes = "[{name: npu.0}, {name: npu.1}, {name: spare}]"
    link = "{from: npu.0, to: npu.1, bandwidth: 1, latency: 1}"
    Path("g.yml").write_text(f"graph: {{nodes: {nodes}, links: [{link}]}}\n")
    assert main(["topology", "show", "g.yml"]) == 0
    assert "no link leads to or from spare" in capsys.readouterr().err
    assert main(["topology", "show", "g.yml", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


class Terminal(io.StringIO):
    """A stderr that a person looks at."""

    def isatty(self) -> bool:
        return True


def test_a_graph_that_no_run_would_take_is_shown_and_told(capsys: Capture) -> None:
    links = '[{from: "npu[0:2]", to: a, bandwidth: 50, latency: 1500}]'
    misspelt = f"graph: {{routing: ecpm, links: {links}}}"
    cut = f"graph: {{nodes: [{{name: npu.2, kind: npu}}], links: {links}}}"
    for text, told in (
        (misspelt, "no run would take it: graph.routing: unknown router 'ecpm' (did you mean"),
        (cut, "no run would take it: graph: 2 of 3 NPUs can't reach npu.2"),
    ):
        Path("net.yml").write_text(text)
        assert main(["topology", "show", "net.yml"]) == 0
        out, err = capsys.readouterr()
        assert told in err
        assert err.count("\n") == 1
        assert "  1,500\n" in out
        assert main(["topology", "show", "net.yml", "--strict"]) == 2
        assert main(["topology", "show", "net.yml", "--quiet"]) == 0
        capsys.readouterr()
        refused(capsys, "topology route net.yml --from 0 --to 1")


def test_the_next_command_runs(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    said(capsys, "topology torus --shape 3x2 --output 't t.yml'")
    printed = sys.stderr.getvalue().splitlines()[-1]  # type: ignore[attr-defined]
    command = printed.removeprefix("simastra: next: simastra ")
    assert "--network 't t.yml'" in command
    assert "among 6 NPUs" in said(capsys, f"{command} -e 1K")
    said(capsys, "topology torus --shape 3x2 --output t.yml --quiet")
    assert sys.stderr.getvalue().count("next:") == 1  # type: ignore[attr-defined]


TABLED = """
graph:
  links:
    - {from: "npu[0:3]", to: s, bandwidth: 1, latency: 1}
    - {ring: "npu[0:3]", bandwidth: 1, latency: 1}
  routing: {name: static, table: routes.yml}
"""
ROUTES = "routes: [{from: npu.0, to: npu.1, by: [s]}]"


def tabled(folder: Path) -> None:
    (folder / "net.yml").write_text(TABLED)
    (folder / "routes.yml").write_text(ROUTES)


@pytest.mark.parametrize(
    ("command", "replaced"),
    [
        ("topology expand net.yml --output routes.yml", "routes.yml"),
        ("topology expand other.yml --output topology.txt", "topology.txt"),
        ("topology show drawn.yml --output topology.svg", "topology.svg"),
        (
            "bandwidth all-reduce --system @hgx-h100 --network net.yml --csv routes.yml",
            "routes.yml",
        ),
    ],
)
def test_no_output_replaces_a_file_that_a_network_names(
    command: str, replaced: str, here: Path, capsys: Capture
) -> None:
    tabled(here)
    for name, file in (("other", "topology.txt"), ("drawn", "topology.svg")):
        Path(file).write_text("3 1 2\n2\n0 2 400Gbps 1us 0\n1 2 400Gbps 1us 0\n")
        Path(f"{name}.yml").write_text(f"graph: {{file: {file}}}")
    before = Path(replaced).read_bytes()
    assert f"{replaced} is an input; name another file" in refused(capsys, command)
    assert Path(replaced).read_bytes() == before


def test_a_table_of_routes_is_found_from_another_folder(here: Path, capsys: Capture) -> None:
    for folder in ("a", "b"):
        (here / folder).mkdir()
    tabled(here / "a")
    said(capsys, "topology expand a/net.yml --output b/expanded.yml")
    way = said(capsys, "topology route b/expanded.yml --from 0 --to 1")
    assert way.split()[-3:] == ["npu.0", "s", "npu.1"]
    said(capsys, "topology expand a/net.yml --output a/expanded.yml")
    assert "table: routes.yml" in Path("a/expanded.yml").read_text()
