"""Watches over the order inside each nanosecond of a folded run.

What happens in a nanosecond accesses things: NPUs, links, streams at an NPU, an NPU's agenda. Of
two events that only the numbers of NPUs tell apart, other NPUs may see one or the other first. That
doesn't matter where they access different things, nor where they access one alike.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from enum import Enum, auto
from typing import NamedTuple, Protocol

from simastra.engine import MessageQueued, Probe
from simastra.units import NpuId, Ns

from .alternatives import Access, Act, Interchangeable
from .folded_topology import FoldedTopology
from .lineage import Entry, by_number
from .refusal import Refused
from .symmetry_group import SymmetryGroup


class Acting(Protocol):
    """Who acts, and where: a folded run's environment.

    Attributes:
        running: the event.
        acting: where what it does takes place, as a renumbering of the event's own place.
        symmetries: the renumberings that are folded.
        topology: of the folded network.
        now: the time, in ns.
        turn: how many entries have been scheduled.
    """

    running: Entry
    acting: int
    symmetries: SymmetryGroup
    topology: FoldedTopology
    turn: int

    @property
    def now(self) -> Ns:
        """As above."""


# Parts of an NPU, named in plain tuples with its number: a class of their own takes longer.
_STREAM = "stream"
"""What it does for one stream, of a tag."""
_DUE = "due"
"""What its agenda has for this nanosecond."""
_ENDS = "ends"
"""How many chunks of its collective are left."""


class _Kind(Enum):
    """How several events may access a thing in any order."""

    ANY_STREAM = auto()
    """Each does something for one of the NPU's streams."""

    ARRIVAL = auto()
    """Messages of one stream: a phase only counts them."""

    REGISTRATION = auto()
    """Each adds to what is due; in which order, the agenda looks at."""


_EACH_ITS_OWN = {_Kind.ANY_STREAM, _Kind.REGISTRATION}
"""What follows from such an event goes back to it alone, wherever it comes."""


class _Seen(NamedTuple):
    """What is remembered of the accesses of one thing in a nanosecond.

    Accesses of one kind that follow each other are a run. Of a run, the last access is remembered,
    and the last one before it that only numbers tell apart from it. Those are enough, since events
    that only numbers tell apart come one after the other: what an earlier access would show, one of
    these shows, or would have shown before.

    Attributes:
        run: of the run that goes on, the last first.
        before: of the run before it.
        whole: of the run that goes on, all of it, the first first; of a kind of
            which any may come in another's place.
    """

    run: tuple[Access, ...]
    before: tuple[Access, ...]
    whole: Interchangeable

    @property
    def last(self) -> Access:
        """The last access."""
        return self.run[0]


