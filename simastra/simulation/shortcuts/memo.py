"""A collective that has been simulated once is looked up the next time.

In a folded run with one representative, all NPUs begin a collective in the same event. If nothing
else is on the network then, and no other node of an NPU ends in a nanosecond in which the
collective has something to do there, all that happens in it depends on what it is and on the state
of the logical queues: the next one of the same kind takes as long.

(docs/shortcuts.md)
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import partial

from simpy.events import Event

from simastra.collectives import QueueState
from simastra.engine import Completion, NodeFinished, Probe
from simastra.shortcut_use import Shortcut
from simastra.simulation.promised import alternates
from simastra.simulation.scenario import Scenario
from simastra.system import Collective, Communicator, Npu, NpuSetup
from simastra.trace import Node
from simastra.units import NpuId, Ns

from .communication_signatures import CommunicationSignatures
from .fold_environment import FoldEnvironment
from .folded_mailbox import FoldedMailbox
from .folded_traffic import FoldedTraffic, LinkSums
from .lineage import Entry
from .refusal import Refused


def may_remember(scenario: Scenario, signatures: CommunicationSignatures) -> bool:
    """Whether how long a collective takes can be told from what it is.

    Not where messages of ET nodes may be taken for a stream's, as long as tags are shared. Not
    where packets share a bus, which remembers when it was last used. Not where an algorithm does
    otherwise in another turn. Nor where a dimension has several queues: an ending chunk leaves its
    queue after the collective that follows has begun, and that one's chunks for other queues start
    first.
    """
    platform, options = scenario.platform, scenario.platform.options
    if platform.system.model_shared_bus:
        return False
    used = {operation.kind for operation in signatures.collectives}
    if any(alternates(it) for collective in used for it in platform.algorithms(collective)):
        return False
    return options.queues_per_dimension == 1 and (
        options.dialect.separate_tags or not signatures.has_messages
    )


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a collective came to.

    Attributes:
        duration: from its beginning to its end, in ns.
        lead: how long before its end its last event was scheduled.
        origin: the renumbering that takes the NPU that ends it to the one whose beginning of it
            that goes back to.
        end: its last event.
        has_rival: whether what that goes back to, up to the beginning, has a rival.
        busy: times, from its beginning, at which something happened at the NPU.
        turns: state of the logical queues after it.
        sums: what the links carried for it.
    """

    duration: Ns
    lead: Ns
    origin: int
    end: Entry
    has_rival: bool
    busy: frozenset[Ns]
    turns: QueueState
    sums: LinkSums


class _Watch:
    """A collective under way, and what else happens meanwhile.

    Attributes:
        node: its ET node's id.
        began: when it began, in ns.
        finished: the event of its end.
        known: what is known of it; None while it is simulated.
        busy: as of `Remembered`.
        disturbed: whether another node ended meanwhile.
    """

    def __init__(
        self, node: int, began: Ns, finished: Completion, known: Remembered | None
    ) -> None:
        self.node = node
        self.began = began
        self.finished = finished
        self.known = known
        self.busy: set[Ns] = set()
        self.disturbed = False

    def is_disturbed_by(self, node: Node, time: Ns) -> bool:
        """Whether the end of `node` makes a difference to this collective, which was looked up."""
        if self.known is None or node.id == self.node:
            return False
        return time - self.began in self.known.busy


