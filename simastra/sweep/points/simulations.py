"""Simulations of points: what follows from the same inputs is made once, and shared."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from simastra.simulation import Simulation
from simastra.sweep.study import PointInputs, TraceFilesGiven, Workload
from simastra.sweep.study.workloads import LoadTrace, Traces
from simastra.trace import Trace, load_trace

Made = TypeVar("Made")

_TRACES = 16
_WORKLOADS = 16
_BASES = 64


class _Same:
    """Stands for the very object in a key: models of the same content are one object.

    Args:
        it: the object.
    """

    __slots__ = ("_it",)

    def __init__(self, it: object) -> None:
        self._it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._it is other._it

    def __hash__(self) -> int:
        return id(self._it)


class LruCache(Generic[Made]):
    """Keeps what was used last, by a key; the least recently used goes first.

    Args:
        most: so many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The thing of that key; it is made if it isn't kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        made = self._kept[key] = make()
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return made


def traces_here(given: TraceFilesGiven, npus: int) -> Trace:
    """Load traces from where the study says that they are.

    Raises:
        TraceError: if that can't be done.
    """
    return load_trace(given.prefix, npus)


class Simulations:
    """Makes the simulation of a point.

    Points with the same workload and number of NPUs share its decoded nodes; those that differ in
    nothing but the network's rates are variants of one simulation, and share orders of events too
    (docs/variants.md).

    Args:
        load: loads trace files.
    """

    def __init__(self, load: LoadTrace = traces_here) -> None:
        self._load = load
        self._traces: LruCache[Traces] = LruCache(_TRACES)
        self._workloads: LruCache[Simulation] = LruCache(_WORKLOADS)
        self._bases: LruCache[Simulation] = LruCache(_BASES)

    def of(self, inputs: PointInputs) -> Simulation:
        """The simulation of a point's inputs.

        Raises:
            InputError: if they can't be read, or make no sense together.
        """
        base = self._base(inputs)
        return base if base.network == inputs.network else base.with_(network=inputs.network)

    def _base(self, inputs: PointInputs) -> Simulation:
        """One that differs from the point in the network's rates at the most."""
        network = inputs.network
        shape = network.topology, network.npus_count, network.npus
        models = inputs.system, inputs.options, inputs.scenario
        key = (self._workload_key(inputs), *map(_Same, models), shape)
        return self._bases.get(key, lambda: self._made(inputs))

    def _made(self, inputs: PointInputs) -> Simulation:
        key = self._workload_key(inputs)
        like = self._workloads.get(key, lambda: self._anew(inputs))
        system, network, options = inputs.system, inputs.network, inputs.options
        return like.with_(system=system, network=network, options=options, scenario=inputs.scenario)

    def _workload_key(self, inputs: PointInputs) -> Hashable:
        npus, workload = inputs.network.npus, inputs.workload
        others = inputs.memory, inputs.comm_groups, inputs.calibration
        return (npus, workload, *map(_Same, others))

    def _anew(self, inputs: PointInputs) -> Simulation:
        """Without scenario, so that points with different ones share it."""
        trace, groups = self._traces_of(inputs.workload, inputs.network.npus)
        return Simulation(
            trace,
            inputs.system,
            inputs.network,
            inputs.memory,
            comm_groups=inputs.comm_groups or groups,
            options=inputs.options,
            calibration=inputs.calibration,
        )

    def _traces_of(self, workload: Workload, npus: int) -> Traces:
        return self._traces.get((workload, npus), lambda: workload.traces(npus, self._load))
