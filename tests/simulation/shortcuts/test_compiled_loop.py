"""The compiled loop beside the plain path: the same ends, in the same order, nodes and links.

It needs numba, the extra ``fast``.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from random_families import FAMILIES, case_of
from support.cases import Case, load_cases, node_times, simulation_of
from support.extensions import OWN_ALGORITHMS, OWN_BACKENDS
from support.machines import network, one_collective, system

from simastra.collectives import ALGORITHMS, FOUR_COLLECTIVES, choose
from simastra.config import NetworkConfig
from simastra.engine import MessageSent, Probe
from simastra.errors import DeadlockError
from simastra.network import BACKENDS
from simastra.result import Result
from simastra.shortcut_use import Shortcut
from simastra.simulation import Options, Simulation, Tables, dialect_named, differences
from simastra.simulation.choice import compiling_pays
from simastra.simulation.compiled import installed
from simastra.simulation.event_count import event_count
from simastra.simulation.experiment import Experiment
from simastra.simulation.promised import has_scores
from simastra.simulation.shortcuts.outcome import ShortcutResult
from simastra.trace import CollectiveType, Node, Trace, TraceBuilder
from simastra.units import KiB, MiB

pytest.importorskip("numba", reason="needs the extra fast")

from compiled_oracle import compiled, different, plain  # not before that

from simastra.simulation.compiled.machine import Built, build

GOLDEN = [
    case
    for name in ("hoti2024", "hoti2024_wide", "master", "master_wide", "multidim_aware")
    for case in load_cases(name)
]
SEEDS = range(6)


# -- exactness -------------------------------------------------------------------------------------


def is_golden(case: Case, outcome: ShortcutResult) -> bool:
    """Whether that is ASTRA-sim's answer."""
    expected = case["expect"]
    cycles = {str(finish.npu): finish.cycles for finish in outcome.finishes}
    return (
        cycles == expected["cycles"]
        and [finish.npu for finish in outcome.finishes] == expected["order"]
        and all(
            node_times(outcome.nodes[int(npu)], recorded) == sorted(map(list, recorded))
            for npu, recorded in expected.get("trace", {}).items()
        )
    )


def test_golden_cases_run_as_in_astra_sim() -> None:
    """All of them but those at whose end something is in doubt, which the plain path tells."""
    refused: Counter[str] = Counter()
    wrong = []
    for case in GOLDEN:
        outcome = compiled(simulation_of(case))
        if isinstance(outcome, str):
            refused[outcome] += 1
        elif not is_golden(case, outcome):
            wrong.append(case["name"])
    assert not wrong
    assert refused == {"NPUs begin collectives in different order": 1}


@pytest.mark.parametrize("family", FAMILIES)
def test_random_cases_run_as_on_the_plain_path(family: str) -> None:
    for seed in SEEDS:
        simulation = case_of(family, seed).simulation()
        outcome, expected = compiled(simulation), plain(simulation)
        if isinstance(expected, str):
            assert isinstance(outcome, str), seed
        elif isinstance(outcome, ShortcutResult):
            assert not different(outcome, expected), seed


SCORED = [name for name, entry in ALGORITHMS.items() if has_scores(entry.plain)]
"""What the loop can play: where switches take part, it can't."""


def collective_of(name: str, *npus: int) -> CollectiveType:
    """The first collective that an algorithm runs among each of these numbers of members."""
    algorithm = choose(name, {**ALGORITHMS, **OWN_ALGORITHMS}).algorithm
    return next(
        it for it in FOUR_COLLECTIVES if not any(algorithm.problem(it, count) for count in npus)
    )


def optimization_of(name: str) -> str:
    """Lower dimensions reduce-scatter and gather, if the algorithm does that."""
    algorithm = choose(name, ALGORITHMS).algorithm
    halves = CollectiveType.REDUCE_SCATTER, CollectiveType.ALL_GATHER
    return "baseline" if any(algorithm.problem(it, 8) for it in halves) else "localBWAware"


