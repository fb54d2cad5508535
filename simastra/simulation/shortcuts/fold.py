"""Folds an experiment: NPUs that stay alike are simulated as one, and the outcome is spread out.

Where a group of renumberings leaves it as it is (`symmetry`), all NPUs of an orbit see the same
events at the same times, as long as no tie between events is decided by the numbers of NPUs
(`fold_environment.Ties` watches over that). So the representatives alone are simulated, with the
plain path's own processes, units, agendas, network and links; a message to another NPU takes the
links of representatives and is delivered to that NPU's representative (`folded_topology`,
`folded_mailbox`).

(docs/shortcuts.md)
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from simpy.events import Event

from simastra.engine import NodeFinished, NodeIssued, NpuFinished, Probe, ProbeFan, WatchedLink
from simastra.network import Queueing
from simastra.simulation.checks.collective_order import disagreement
from simastra.simulation.experiment import Experiment
from simastra.simulation.machine import Machine, build_network
from simastra.simulation.platform import Platform
from simastra.system import Npu
from simastra.trace import Node
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import NpuProcess

from .alternatives import Act
from .canonical_groups import canonical_groups
from .communication_signatures import CommunicationSignatures
from .event_order import OrderRecorder
from .fold_environment import FoldEnvironment
from .folded_mailbox import FoldedMailbox
from .folded_scheduler import FoldedScheduler
from .folded_topology import FoldedTopology
from .leaps import Instance
from .memo import Memo, RememberingNpu, may_remember
from .recorded_fold import RecordedFoldEnvironment
from .refusal import Refused, run_processes
from .symmetry_group import SymmetryGroup
from .ties import LinkTies


@dataclass(frozen=True, slots=True)
class FoldedNode:
    """A node that a representative has finished, and when it was issued and finished, in ns."""

    node: Node
    issued: Ns
    finished: Ns


@dataclass(frozen=True, slots=True)
class FoldedFinish:
    """When a representative finished, in ns, and in which event.

    Attributes:
        npu: the representative.
        time: when, in ns.
        act: what ends it: a message that ends a node of its sender is an event of its receiver.
    """

    npu: NpuId
    time: Ns
    act: Act


class FoldedLink(NamedTuple):
    """What a representative's link has carried; as of `WatchedLink`."""

    src: int
    dst: int
    busy_time: Ns
    bytes_carried: Bytes
    messages_carried: int


@dataclass(frozen=True, slots=True)
class FoldedRun:
    """What came of a folded run.

    Attributes:
        symmetries: the renumberings that were folded.
        topology: of the representatives' network.
        finishes: of the representatives, in the order in which they finished.
        nodes: of each representative, what it finished, in that order.
        links: one of each orbit that was used, in order of first use.
        messages: how many messages were simulated.
        hits: how many collectives were looked up.
        misses: how many were not, where some could have been.
        recorder: has taken the order of events down; None where nobody has.
    """

    symmetries: SymmetryGroup
    topology: FoldedTopology
    finishes: tuple[FoldedFinish, ...]
    nodes: dict[NpuId, tuple[FoldedNode, ...]]
    links: tuple[FoldedLink, ...]
    messages: int
    hits: int
    misses: int
    recorder: OrderRecorder | None = None


