"""Rings whose members start at different times: computed when the last member is there.

No member of a collective on a ring ends before the last has begun it. Where NPUs meet in nothing
but such collectives, one chunk at a time, the NPUs' processes run as ever; a collective has them
wait until all are there, and then all their ends are computed at once (`ring_steps`).

(docs/shortcuts.md)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from simastra.engine import Environment, NodeFinished, Probe, ProbeFan
from simastra.network import Queueing
from simastra.result import LinkRecord, NodeRecord, NpuFinish, ResultRecorder
from simastra.shortcut_use import Shortcut
from simastra.simulation.experiment import Experiment
from simastra.simulation.machine import Machine, plain_mailbox
from simastra.simulation.platform import Platform
from simastra.simulation.promised import is_ring
from simastra.trace import Node, NodeType
from simastra.units import NpuId, Ns
from simastra.workload import NpuProcess

from .communication_signatures import CommunicationSignatures
from .flow_ring_links import FlowRingLinks
from .refusal import Refused, run_processes
from .ring_gathering import GatheringNpu, RingGathering
from .ring_links import EvenRingLinks, RingLinks
from .rules import PLAIN_RULES, Rule, own_systems
from .uneven_ring_links import UnevenRingLinks


@dataclass(frozen=True, slots=True)
class RecurrenceRun:
    """What came of it; fields as of a Result, and how many collectives were computed."""

    finishes: tuple[NpuFinish, ...]
    nodes: Sequence[Sequence[NodeRecord]]
    links: tuple[LinkRecord, ...]
    collectives: int

    @property
    def order_is_known(self) -> bool:
        """Whether no two NPUs finish in the same nanosecond."""
        return all(one.cycles != other.cycles for one, other in pairwise(self.finishes))


def run_recurrence(experiment: Experiment, signatures: CommunicationSignatures) -> RecurrenceRun:
    """Simulate with collectives computed when the last member is there.

    Raises:
        Refused: if NPUs meet in other ways too, if some collective isn't a ring of one chunk at a
            time, if NPUs disagree about a collective or don't finish, or if a node ends in the very
            nanosecond in which a collective does on the same NPU.
    """
    for rule in RULES:
        reason = rule(experiment, signatures)
        if reason is not None:
            raise Refused(reason, Shortcut.SKEW)
    platform = experiment.platform
    env = Environment()
    links = _links(platform)
    gathering = RingGathering(env, platform.npus, links)
    recorder = ResultRecorder(platform.npus, experiment.rules)
    probe = ProbeFan((recorder, _Coincidences()))
    machine = Machine(env, platform, plain_mailbox(platform, env, probe))
    make = partial(GatheringNpu, gathering=gathering)
    dialect = platform.options.dialect
    run_processes(
        env,
        [
            NpuProcess(machine.npu(number, make), program, dialect, probe).walk()
            for number, program in enumerate(experiment.programs)
        ],
    )
    result = recorder.result()
    if len(result.finishes) < platform.npus:
        raise Refused("not all NPUs finish", Shortcut.SKEW)
    finishes = sorted(result.finishes, key=lambda finish: (finish.cycles, finish.npu))
    return RecurrenceRun(tuple(finishes), result.nodes, links.records, gathering.held)


def _links(platform: Platform) -> RingLinks:
    """Those of ways that are alike, which most networks have, or of others.

    Raises:
        Refused: if messages of two NPUs take the same link.
    """
    if platform.backend.queueing is Queueing.SHARED:
        return FlowRingLinks(platform)
    if platform.topology.multipath:
        return UnevenRingLinks(platform)
    try:
        return EvenRingLinks(platform)
    except Refused:
        return UnevenRingLinks(platform)


class _Coincidences(Probe):
    """Refuses where the end of a collective and that of another node coincide on an NPU.

    Which is first then decides what the NPU issues first, and that takes every event to know.
    """

    def __init__(self) -> None:
        self._last: dict[NpuId, tuple[Ns, Node]] = {}

    def on_node_finished(self, event: NodeFinished) -> None:
        """Compare with the node that finished before on the NPU."""
        npu, node, time = event
        before = self._last.get(npu)
        self._last[npu] = (time, node)
        if before is None or before[0] != time:
            return
        if NodeType.COMM_COLL in (node.type, before[1].type):
            reason = f"at {time} ns a collective and another node end together on NPU {npu}"
            raise Refused(reason, Shortcut.SKEW)


# -- what rules it out -----------------------------------------------------------------------------


def _several_dimensions(experiment: Experiment, _signatures: CommunicationSignatures) -> str | None:
    return (
        "the network has several dimensions" if experiment.platform.network.dimensions > 1 else None
    )


def _other_times(experiment: Experiment, _signatures: CommunicationSignatures) -> str | None:
    exact = experiment.platform.backend.is_exact
    return None if exact else "messages may take longer than their links say"


def _groups(experiment: Experiment, _signatures: CommunicationSignatures) -> str | None:
    return "there are process groups" if experiment.platform.groups else None


def _several_chunks(experiment: Experiment, _signatures: CommunicationSignatures) -> str | None:
    platform = experiment.platform
    one_queue = platform.options.queues_per_dimension == 1
    if one_queue and platform.system.active_chunks_per_dimension == 1:
        return None
    return "several chunks of a collective are under way at once"


def _no_collectives(_experiment: Experiment, signatures: CommunicationSignatures) -> str | None:
    return None if signatures.collectives else "there are no collectives"


def _shared_bus(experiment: Experiment, _signatures: CommunicationSignatures) -> str | None:
    return "packets share a bus" if experiment.platform.system.model_shared_bus else None


def _other_algorithms(experiment: Experiment, signatures: CommunicationSignatures) -> str | None:
    for operation in signatures.collectives:
        for choice in experiment.platform.choices.get(operation.kind, ()):
            if not is_ring(choice.algorithm):
                return f"{choice.name} isn't a ring"
        if operation.kind not in experiment.platform.choices:
            return f"{operation.kind.name} isn't run by a ring"
    return None


def _messages(_experiment: Experiment, signatures: CommunicationSignatures) -> str | None:
    return "NPUs send messages beside collectives" if signatures.has_messages else None


RULES: tuple[Rule, ...] = (
    *PLAIN_RULES,
    _other_times,
    _no_collectives,
    _several_dimensions,
    _groups,
    _several_chunks,
    _shared_bus,
    own_systems,
    _other_algorithms,
    _messages,
)
