"""What is said of switches that reduce, by who looks at a run: names, waits and where time went."""

import json
from pathlib import Path

import pytest

from simastra.config import NetworkConfig, SystemConfig
from simastra.engine import MessageArrived, MessageLost, MessageSent, Probe
from simastra.errors import Cause, DeadlockError, TimeRangeError
from simastra.explain import Category
from simastra.report.result_files import read_result
from simastra.scenario import ScenarioConfig
from simastra.simulation import Options, Simulation
from simastra.trace import Trace, TraceBuilder
from simastra.units import KiB

TREE = NetworkConfig(
    graph={
        "nodes": [{"name": it, "reduces": True} for it in ("leaf[0:2]", "spine")],
        "links": [
            {"from": "npu[0:2]", "to": "leaf.0", "bandwidth": 50, "latency": 500},
            {"from": "npu[2:4]", "to": "leaf.1", "bandwidth": 50, "latency": 500},
            {"from": "leaf[0:2]", "to": "spine", "bandwidth": 100, "latency": 500},
        ],
    }
)
SWITCH = NetworkConfig(
    topology=[{"name": "Switch", "reduces": True}], npus_count=[4], bandwidth=[50], latency=[500]
)
SHARP = SystemConfig(
    all_reduce_implementation=["sharp"], preferred_dataset_splits=1, local_mem_bw=1600
)


def skewed(waits: tuple[int, ...], *, absent: int | None = None) -> Trace:
    """An all-reduce after some microseconds, which one NPU may leave out."""
    builders = [TraceBuilder(npu) for npu in range(len(waits))]
    for npu, (builder, micros) in enumerate(zip(builders, waits, strict=True)):
        own = builder.compute("own", micros=micros)
        if npu != absent:
            builder.all_reduce("all", size=64 * KiB, after=own)
    return Trace.of(builders)


def test_where_the_time_went_sums_up_and_names_the_last_member_not_the_switch() -> None:
    explanation = Simulation(skewed((5, 30, 10, 20)), SHARP, TREE).explain()
    for row in explanation.attributions:
        assert row.total == explanation.makespan
        assert {*row.partners} == {1}  # its own data, where it was last
    assert [part.name for part in explanation.segments()] == ["own", "all"]
    last = explanation.segments()[-1]
    assert {"1", "leaf.0", "spine"} <= {*map(str, last.npus)}
    assert last.times[Category.LATENCY] == 4 * 500


def test_two_explained_runs_are_compared_as_files(tmp_path: Path) -> None:
    """Partners are NPUs there, and switches keep their names."""
    results = []
    for name, network in (("switch", SWITCH), ("tree", TREE)):
        result = Simulation(skewed((5, 30, 10, 20)), SHARP, network).run(explain=True)
        document = {"simastra": "0", "inputs": {}, "options": {}, "finished": True}
        (tmp_path / f"{name}.json").write_text(json.dumps(document | result.to_dict()))
        results.append(read_result(tmp_path / f"{name}.json"))
    switch, tree = results
    told = switch.diff(tree).text()
    assert f"{tree.makespan:,} ns rather than {switch.makespan:,} ns" in told
    assert "spine" in told
    assert "NPU 5" not in told


def test_what_waits_for_a_switch_waits_for_who_has_not_sent_to_it() -> None:
    run = Simulation(skewed((5, 30, 10, 20)), SHARP, TREE).start()
    run.env.run(until=6_000)
    chain = run.why(0).chain
    assert "NPU 1" in str(chain[0])
    run.env.run(until=31_000)  # NPU 1 sends
    (wait, *_) = run.why(2).chain
    assert wait.cause is Cause.UNDER_WAY
    assert "waits for 65,536 bytes from leaf.1, which waits for" in str(wait)
    assert "from leaf.0, which waits for 65,536 bytes from NPU 1, and the message is" in str(wait)


@pytest.mark.parametrize("network", [TREE, SWITCH])
def test_a_deadlock_names_who_does_not_come(network: NetworkConfig) -> None:
    with pytest.raises(DeadlockError, match="NPU 2") as told:
        Simulation(skewed((5, 30, 10, 20), absent=2), SHARP, network).run()
    assert {wait.cause for wait in told.value.waits} == {Cause.MISSING_COLLECTIVE}


class Heard(Probe):
    """Notes what is said of messages."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def on_message_sent(self, event: MessageSent) -> None:
        self.words.append(str(event))

    def on_message_arrived(self, event: MessageArrived) -> None:
        self.words.append(str(event))


def test_events_call_switches_by_their_names() -> None:
    heard = Heard()
    Simulation(skewed((1, 1, 1, 1)), SHARP, TREE).run(probes=[heard])
    words = "\n".join(heard.words)
    assert "NPU 0 sent 65,536 B to leaf.0, tag 0" in words
    assert "65,536 B from leaf.1 arrived at spine, tag -1" in words
    assert "spine sent 65,536 B to leaf.0, tag -1" in words
    assert not any(wrong in words for wrong in ("NPU 4", "NPU 5", "NPU 6"))
    unnamed = Heard()
    Simulation(skewed((1, 1, 1, 1)), SHARP, SWITCH).run(probes=[unnamed])
    assert "switch 4 sent 65,536 B to NPU 3, tag 0" in unnamed.words


def test_links_are_told_by_plain_numbers() -> None:
    result = Simulation(skewed((1, 1, 1, 1)), SHARP, SWITCH).run()
    ends = {type(end) for link in result.links for end in (link.src, link.dst)}
    assert ends == {int}


class _Losses(Probe):
    def __init__(self) -> None:
        self.told: list[str] = []

    def on_message_lost(self, event: MessageLost) -> None:
        self.told.append(str(event))


def test_what_a_switch_sent_is_lost_by_the_name_of_the_switch() -> None:
    heard = _Losses()
    down = {"links": "4 -> 1", "at": "2000ns", "until": "2700ns", "down": True}
    scenario = ScenarioConfig.parse({"links": [down]})
    Simulation(skewed((0, 0, 0, 0)), SHARP, SWITCH, scenario=scenario).run(probes=[heard])
    (told,) = heard.told
    assert told.startswith("65,536 B from switch 4 to NPU 1 are lost on link 4 -> 1")


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware", "fluid"])
def test_what_a_switch_sends_past_the_end_of_time_is_told(backend: str) -> None:
    slow = SWITCH.model_copy(update={"bandwidth": [1.0]})
    trace = TraceBuilder()
    trace.all_reduce("all", size=6 * 10**18)
    simulation = Simulation(trace, SHARP, slow, options=Options(backend=backend))
    with pytest.raises(TimeRangeError, match="bytes from switch 4 to NPU 0"):
        simulation.run()
