"""Parts of one's own give the same numbers whatever the setting: what they promise is theirs.

Each comes in every way that there is: written into a table, handed over in `Tables`, as a subclass,
with attributes of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest
from support.machines import network, one_collective, system

from simastra.cli.progress import ProgressBar
from simastra.collectives import (
    ALGORITHMS,
    Algorithm,
    AlgorithmEntry,
    LogicalRing,
    PhaseMachine,
    RingAlgorithm,
    RingSymmetry,
)
from simastra.collectives.algorithms.direct import Direct
from simastra.collectives.algorithms.double_binary_tree import DoubleBinaryTree
from simastra.config import CommGroups, MemoryConfig, MemoryType
from simastra.dialect import MASTER
from simastra.engine import Agenda, Completion, Environment, NodeFinished, Probe, needs_events
from simastra.explain import Category
from simastra.memory import MEMORY_MODELS, RemoteMemory
from simastra.memory.servers import PerNpuMemory
from simastra.network import BACKENDS, LinkTiming, MakeNetwork, Network
from simastra.network.congestion_unaware import CongestionUnaware
from simastra.network.topology import (
    TOPOLOGIES,
    BasicTopology,
    LineSymmetry,
    RingTopology,
    Topology,
)
from simastra.result import Result
from simastra.shortcut_use import Shortcut
from simastra.simulation import Options, Simulation, Tables
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB, Ns

NPUS = 8
SETTINGS = ("off", "auto", "always")
GRADIENTS = one_collective(CollectiveType.ALL_REDUCE, 8 * KiB)


@pytest.fixture(autouse=True)
def auto_tries_however_little_there_is_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simastra.simulation.choice.WORTH_A_SHORTCUT", -1)


def run(
    trace: Trace | TraceBuilder,
    topology: str = "Ring",
    algorithm: str = "ring",
    options: Options | None = None,
    npus: int = NPUS,
    **more: Any,
) -> Result:
    """The result under every setting, which must be one and the same, with `always`'s shortcuts."""
    shape = network(("Ring", npus)).model_copy(update={"topology": (topology,)})
    inputs = {key: more.pop(key) for key in ("memory", "comm_groups") if key in more}
    given = replace(options or Options(), shortcuts="off")
    simulation = Simulation(trace, system([algorithm], **more), shape, options=given, **inputs)
    results = [simulation.run(shortcuts=setting) for setting in SETTINGS]
    for result in results[1:]:
        assert result.cycles == results[0].cycles
        assert [list(nodes) for nodes in result.nodes] == [list(it) for it in results[0].nodes]
    assert results[1].shortcuts
    return results[-1]


def refusal(result: Result, shortcut: Shortcut = Shortcut.FOLD) -> str:
    (path,) = (path for path in result.shortcuts if path.shortcut is shortcut)
    assert not path.taken
    return path.reason


def is_folded(result: Result) -> bool:
    return any(use.taken and use.shortcut is Shortcut.FOLD for use in result.shortcuts)


def skewed(npus: int = NPUS) -> Trace:
    """NPUs come to an all-reduce at different times."""
    builders = [TraceBuilder(npu) for npu in range(npus)]
    for npu, builder in enumerate(builders):
        own = builder.compute("own", micros=1 + npu)
        builder.all_reduce("gradients", size=8 * KiB, after=own)
    return Trace.of(builders)


# -- backends --------------------------------------------------------------------------------------


class Uneven(CongestionUnaware):
    """Messages of NPU 0 take a microsecond longer."""

    def delay(self, src: int, dst: int, size: int, tag: int = 0) -> int:
        return super().delay(src, dst, size, tag) + 1000 * (src == 0)


def uneven(env: Environment, topology: Topology, probe: Probe) -> Network:
    return Uneven(env, topology, probe)


@dataclass
class Maker:
    """A backend that has parameters; two are equal, and none has a hash."""

    late: int = 1000

    def __call__(self, *args: Any) -> Network:
        return uneven(*args)


