"""Who has come to which collective: members meet by counting chunks (behaviour 3.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from simastra.collectives import EXTENDED_COLLECTIVES, split
from simastra.engine import Completion, Environment
from simastra.simulation.memberships import Asked, Memberships
from simastra.simulation.platform import Platform
from simastra.system import Collective, Communicator
from simastra.trace import CollectiveType
from simastra.units import NpuId


@dataclass(frozen=True, slots=True)
class Coming:
    """An NPU that has come to a collective.

    Attributes:
        npu: the NPU.
        collective: which it is.
        streams: numbers of its chunks.
        finished: fires when the collective ends.
    """

    npu: NpuId
    collective: Collective
    streams: range
    finished: Completion


_Key: TypeAlias = tuple[tuple[int, int], range, Asked]
"""A team, the numbers of the chunks, and what they do."""


@dataclass(slots=True)
class UntimedMeeting:
    """The members of a collective who have come to it.

    Attributes:
        members: all of them.
        first_stream: number of the first stream of their process group.
        come: those who have come.
    """

    members: Sequence[NpuId]
    first_stream: int
    come: list[Coming] = field(default_factory=list)

    def absent(self) -> Iterator[NpuId]:
        """Those who haven't."""
        here = {coming.npu for coming in self.come}
        return (member for member in self.members if member not in here)


def chunk_count(asked: Asked, platform: Platform) -> int:
    """Into how many chunks a collective is cut, which members number."""
    if asked.prefix is not None or asked.collective is CollectiveType.BARRIER:
        return 1
    if platform.prices is not None:  # as a whole
        return 1
    splits = platform.system.preferred_dataset_splits
    return split(asked.collective, asked.size, splits, platform.npus).count


class UntimedMeetings:
    """Where members of collectives meet.

    Every member of one of the four collectives needs something of every other one: so it ends when
    all have come. Others, and those that are played from ETs, may end before; here they do at once.

    Args:
        env: the environment.
        platform: the machine.
        memberships: tell the members.

    Attributes:
        env: the environment.
        memberships: tell the members.
    """

    def __init__(self, env: Environment, platform: Platform, memberships: Memberships) -> None:
        self.env = env
        self.memberships = memberships
        self._platform = platform
        self._open: dict[_Key, UntimedMeeting] = {}
        self._begun: dict[tuple[NpuId, int], list[Coming]] = {}

    @property
    def open(self) -> Sequence[UntimedMeeting]:
        """Those to which not all members have come."""
        return tuple(self._open.values())

    @property
    def all_begun(self) -> Iterator[Coming]:
        """All who have come to any."""
        for comings in self._begun.values():
            yield from comings

    def begun(self, npu: NpuId, first_stream: int) -> Sequence[Coming]:
        """What an NPU has come to in a process group, in order."""
        return self._begun.get((npu, first_stream), ())

    def come(self, npu: NpuId, collective: Collective, communicator: Communicator) -> Completion:
        """Let an NPU come to a collective; the event fires when it ends."""
        communicator.issued.append(collective)
        finished = Completion(self.env)
        question = self.memberships.asked(npu, collective)
        if question is None:
            self._end(finished)
            return finished
        scope, asked = question
        start = communicator.streams.stop
        streams = range(start, start + chunk_count(asked, self._platform))
        for _ in streams:
            communicator.take_stream_number()
        coming = Coming(npu, collective, streams, finished)
        first = communicator.streams.start
        self._begun.setdefault((npu, first), []).append(coming)
        if asked.prefix is not None or asked.collective in EXTENDED_COLLECTIVES:
            self._end(finished)
            return finished
        team = self.memberships.team(npu, scope)
        key = team, streams, asked
        meeting = self._open.get(key)
        if meeting is None:
            members = self.memberships.members(npu, scope)
            meeting = self._open[key] = UntimedMeeting(members, first)
        meeting.come.append(coming)
        if len(meeting.come) == len(meeting.members):
            del self._open[key]
            for each in meeting.come:
                self._end(each.finished)
        return finished

    def _end(self, finished: Completion) -> None:
        self.env.call_later(0, finished.fire)