class Memo(Probe):
    """Collectives that have been simulated.

    Args:
        env: the environment.
        mailbox: knows whether messages are on their way, and what links carry.

    Attributes:
        hits: how many collectives were looked up.
        misses: how many had to be simulated.
    """

    def __init__(self, env: FoldEnvironment, mailbox: FoldedMailbox) -> None:
        self._env = env
        self._traffic = FoldedTraffic(mailbox.network)
        self._mailbox = mailbox
        self._known: dict[Hashable, Remembered] = {}
        self._watch: _Watch | None = None
        self._watched_before: _Watch | None = None
        self.hits = 0
        self.misses = 0
        env.ties.listener = self._heard

    def run(self, npu: RememberingNpu, collective: Collective) -> Completion:
        """Take part in a collective, or look up what comes of it."""
        quiet = not self._mailbox.in_flight and self._traffic.is_idle and not self._is_watching
        involved = collective.involved and tuple(collective.involved)
        turns = npu.collectives.turns.state
        key = (collective.kind, collective.size, involved, collective.group, turns)
        known = self._known.get(key) if quiet else None
        if known is not None:
            return self._look_up(npu, collective, known)
        self.misses += 1
        began, acting = self._env.running, self._env.acting
        finished = npu.simulate_collective(collective)
        if quiet:
            self._watch = _Watch(collective.node.id, self._env.now, finished, None)
            before = self._traffic.sums()
            learn = partial(self._learn, key, npu, self._watch, began, acting, before)
            finished.callbacks.append(learn)
        return finished

    def on_node_finished(self, event: NodeFinished) -> None:
        """Note that another node ended while a collective was under way.

        Raises:
            Refused: if it ended just when the collective, which was looked up, had something to do.
        """
        node, time = event.node, event.time
        if self._watch is not None and node.id != self._watch.node:
            self._watch.disturbed = True
        # The one before may have ended, and the next begun, in this very nanosecond.
        for watch in (self._watched_before, self._watch):
            if watch is not None and watch.is_disturbed_by(node, time):
                reason = f"at {time} ns another node ends just when a collective would do something"
                raise Refused(reason, Shortcut.MEMO)

    @property
    def _is_watching(self) -> bool:
        return self._watch is not None and not self._watch.finished.triggered

    def _heard(self, _npu: NpuId) -> None:
        if self._watch is not None and self._watch.known is None:
            self._watch.busy.add(self._env.now - self._watch.began)

    def _learn(  # a callback of one place
        self,
        key: Hashable,
        npu: RememberingNpu,
        watch: _Watch,
        began: Entry,
        acting: int,
        before: LinkSums,
        _finished: Event,
    ) -> None:
        self._watch = None
        entry = self._env.running
        way = _way_back(entry, began, self._env)
        if watch.disturbed or way is None or self._mailbox.in_flight:
            return
        self._known[key] = Remembered(
            duration=self._env.now - watch.began,
            lead=self._env.now - entry.inserted,
            origin=self._env.symmetries.move(way.origin, acting),
            end=entry,
            has_rival=way.has_rival,
            busy=frozenset(watch.busy),
            turns=npu.collectives.turns.state,
            sums=self._traffic.sums_since(before),
        )

    def _look_up(
        self, npu: RememberingNpu, collective: Collective, known: Remembered
    ) -> Completion:
        self.hits += 1
        finished = Completion(self._env)
        self._watched_before = self._watch
        self._watch = _Watch(collective.node.id, self._env.now, finished, known)
        npu.collectives.turns.state = known.turns
        self._traffic.add(known.sums)
        # Its end is on the NPU's agenda from the same time on as if it had been simulated.
        end = partial(npu.agenda.call_later, known.lead, finished.fire)
        origin = self._env.symmetries.move(
            known.origin, self._env.symmetries.inverse(self._env.acting)
        )
        last = self._env.call_from(origin, known.duration - known.lead, end)
        last.has_rival = known.has_rival or known.end.has_rival
        return finished


@dataclass(frozen=True, slots=True)
class _Way:
    """What lies between an event and one that it goes back to.

    Attributes:
        origin: the renumbering that leads from the one's place to the other's.
        has_rival: whether what follows the first, up to it, has a rival.
    """

    origin: int
    has_rival: bool


def _way_back(entry: Entry, began: Entry, env: FoldEnvironment) -> _Way | None:
    """From `entry` to `began`; None if it goes back to other events."""
    place, has_rival = 0, False
    while entry is not began and entry.parent is not None and entry.cohort > began.cohort:
        place = env.symmetries.move(place, entry.origin)
        entry = entry.parent
        has_rival = has_rival or entry.has_rival
    return _Way(place, has_rival) if entry is began else None


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