MAKERS = {"function": uneven, "object": Maker(), "partial": partial(uneven)}
NAMES = ("mine", "congestion-unaware", "congestion-aware")


WORKLOADS: dict[str, tuple[Trace | TraceBuilder, Ns, Ns]] = {
    "alike": (GRADIENTS, 29_244, 36_244),
    "skewed": (skewed(), 37_244, 44_244),
}
"""Traces, how long they take on a known backend, and how long on the uneven one."""


@pytest.mark.parametrize("workload", WORKLOADS.values(), ids=WORKLOADS)
@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("written", ["into the table", "in Tables"])
def test_a_backend_of_ones_own_is_simulated_event_by_event(
    written: str,
    name: str,
    make: MakeNetwork,
    workload: tuple[Trace | TraceBuilder, Ns, Ns],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trace, known, mine = workload
    assert run(trace).makespan == known
    if written == "into the table":
        monkeypatch.setitem(BACKENDS, name, make)
        options = Options(backend=name)
    else:
        options = Options(backend=name, tables=Tables(backends={**BACKENDS, name: make}))
    result = run(trace, options=options)
    assert result.makespan == mine
    unknown = f"nothing is known about the network backend {name!r}"
    assert refusal(result) == refusal(result, Shortcut.SKEW) == unknown


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
def test_a_known_backend_under_another_name_is_folded_as_what_it_is(backend: str) -> None:
    tables = Tables(backends={"mine": BACKENDS[backend]})
    result = run(GRADIENTS, algorithm="direct", options=Options(backend="mine", tables=tables))
    assert is_folded(result)
    expected = run(GRADIENTS, algorithm="direct", options=Options(backend=backend)).makespan
    assert result.makespan == expected


def test_an_explanation_knows_no_backend_that_only_looks_like_a_known_one() -> None:
    """How much of it the wire takes isn't known; it was taken for the known one's."""
    options = Options("mine", tables=Tables(backends={"mine": uneven}))
    simulation = Simulation(GRADIENTS, system(), network(("Ring", NPUS)), options=options)
    times = simulation.explain().attribution(1).times
    assert times[Category.LATENCY] == 28_224 + 7000
    assert times[Category.SERIALISATION] == 0


# -- topologies ------------------------------------------------------------------------------------


class Line(RingTopology):  # type: ignore[misc]
    """A ring without the link from the last to the first."""

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        step = 1 if dst >= src else -1
        return tuple(range(src, dst + step, step))

    def hop_count(self, src: int, dst: int) -> int:
        return abs(dst - src)


class LongLine(Line):
    """The same, one class further on."""


class Hops:
    """What a line changes, to be mixed in."""

    route = Line.route
    hop_count = Line.hop_count


class MixedIn(Hops, RingTopology):  # type: ignore[misc]
    """A line as a mixture."""


class LateLine(RingTopology):  # type: ignore[misc]
    """Becomes a line below, after it has been made."""


LateLine.route = Line.route  # type: ignore[method-assign]  # as a notebook may
LateLine.hop_count = Line.hop_count  # type: ignore[method-assign]


class FromNothing(BasicTopology):
    """A line that promises nothing."""

    route = Line.route


class Wrapped:
    """A ring in a wrapper that has ways of its own; all else is the ring's."""

    def __init__(self, npus: int, link: LinkTiming) -> None:
        self.inner = RingTopology(npus, link)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    route = Line.route
    hop_count = Line.hop_count
    hops = RingTopology.hops
    path = RingTopology.path
    link_between = RingTopology.link_between


def patched(npus: int, link: LinkTiming) -> Topology:
    """A ring whose methods are replaced in the one object."""
    line, ring = Line(npus, link), RingTopology(npus, link)
    ring.route = line.route  # type: ignore[method-assign]
    ring.hop_count = line.hop_count  # type: ignore[method-assign]
    return ring


LINES: dict[str, Any] = {
    "subclass": Line,
    "of a subclass": LongLine,
    "mixture": MixedIn,
    "changed later": LateLine,
    "promises nothing": FromNothing,
    "wrapper": Wrapped,
    "patched": patched,
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("name", ["Line", "Ring"])
@pytest.mark.parametrize("backend", ["aware", "unaware"])
@pytest.mark.parametrize("written", ["into the table", "in Tables"])
@pytest.mark.parametrize("trace", [GRADIENTS, skewed()], ids=["alike", "skewed"])
def test_a_topology_inherits_no_promise_that_it_may_break(
    trace: Trace | TraceBuilder,
    written: str,
    backend: str,
    name: str,
    line: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = Options(f"congestion-{backend}")
    if written == "into the table":
        monkeypatch.setitem(TOPOLOGIES, name, line)
    else:
        options = replace(options, tables=Tables(topologies={**TOPOLOGIES, name: line}))
    result = run(trace, topology=name, options=options)
    assert "don't go to links" in refusal(result)
    # Rings are computed over whatever ways there are, as long as these don't meet.
    assert [it.taken for it in result.shortcuts if it.shortcut is Shortcut.SKEW] == [True]
    ends = {"aware": (50_412, 58_412), "unaware": (50_244, 58_244)}
    assert result.makespan == ends[backend][trace is not GRADIENTS]


class RouteAlone(RingTopology):  # type: ignore[misc]
    """A line that doesn't say how long its ways are: its routes do."""

    route = Line.route


@pytest.mark.parametrize(("backend", "end"), [("aware", 50_412), ("unaware", 50_244)])
def test_ways_are_as_long_as_the_routes_are(backend: str, end: Ns) -> None:
    tables = Tables(topologies={**TOPOLOGIES, "Line": RouteAlone})
    options = Options(f"congestion-{backend}", tables=tables)
    assert run(GRADIENTS, topology="Line", options=options).makespan == end


class Named(RingTopology):  # type: ignore[misc]
    """A ring by another name, and nothing else."""


def test_a_class_that_changes_nothing_is_as_good_as_its_base() -> None:
    options = Options(tables=Tables(topologies={**TOPOLOGIES, "Named": Named}))
    result = run(GRADIENTS, topology="Named", options=options)
    assert is_folded(result)
    assert result.makespan == 29_244


class Restated(Line):
    """A ring again, whose class says so itself."""

    symmetry = RingTopology.symmetry
    route = RingTopology.route
    hop_count = RingTopology.hop_count


def test_a_class_may_promise_anew() -> None:
    options = Options(tables=Tables(topologies={**TOPOLOGIES, "Restated": Restated}))
    assert is_folded(run(GRADIENTS, topology="Restated", options=options))


class TwoPlanes(BasicTopology):
    """Two switches: which one a message takes depends on where it comes from and goes to."""

    symmetry = LineSymmetry.ROTATIONS  # true: the switches keep or change places

    @property
    def devices(self) -> int:
        return self.npus + 2

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        return (src, self.npus + (src + dst) % 2, dst)


def test_several_switches_are_told_apart() -> None:
    options = Options(tables=Tables(topologies={**TOPOLOGIES, "TwoPlanes": TwoPlanes}))
    exchange = one_collective(CollectiveType.ALL_TO_ALL, 256 * KiB)
    result = run(exchange, topology="TwoPlanes", algorithm="direct", options=options)
    assert "a TwoPlanes has several switches, which may change places" in refusal(result)
    one_plane = run(exchange, topology="Switch", algorithm="direct")
    assert result.makespan < one_plane.makespan


# -- algorithms ------------------------------------------------------------------------------------


def tree(
    _self: object, collective: CollectiveType, size: int, ring: LogicalRing, turn: int = 0
) -> PhaseMachine:
    """A member's part in a double binary tree."""
    return DoubleBinaryTree().machine(collective, size, ring, turn)


class TreeOfARing(RingAlgorithm):  # type: ignore[misc]
    """What was a ring is a tree."""

    machine = tree


class TreeFromNothing(Algorithm):
    """A tree that promises nothing."""

    machine = tree

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        return None


def patched_ring() -> Algorithm:
    ring = RingAlgorithm()
    object.__setattr__(ring, "machine", DoubleBinaryTree().machine)
    return ring


TREES: dict[str, Callable[[], Algorithm]] = {
    "subclass": TreeOfARing,
    "promises nothing": TreeFromNothing,
    "patched": patched_ring,
}


@pytest.mark.parametrize("tree", TREES.values(), ids=TREES)
@pytest.mark.parametrize("name", ["tree", "ring"])
@pytest.mark.parametrize("written", ["into the table", "in Tables"])
@pytest.mark.parametrize("trace", [GRADIENTS, skewed()], ids=["alike", "skewed"])
def test_an_algorithm_inherits_no_promise_that_it_may_break(
    trace: Trace | TraceBuilder,
    written: str,
    name: str,
    tree: Callable[[], Algorithm],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = run(trace, algorithm="doubleBinaryTree").cycles
    options = Options()
    if written == "into the table":
        monkeypatch.setitem(ALGORITHMS, name, AlgorithmEntry(tree()))
    else:
        options = Options(tables=Tables(algorithms={**ALGORITHMS, name: AlgorithmEntry(tree())}))
    result = run(trace, algorithm=name, options=options)
    assert result.cycles == expected
    assert refusal(result) == f"nothing is known about the algorithm {tree().name}"
    assert refusal(result, Shortcut.SKEW) == f"{name} isn't a ring"


class ByNode(Algorithm):
    """A ring, or among NPUs from 8 on a direct exchange; it says nothing of itself."""

    def machine(
        self, collective: CollectiveType, size: int, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        near = ring.members[0] < 4
        algorithm: Algorithm = RingAlgorithm() if near else Direct()
        return algorithm.machine(collective, size, ring, turn)

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        return None


@pytest.mark.parametrize(("grouped", "direct"), [(False, 8456), (True, 8576)])
def test_an_algorithm_may_look_at_which_npus_the_members_are(direct: int, *, grouped: bool) -> None:
    """NPUs 0 to 3 do otherwise than 4 to 7, though nothing in their traces differs."""
    tables = Tables(algorithms={**ALGORITHMS, "byNode": AlgorithmEntry(ByNode())})
    options = Options(dialect=MASTER, tables=tables, shortcuts="off")
    groups = CommGroups.parse({"1": [0, 1, 2, 3], "2": [4, 5, 6, 7]}) if grouped else None
    shape = network(("Switch", 8)) if grouped else network(("Switch", 4), ("Switch", 2))
    builders = [TraceBuilder(npu) for npu in range(8)]
    for npu, builder in enumerate(builders):
        group = 1 + npu // 4 if grouped else None
        builder.all_reduce("gradients", size=8 * KiB, dims=[True, False], group=group)
    algorithms = ["byNode"] if grouped else ["byNode", "ring"]
    simulation = Simulation(
        Trace.of(builders), system(algorithms), shape, comm_groups=groups, options=options
    )
    cycles = {npu: 25_072 if npu < 4 else direct for npu in range(8)}
    for setting in SETTINGS:
        result = simulation.run(shortcuts=setting)
        assert result.cycles == cycles
    assert refusal(result) == "nothing is known about the algorithm ByNode"


@dataclass(frozen=True, slots=True)
class EveryOther(Algorithm):
    """A ring in even turns, a direct exchange in odd ones. All members do alike."""

    symmetry = RingSymmetry.SHIFTS

    def machine(
        self, collective: CollectiveType, size: int, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        algorithm: Algorithm = Direct() if turn % 2 else RingAlgorithm()
        return algorithm.machine(collective, size, ring, turn)

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        return None


def test_an_algorithm_that_alternates_is_folded_but_not_looked_up() -> None:
    trace = TraceBuilder()
    first = trace.all_reduce("first", size=8 * KiB)
    second = trace.all_reduce("second", size=8 * KiB, after=first)
    trace.all_reduce("third", size=8 * KiB, after=second)
    options = Options(
        tables=Tables(algorithms={**ALGORITHMS, "other": AlgorithmEntry(EveryOther())})
    )
    result = run(
        trace, topology="Switch", algorithm="other", options=options, preferred_dataset_splits=1
    )
    assert is_folded(result)
    ends = [record.finished for record in result.nodes[0]]
    ring, direct, again = ends[0], ends[1] - ends[0], ends[2] - ends[1]
    assert ring == again
    assert direct < ring // 3


# -- memories --------------------------------------------------------------------------------------


class Queueing(PerNpuMemory):  # type: ignore[misc]
    """One access at a time, whoever asks."""

    free_at = 0

    def access(self, npu: int, agenda: Agenda, size: int) -> Completion:
        done = Completion(agenda.env)
        self.free_at = max(agenda.env.now, self.free_at) + self.duration(size)
        agenda.call_later(self.free_at - agenda.env.now, done.fire)
        return done


class SlowForSome(PerNpuMemory):  # type: ignore[misc]
    """Nobody waits, but the last NPU has a memory eight times as slow."""

    is_shared = False

    def access(self, npu: int, agenda: Agenda, size: int) -> Completion:
        done = Completion(agenda.env)
        duration = self.duration(size) * (8 if npu == NPUS - 1 else 1)
        agenda.call_later(duration, done.fire)
        return done


def patched_memory(latency: int, bytes_per_ns: int) -> RemoteMemory:
    memory = PerNpuMemory(latency, bytes_per_ns)
    memory.access = Queueing(latency, bytes_per_ns).access  # type: ignore[method-assign]
    return memory


MEMORIES: dict[str, tuple[Callable[[int, int], RemoteMemory], str]] = {
    "subclass": (Queueing, "NPUs queue for remote memory"),
    "uneven": (SlowForSome, "remote memory may serve one NPU faster than another"),
    "patched": (patched_memory, "NPUs queue for remote memory"),
}


@pytest.mark.parametrize(("make", "reason"), MEMORIES.values(), ids=MEMORIES)
@pytest.mark.parametrize("written", ["into the table", "in Tables"])
def test_a_memory_inherits_no_promise_that_it_may_break(
    written: str,
    make: Callable[[int, int], RemoteMemory],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind = MemoryType.PER_NPU_MEMORY_EXPANSION

    def made(config: MemoryConfig) -> RemoteMemory:
        return make(config.remote_mem_latency, config.remote_mem_bw)

    options = Options()
    if written == "into the table":
        monkeypatch.setitem(MEMORY_MODELS, kind, made)
    else:
        options = Options(tables=Tables(memories={**MEMORY_MODELS, kind: made}))
    trace = TraceBuilder()
    trace.load("weights", tensor_size=1024 * KiB)
    memory = MemoryConfig(memory_type=kind, remote_mem_latency=100, remote_mem_bw=50)
    result = run(trace, memory=memory, options=options)
    assert result.makespan == 8 * 21_071
    assert refusal(result) == reason


# -- probes ----------------------------------------------------------------------------------------


class Content(Probe):
    """Can do without what it doesn't hear."""

    may_miss_events = True


class Listening(Content):
    """Hears of nodes."""

    def __init__(self) -> None:
        self.heard = 0

    def on_node_finished(self, event: NodeFinished) -> None:
        self.heard += 1


def test_a_probe_inherits_no_leave_to_tell_it_nothing() -> None:
    options = Options(shortcuts="always")
    probe = Listening()
    simulation = Simulation(GRADIENTS, system(), network(("Ring", NPUS)), options=options)
    simulation.run(probes=[probe])
    assert probe.heard == NPUS


def test_the_progress_bar_is_content_with_a_shortcut() -> None:
    assert not needs_events(ProgressBar())
