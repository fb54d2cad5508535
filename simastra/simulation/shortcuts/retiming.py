"""A folded run of a variant, from the order of events of another: only the times are new.

Where nothing but latencies and bandwidths differ, all that happens in a run follows from the order
of its events (`event_order`), and so does the fold's argument, that all NPUs of an orbit see the
same. So a run whose events come in a known order has the outcome of the run that it is known from,
at its own times; in another order it has to be simulated.

(docs/variants.md)
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from simastra.network import Topology
from simastra.network.topology import LineSymmetry
from simastra.result import NpuFinish
from simastra.simulation.experiment import Experiment
from simastra.simulation.known_orders import KnownOrders
from simastra.simulation.promised import line_symmetry
from simastra.units import NpuId, Ns

from .event_order import EventOrder, LinkDelay, OrderRecorder
from .fold import FoldedLink, FoldedNode, FoldedRun
from .folded_topology import DeviceEnds, ends_on_way
from .outcome import ShortcutOutcome, ShortcutResult
from .unfold import UnfoldedLinks, UnfoldedNodes


def is_retimable(experiment: Experiment) -> bool:
    """Whether all delays are the links' or always the same.

    Not on a bus, which counts the time since it was last used; nor where ways depend on tags.
    """
    platform = experiment.platform
    return (
        platform.backend.is_compiled
        and not platform.system.model_shared_bus
        and not platform.topology.multipath
        and not platform.own_systems
    )


def retimed(experiment: Experiment, key: Hashable) -> ShortcutOutcome | None:
    """The outcome of a run whose order of events is known; None if it isn't.

    Args:
        experiment: what is simulated.
        key: as of `KnownOrders`.
    """
    orders: KnownOrders[KnownOrder] = experiment.orders
    for known in orders.of(key):
        outcome = known.at_times_of(experiment)
        if outcome is not None:
            orders.use(key, known)
            return outcome
    return None


@dataclass(frozen=True)
class KnownOrder:
    """What came of a run, and in which order of events.

    Attributes:
        outcome: what came of it.
        run: the folded run.
        order: of its events.
        at: for each time at which something happened, the first event then.
        lines: how the links of each dimension may be renumbered.
    """

    outcome: ShortcutOutcome
    run: FoldedRun
    order: EventOrder
    at: Mapping[Ns, int]
    lines: tuple[LineSymmetry, ...]

    def at_times_of(self, experiment: Experiment) -> ShortcutOutcome | None:
        """What comes of an experiment; None if its events come in another order.

        Args:
            experiment: differs from the run's in the network's rates at the most.
        """
        topology = experiment.platform.topology
        if not (_lines(experiment) == self.lines and self._goes_the_same_ways(topology)):
            return None
        prices = self.order.prices(topology)
        times = self.order.times(prices)
        return None if times is None else self._outcome_at(experiment, prices, times)

    def _goes_the_same_ways(self, topology: Topology) -> bool:
        return all(ends_on_way(topology, *pair) == ends for pair, ends in self._ways.items())

    @cached_property
    def _ways(self) -> Mapping[tuple[NpuId, NpuId], tuple[DeviceEnds, ...]]:
        return self.run.topology.ways()

    @cached_property
    def _busy(self) -> Mapping[DeviceEnds, Sequence[tuple[int, int]]]:
        """For each link, the delays until it is free, and how often each comes."""
        busy: dict[DeviceEnds, list[tuple[int, int]]] = {}
        for number, delay in enumerate(self.order.kinds):
            if isinstance(delay, LinkDelay) and delay.link and not delay.is_arrival:
                busy.setdefault(delay.link, []).append((number, self.order.used[number]))
        return busy

    @cached_property
    def _finishes(self) -> Sequence[tuple[NpuId, int]]:
        """Who finishes in which event, in order."""
        return [(it.npu, self.at[it.cycles]) for it in self._result.finishes]

    @property
    def _result(self) -> ShortcutResult:
        assert self.outcome.outcome is not None  # of runs that are refused nothing is kept
        return self.outcome.outcome

    def _outcome_at(
        self, experiment: Experiment, prices: Sequence[Ns], times: Sequence[Ns]
    ) -> ShortcutOutcome:
        run = replace(self.run, nodes=self._nodes(times), links=self._links(prices))
        result = replace(
            self._result,
            finishes=tuple(NpuFinish(npu, times[event]) for npu, event in self._finishes),
            nodes=UnfoldedNodes(run, experiment),
            links=UnfoldedLinks(run),
        )
        return replace(self.outcome, outcome=result)

    def _nodes(self, times: Sequence[Ns]) -> dict[NpuId, tuple[FoldedNode, ...]]:
        at = self.at
        return {
            npu: tuple(
                FoldedNode(it.node, times[at[it.issued]], times[at[it.finished]]) for it in nodes
            )
            for npu, nodes in self.run.nodes.items()
        }

    def _links(self, prices: Sequence[Ns]) -> tuple[FoldedLink, ...]:
        return tuple(
            FoldedLink(
                link.src,
                link.dst,
                sum(prices[delay] * count for delay, count in self._busy[link.src, link.dst]),
                link.bytes_carried,
                link.messages_carried,
            )
            for link in self.run.links
        )


def keep_order(experiment: Experiment, key: Hashable, outcome: ShortcutOutcome) -> None:
    """Keep the order of a folded run's events for others, if it was taken down.

    Args:
        experiment: what was simulated.
        key: as of `KnownOrders`.
        outcome: what came of it.
    """
    result = outcome.outcome
    run = None if result is None else result.folded
    recorder = None if run is None else run.recorder
    if result is None or run is None or recorder is None or run.hits or recorder.is_full:
        return
    order = recorder.order()
    if order.times(order.prices(experiment.platform.topology)) == recorder.times:
        # The last events would keep all others: three times what is kept.
        kept = replace(outcome, outcome=replace(result, folded=None))
        run = replace(run, finishes=(), recorder=None)
        known = KnownOrder(kept, run, order, _first_at(recorder), _lines(experiment))
        experiment.orders.keep(key, known)


def _first_at(recorder: OrderRecorder) -> Mapping[Ns, int]:
    at: dict[Ns, int] = {}
    for number, time in enumerate(recorder.times):
        at.setdefault(time, number)
    return at


def _lines(experiment: Experiment) -> tuple[LineSymmetry, ...]:
    return tuple(map(line_symmetry, experiment.platform.lines))
