"""A collective that has been simulated once is looked up the next time.

In a folded run, all NPUs of an orbit begin a collective of theirs in the same event. If it meets
nothing else on the network, and no other node of an NPU ends in a nanosecond in which it has
something to do there, all that happens in it depends on what it is and on the state of the logical
queues: the next one of the same kind takes as long.

(docs/shortcuts.md)
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from functools import partial

from simpy.events import Event

from simastra.engine import Completion, NodeFinished, Probe
from simastra.network import Queueing
from simastra.simulation.experiment import Experiment
from simastra.simulation.promised import alternates
from simastra.system import Collective, Communicator, Npu, NpuSetup
from simastra.units import NpuId

from .communication_signatures import CommunicationSignatures
from .fold_environment import FoldEnvironment
from .folded_mailbox import FoldedMailbox
from .folded_traffic import FoldedTraffic, LinkSums
from .leaps import Conflict, Instance, Leap, Leaps
from .lineage import Entry
from .remembered import Remembered, Watch, way_back


def may_remember(
    experiment: Experiment, signatures: CommunicationSignatures, npus: Collection[NpuId]
) -> bool:
    """Whether how long a collective takes can be told from what it is.

    Args:
        experiment: what is simulated.
        signatures: what its NPUs do with each other.
        npus: the representatives.

    Not where messages wait at links and those of several representatives may meet there.
    Nor where messages of ET nodes may be taken for a stream's, as long as tags are shared. Nor
    where packets share a bus, which remembers when it was last used. Nor where an algorithm does
    otherwise in another turn, or NPUs are built in different ways. Nor where a dimension has
    several queues: an ending chunk leaves its queue after the collective that follows has begun,
    and that one's chunks for other queues start first.
    """
    platform, options = experiment.platform, experiment.platform.options
    meet = len(npus) > 1 and platform.backend.queueing is not Queueing.NOWHERE
    if meet or platform.system.model_shared_bus or platform.own_systems:
        return False
    used = {operation.kind for operation in signatures.collectives}
    if any(alternates(it) for collective in used for it in platform.algorithms(collective)):
        return False
    return options.queues_per_dimension == 1 and (
        options.dialect.separate_tags or not signatures.has_messages
    )


class Memo(Probe):
    """Collectives that have been simulated.

    Args:
        env: the environment.
        mailbox: knows whether messages are on their way, and what links carry.
        spared: collectives that aren't looked up.
        messages_meet: whether messages wait for each other.

    Attributes:
        hits: how many collectives were looked up.
        misses: how many had to be simulated.
    """

    def __init__(
        self,
        env: FoldEnvironment,
        mailbox: FoldedMailbox,
        spared: Collection[Instance],
        *,
        messages_meet: bool,
    ) -> None:
        self._env = env
        self._traffic = FoldedTraffic(mailbox.network)
        self._mailbox = mailbox
        self._spared = spared
        self._messages_meet = messages_meet
        self._known: dict[Hashable, Remembered] = {}
        self._are_own: dict[Hashable, bool] = {}
        """Whether all who take part are of the NPU's orbit."""
        self._watches: dict[NpuId, Watch] = {}
        self._watched_before: dict[NpuId, Watch] = {}
        self._leaps = Leaps()
        self.hits = 0
        self.misses = 0
        env.ties.listener = self._heard

    def run(self, npu: RememberingNpu, collective: Collective) -> Completion:
        """Take part in a collective, or look up what comes of it."""
        quiet = self._is_quiet(npu) and self._is_own(npu, collective)
        turns = npu.played.turns.state
        key = (npu.npu, collective.kind, collective.size, *_among(collective), turns)
        known = self._known.get(key) if quiet else None
        if known is not None and not self._is_spared(npu, collective, known):
            return self._look_up(npu, collective, known)
        self.misses += 1
        began, acting = self._env.running, self._env.acting
        finished = npu.simulate_collective(collective)
        if quiet:
            watch = Watch(collective.node.id, self._env.now, finished, None)
            self._watches[npu.npu] = watch
            before = self._traffic.sums()
            learn = partial(self._learn, key, npu, watch, began, acting, before)
            finished.callbacks.append(learn)
        return finished

    def on_node_finished(self, event: NodeFinished) -> None:
        """Note that another node ended while a collective was under way.

        Raises:
            Conflict: if it ended just when the collective, which was looked up, had something to
                do.
        """
        npu, node, time = event
        # The one before may have ended, and the next begun, in this very nanosecond.
        for watch in (self._watched_before.get(npu), self._watches.get(npu)):
            if watch is not None and watch.is_disturbed_by(node, time):
                reason = f"at {time} ns another node ends just when a collective would do something"
                raise Conflict(reason, (npu, watch.node))

    def _is_quiet(self, npu: RememberingNpu) -> bool:
        """Whether nothing is under way that a collective could meet."""
        watch = self._watches.get(npu.npu)
        if watch is not None and not watch.finished.triggered:
            return False
        return not self._in_flight(npu) and self._traffic.is_idle

    def _in_flight(self, npu: RememberingNpu) -> int:
        """How many messages are on their way that those of an NPU's collectives may meet."""
        mailbox = self._mailbox
        return mailbox.in_flight if self._messages_meet else mailbox.of_streams[npu.npu]

    def _is_own(self, npu: RememberingNpu, collective: Collective) -> bool:
        key = (npu.npu, collective.kind, *_among(collective))
        own = self._are_own.get(key)
        if own is None:
            along = npu.communicators[collective.group].participants(collective)
            representative = self._env.symmetries.representative
            own = all(representative(member) == npu.npu for member in along.members)
            self._are_own[key] = own
        return own

    def _is_spared(self, npu: RememberingNpu, collective: Collective, known: Remembered) -> bool:
        """Whether it is better simulated: something else is due when it has something to do."""
        if (npu.npu, collective.node.id) in self._spared:
            return True
        now = self._env.now
        return any(time > now and time - now in known.busy for time in npu.agenda.times)

    def _heard(self, npu: NpuId) -> None:
        watch = self._watches.get(npu)
        if watch is not None and watch.known is None:
            watch.busy.add(self._env.now - watch.began)

    def _learn(  # a callback of one place
        self,
        key: Hashable,
        npu: RememberingNpu,
        watch: Watch,
        began: Entry,
        acting: int,
        before: LinkSums,
        _finished: Event,
    ) -> None:
        del self._watches[npu.npu]
        entry = self._env.running
        way = way_back(entry, began, watch.began, self._env)
        if way is None or not watch.busy.isdisjoint(watch.others) or self._in_flight(npu):
            return
        self._known[key] = Remembered(
            duration=self._env.now - watch.began,
            lead=self._env.now - entry.inserted,
            origin=self._env.symmetries.move(way.origin, acting),
            end=entry,
            has_rival=way.has_rival,
            inserted=way.inserted,
            busy=frozenset(watch.busy),
            turns=npu.played.turns.state,
            sums=self._traffic.sums_since(before),
        )

    def _look_up(
        self, npu: RememberingNpu, collective: Collective, known: Remembered
    ) -> Completion:
        self.hits += 1
        finished = Completion(self._env)
        if npu.npu in self._watches:
            self._watched_before[npu.npu] = self._watches[npu.npu]
        began, instance = self._env.now, (npu.npu, collective.node.id)
        self._watches[npu.npu] = Watch(collective.node.id, began, finished, known)
        npu.played.turns.state = known.turns
        self._traffic.add(known.sums)
        # Its end is on the NPU's agenda from the same time on as if it had been simulated.
        end = partial(npu.agenda.call_later, known.lead, finished.fire)
        origin = self._env.symmetries.move(
            known.origin, self._env.symmetries.inverse(self._env.acting)
        )
        last = self._env.call_from(origin, known.duration - known.lead, end)
        last.has_rival = known.has_rival or known.end.has_rival
        self._env.leaps = self._leaps  # from now on: what has run so far comes before any leap
        self._leaps.expect(last, Leap(instance, began, known.inserted))
        return finished


def _among(collective: Collective) -> tuple[Hashable, ...]:
    """What says who takes part in it."""
    involved = collective.involved and tuple(collective.involved)
    return involved, collective.group


class RememberingNpu(Npu):
    """An NPU that looks collectives up where it can.

    Args:
        npu: its number.
        setup: as of any NPU.
        communicators: as of any NPU.
        memo: where it looks.
    """

    def __init__(
        self, npu: NpuId, setup: NpuSetup, communicators: Mapping[int, Communicator], memo: Memo
    ) -> None:
        super().__init__(npu, setup, communicators)
        self._memo = memo

    def run_collective(self, collective: Collective) -> Completion:
        """Take part in a collective, or look up what comes of it."""
        return self._memo.run(self, collective)

    def simulate_collective(self, collective: Collective) -> Completion:
        """Take part in a collective."""
        return super().run_collective(collective)
