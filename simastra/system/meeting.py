"""A collective that is priced as a whole: its members meet, and all of them end together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from simastra.calibration.document import LinkClass
from simastra.collectives import ROOTED_COLLECTIVES
from simastra.engine import Completion
from simastra.errors import TraceError
from simastra.trace import Node
from simastra.units import NpuId, Ns
from simastra.view.phrases import npus_words

from .communicator import Collective

if TYPE_CHECKING:
    from simastra.calibration.priced import CollectiveTime

    from .processor_sharing import Customer


@dataclass(frozen=True, slots=True, eq=False)
class MeetingMembers:
    """NPUs that take part in collectives together.

    Attributes:
        members: all of them.
        nodes: how many nodes they are in.
        comers: how many come to each collective: all, unless one stands for several.
        links: what a collective of theirs keeps busy (`links_of`).
    """

    members: Sequence[NpuId]
    nodes: int
    comers: int
    links: Sequence[Links]


_WORDS = {LinkClass.NODE: "links in its node", LinkClass.NIC: "NIC"}


@dataclass(frozen=True, slots=True, order=True)
class Links:
    """All of an NPU's links of one class. Those of two classes don't get in each other's way.

    Attributes:
        npu: the NPU.
        link: which of them.
    """

    npu: NpuId
    link: LinkClass

    def __str__(self) -> str:
        return f"NPU {self.npu}'s {_WORDS[self.link]}"


def links_of(members: Sequence[NpuId], gpus_per_node: int) -> tuple[Links, ...]:
    """What a collective among those NPUs keeps busy: links to others in the node, and NICs.

    Each NPU has its part of its node's NICs for itself: collectives among other NPUs of the node
    don't need that.

    >>> list(map(str, links_of([0, 1], 2)))
    ["NPU 0's links in its node", "NPU 1's links in its node"]
    >>> list(map(str, links_of([0, 2], 2)))
    ["NPU 0's NIC", "NPU 2's NIC"]
    """
    by_node = Counter(npu // gpus_per_node for npu in members)
    links = [Links(npu, LinkClass.NODE) for npu in members if by_node[npu // gpus_per_node] > 1]
    if len(by_node) > 1:
        links.extend(Links(npu, LinkClass.NIC) for npu in members)
    return tuple(links)


@dataclass(frozen=True, slots=True)
class Comer:
    """A member that has come to a collective.

    Attributes:
        npu: the NPU.
        node: its ET node.
        time: when it came, in ns.
        finished: fires when the collective ends.
    """

    npu: NpuId
    node: Node
    time: Ns
    finished: Completion


@dataclass(slots=True, eq=False)
class Meeting:
    """One collective, from its first member's coming to its end.

    Attributes:
        team: who take part.
        collective: what the first one asks for.
        comers: those who have come.
        price: what it takes alone; None until all have come.
        job: its bandwidth's part, once that has begun.
    """

    team: MeetingMembers
    collective: Collective
    comers: list[Comer] = field(default_factory=list)
    price: CollectiveTime | None = None
    job: Customer | None = None

    @property
    def met(self) -> Ns:
        """When the last one came, in ns."""
        return self.comers[-1].time

    @property
    def is_complete(self) -> bool:
        """Whether all have come."""
        return len(self.comers) == self.team.comers

    @property
    def expected(self) -> Ns | None:
        """When it ends if no other collective comes or goes, in ns; None until all have come."""
        if self.price is None:
            return None
        if self.job is None:
            return self.met + self.price.total
        return ceil(self.job.end)

    def contention(self, end: Ns) -> Ns:
        """How much longer it took than alone, in ns."""
        return 0 if self.price is None else end - self.met - self.price.total

    def is_of(self, npu: NpuId, collective: Collective) -> bool:
        """Whether an NPU has come to it for that one."""
        return any(it.npu == npu and it.node is collective.node for it in self.comers)

    def come(self, comer: Comer, collective: Collective) -> None:
        """Let a member come.

        Raises:
            TraceError: if it asks for something else than the others.
        """
        asked = self.collective
        if not collective.matches(asked) or self._root(collective) != self._root(asked):
            first = self.comers[0]
            raise TraceError(
                f"NPU {comer.npu}'s node {comer.node.id} ({comer.node.name!r}) asks for "
                f"{_asked(collective)} where NPU {first.npu}'s node {first.node.id} "
                f"({first.node.name!r}) asks for {_asked(asked)}, among the same "
                f"{npus_words(self.team.members)}; members must ask for the same"
            )
        self.comers.append(comer)

    def _root(self, collective: Collective) -> NpuId | None:
        """The NPU that is its root; None where a collective has none."""
        if collective.kind not in ROOTED_COLLECTIVES:
            return None
        return self.team.members[0] if collective.root is None else collective.root

    def absent(self) -> Iterator[NpuId]:
        """Members that haven't come."""
        here = {comer.npu for comer in self.comers}
        return (npu for npu in self.team.members if npu not in here)


def _asked(collective: Collective) -> str:
    root = "" if collective.root is None else f" with root {collective.root}"
    return f"{collective}{root}"
