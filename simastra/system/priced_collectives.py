"""Collectives that have a price: one event for all of their members (docs/calibration.md).

No message is sent. The members of a collective meet, whenever each of them comes; from then on it
takes what the calibration says: its launch, hops and protocol in any case, its bandwidth's part
longer where others use the same links.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from simastra.engine import (
    Category,
    CollectiveEnded,
    CollectiveMet,
    Completion,
    Environment,
    ProbeFan,
)
from simastra.errors import TraceError
from simastra.units import NpuId

from .communicator import Collective, Communicator
from .meeting import Comer, Meeting, MeetingMembers, links_of
from .npu_collectives import NpuCollectives
from .processor_sharing import ProcessorSharing

if TYPE_CHECKING:
    from simastra.calibration.prices import Prices

    from .scheduler import StreamScheduler

Key = tuple[MeetingMembers, int]


class Meetings:
    """The collectives of all NPUs: where their members meet, what they take, and who shares links.

    Args:
        env: the environment.
        prices: what collectives take.
        probe: is told of collectives that begin and end.

    Attributes:
        env: the environment.
        prices: as given.
        sharing: where collectives use the same links.
    """

    def __init__(
        self,
        env: Environment,
        prices: Prices,
        probe: ProbeFan,
    ) -> None:
        self.env = env
        self.sharing = ProcessorSharing(env, prices.contention_penalty)
        self.prices = prices
        self._on_met = probe.listeners(CollectiveMet)
        self._on_ended = probe.listeners(CollectiveEnded)
        self._teams: dict[tuple[int, Sequence[NpuId]], MeetingMembers] = {}
        self._meetings: dict[Key, Meeting] = {}

    def team(self, collective: Collective, communicator: Communicator) -> MeetingMembers:
        """Who takes part in a collective of an NPU: one team for each list of a group's members."""
        members = communicator.participants(collective).members
        team = self._teams.get((collective.group, members))
        if team is None:
            nodes = self.prices.nodes_of(members)
            links = links_of(members, self.prices.gpus_per_node)
            team = MeetingMembers(members, nodes, len(members), links)
            self._teams[collective.group, members] = team
        return team

    def of(self, npu: NpuId) -> Sequence[Meeting]:
        """Those to which an NPU has come, the oldest first."""
        return [
            meeting
            for meeting in self._meetings.values()
            if any(comer.npu == npu for comer in meeting.comers)
        ]

    def come(self, team: MeetingMembers, number: int, comer: Comer, collective: Collective) -> None:
        """Let a member come to its team's collective of that number."""
        key = team, number
        meeting = self._meetings.get(key)
        if meeting is None:
            meeting = self._meetings[key] = Meeting(team, collective)
        try:
            meeting.come(comer, collective)
        except TraceError as error:
            self.env.fail(error)
            return
        if meeting.is_complete:
            self._begin(key, meeting)

    def says(self, _call: object) -> str:
        """What a call that it has scheduled does, in words."""
        return "a priced collective has been launched, or ends"

    def _begin(self, key: Key, meeting: Meeting) -> None:
        """All have come."""
        asked, members, nodes = meeting.collective, meeting.team.members, meeting.team.nodes
        price = self.prices.collective(asked.kind, asked.size, len(members), nodes)
        meeting.price = price
        if self._on_met:
            self._on_met.emit(_met(meeting))
        end = partial(self._end, key)
        latency = price.launch_and_hops + price.protocol
        if price.bandwidth:
            share = partial(self._share, meeting, end)
            self.env.call_later(latency, share, Category.LAUNCH)
        else:
            self.env.call_later(latency, end, Category.LAUNCH)

    def _share(self, meeting: Meeting, end: Callable[[], None]) -> None:
        """What is left needs the links."""
        assert meeting.price is not None
        meeting.job = self.sharing.begin(meeting.price.bandwidth, meeting.team.links, end)

    def _end(self, key: Key) -> None:
        """Let all members go on, in the order in which they came."""
        meeting = self._meetings.pop(key)
        if self._on_ended:
            self._on_ended.emit(_ended(meeting, self.env.now))
        for comer in meeting.comers:
            comer.finished.fire()


class PricedCollectives(NpuCollectives):
    """Runs the collectives of one NPU, each as a whole.

    Args:
        npu: the NPU.
        meetings: of all NPUs.
    """

    def __init__(self, npu: NpuId, meetings: Meetings) -> None:
        self._npu = npu
        self._meetings = meetings
        self._teams: dict[Hashable, MeetingMembers] = {}

    def run(self, collective: Collective, communicator: Communicator) -> Completion:
        """Begin a collective; the event fires when all members' parts have ended.

        One in which nobody else takes part, or that has nothing to gather, ends at once, by an
        event of this tick.
        """
        env = self._meetings.env
        finished = Completion(env)
        communicator.issued.append(collective)
        team = self._team(collective, communicator)
        if len(team.members) == 1 or collective.gathers_nothing:
            env.call_later(0, finished.fire)
            return finished
        comer = Comer(self._npu, collective.node, env.now, finished)
        number = communicator.take_stream_number() - communicator.streams.start
        self._meetings.come(team, number, comer, collective)
        return finished

    def _team(self, collective: Collective, communicator: Communicator) -> MeetingMembers:
        involved = None if collective.involved is None else tuple(collective.involved)
        key = collective.group, collective.kind, involved
        team = self._teams.get(key)
        if team is None:
            team = self._teams[key] = self._meetings.team(collective, communicator)
        return team

    def reschedule(self, scheduler: Callable[[StreamScheduler], StreamScheduler]) -> None:
        """There are no chunks to be scheduled."""

    @property
    def meetings(self) -> Sequence[Meeting]:
        """Collectives to which this NPU has come, the oldest first."""
        return self._meetings.of(self._npu)


def _met(meeting: Meeting) -> CollectiveMet:
    comers, end = meeting.comers, meeting.expected
    assert end is not None
    return CollectiveMet(
        tuple(comer.npu for comer in comers),
        tuple(comer.node for comer in comers),
        str(meeting.collective),
        meeting.met,
        end,
    )


def _ended(meeting: Meeting, now: int) -> CollectiveEnded:
    comers, price = meeting.comers, meeting.price
    assert price is not None
    return CollectiveEnded(
        tuple(comer.npu for comer in comers),
        tuple(comer.node for comer in comers),
        str(meeting.collective),
        meeting.met,
        price.launch_and_hops,
        price.protocol,
        price.bandwidth,
        meeting.contention(now),
        now,
    )