class Ties:
    """Refuses to go on where the numbers of NPUs decide what comes first.

    The argument of a folded run is that all NPUs of an orbit see the same events in the same order.
    Where two events of one nanosecond concern the same NPU or link, and nothing but the numbers of
    the NPUs that they go back to tells which is first, that argument fails.

    Args:
        env: the environment.
        streams_commute: whether streams of an NPU have nothing in common but its queues.

    Attributes:
        env: as given.
        listener: is called with the number of each NPU that does something for a stream, if
            streams commute.
        streams_commute: as given.
    """

    def __init__(self, env: Acting, *, streams_commute: bool) -> None:
        self.env = env
        self._time: Ns = -1
        self._alone: Entry | None = None
        """The event that all of this nanosecond comes from so far; None where there are more."""
        self._uses: list[tuple[Hashable, Hashable, Entry | None]] = []
        """What it has done, for when another event comes: with itself there is no tie."""
        self._seen: dict[Hashable, Access | _Seen] = {}
        self.listener: Callable[[NpuId], None] | None = None
        self.streams_commute = streams_commute

    def access(self, kind: Hashable = None) -> Access:
        """What is done now, as seen from where it is done."""
        return Access(self.env.running, self._place(), kind)

    def act(self) -> Act:
        """The same, of no kind, with its turn."""
        return Act(self.env.running, self._place(), self.env.turn)

    def _place(self) -> int:
        env = self.env
        return env.acting and env.symmetries.inverse(env.acting)

    def note_stream(self, npu: NpuId, tag: int | None, after: Entry | None = None) -> None:
        """An NPU does something for the stream of that tag; None: for itself.

        It comes after the event `after` of that stream in any case.
        """
        if tag is None or not self.streams_commute:
            self.note_use(npu)
            return
        self._note_stream(npu)
        self.note_use((npu, _STREAM, tag), after=after)

    def note_arrival(self, npu: NpuId, tag: int) -> None:
        """A message of a stream arrives at an NPU. They may come in any order."""
        if not self.streams_commute:
            self.note_use(npu, tag)
            return
        self._note_stream(npu)
        self.note_use((npu, _STREAM, tag), _Kind.ARRIVAL)

    def _note_stream(self, npu: NpuId) -> None:
        if self.listener is not None:
            self.listener(npu)
        self.note_use(npu, _Kind.ANY_STREAM)

    def note_end_of_chunk(self, npu: NpuId) -> None:
        """A chunk of an NPU's collective ends; if it is the last one, so does the collective."""
        self.note_use((npu, _ENDS))

    def note_registration(self, npu: NpuId) -> None:
        """Something is added to what an NPU's agenda has for this nanosecond."""
        self.note_use((npu, _DUE), _Kind.REGISTRATION)

    def note_run(self, npu: NpuId) -> None:
        """What an NPU's agenda has for this nanosecond is run."""
        self.note_use((npu, _DUE))

    def note_use(self, what: Hashable, kind: Hashable = None, after: Entry | None = None) -> None:
        """Something happens to an NPU, a link, or a part of an NPU; after `after` in any case.

        Equal kinds, None aside, may come in any order.
        """
        env = self.env
        if env.now != self._time:
            self._time = env.now
            self._alone = env.running
            self._uses.clear()
            self._seen.clear()
        if self._alone is env.running and not env.acting:
            self._uses.append((what, kind, after))
            return
        if self._alone is not None:
            alone, self._alone = self._alone, None
            for used, its_kind, its_after in self._uses:
                self._note(used, Access(alone, 0, its_kind), its_after)
        self._note(what, self.access(kind), after)

    def _note(self, what: Hashable, access: Access, after: Entry | None) -> None:
        seen = self._seen.setdefault(what, access)
        if seen is access:  # mostly the only one: a record of its own takes as long again
            return
        if isinstance(seen, Access):
            seen = _Seen((seen,), (), Interchangeable([seen]))
        if seen.run[0] != access:  # what one event does again changes nothing
            self._seen[what] = self._with(what, access, seen, after)

    def _with(self, what: Hashable, access: Access, seen: _Seen, after: Entry | None) -> _Seen:
        """What is remembered after a further access."""
        goes_on = access.kind is not None and access.kind == seen.last.kind
        before = seen.before if goes_on else seen.run
        self._check(what, access, [other for other in before if other.entry is not after])
        if goes_on:
            return _Seen((access, *self._rivals(access, seen)), seen.before, seen.whole)
        if access.is_of_event_of(seen.last):  # one event of two kinds: of none
            access = access._replace(kind=None)
            return _Seen((access,), seen.before, Interchangeable([access]))
        return _Seen((access,), seen.run, Interchangeable([access]))

    def _check(self, what: Hashable, access: Access, before: Sequence[Access]) -> None:
        """Check that it is certain which comes first."""
        if any(self.is_by_number(other, access) for other in before):
            raise self.refusal(self._name(what))

    def refusal(self, name: str) -> Refused:
        """Make (not raise) the refusal to go on where only numbers say what comes first."""
        return Refused(
            f"at {self._time} ns the numbers of the NPUs decide what comes first at {name}"
        )

    def _name(self, what: Hashable) -> str:
        crossing = self.env.topology.crossings.get(what)  # type: ignore[call-overload]  # any key
        if crossing is not None:
            return str(crossing)
        return f"NPU {what[0] if isinstance(what, tuple) else what}"

    def _rivals(self, access: Access, seen: _Seen) -> Sequence[Access]:
        """The last access that may come after this one elsewhere, if any; mark their events."""
        last = seen.last
        rivals = [other for other in seen.run if self.is_by_number(other, access)]
        if access.kind in _EACH_ITS_OWN:
            return rivals[:1]
        seen.whole.append(access)
        if rivals or (last.entry.has_rival and not access.is_of_event_of(last)):
            seen.whole.stand_for(last.entry)
            seen.whole.stand_for(access.entry)
        return rivals[:1]

    def is_by_number(self, one: Access, other: Access) -> bool:
        """Whether only the numbers of NPUs tell two accesses apart."""
        return by_number(self.env.symmetries, one.entry, one.place, other.entry, other.place)


class LinkTies(Probe):
    """Has `Ties` watch over messages that wait at links.

    Args:
        ties: hear of it; of the beginnings and ends of transmissions the environment tells them.
    """

    def __init__(self, ties: Ties) -> None:
        self._ties = ties

    def on_message_queued(self, event: MessageQueued) -> None:
        """A message waits."""
        self._ties.note_use((event.link_src, event.link_dst))
