"""``auto`` takes the algorithms of the least simulated time, each collective by itself."""

import json
import pickle
from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import network, one_collective, system

from simastra import CommGroups, KiB, MiB, Trace, TraceBuilder
from simastra.collectives import ALGORITHMS, FOUR_COLLECTIVES
from simastra.config import NetworkConfig, SystemConfig
from simastra.errors import ConfigError
from simastra.notices import Severity
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType

AR, RS = CollectiveType.ALL_REDUCE, CollectiveType.REDUCE_SCATTER
MASTER = Options(dialect=dialect_named("master"))


def alone(
    listed: Sequence[object], kind: CollectiveType, size: int, machine: NetworkConfig
) -> Simulation:
    return Simulation(one_collective(kind, size), system(list(listed)), machine)  # type: ignore[arg-type]


def fastest(
    kind: CollectiveType,
    size: int,
    machine: NetworkConfig,
    names: Sequence[str] = tuple(ALGORITHMS),
) -> int:
    """The least of all that can be listed."""
    times = []
    for listed in product(names, repeat=machine.dimensions):
        try:
            times.append(alone(listed, kind, size, machine).run().makespan)
        except ConfigError:
            continue
    return min(times)


@settings(max_examples=12)
@given(
    kind=st.sampled_from(FOUR_COLLECTIVES),
    size=st.integers(1, 4 * MiB),
    topology=st.sampled_from(["Ring", "Switch", "FullyConnected"]),
    npus=st.integers(2, 9),
    bandwidth=st.sampled_from([1.0, 50.0]),
)
def test_no_algorithm_is_faster_on_one_dimension(
    kind: CollectiveType, size: int, topology: str, npus: int, bandwidth: float
) -> None:
    machine = network((topology, npus), bandwidth=bandwidth)
    simulation = alone(["auto"], kind, size, machine)
    assert simulation.run().makespan == fastest(kind, size, machine)


@pytest.mark.parametrize("kind", FOUR_COLLECTIVES)
@pytest.mark.parametrize("size", [1000, MiB])
def test_no_pair_is_faster_on_two_dimensions(kind: CollectiveType, size: int) -> None:
    machine = network(("Ring", 3), ("Switch", 2))
    simulation = alone(["auto", "auto"], kind, size, machine)
    assert simulation.run().makespan == fastest(kind, size, machine)


def test_what_is_listed_beside_it_stays() -> None:
    machine = network(("Ring", 4), ("Switch", 4))
    found = alone(["auto", "ring"], AR, MiB, machine).run().makespan
    each = [
        alone([name, "ring"], AR, MiB, machine).run().makespan
        for name in ("ring", "direct", "halvingDoubling", "bidirectionalRing", "swing")
    ]
    assert found == min(each)


def test_only_those_named_are_tried() -> None:
    machine = network(("Switch", 8))
    told = {"name": "auto", "among": ["ring", "halvingDoubling", "direct4"]}
    simulation = alone([told], AR, MiB, machine)
    names = ("ring", "halvingDoubling", "direct4")
    assert simulation.run().makespan == fastest(AR, MiB, machine, names)
    (decision,) = simulation.experiment.decisions
    assert {it.algorithms for it in decision.tried} == {(name,) for name in names}


def test_one_of_those_may_be_told_more_than_its_name() -> None:
    machine = network(("Switch", 8))
    of_four = {"name": "hierarchical", "node": 4, "outer": "rabenseifner"}
    of_two = {**of_four, "node": 2}
    simulation = alone([{"name": "auto", "among": [of_four, of_two, "ring"]}], AR, MiB, machine)
    each = [alone([it], AR, MiB, machine).run().makespan for it in (of_four, of_two, "ring")]
    assert simulation.run().makespan == min(each)
    (decision,) = simulation.experiment.decisions
    assert {(it.algorithms, it.time) for it in decision.tried} == {
        (("hierarchical (node 4, outer rabenseifner)",), each[0]),
        (("hierarchical (node 2, outer rabenseifner)",), each[1]),
        (("ring",), each[2]),
    }


def test_each_size_has_its_own() -> None:
    machine = network(("Switch", 16), bandwidth=400)
    told = {"name": "auto", "among": ["ring", "recursiveDoubling"]}
    trace = TraceBuilder()
    sizes = (KiB, 64 * MiB, 2 * KiB, KiB)
    last = ()
    for size in sizes:
        last = (trace.all_reduce(f"{size}", size=size, after=last),)
    simulation = Simulation(trace, system([told]), machine)  # type: ignore[list-item]
    taken = {it.size: it.taken.algorithms for it in simulation.experiment.decisions}
    assert taken == {
        KiB: ("recursiveDoubling",),
        2 * KiB: ("recursiveDoubling",),
        64 * MiB: ("ring",),
    }
    each = [alone([told], AR, size, machine).run().makespan for size in sizes]
    assert simulation.run(shortcuts="off").makespan == sum(each)


