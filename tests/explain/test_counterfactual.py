"""What an explanation blames is what has to go: remove it, and the run is shorter by just that.

The runs are free of contention, so that nothing else takes the place of what is removed; where the
answer isn't exact, it is the truncation of each message's times to whole nanoseconds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from npu_pairs import late_sender, simulate
from support.machines import network, one_collective, system

from simastra.explain import Category, Span
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB, MiB

NEARLY = 0.01


@dataclass(frozen=True, slots=True)
class Machine:
    """One collective on one kind of network, without contention."""

    topology: str
    algorithm: str
    npus: int
    collective: CollectiveType
    size: int
    backend: str = "congestion-aware"
    latency: float = 500.0
    bandwidth: float = 50.0

    def simulation(self, **changes: Any) -> Simulation:
        """The simulation, with `latency`, `bandwidth` or keys of the system changed."""
        latency = changes.pop("latency", self.latency)
        bandwidth = changes.pop("bandwidth", self.bandwidth)
        return Simulation(
            one_collective(self.collective, self.size),
            system([self.algorithm], preferred_dataset_splits=1, **changes),
            network((self.topology, self.npus), latency=latency, bandwidth=bandwidth),
            options=Options(backend=self.backend),
        )

    def __str__(self) -> str:
        return f"{self.algorithm}-{self.topology}-{self.npus}-{self.collective.name}-{self.backend}"


def machines() -> Iterator[Machine]:
    for backend in ("congestion-aware", "congestion-unaware"):
        for collective in (
            CollectiveType.ALL_REDUCE,
            CollectiveType.ALL_GATHER,
            CollectiveType.REDUCE_SCATTER,
        ):
            for npus in (2, 4, 8):
                yield Machine("Ring", "ring", npus, collective, MiB, backend)
                yield Machine("Switch", "halvingDoubling", npus, collective, MiB, backend)
        yield Machine("FullyConnected", "direct", 8, CollectiveType.ALL_TO_ALL, 64 * KiB, backend)
    # With links, its messages queue.
    tree = ("Switch", "doubleBinaryTree", 8, CollectiveType.ALL_REDUCE, MiB)
    yield Machine(*tree, "congestion-unaware")


MACHINES = list(machines())
REMOVALS: dict[Category, tuple[dict[str, Any], float]] = {
    Category.LATENCY: ({"latency": 0.0}, 1),
    Category.SERIALISATION: ({"bandwidth": 100.0}, 1 / 2),
    Category.ENDPOINT: ({"endpoint_delay": 0}, 1),
    Category.REDUCTION: ({"local_mem_bw": 0}, 1),
}
"""How a cost is removed, and what part of it."""


@pytest.mark.parametrize("category", REMOVALS, ids=str)
@pytest.mark.parametrize("machine", MACHINES, ids=str)
def test_removing_a_blamed_cost_shortens_the_run_by_it(
    machine: Machine, category: Category
) -> None:
    explanation = machine.simulation().explain()
    path = explanation.critical_path()
    blamed = sum(span.duration for span in path if span.category is category)
    changes, part = REMOVALS[category]
    shorter = machine.simulation(**changes).run().makespan
    assert Category.QUEUEING not in {span.category for span in path}
    assert shorter == pytest.approx(explanation.makespan - part * blamed, rel=NEARLY)


@pytest.mark.parametrize("machine", MACHINES, ids=str)
def test_what_an_npu_tells_of_its_own_time_is_as_long_as_its_critical_path(
    machine: Machine,
) -> None:
    explanation = machine.simulation().explain()
    for npu in range(machine.npus):
        path = explanation.critical_path(npu)
        assert sum(span.duration for span in path) == explanation.attribution(npu).finish


@settings(deadline=None, max_examples=25)
@given(sender=st.integers(0, 40), receiver=st.integers(0, 40))
def test_a_partner_that_is_on_time_is_not_waited_for(sender: int, receiver: int) -> None:
    explanation = simulate(late_sender(sender, receiver)).explain()
    waited = explanation.attribution(1).partners.get(0, 0)
    assert waited == max(0, sender - receiver) * 1000
    on_time = simulate(late_sender(min(sender, receiver), receiver)).run()
    assert on_time.cycles[1] == explanation.attribution(1).finish - waited


def skewed(late: int, micros: int, backend: str) -> Simulation:
    """An all-reduce to which one of four NPUs comes later."""
    npus = [TraceBuilder(npu) for npu in range(4)]
    for npu, builder in enumerate(npus):
        before = builder.compute("forward", micros=micros) if npu == late else ()
        builder.all_reduce("gradients", size=256 * KiB, after=before)
    return simulate(npus, backend=backend)


@settings(deadline=None, max_examples=25)
@given(
    late=st.integers(0, 3),
    micros=st.integers(100, 200),
    less=st.integers(1, 80),
    backend=st.sampled_from(("congestion-aware", "congestion-unaware")),
)
def test_a_member_that_is_less_late_lets_all_finish_that_much_earlier(
    late: int, micros: int, less: int, backend: str
) -> None:
    explanation = skewed(late, micros, backend).explain()
    sooner = skewed(late, micros - less, backend).run()
    for npu in range(4):
        assert _computed(explanation.critical_path(npu), late) == micros * 1000
        assert sooner.cycles[npu] == explanation.attribution(npu).finish - less * 1000


@settings(deadline=None, max_examples=25)
@given(late=st.integers(0, 3), micros=st.integers(1, 40))
def test_removing_something_gains_no_more_than_it_is_blamed_for(late: int, micros: int) -> None:
    # It may gain less: what was hidden behind it sets the end then.
    explanation = skewed(late, micros, "congestion-aware").explain()
    without = skewed(late, 0, "congestion-aware").run()
    for npu in range(4):
        blamed = _computed(explanation.critical_path(npu), late)
        assert without.cycles[npu] >= explanation.attribution(npu).finish - blamed


def _computed(path: Sequence[Span], npu: int) -> int:
    return sum(
        span.duration for span in path if span.category is Category.COMPUTE and span.npu == npu
    )


def test_removing_a_node_of_a_chain_across_npus() -> None:
    def chain(*durations: int) -> Simulation:
        npus = [TraceBuilder(npu) for npu in range(len(durations))]
        for npu, duration in enumerate(durations):
            received = npus[npu].recv(f"from {npu - 1}", size=KiB, source=npu - 1) if npu else ()
            computed = npus[npu].compute(f"stage {npu}", micros=duration, after=received)
            if npu + 1 < len(durations):
                npus[npu].send(f"to {npu + 1}", size=KiB, to=npu + 1, after=computed)
        return simulate(npus)

    whole = chain(5, 7, 9, 11).explain()
    assert whole.attribution(3).times[Category.PARTNER] > 0
    for npu, duration in enumerate((5, 7, 9, 11)):
        left = [5, 7, 9, 11]
        left[npu] = 0
        blamed = _computed(whole.critical_path(), npu)
        assert blamed == duration * 1000
        assert chain(*left).run().makespan == whole.makespan - blamed


def test_what_is_hidden_is_not_blamed() -> None:
    """A computation beside a longer all-reduce: no part of it, and removing it changes nothing."""

    def beside(micros: int) -> Simulation:
        trace = TraceBuilder()
        if micros:
            trace.compute("hidden", micros=micros)
        trace.all_reduce("gradients", size=MiB)
        return Simulation(Trace.uniform(trace, 4), system(), network(("Ring", 4)))

    explanation = beside(3).explain()
    assert explanation.attribution(0).times[Category.COMPUTE] == 0
    assert beside(0).run().makespan == explanation.makespan