@pytest.mark.parametrize("rendezvous", ["", "handshakes"])
@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
@pytest.mark.parametrize("algorithm", [*SCORED, "direct3", "oneRing"])
def test_every_algorithm_on_several_dimensions(
    algorithm: str, backend: str, rendezvous: str
) -> None:
    trace = TraceBuilder()
    last: tuple[Node, ...] = ()
    runs = collective_of(algorithm, 8, 4)
    for size in (64 * KiB, 1000, 64 * KiB, 3):
        last = (trace.collective(runs, f"{size}", size=size, after=last),)
    simulation = Simulation(
        trace,
        system([algorithm] * 2, collective_optimization=optimization_of(algorithm)),
        network(("Ring", 8), ("Switch", 4)),
        options=Options(backend, rendezvous=bool(rendezvous), queues_per_dimension=2),
    )
    outcome, expected = compiled(simulation), plain(simulation)
    assert isinstance(outcome, ShortcutResult)
    assert isinstance(expected, Result)
    assert not different(outcome, expected)


@pytest.mark.parametrize("algorithm", SCORED)
def test_every_algorithm_over_a_shared_bus(algorithm: str) -> None:
    """So many chunks that ends of the bus yield to each other."""
    trace = TraceBuilder()
    for size in (MiB, 1000, 0):
        trace.collective(collective_of(algorithm, 8), f"{size}", size=size)
    simulation = Simulation(
        trace,
        system(
            [algorithm],
            model_shared_bus=1,
            preferred_dataset_splits=12,
            active_chunks_per_dimension=12,
            L=3.0,
            o=2.0,
            g=40.0,
            G=0.0137,
        ),
        network(("Ring", 8)),
    )
    outcome, expected = compiled(simulation), plain(simulation)
    assert isinstance(outcome, ShortcutResult)
    assert isinstance(expected, Result)
    assert not different(outcome, expected)


def test_pools_grow_while_it_runs() -> None:
    """An all-to-all among 64 has 4,032 messages under way at once; pools begin with 1,024."""
    simulation = Simulation(
        one_collective(CollectiveType.ALL_TO_ALL, MiB),
        system(["direct"]),
        network(("Switch", 64)),
    )
    outcome, expected = compiled(simulation), plain(simulation)
    assert isinstance(outcome, ShortcutResult)
    assert isinstance(expected, Result)
    assert not different(outcome, expected)


def test_what_one_node_begins_may_take_more_than_there_is_at_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twice as many messages as there is room for: then it begins anew."""
    traces = []
    for npu in range(2):
        trace = TraceBuilder(npu)
        for tag in range(3000):
            trace.send(f"out {tag}", to=1 - npu, size=tag % 7, tag=tag)
            trace.recv(f"in {tag}", source=1 - npu, size=tag % 7, tag=tag)
        traces.append(trace.nodes)
    everything_at_once = Options(dialect=dialect_named("master"))
    simulation = Simulation(
        Trace.of(traces), system(["ring"]), network(("Ring", 2)), options=everything_at_once
    )
    builds = []

    def counted(experiment: Experiment) -> Built:
        builds.append(experiment)
        return build(experiment)

    monkeypatch.setattr("simastra.simulation.compiled.run.build", counted)
    outcome, expected = compiled(simulation), plain(simulation)
    assert isinstance(outcome, ShortcutResult)
    assert isinstance(expected, Result)
    assert not different(outcome, expected)
    assert len(builds) == 2


def test_a_collective_has_room_for_what_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 3,000 chunks, and of 1,022 messages in and out at once."""
    builds = []

    def counted(experiment: Experiment) -> Built:
        builds.append(experiment)
        return build(experiment)

    monkeypatch.setattr("simastra.simulation.compiled.run.build", counted)
    many = system(["ring"], preferred_dataset_splits=3000)
    compiled(Simulation(one_collective(CollectiveType.ALL_REDUCE), many, network(("Ring", 2))))
    wide = system(["direct"], preferred_dataset_splits=1)
    compiled(Simulation(one_collective(CollectiveType.ALL_TO_ALL), wide, network(("Switch", 512))))
    assert len(builds) == 2


