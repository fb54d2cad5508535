"""Runs that take long because each hop forwards a message only once it has all of it.

ASTRA-sim's congestion-aware network stores and forwards whole messages (behaviour 4.3), so that one
that crosses a switch is on the wire twice. Hardware cuts it into packets, which overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.network import Backend, Queueing
from simastra.notices import Notice, Severity
from simastra.result import NodeRecord, NpuFinish
from simastra.simulation.experiment import Experiment
from simastra.simulation.platform import Platform
from simastra.units import NpuId, Ns
from simastra.view.human import human_size
from simastra.view.phrases import part_words

if TYPE_CHECKING:
    from simastra.simulation.measures import forwarding
    from simastra.simulation.measures.forwarding import Forwarding
else:  # most runs don't wait for messages long enough, or cross one link
    forwarding = deferred("simastra.simulation.measures.forwarding")

_SHARE = 0.2
"""By how much a run must be longer than it would be otherwise."""


def forwarding_notices(
    experiment: Experiment,
    records: Callable[[NpuId], Sequence[NodeRecord]],
    finishes: Sequence[NpuFinish],
) -> tuple[Notice, ...]:
    """Say that a run is more than 20 % longer for forwarding messages whole.

    Args:
        experiment: what has been simulated.
        records: the nodes that an NPU has finished.
        finishes: the NPUs in the order in which they have finished.
    """
    last = finishes[-1]
    if not _may_matter(experiment, last.npu):
        return ()
    communicating = forwarding.communication_time(records(last.npu))
    if communicating * (1 + _SHARE) <= _SHARE * last.cycles:  # too little of it
        return ()
    much = int(_SHARE / (1 + _SHARE) * last.cycles)
    lost = forwarding.forwarding(experiment, finishes, records, much)
    return () if lost is None else (_notice(experiment.platform, lost, last),)


def _may_matter(experiment: Experiment, npu: NpuId) -> bool:
    """Whether it may, at a glance: what an NPU sends may cross several links."""
    platform = experiment.platform
    if platform.backend.queueing is not Queueing.AT_LINKS or platform.topology.multipath:
        return False
    if platform.options.rendezvous or platform.system.model_shared_bus or experiment.is_disturbed:
        return False  # then other things take time as well
    if any(it.npus > 1 and it.hop_count(0, 1) > 1 for it in platform.dimensions):
        return True
    program = experiment.programs[npu]
    return platform.network.graph is not None or bool(program.messages.index)


def _notice(platform: Platform, lost: Forwarding, last: NpuFinish) -> Notice:
    otherwise: Ns = last.cycles - lost.time
    backends = platform.options.tables.backends.items()
    others = [
        name
        for name, it in backends
        if Backend.of(it).respects_bandwidth and Backend.of(it).queueing is not Queueing.AT_LINKS
    ]
    chunks = "have more chunks under way (active-chunks-per-dimension)"
    ways = [chunks if lost.in_collectives else "send it in parts"]
    ways += [f"use --network-backend {name}" for name in others]
    return Notice(
        "store-and-forward",
        f"{platform.network.source}: {'topology' if platform.network.graph is None else 'graph'}",
        f"messages of up to {human_size(lost.size)} are on the wire again at each hop, since each "
        f"forwards them whole: {lost.time} of {last.cycles} ns, "
        f"{part_words(lost.time, otherwise)} more than without; hardware sends them in packets",
        ", or ".join(ways),
        Severity.INFO,
    )
