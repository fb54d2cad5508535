"""What a collective algorithm has to answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple, Self

from simastra.quick_dataclass import dataclass
from simastra.trace import CollectiveType
from simastra.units import Bytes

from .holdings import Holdings, initial_holdings
from .machine import PhaseMachine
from .members import LogicalRing

if TYPE_CHECKING:
    from .in_network import Aggregation, ReducingNetwork
    from .part_sizes import BlockSizes


class MessageSizes(NamedTuple):
    """The smallest and the largest message, in bytes."""

    smallest: Bytes
    largest: Bytes


class RingSymmetry(Enum):
    """Which renumberings of the members' positions take every exchange to an exchange."""

    NONE = auto()
    """Nothing is promised; a simulation then goes event by event."""

    IDENTITY = auto()
    """None: but a member's position says what it does, whichever NPUs the members are."""

    SHIFTS = auto()
    """Every member so many places further on, round the ring."""

    EXCHANGES = auto()
    """Every position's bits flipped alike (exclusive or), among a power of two of members."""


class Contender(NamedTuple):
    """One of several algorithms of which the fastest is to be taken: its name, and itself."""

    name: str
    algorithm: Algorithm


@dataclass(frozen=True, slots=True)
class CollectiveCall:
    """A collective as a whole, as who selects an algorithm for it sees it.

    Attributes:
        collective: what is asked for.
        size: bytes, as its ET node gives them.
        ring: the members along the dimension that an algorithm is wanted for.
        active: indices of the dimensions that take part; none where that isn't known.
        is_uneven: whether its parts differ in size.
    """

    collective: CollectiveType
    size: Bytes
    ring: LogicalRing
    active: tuple[int, ...] = ()
    is_uneven: bool = False

    @property
    def key(self) -> Hashable:
        """Equal for what is decided once: of a process group its members count, else dimensions."""
        among = self.ring.members if self.ring.is_group else self.active
        kind = self.collective, self.size, self.is_uneven
        return *kind, self.ring.is_group, tuple(among)


class Algorithm(ABC):
    """How the members of one phase exchange their data. Immutable, and knows no time.

    Attributes:
        files: names of the files that it was made of.
        selects: whether it stands for several, of which the size of a collective decides.
        contenders: algorithms of which a simulation takes the fastest in its place before it
            begins; none of one that isn't such a choice.
    """

    files: tuple[str, ...] = ()
    selects: bool = False
    contenders: tuple[Contender, ...] = ()

    @abstractmethod
    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """One member's part in `collective` on `size` bytes.

        `size` is what each member puts in: the buffer for all-reduce, reduce-scatter and
        all-to-all, one shard for all-gather (behaviour 2.4). `turn` counts the phases that these
        members have planned with this algorithm before, for algorithms that alternate.
        """

    @abstractmethod
    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """Why it can't run `collective` among `npus` members, or None if it can."""

    def problem_among(self, collective: CollectiveType, ring: LogicalRing) -> str | None:
        """The same of these members: it may depend on where on the network they are."""
        return self.problem(collective, len(ring))

    @property
    def uses_switches(self) -> bool:
        """Whether switches of the network reduce, or may."""
        return False

    def on(self, network: ReducingNetwork) -> Self:
        """As it is on a network; the same unless it `uses_switches`."""
        return self

    def aggregations(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> Iterable[Aggregation]:
        """What switches do in a phase that one member takes part in; arguments as of `machine`.

        Raises:
            InputError: if no switches join its members.
        """
        return ()

    def selected(self, asked: CollectiveCall) -> Algorithm:
        """What runs a collective: mostly itself."""
        return self

    @property
    def name(self) -> str:
        """What it is called in records and pictures: as its class, without what all are."""
        return type(self).__name__.removesuffix("Algorithm")

    @property
    def symmetry(self) -> RingSymmetry:
        """How positions may be renumbered: shortcuts rely on it, a conformance test checks it."""
        return RingSymmetry.NONE

    @property
    def alternates(self) -> bool:
        """Whether `turn` matters; True where nothing better is known. Shortcuts rely on it."""
        return True

    @property
    def period(self) -> int | None:
        """After how many turns it does the same again, where `turn` matters; None where that isn't
        known. The compiled loop relies on it, a conformance test checks it."""
        return None

    @property
    def has_scores(self) -> bool:
        """Whether its machines only count, so that each has a score (`simastra.collectives.score`);
        False where nothing better is known. The compiled loop relies on it, a conformance test
        checks it."""
        return False

    @property
    def is_ring(self) -> bool:
        """Whether a member sends to the next alone, and hears from the previous alone, one message
        at a time; False where nothing better is known. Shortcuts rely on it."""
        return False

    @property
    def sends_evenly(self) -> bool:
        """Whether every member sends as many bytes as another; False where nothing better is known.
        Bounds on what a port has to carry rely on it, a conformance test checks it."""
        return False

    @property
    def runs_uneven(self) -> bool:
        """Whether it is an `UnevenRunner` for those of `UNEVEN_COLLECTIVES` that it runs, or what
        it selects is; False where nothing better is known. A conformance test checks it."""
        return False

    def message_sizes(self, collective: CollectiveType, size: Bytes, npus: int) -> MessageSizes:
        """The smallest and the largest message of a phase, for notices; no phase depends on them.

        Those of ring and direct here; an algorithm whose messages have other sizes says so.
        """
        share = message_size(collective, size, npus)
        return MessageSizes(share, share)

    def packet_sizes(self, collective: CollectiveType, size: Bytes, npus: int) -> MessageSizes:
        """The same of packets that pass an endpoint, those too that aren't sent."""
        return self.message_sizes(collective, size, npus)

    def runs_as(self, collective: CollectiveType) -> CollectiveType:
        """The collective that is really performed where `collective` is asked for."""
        return collective

    def holdings(self, collective: CollectiveType, ring: LogicalRing) -> Holdings:
        """What one member holds at the beginning, by block; for who follows the data."""
        return initial_holdings(self.runs_as(collective), len(ring), ring.position)

    def result_size(self, collective: CollectiveType, size: Bytes, npus: int) -> Bytes:
        """Bytes that each member holds for the next phase (behaviour 3.3)."""
        match collective:
            case CollectiveType.REDUCE_SCATTER:
                return size // npus
            case CollectiveType.ALL_GATHER:
                return size * npus
            case _:
                return size


class UnevenRunner(Algorithm):
    """An algorithm that may promise `runs_uneven`: parts of a collective may differ in size."""

    @abstractmethod
    def uneven_machine(
        self, collective: CollectiveType, sizes: BlockSizes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """As `machine`, where parts differ in size: a message has the bytes of what it carries.

        What has no bytes isn't sent. Where all parts are equal it does what `machine` does.
        """


def message_size(collective: CollectiveType, size: Bytes, npus: int) -> Bytes:
    """Bytes of a block, as a message of ring and direct is: a share, or a whole shard (3.3)."""
    return size if collective is CollectiveType.ALL_GATHER else size // npus


def runs_instead(algorithm: Algorithm, collective: CollectiveType) -> str | None:
    """That an algorithm performs another collective than it is asked for; None if it doesn't."""
    performed = algorithm.runs_as(collective)
    if performed is collective:
        return None
    return f"performs {performed.name} where {collective.name} is asked for"