def test_it_goes_on_after_a_pause() -> None:
    """Every ten million calls, for signals; two million messages take more. Folded it is one."""
    simulation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE, MiB),
        system(["ring"], preferred_dataset_splits=4),
        network(("Ring", 512)),
    )
    outcome, folded = compiled(simulation), simulation.run(shortcuts="always")
    assert isinstance(outcome, ShortcutResult)
    assert outcome.finishes == folded.finishes
    assert list(outcome.nodes) == list(folded.nodes)


def test_what_has_a_root_keeps_its_places_to_itself() -> None:
    """Along one dimension of two, before what goes along both: that has more places."""
    trace = TraceBuilder()
    first = trace.collective(CollectiveType.REDUCE, "one", size=80, dims=[True, False])
    second = trace.all_reduce("both", size=40, after=first)
    trace.collective(CollectiveType.REDUCE, "again", size=80, after=second)
    simulation = Simulation(
        trace,
        system(["ring", "ring"]),
        network(("Ring", 2), ("Ring", 5)),
        options=Options(dialect=dialect_named("hoti2024", extended_collectives=True)),
    )
    outcome, expected = compiled(simulation), plain(simulation)
    assert isinstance(outcome, ShortcutResult)
    assert isinstance(expected, Result)
    assert not different(outcome, expected)


# -- numba that can't be loaded --------------------------------------------------------------------


REFUSED = """
from support.machines import all_reduce_on_ring_of_8
from simastra.simulation import Options
for use in all_reduce_on_ring_of_8(
    Options(shortcuts="always"), all_reduce_implementation=["doubleBinaryTree"]
).run().shortcuts:
    print(use)
"""


