"""An explanation as tables, as plain data, and from a result."""

import json

from npu_pairs import late_sender, simulate
from support.machines import network, one_collective, system

from simastra.explain import Category
from simastra.simulation import Simulation
from simastra.trace import CollectiveType
from simastra.units import KiB


def test_as_text() -> None:
    assert (
        str(simulate(late_sender()).explain())
        == """\
NPU  compute  latency  serialisation  partner  idle  total
  0     5000      500           1220        0  1000   7720
  1     3000      500           1220     3000     0   7720

critical path of NPU 1, which finishes last, at 7720 ns
from    to  node         NPUs  spent on
   0  5000  forward      0     compute 5000
5000  6720  activations  0     latency 500, serialisation 1220
6720  7720  next         1     compute 1000"""
    )


def test_what_a_result_keeps_of_it_is_short_text_too() -> None:
    table, _, path = str(simulate(late_sender()).run(explain=True).explanation).partition("\n\n")
    assert table.splitlines() == [
        "NPUs  compute  latency  serialisation  partner  idle  total",
        "0        5000      500           1220        0  1000   7720",
        "1        3000      500           1220     3000     0   7720",
    ]
    said, _, spent = path.rpartition(": ")
    assert said == "critical path of NPU 1, which finishes last, at 7720 ns"
    assert spent == "compute 6000, latency 500, serialisation 1220"


def test_as_plain_data() -> None:
    explanation = simulate(late_sender()).explain()
    document = json.loads(json.dumps(explanation.to_dict()))
    assert document["makespan"] == 7720
    receiver = document["attributions"][1]
    assert receiver["times"]["partner"] == 3000
    assert set(receiver["times"]) == {category.value for category in Category}
    assert receiver["partners"] == {"0": 3000}
    assert document["critical_path"]["npu"] == 1
    assert document["critical_path"]["spans"][1] == {
        "start": 5000,
        "end": 6220,
        "category": "serialisation",
        "npu": 0,
        "node": 2,
        "name": "activations",
        "peer": 1,
        "link": [0, 1],
        "collective": None,
        "size": None,
        "group": None,
        "work": "send",
    }
    assert document["critical_path"]["legs"][2] == {
        "start": 6720,
        "end": 7720,
        "name": "next",
        "npus": [1],
        "times": {"compute": 1000},
    }


def test_a_leg_covers_all_messages_of_a_collective() -> None:
    simulation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE), system(), network(("Ring", 8))
    )
    (segment,) = simulation.explain().segments()
    assert (segment.start, segment.end, segment.name) == (0, 117780, "ALL_REDUCE")
    assert sorted(segment.npus) == list(range(8))
    assert sum(segment.times.values()) == 117780


def test_a_simulation_explains_itself_before_it_runs_and_after() -> None:
    simulation = simulate(late_sender())
    before = simulation.explain()
    simulation.run()
    assert simulation.explain().to_dict() == before.to_dict()


def test_a_record_says_what_collective_a_span_is_for() -> None:
    simulation = Simulation(
        one_collective(CollectiveType.ALL_GATHER, 64 * KiB), system(), network(("Ring", 4))
    )
    record = simulation.explain().record()
    assert {(it.collective, it.size, it.group) for it in record.path} == {
        ("ALL_GATHER", 64 * KiB, 0)
    }
    assert record.npus == 4
    assert record.makespan == sum(span.duration for span in record.path)