def run_folded(
    experiment: Experiment,
    signatures: CommunicationSignatures,
    symmetries: SymmetryGroup,
    *,
    spared: Collection[Instance] | None,
    end_matters: bool,
    keeps_order: bool = False,
) -> FoldedRun:
    """Simulate the representatives.

    Args:
        experiment: what is simulated.
        signatures: what its NPUs do with each other.
        symmetries: renumberings that leave it as it is.
        spared: collectives that may not be looked up; None for all of them.
        end_matters: whether what is in doubt at the end is to be told, as the plain path does.
        keeps_order: whether the order of events is taken down, where it may be.

    Raises:
        Refused: if a tie is decided by the numbers of NPUs, if the NPUs don't finish, or if
            something is in doubt at the end.
        Conflict: if looking a collective up turns out not to be safe.
    """
    platform = experiment.platform
    topology = FoldedTopology(platform.topology, symmetries)
    recorder = OrderRecorder() if keeps_order else None
    env = _environment(platform, topology, recorder)
    listener = _Listener(env)
    probe = ProbeFan((listener, LinkTies(env.ties)))
    network = build_network(platform, env, probe, topology)
    mailbox = FoldedMailbox(env, network, probe)
    machine = Machine(env, platform, mailbox, canonical_groups(experiment, symmetries, signatures))
    npus = [npu for npu in range(platform.npus) if not symmetries.place(npu)]
    memo = None
    # The order of several NPUs' events is kept whole: another simulation may take it from there.
    leaves_out = spared is not None and not (keeps_order and len(npus) > 1)
    if leaves_out and may_remember(experiment, signatures, npus):
        messages_meet = platform.backend.queueing is not Queueing.NOWHERE
        memo = Memo(env, mailbox, spared or (), messages_meet=messages_meet)
        probe.add(memo)
    make = Npu if memo is None else partial(RememberingNpu, memo=memo)
    processes = [
        NpuProcess(npu, experiment.programs[npu.npu], platform.options.dialect, probe)
        for npu in (_watched(machine.npu(number, make), env) for number in npus)
    ]
    run_processes(env, [_walk(env, process) for process in processes])
    if len(listener.finishes) < len(npus):
        raise Refused("not all NPUs finish")
    if end_matters:
        _check_end(experiment, processes, mailbox, symmetries)
    return FoldedRun(
        symmetries,
        topology,
        tuple(listener.finishes),
        {npu: tuple(listener.nodes.get(npu, ())) for npu in npus},
        tuple(map(_carried, network.links)),
        mailbox.sent,
        *((memo.hits, memo.misses) if memo else (0, 0)),
        recorder,
    )


def _carried(link: WatchedLink) -> FoldedLink:
    """What is kept of a link: it would keep all of the run."""
    sums = link.busy_time, link.bytes_carried, link.messages_carried
    return FoldedLink(link.src, link.dst, *sums)


def _environment(
    platform: Platform, topology: FoldedTopology, recorder: OrderRecorder | None
) -> FoldEnvironment:
    streams_commute = not platform.system.model_shared_bus
    if recorder is None:
        return FoldEnvironment(topology, streams_commute=streams_commute)
    return RecordedFoldEnvironment(
        topology,
        recorder,
        streams_commute=streams_commute,
        queues_at_links=platform.queues_at_links,
    )


def _check_end(
    experiment: Experiment,
    processes: Sequence[NpuProcess],
    mailbox: FoldedMailbox,
    symmetries: SymmetryGroup,
) -> None:
    if mailbox.unexpected_messages:
        raise Refused("messages are left that nobody has received")
    npus = [process.npu for process in processes]
    if disagreement(experiment, npus, symmetries.representative) is not None:
        raise Refused("NPUs begin collectives in different order")


def _watched(npu: Npu, env: FoldEnvironment) -> Npu:
    """An NPU whose queues tell of ties."""
    if env.ties.streams_commute:
        watched = partial(FoldedScheduler, ties=env.ties, npu=npu.npu, tags=npu.tags)
        npu.collectives.reschedule(watched)
    return npu


def _walk(env: FoldEnvironment, process: NpuProcess) -> Generator[Event, int, None]:
    env.start(process.npu.npu)
    yield from process.walk()


class _Listener(Probe):
    """Gathers what the representatives do."""

    def __init__(self, env: FoldEnvironment) -> None:
        self._env = env
        self._issued: dict[tuple[NpuId, int], Ns] = {}
        self.nodes: dict[NpuId, list[FoldedNode]] = {}
        self.finishes: list[FoldedFinish] = []

    def on_node_issued(self, event: NodeIssued) -> None:
        """Remember when."""
        self._issued[event.npu, event.node.id] = event.time

    def on_node_finished(self, event: NodeFinished) -> None:
        """List the node."""
        npu, node, time = event
        issued = self._issued.pop((npu, node.id))
        self.nodes.setdefault(npu, []).append(FoldedNode(node, issued, time))

    def on_npu_finished(self, event: NpuFinished) -> None:
        """List the NPU."""
        npu, time = event
        self.finishes.append(FoldedFinish(npu, time, self._env.ties.act()))
