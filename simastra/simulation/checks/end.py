"""What a simulation leaves in doubt at its end: looking for it costs next to nothing."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.network import Envelope, Mailbox
from simastra.notices import Notice, Severity
from simastra.simulation.experiment import Experiment
from simastra.system.custom import TAGS_PER_STREAM
from simastra.system.tags import COLLECTIVE_TAGS
from simastra.units import Ns
from simastra.workload import NpuProcess

from .collective_order import disagreement

EXPLAIN_LEFTOVERS = frozenset(
    {
        "missing-receive",
        "unlike-halves",
        "uneven-collectives",
        "unlike-collectives",
        "collective-order",
    }
)
"""Notices that say why messages are left."""


def leftovers_matter(notices: Sequence[Notice]) -> bool:
    """Whether what is left at the end need be told: these notices don't say why already."""
    return not any(notice.code in EXPLAIN_LEFTOVERS for notice in notices)


LAST_EXACT_DOUBLE: Ns = 2**53
"""Up to here ASTRA-sim, which schedules an NPU's events at times in floats, tells them apart."""


def late_notices(end: Ns, where: str) -> tuple[Notice, ...]:
    """Say that a run has ended later than ASTRA-sim could."""
    if end <= LAST_EXACT_DOUBLE:
        return ()
    return (
        Notice(
            "late-times",
            where,
            f"the run ended at {end} ns; ASTRA-sim schedules at times in floats, loses events "
            "after 2^53 ns (104 days), and never finishes",
            "make durations and sizes smaller to compare results",
            Severity.INFO,
        ),
    )


def after_end_notices(experiment: Experiment, end: Ns) -> tuple[Notice, ...]:
    """Say of a scenario's events that begin when all is over."""
    if experiment.scenario is None:
        return ()
    config = experiment.scenario.config
    events = [(f"npus[{index}]", it.at or 0) for index, it in enumerate(config.npus) if it.is_event]
    events += [(f"links[{index}]", it.at or 0) for index, it in enumerate(config.links)]
    if config.restart is not None:  # events are of the training then
        events = []
    return tuple(
        Notice(
            "event-after-end",
            f"{config.source}: {place}",
            f"it begins at {at:,} ns, and all NPUs have finished by {end:,} ns: it changes nothing",
            "let it begin earlier",
        )
        for place, at in events
        if at >= end
    )


def end_notices(
    experiment: Experiment, processes: Sequence[NpuProcess], mailbox: Mailbox
) -> tuple[Notice, ...]:
    """Say what isn't right though all NPUs have finished."""
    found = disagreement(experiment, [process.npu for process in processes])
    if found is not None:
        return (found.notice(experiment.trace.sources[found.one]),)
    left = mailbox.unexpected_messages
    return (_unreceived(left),) if left else ()


def _unreceived(left: Sequence[Envelope]) -> Notice:
    first = left[0]
    count = "1 message was" if len(left) == 1 else f"{len(left)} messages were"
    return Notice(
        "unreceived-messages",
        f"NPU {first.dst}",
        f"{count} never received, though all NPUs have finished; the first is of {first.size} "
        f"bytes from NPU {first.src} with tag {_tag(first.tag)}",
        "give each send a receive with the same ends, size and tag",
    )


def _tag(tag: int) -> str:
    """A tag as the nodes of a trace or of a collective's ET have it."""
    if tag >= TAGS_PER_STREAM:
        chunk, in_et = divmod(tag, TAGS_PER_STREAM)
        return f"{in_et}, of the ET that plays chunk {chunk - 1}"
    return f"{tag - COLLECTIVE_TAGS}, a chunk's" if tag >= COLLECTIVE_TAGS else str(tag)