def in_groups(listed: Sequence[object], machine: NetworkConfig) -> Simulation:
    """Of 16 NPUs four neighbours are a group, and those that are four apart, with another size."""
    groups = {str(1 + k): list(range(4 * k, 4 * k + 4)) for k in range(4)}
    groups |= {str(5 + k): list(range(k, 16, 4)) for k in range(4)}
    traces = []
    for npu in range(16):
        trace = TraceBuilder()
        inner = trace.all_reduce("inner", size=KiB, group=1 + npu // 4)
        trace.all_reduce("outer", size=MiB, group=5 + npu % 4, after=inner)
        traces.append(trace)
    return Simulation(
        Trace.of(traces),
        system(list(listed)),  # type: ignore[arg-type]
        machine,
        comm_groups=CommGroups.parse(groups),
        options=MASTER,
    )


def test_groups_that_lie_alike_are_decided_once() -> None:
    simulation = in_groups(["auto", "auto"], network(("Ring", 4), ("Switch", 4)))
    decisions = simulation.experiment.decisions
    assert [(it.size, it.group, it.groups) for it in decisions] == [
        (KiB, (0, 1, 2, 3), 4),
        (MiB, (0, 4, 8, 12), 4),
    ]
    for tried in decisions[0].tried:  # what is named takes what it was said to take
        named = in_groups([*tried.algorithms], network(("Ring", 4), ("Switch", 4)))
        inner = [nodes[0].duration for nodes in named.run().nodes]
        assert max(inner) >= tried.bound if tried.time is None else max(inner) == tried.time


def test_a_run_of_groups_is_the_sum_of_its_decisions() -> None:
    machine = network(("Ring", 4), ("Switch", 4))
    simulation = in_groups(["auto", "auto"], machine)
    result = simulation.run(shortcuts="off")
    assert result.makespan == sum(it.taken.time or 0 for it in simulation.experiment.decisions)
    assert simulation.run(shortcuts="always").finishes == result.finishes


def test_groups_at_one_end_of_a_line_and_in_its_middle_are_told_apart() -> None:
    traces = [TraceBuilder() for _ in range(8)]
    groups = {"1": [0, 1], "2": [2, 5], "3": [3, 4], "4": [6, 7]}
    for number, members in groups.items():
        for npu in members:
            traces[npu].all_reduce("pair", size=KiB, group=int(number))
    simulation = Simulation(
        Trace.of(traces),
        system(["auto"]),
        network(("Ring", 8)),
        comm_groups=CommGroups.parse(groups),
        options=MASTER,
    )
    found = [(it.group, it.groups) for it in simulation.experiment.decisions]
    assert found == [((0, 1), 3), ((2, 5), 1)]


def test_on_a_graph_it_decides_too() -> None:
    graph = {
        "links": [
            {"ring": "npu[0:4]", "bandwidth": 50, "latency": 500},
            {"from": "npu.0", "to": "npu.2", "bandwidth": 10, "latency": 100},
        ],
    }
    machine = NetworkConfig.parse({"graph": graph})
    simulation = alone(["auto"], AR, MiB, machine)
    assert simulation.run().makespan == fastest(AR, MiB, machine)


def test_the_result_says_what_was_taken_and_what_else_there_was() -> None:
    simulation = alone(["auto"], RS, MiB, network(("Switch", 6)))
    result = simulation.run()
    (told,) = json.loads(json.dumps(result.to_dict()))["algorithms"]
    assert (told["collective"], told["size"], told["npus"]) == ("REDUCE_SCATTER", MiB, 6)
    assert told["time"] == result.makespan
    assert all(it.get("time", it.get("at_least")) >= told["time"] for it in told["others"])
    assert "power of two" in told["unable"]["swing"]
    (notice,) = [it for it in simulation.notices if it.code == "algorithm-decided"]
    assert notice.severity is Severity.INFO
    assert notice.where.endswith("reduce-scatter-implementation")
    assert f"{told['algorithms'][0]} for 1,048,576 B among 6 NPUs, {told['time']:,} ns" in str(
        notice
    )


def test_it_is_decided_anew_for_another_network() -> None:
    told = {"name": "auto", "among": ["ring", "recursiveDoubling"]}
    slow, fast = network(("Switch", 8), bandwidth=1), network(("Switch", 8), bandwidth=4000)
    simulation = alone([told], AR, 256 * KiB, slow)
    other = simulation.with_(network=fast)
    taken = [it.experiment.decisions[0].taken.algorithms for it in (simulation, other)]
    assert taken == [("ring",), ("recursiveDoubling",)]
    assert other.run().finishes == alone([told], AR, 256 * KiB, fast).run().finishes


def test_it_can_be_pickled_and_decides_alike() -> None:
    simulation = alone(["auto"], AR, 5000, network(("Ring", 5)))
    copy = pickle.loads(pickle.dumps(simulation))
    assert copy.run() == simulation.run()
    assert (
        copy.experiment.decisions
        == alone(["auto"], AR, 5000, network(("Ring", 5))).experiment.decisions
    )


@pytest.mark.parametrize("backend", ["congestion-unaware", "fluid"])
def test_it_decides_for_the_backend_at_hand(backend: str) -> None:
    machine, options = network(("Ring", 6), bandwidth=2), Options(backend=backend)
    work = one_collective(AR, MiB)

    def makespan(listed: str) -> int:
        return Simulation(work, system([listed]), machine, options=options).run().makespan

    in_switches = {"nvls", "sharp"}  # of which there are none
    names = ALGORITHMS.keys() - in_switches
    able = [it for it in names if ALGORITHMS[it].plain.problem(AR, 6) is None]
    assert makespan("auto") == min(map(makespan, able))


def test_switches_reduce_where_that_is_fastest() -> None:
    parts = {"npus_count": [4], "bandwidth": [50], "latency": [500]}
    reducing = NetworkConfig.parse({"topology": [{"name": "Switch", "reduces": True}], **parts})
    simulation = alone(["auto"], AR, 4 * MiB, reducing)
    assert simulation.run().makespan == fastest(AR, 4 * MiB, reducing)
    assert any(it.algorithms == ("nvls",) for it in simulation.experiment.decisions[0].tried)
    (plain,) = alone(["auto"], AR, 4 * MiB, network(("Switch", 4))).experiment.decisions
    assert "say in the network file which does" in dict(plain.unable)["nvls"]


def test_a_collective_over_some_dimensions_is_decided_for_those() -> None:
    trace = TraceBuilder()
    trace.all_reduce("line", size=MiB, dims=(False, True))
    simulation = Simulation(trace, system(["auto", "auto"]), network(("Ring", 4), ("Switch", 6)))
    assert simulation.run().makespan == fastest(AR, MiB, network(("Switch", 6)))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "auto", "among": ["rinq"]}, "unknown algorithm 'rinq'; did you mean 'ring'"),
        ({"name": "auto", "among": []}, r"\[0\]\.among: "),
        ({"name": "auto", "amung": ["ring"]}, "unknown key 'amung'; did you mean 'among'"),
        ({"name": "auto", "among": ["auto"]}, "'auto' stands for several algorithms"),
        (
            {"name": "auto", "among": ["ring", {"name": "hierarchical", "oute": "swing"}]},
            r"\[0\]\.among\[1\].*unknown key 'oute'",
        ),
        ({"name": "auto", "among": [{"name": "ring", "node": 4}]}, "ring takes no options"),
        ({"name": "auto", "among": [{"name": "auto"}]}, "'auto' stands for several algorithms"),
        ({"name": "auto", "among": [{"node": 4}]}, "lacks the key 'name'"),
        ("oneAuto", "list it once for each dimension, not as 'oneAuto'"),
        (
            {"name": "auto", "among": ["bruck", "pat"]},
            "none of those .* bruck can't run ALL_REDUCE",
        ),
        ({"name": "auto", "among": ["swing"]}, "power of two"),
        ("autos", "did you mean 'auto'"),
    ],
)
def test_what_makes_no_sense_is_told_by_its_key(entry: object, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as raised:
        alone([entry], AR, MiB, network(("Switch", 6)))
    assert str(raised.value).startswith("system: all-reduce-implementation[0]")


def test_where_durations_are_replayed_nothing_is_decided() -> None:
    config: SystemConfig = system(["auto"], replay_only=1)
    simulation = Simulation(one_collective(AR, MiB), config, network(("Switch", 8)))
    assert simulation.experiment.decisions == ()


def uneven(listed: str) -> Simulation:
    """An all-to-all in which one of four has twice as much for its neighbour."""
    ranks = [TraceBuilder(npu) for npu in range(4)]
    for npu, rank in enumerate(ranks):
        rank.all_to_all(
            "dispatch", sizes=[MiB * (2 if npu == peer - 1 else 1) for peer in range(4)]
        )
    return Simulation(Trace.of(ranks), system([listed]), network(("Switch", 4)), options=MASTER)


@pytest.mark.filterwarnings("ignore:.*uneven-collective")
def test_parts_of_different_sizes_are_run_by_what_can() -> None:
    simulation = uneven("auto")
    (decision,) = simulation.experiment.decisions
    able = [name for tried in decision.tried for name in tried.algorithms]
    assert {"ring", "direct", "pairwise", "bruck"} <= {*able}
    assert simulation.run().makespan == min(uneven(name).run().makespan for name in able)
    for name in ALGORITHMS.keys() - {*able}:
        assert name in dict(decision.unable)
        with pytest.raises(ConfigError):
            uneven(name)
