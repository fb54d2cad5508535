"""What is over sooner than an NPU's links could carry its bytes.

A congestion-unaware network gives every message the whole bandwidth of its links, however many it
has at once (behaviour 4.2), so that an NPU that sends to all others at once, or several chunks, is
faster than any hardware.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from simastra.config import NetworkConfig
from simastra.deferred import deferred
from simastra.network import Backend
from simastra.notices import Notice
from simastra.result import NodeRecord, NpuFinish
from simastra.simulation.experiment import Experiment
from simastra.simulation.options import Options
from simastra.simulation.platform import Platform
from simastra.units import BytesPerNs, NpuId, Ns

if TYPE_CHECKING:
    from simastra.simulation.measures import link_loads, overload, unshared_time
    from simastra.simulation.measures.overload import Overload
else:  # most networks have links at which messages wait
    link_loads = deferred("simastra.simulation.measures.link_loads")
    overload = deferred("simastra.simulation.measures.overload")
    unshared_time = deferred("simastra.simulation.measures.unshared_time")

_BEYOND_DOUBT = 1.01
_PAIR = 2  # NPUs; of more, messages may pass others on their way

_MOST_CROSSINGS = 5_000
"""Crossings of links, of which counting them takes some hundredths of a second."""


def rate_notices(
    experiment: Experiment,
    records: Callable[[NpuId], Sequence[NodeRecord]],
    finishes: Sequence[NpuFinish],
) -> tuple[Notice, ...]:
    """Say what was the fastest of all that no hardware could have done so fast.

    Args:
        experiment: what has been simulated.
        records: the nodes that an NPU has finished.
        finishes: the NPUs in the order in which they have finished.
    """
    platform = experiment.platform
    if platform.backend.respects_bandwidth or platform.prices is not None:
        return ()
    found = list(overload.overloads(experiment, records))
    worst = max(found, key=lambda it: it.factor, default=None)
    factor, link = _busiest(experiment, finishes[-1].cycles)
    if link and factor > _BEYOND_DOUBT and (worst is None or factor > worst.factor):
        return (_too_fast(link, platform.network, platform.options),)
    if worst is None:
        return ()
    return (faster_than_links(_words(worst, found), worst.carried, *_told(platform)),)


def _told(platform: Platform) -> tuple[NetworkConfig, Options]:
    return platform.network, platform.options


def _busiest(experiment: Experiment, makespan: Ns) -> tuple[float, str]:
    """How many times its bandwidth a link would have had to carry, and so in words."""
    platform = experiment.platform
    match platform.dimensions:
        case [alone] if alone.npus <= _PAIR or alone.hop_count(0, 1) > 1:
            return 0.0, ""  # messages pass no other NPU, and no link but those of ports
    load = link_loads.busiest_link(experiment, (), _MOST_CROSSINGS)
    if load is None:
        return 0.0, ""
    factor, name = load.time / max(makespan, 1), platform.network.device_names
    return factor, (
        f"the link {name.link(load.src, load.dst)} would have had to carry {factor:.3g} times its "
        f"bandwidth: what crosses it keeps it busy for {load.time} ns, and the run takes {makespan}"
    )


def planned_rate_notices(experiment: Experiment) -> tuple[Notice, ...]:
    """The same of what is certain before anything is simulated: collectives, once all have come."""
    platform = experiment.platform
    worst = max(unshared_time.too_short(experiment), key=lambda it: it.factor, default=None)
    if worst is None or worst.factor < _BEYOND_DOUBT:
        return ()
    size, node = worst.traffic.least.sent, worst.node  # as much is received
    verb = "sends" if worst.is_sent else "receives"
    what = (
        f"NPU {worst.npu}'s port will have to carry at least {worst.factor:.3g} times its "
        f"bandwidth: node {node.id} ({node.name!r}) {verb} {size:.0f} bytes in {worst.time} ns at "
        "the most, once all members have come"
    )
    carried = worst.traffic.sent / worst.need
    return (faster_than_links(what, carried, *_told(platform)),)


def faster_than_links(
    what: str, carried: BytesPerNs, network: NetworkConfig, options: Options
) -> Notice:
    """Say that something is faster than all links of an NPU together.

    Args:
        what: a node or a measurement, with its rate in GB/s.
        carried: what the links carry, in bytes a ns.
        network: the network configuration.
        options: name the backend, and have the others.
    """
    what = f"{what}; its links carry {carried:.4g} GB/s (of 10^9 bytes)"
    return _too_fast(what, network, options)


def _too_fast(what: str, network: NetworkConfig, options: Options) -> Notice:
    name, backends = options.backend, options.tables.backends
    others = [it for it, entry in backends.items() if Backend.of(entry).respects_bandwidth]
    instead = f"use --network-backend {' or '.join(others)}, or " if others else ""
    return Notice(
        "faster-than-links",
        f"{network.source}: {'bandwidth' if network.graph is None else 'graph'}",
        f"{what}, but on a {name} network messages don't share links",
        f"{instead}take the result for a lower bound",
    )


def _words(worst: Overload, found: Sequence[Overload]) -> str:
    nodes = sum(it.node is not None for it in found)
    verb, time = "sends" if worst.is_sent else "receives", worst.end - worst.begin
    if worst.node is None:
        who, when, others = "it", f"from {worst.begin} to {worst.end} ns", nodes
    else:
        who, when = f"node {worst.node.node} ({worst.node.name!r})", f"in {time} ns"
        others = nodes - 1
    more = f", as {others} other {'node' if others == 1 else 'nodes'}" if others else ""
    return (
        f"NPU {worst.npu}'s port would have had to carry {worst.factor:.3g} times its bandwidth: "
        f"{who} {verb} {worst.size} bytes {when}, {worst.rate:.4g} GB/s{more}"
    )
