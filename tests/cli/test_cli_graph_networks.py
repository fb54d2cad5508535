"""Networks that are graphs on the command line: from a few lines to a result, or to one message."""

from pathlib import Path

import pytest
from command_line import Inputs

from simastra import MiB, Options, Simulation, TraceBuilder
from simastra.config import load_network, load_system

FOUR_AND_SIX = """\
graph:
  links:
    - {from: "npu[0:4]", to: switch, bandwidth: 400, latency: 300}
    - {ring: "npu[4:10]", bandwidth: 50, latency: 500}
    - {from: npu.4, to: switch, bandwidth: 50, latency: 500}
"""


@pytest.fixture
def machine(tmp_path: Path) -> Inputs:
    """Ten NPUs, four on a switch and six in a ring, and an all-reduce among them."""
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=MiB)
    trace.write(tmp_path / "wl", npus=10)
    inputs = Inputs(tmp_path)
    inputs.system()
    (tmp_path / "net.yml").write_text(FOUR_AND_SIX)
    return inputs


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
def test_four_npus_on_a_switch_and_six_in_a_ring(machine: Inputs, backend: str) -> None:
    process = machine.call("run", "--network-backend", backend)
    assert (process.returncode, process.stderr) == (0, "")
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=MiB)
    system = load_system(machine.folder / "sys.json")
    network = load_network(machine.folder / "net.yml")
    result = Simulation(trace, system, network, options=Options(backend=backend)).run()
    lines = [f"sys[{it.npu}] finished, {it.cycles} cycles" for it in result.finishes]
    assert process.stdout.splitlines() == lines


def test_check_shows_its_links_and_the_order_of_its_npus(machine: Inputs) -> None:
    process = machine.call("check")
    assert process.returncode == 0
    rows = [line.split() for line in process.stdout.splitlines()]
    assert ["0", "Ring", "10"] in rows
    assert ["npu", "and", "switch", "-", "4", "400", "300"] in rows
    assert ["npu", "and", "npu", "-", "6", "50", "500"] in rows
    assert " ".join(rows[6]) == "graph 1 node beside NPUs, 22 links, routing shortest-path"


def test_shortcuts_say_why_they_do_not_fold_it(machine: Inputs) -> None:
    process = machine.call("run", "--check")
    assert process.returncode == 0
    assert "no fold: the network is a graph, and nothing says which of its NPUs" in process.stderr


def test_bandwidth_runs_on_it(machine: Inputs) -> None:
    words = ("all-reduce", "--system=sys.json", "--network=net.yml", "-b", "1M", "-e", "2M")
    process = machine.call("bandwidth", *words, inputs=False)
    assert (process.returncode, process.stderr) == (0, "")
    sizes = [line.split()[0] for line in process.stdout.splitlines() if line[:1] == " "]
    assert sizes == ["1048576", "2097152"]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("400", "0", "graph.links[0].bandwidth: must be larger than 0, not 0 (line 3)"),
        ("[4:10]", "[4:11]", ""),
        ("[4:10]", "[5:10]", "5 of 10 NPUs can't reach npu.5, npu.6"),
        ("ring:", "rign:", "graph.links[1].rign: unknown key 'rign'"),
        ("    - {from: npu.4", "    # - {from: npu.4", "can't reach npu.0"),
        ("graph:", "npus_count: [5]\ngraph:", "npus_count: multiplies to 5 NPUs, but the graph h"),
        ("graph:", "bandwidth: [5]\ngraph:", "bandwidth: stands beside a graph, each of whose"),
        (
            "graph:",
            "graph:\n  routing: shortest",
            "unknown router 'shortest'; did you mean 'shortest-",
        ),
        (
            "graph:",
            "graph:\n  routing: {name: ecmp, sed: 1}",
            "graph.routing.sed: unknown key 'sed'",
        ),
        ("graph:", "graph:\n  routing: {name: shortest-path, x: 1}", "graph.routing.x: shortest-p"),
        (
            "graph:",
            "topology: [Rong]\ngraph:",
            "topology[0]: unknown topology 'Rong'; did you mean",
        ),
    ],
)
def test_what_is_wrong_is_one_message_with_its_place(
    machine: Inputs, before: str, after: str, message: str
) -> None:
    (machine.folder / "net.yml").write_text(FOUR_AND_SIX.replace(before, after, 1))
    process = machine.call("run", "--quiet")
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.startswith(("simastra: net.yml: ", "simastra: wl"))
    assert message in process.stderr
    assert process.stderr.count("\n") == 1
