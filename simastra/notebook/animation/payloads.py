"""What messages carry: which blocks of a collective's data, and how complete their sum is."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simastra.collectives import REDUCING, Block, Holdings, Phase
from simastra.engine import Envelope, MessageArrived, MessageSent, PhaseBegun, PhaseEnded, Probe
from simastra.simulation import Simulation
from simastra.system.tags import Tags
from simastra.trace import CollectiveType
from simastra.units import NpuId
from simastra.view.phrases import ranges


class Payload(NamedTuple):
    """What a message carries.

    Attributes:
        label: of its blocks, in a few letters; empty if it carries none that are known.
        block: number of the first block, -1 if none is known.
        part: how much of its sum is in a block, from 0 to 1; 1 where nothing is summed up.
        words: all of it, for people.
    """

    label: str
    block: int
    part: float
    words: str


class _Part:
    """One NPU's part in a phase: what it holds, and what its next message carries."""

    def __init__(self, phase: Phase) -> None:
        self.phase = phase
        self.holdings = phase.algorithm.holdings(phase.collective, phase.ring)
        self._blocks: Iterator[Sequence[Block]] = iter(phase.machine().blocks())

    def next_message(self) -> Holdings:
        """What the next message carries; nothing is known of blocks that it doesn't have."""
        blocks = next(self._blocks, ())
        return {block: self.holdings[block] for block in blocks if block in self.holdings}

    def take_in(self, arrived: Holdings) -> None:
        """Reduce what has arrived with what is here."""
        for block, contributions in arrived.items():
            self.holdings[block] = self.holdings.get(block, frozenset()) | contributions


class _Place(NamedTuple):
    """A phase that a member plays, which it may not have begun yet."""

    npu: NpuId
    stream: int
    phase_index: int


class _Way(NamedTuple):
    """Data on their way to where they are taken in."""

    to: _Place
    carried: Holdings


class Payloads(Probe):
    """Follows the data of a run's collectives.

    Args:
        simulation: whose run it is.

    Attributes:
        sent: for each envelope, what its messages carried, in the order in which they were sent;
            without messages that belong to no phase.
    """

    def __init__(self, simulation: Simulation) -> None:
        self.sent: defaultdict[Envelope, list[Payload]] = defaultdict(list)
        self._tags = Tags(separate=simulation.rules.dialect.separate_tags)
        self._playing: dict[tuple[NpuId, int], tuple[_Place, _Part]] = {}
        self._on_the_way: defaultdict[Envelope, deque[_Way]] = defaultdict(deque)
        self._early: defaultdict[_Place, list[Holdings]] = defaultdict(list)

    def on_phase_begun(self, event: PhaseBegun) -> None:
        """What has come before its time is taken in."""
        # What is played from ETs doesn't say what it carries, and what switches do isn't followed.
        if isinstance(event.phase, Phase) and not event.phase.algorithm.uses_switches:
            place = _Place(event.npu, event.stream, event.phase_index)
            part = _Part(event.phase)
            for carried in self._early.pop(place, ()):
                part.take_in(carried)
            self._playing[event.npu, self._tags.of_stream(event.stream)] = place, part

    def on_phase_ended(self, event: PhaseEnded) -> None:
        """What comes now belongs to another one."""
        self._playing.pop((event.npu, self._tags.of_stream(event.stream)), None)

    def on_message_sent(self, event: MessageSent) -> None:
        """Note what it carries."""
        playing = self._playing.get((event.src, event.tag))
        if playing is None:
            return
        place, part = playing
        carried = part.next_message()
        self._on_the_way[event.envelope].append(_Way(place._replace(npu=event.dst), carried))
        self.sent[event.envelope].append(_payload(part.phase, carried))

    def on_message_arrived(self, event: MessageArrived) -> None:
        """Those of one envelope arrive in the order in which they were sent."""
        ways = self._on_the_way.get(event.envelope)
        if not ways:
            return
        to, carried = ways.popleft()
        place, part = self._playing.get((event.dst, event.tag), (None, None))
        if part is not None and place == to:
            part.take_in(carried)
        else:
            self._early[to].append(carried)


def _payload(phase: Phase, carried: Holdings) -> Payload:
    collective = phase.algorithm.runs_as(phase.collective)
    if not carried:
        return Payload("", -1, 1.0, f"{collective.name}: no data")
    blocks, members = sorted(carried), phase.members
    first = blocks[0]
    label = str(first) if len(blocks) == 1 else f"{first}+"
    named = f"block{'s'[: len(blocks) > 1]} {ranges(blocks)}"
    if collective in REDUCING:
        least = min(map(len, carried.values()))
        whole = least == len(members)
        summed = "the complete sum" if whole else f"summed over {least} of {len(members)} NPUs"
        return Payload(label, first, least / len(members), f"{named}, {summed}")
    if collective is CollectiveType.ALL_TO_ALL:
        src, dst = divmod(first, len(members))
        more = f" and {len(blocks) - 1} more" if len(blocks) > 1 else ""
        named = f"what NPU {members[src]} has for NPU {members[dst]}{more}"
    return Payload(label, first, 1.0, named)