@pytest.mark.parametrize(
    ("variables", "error", "reason"),
    [
        ({"NUMBA_DISABLE_JIT": "1"}, "", "it is told to compile nothing (NUMBA_DISABLE_JIT)"),
        ({}, "ImportError", "it needs another NumPy"),
        ({}, "ValueError", "numpy.dtype size changed, may indicate binary incompatibility"),
        ({}, "SystemError", "initialization of _internal failed"),
    ],
)
def test_numba_that_cannot_be_loaded_is_no_error(
    tmp_path: Path, variables: dict[str, str], error: str, reason: str
) -> None:
    paths = [*sys.path]
    if not variables:
        (tmp_path / "numba.py").write_text(f"raise {error}({reason!r})\n")
        paths.insert(0, str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", REFUSED],
        env={**os.environ, **variables, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    assert f"no compiled loop: numba can't be loaded: {reason}\n" in done.stdout


# -- what it refuses -------------------------------------------------------------------------------


def one_all_to_all(options: Options) -> Simulation:
    trace = one_collective(CollectiveType.ALL_TO_ALL, 64 * KiB)
    return Simulation(trace, system(["ring"]), network(("Ring", 8)), options=options)


def test_an_algorithm_that_promises_nothing_is_refused() -> None:
    options = Options(tables=Tables(algorithms={**ALGORITHMS, **OWN_ALGORITHMS}))
    for name in OWN_ALGORITHMS:
        trace = one_collective(collective_of(name, 8), 64 * KiB)
        outcome = compiled(Simulation(trace, system([name]), network(("Ring", 8)), options=options))
        assert isinstance(outcome, str)
        assert "nothing is known about" in outcome


def test_a_backend_that_promises_nothing_is_refused() -> None:
    tables = Tables(backends={**BACKENDS, **OWN_BACKENDS})
    for name in ("fluid", *OWN_BACKENDS):
        outcome = compiled(one_all_to_all(Options(name, tables=tables)))
        assert outcome == f"it has no {name!r} network backend"


def test_a_run_that_stands_still_says_so_on_the_plain_path() -> None:
    traces = []
    for npu in range(2):
        trace = TraceBuilder(npu)
        trace.recv("wait", source=1 - npu, size=8)
        traces.append(trace.nodes)
    simulation = Simulation(Trace.of(traces), system(), network(("Ring", 2)))
    assert compiled(simulation) == "not all NPUs finish"
    with pytest.raises(DeadlockError):
        simulation.run(shortcuts="always")


def test_time_that_ends_is_refused() -> None:
    trace = TraceBuilder()
    first = trace.compute("long", micros=2**52)
    trace.compute("longer", micros=2**52, after=first)
    trace.compute("too long", micros=2**52, after=[first])
    simulation = Simulation(trace, system(), network(("Ring", 2)))
    assert compiled(simulation) == "time ends"


def test_a_message_that_takes_longer_than_time_goes_is_refused() -> None:
    slow = NetworkConfig(topology=["Ring"], npus_count=[2], bandwidth=[1e-9], latency=[0])
    size = 2**40
    traces = []
    for npu in range(2):
        trace = TraceBuilder(npu)
        trace.send("out", to=1 - npu, size=size)
        trace.recv("in", source=1 - npu, size=size)
        traces.append(trace.nodes)
    assert compiled(Simulation(Trace.of(traces), system(), slow)) == "time ends"


# -- when it is taken ------------------------------------------------------------------------------


def uneven(npus: int, options: Options) -> Simulation:
    """NPUs that nothing makes alike: each computes as long as it likes before a tree."""
    traces = []
    for npu in range(npus):
        trace = TraceBuilder()
        first = trace.compute("own", micros=1 + npu * 7 % 5)
        trace.all_reduce("gradients", size=64 * KiB, after=first)
        traces.append(trace.nodes)
    return Simulation(
        Trace.of(traces), system(["doubleBinaryTree"]), network(("Switch", npus)), options=options
    )


def test_always_takes_it_where_nothing_else_applies() -> None:
    simulation = uneven(8, Options(shortcuts="always"))
    result = simulation.run()
    (use,) = (it for it in result.shortcuts if it.taken)
    assert str(use).startswith("compiled loop: every event, in its order")  # compiled now or before
    assert not differences(result, simulation.run(shortcuts="off"))
    assert result.finish_order == simulation.run(shortcuts="off").finish_order


def test_off_and_small_runs_by_default_never_take_it() -> None:
    for setting in ("off", "auto"):
        assert uneven(8, Options(shortcuts=setting)).run().shortcuts == ()


def test_who_listens_hears_every_event() -> None:
    heard = []

    class Listener(Probe):
        def on_message_sent(self, event: MessageSent) -> None:
            heard.append(event)

    uneven(8, Options(shortcuts="always")).run(probes=[Listener()])
    assert heard


def test_a_refusal_has_its_reason() -> None:
    simulation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE, 64 * KiB),
        system(["doubleBinaryTree"]),
        network(("Ring", 8)),
        options=Options("fluid", shortcuts="always"),
    )
    (use,) = (it for it in simulation.run().shortcuts if it.shortcut is Shortcut.COMPILED)
    assert str(use) == "no compiled loop: it has no 'fluid' network backend"


def test_it_is_worth_loading_where_it_is_kept() -> None:
    assert not installed.is_worth(installed.LOADING)
    assert installed.is_worth(installed.COMPILING + 1)
    assert installed.is_worth(installed.LOADING + 1)  # the tests above have had it compiled


def test_how_much_an_algorithm_sends_decides_whether_it_pays() -> None:
    """A tree sends two messages in place of 510; whoever wants the loop always, gets it."""
    tree = uneven(256, Options()).experiment
    assert event_count(tree, as_sent=True) < installed.LOADING < event_count(tree) / 20
    assert not compiling_pays(tree, "auto")
    assert compiling_pays(tree, "always")


def test_results_can_be_pickled_and_compared() -> None:
    result = uneven(8, Options(shortcuts="always")).run()
    assert pickle.loads(pickle.dumps(result)).nodes == tuple(result.nodes)
