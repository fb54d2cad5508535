"""What is remembered of a collective, and how one is watched while it is under way."""

from __future__ import annotations

from dataclasses import dataclass

from simastra.collectives import QueueState
from simastra.engine import Completion
from simastra.trace import Node
from simastra.units import Ns

from .fold_environment import FoldEnvironment
from .folded_traffic import LinkSums
from .lineage import Entry


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
        inserted: when, from its beginning, its last event and those that it goes back to were
            inserted, up to the beginning.
        busy: times, from its beginning, at which something happened for it at the NPU.
        turns: state of the logical queues after it.
        sums: what the links carried for it.
    """

    duration: Ns
    lead: Ns
    origin: int
    end: Entry
    has_rival: bool
    inserted: tuple[Ns, ...]
    busy: frozenset[Ns]
    turns: QueueState
    sums: LinkSums


class Watch:
    """A collective under way, and what else happens meanwhile.

    Attributes:
        node: its ET node's id.
        began: when it began, in ns.
        finished: the event of its end.
        known: what is known of it; None while it is simulated.
        busy: as of `Remembered`.
        others: times, from its beginning, at which other nodes ended meanwhile.
    """

    def __init__(
        self, node: int, began: Ns, finished: Completion, known: Remembered | None
    ) -> None:
        self.node = node
        self.began = began
        self.finished = finished
        self.known = known
        self.busy: set[Ns] = set()
        self.others: set[Ns] = set()

    def is_disturbed_by(self, node: Node, time: Ns) -> bool:
        """Whether the end of `node` makes a difference to this collective, which was looked up."""
        if node.id == self.node:
            return False
        if self.known is None:
            self.others.add(time - self.began)
            return False
        return time - self.began in self.known.busy


@dataclass(frozen=True, slots=True)
class Way:
    """What lies between an event and one that it goes back to.

    Attributes:
        origin: the renumbering that leads from the one's place to the other's.
        has_rival: whether what follows the first, up to it, has a rival.
        inserted: when those between them were inserted, from the first on, the last first.
    """

    origin: int
    has_rival: bool
    inserted: tuple[Ns, ...]


def way_back(entry: Entry, began: Entry, time: Ns, env: FoldEnvironment) -> Way | None:
    """From `entry` to `began`, at `time`; None if it goes back to other events, or to it alone."""
    place, has_rival, inserted = 0, False, []
    while entry is not began and entry.parent is not None and entry.cohort > began.cohort:
        place = env.symmetries.move(place, entry.origin)
        inserted.append(entry.inserted - time)
        entry = entry.parent
        has_rival = has_rival or entry.has_rival
    between = tuple(inserted[1:])
    return Way(place, has_rival, between) if entry is began and between else None
