"""Simulates one NPU of each class, where collectives are priced, and spreads the outcome out.

(docs/shortcuts.md)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import final

from simastra.engine import (
    Call,
    Environment,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    Probe,
    ProbeFan,
    Turns,
)
from simastra.network import Envelope, Mailbox, Message, Network
from simastra.result import NodeRecord, NpuFinish, record_of
from simastra.simulation.experiment import Experiment
from simastra.simulation.machine import Machine, build_network
from simastra.system.communicator import Collective, Communicator
from simastra.system.meeting import Links, MeetingMembers, links_of
from simastra.system.priced_collectives import Meetings
from simastra.trace import Node
from simastra.units import NpuId, Ns
from simastra.workload import NpuProcess

from .communication_signatures import CommunicationSignatures
from .npu_classes import NpuClasses
from .outcome import LazyNodes, ShortcutResult
from .refusal import Refused


@final
class ClassMeetings(Meetings):
    """Where the members of collectives meet, a representative for all of a class.

    Args:
        env: the environment.
        prices: what collectives take.
        probe: hears of them.
        classes: of the NPUs.
    """

    def __init__(self, meetings: Meetings, probe: ProbeFan, classes: NpuClasses) -> None:
        super().__init__(meetings.env, meetings.prices, probe)
        self._classes = classes
        self._alike: dict[int, MeetingMembers] = {}

    def team(self, collective: Collective, communicator: Communicator) -> MeetingMembers:
        """The team of a representative: the same for those of all that are alike."""
        members = communicator.participants(collective).members
        if len(members) == 1:
            return super().team(collective, communicator)
        number = self._classes.teams[collective.group, members]
        team = self._alike.get(number)
        if team is None:
            team = self._alike[number] = self._of_classes(members)
        return team

    def _of_classes(self, members: Sequence[NpuId]) -> MeetingMembers:
        stand_in = self._classes.representative
        links = links_of(members, self.prices.gpus_per_node)
        alike = dict.fromkeys(Links(stand_in(it.npu), it.link) for it in links)
        comers = len(set(map(stand_in, members)))
        return MeetingMembers(members, self.prices.nodes_of(members), comers, tuple(alike))


@final
class ClassMailbox(Mailbox):
    """Sends and receives between representatives: each stands for all of its class.

    Args:
        env: the environment.
        network: carries the messages.
        probe: is told of them.
        classes: of the NPUs.
    """

    def __init__(
        self, env: Environment, network: Network, probe: ProbeFan, classes: NpuClasses
    ) -> None:
        super().__init__(env, network, probe)
        self._stand_in = classes.representative

    def receive(self, envelope: Envelope, then: Call) -> None:
        """Receive from whoever stands for the sender."""
        super().receive(envelope._replace(src=self._stand_in(envelope.src)), then)

    def _match(self, message: Message) -> None:
        message.dst = self._stand_in(message.dst)
        super()._match(message)


@dataclass(frozen=True, slots=True)
class _Finished:
    """A node that a representative has finished, and when it was issued and finished, in ns."""

    node: Node
    issued: Ns
    finished: Ns


class _Listener(Probe):
    """Gathers what representatives do.

    Args:
        turns: in which they hear of what ends.
    """

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._issued: dict[tuple[NpuId, int], Ns] = {}
        self.nodes: dict[NpuId, list[_Finished]] = {}
        self.finishes: list[tuple[Ns, int, NpuId]] = []
        """Each with its round: what is of one round is in order of the NPUs."""

    def on_node_issued(self, event: NodeIssued) -> None:
        """Remember when."""
        self._issued[event.npu, event.node.id] = event.time

    def on_node_finished(self, event: NodeFinished) -> None:
        """List the node."""
        npu, node, time = event
        issued = self._issued.pop((npu, node.id))
        self.nodes.setdefault(npu, []).append(_Finished(node, issued, time))

    def on_npu_finished(self, event: NpuFinished) -> None:
        """List the NPU."""
        self.finishes.append((event.time, self._turns.rounds, event.npu))


class _ClassNodes(LazyNodes):
    """What all NPUs did.

    Args:
        experiment: what all NPUs are.
        classes: of them.
        nodes: what each representative finished.
    """

    def __init__(
        self, experiment: Experiment, classes: NpuClasses, nodes: dict[NpuId, list[_Finished]]
    ) -> None:
        super().__init__(len(experiment.programs))
        self._experiment = experiment
        self._classes = classes
        self._nodes = nodes

    def _of(self, npu: NpuId) -> tuple[NodeRecord, ...]:
        programs, activity = self._experiment.programs, self._experiment.rules.activity
        first = self._classes.representative(npu)
        theirs, own = programs[first].graph, programs[npu].graph.nodes
        return tuple(
            record_of(node, activity(node), it.issued, it.finished)
            for it in self._nodes.get(first, ())
            for node in (own[theirs.index_of(it.node)],)
        )


def run_classes(
    experiment: Experiment,
    signatures: CommunicationSignatures,
    *,
    end_matters: bool,
    least_alike: int,
) -> tuple[ShortcutResult, str]:
    """Simulate one NPU of each class.

    Args:
        experiment: what is simulated, with prices.
        signatures: of its programs.
        end_matters: whether what is in doubt at the end is to be told, as the plain path does.
        least_alike: for how many NPUs one must stand on average, for less than all to be folded.

    Returns:
        the outcome, and what was done, in words.

    Raises:
        Refused: if NPUs can't be told to stay alike, or don't finish, or something is in doubt.
    """
    _check_rules(experiment, signatures)
    # The same at all edges of bands, and much of the work.
    find = partial(NpuClasses, experiment, signatures)
    classes = experiment.orders.decided(NpuClasses, find)
    npus, count = experiment.platform.npus, len(classes.representatives)
    if npus // count < min(least_alike, npus):
        raise Refused(f"one NPU for {npus // count} is no gain")
    turns = Turns(Environment())
    listener = _Listener(turns)
    mailbox = _play(experiment, classes, turns, ProbeFan((listener,)))
    if len(listener.finishes) < count:
        raise Refused("not all NPUs finish")
    if end_matters and mailbox.unexpected_messages:
        raise Refused("messages are left that nobody has received")
    result = ShortcutResult(
        tuple(_finishes(listener, classes)),
        _ClassNodes(experiment, classes, listener.nodes),
        (),
        order_is_known=True,
        representative=classes.representative,
    )
    return result, f"{npus} NPUs as {count}, by what they do and with whom"


def _check_rules(experiment: Experiment, signatures: CommunicationSignatures) -> None:
    if experiment.platform.options.rendezvous:
        raise Refused("messages are preceded by handshakes")
    if signatures.uses_memory:
        raise Refused("NPUs access remote memory")


def _play(
    experiment: Experiment, classes: NpuClasses, turns: Turns, probe: ProbeFan
) -> ClassMailbox:
    """Run the representatives to the end."""
    platform, env = experiment.platform, turns.env
    mailbox = ClassMailbox(env, build_network(platform, env, probe), probe, classes)
    machine = Machine(env, platform, mailbox, meetings=lambda it: ClassMeetings(it, probe, classes))
    dialect = platform.options.dialect
    for npu in sorted(classes.representatives):
        process = NpuProcess(machine.npu(npu), experiment.programs[npu], dialect, probe, turns)
        env.process(process.walk())
    env.run()
    return mailbox


def _finishes(listener: _Listener, classes: NpuClasses) -> Iterator[NpuFinish]:
    """All NPUs in the order in which they finish."""
    ends = (
        (time, turn, npu)
        for time, turn, first in listener.finishes
        for npu in classes.members[classes.of[first]]
    )
    for time, _, npu in sorted(ends):
        yield NpuFinish(npu, time)
