"""A simulation as it stands: what the search for a cause looks at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from simpy.core import Infinity

from simastra.engine import Environment, owner_of
from simastra.errors import Cause
from simastra.network import Envelope, Mailbox, Message, NetworkLink
from simastra.network.rendezvous import HANDSHAKE_SIZE
from simastra.simulation.memberships import Memberships
from simastra.units import NpuId, Ns
from simastra.view.devices import DeviceNames
from simastra.workload import NpuProcess

from .plans import Plans


@dataclass(frozen=True, slots=True)
class Situation:
    """A simulation as it stands.

    Attributes:
        time: in ns.
        processes: the NPUs' processes, by NPU.
        posted_receives: receives for which nothing has come, each as often as it waits.
        on_the_way: where the next message of a kind is, for those that are on their way.
        held: of those, the kinds of which the next message waits for a link that is down.
        handshake_offset: what is added to a message's tag for its handshake; None without these.
        stands_still: whether nothing can happen any more.
        plans: what the NPUs have begun and are going to begin.
        issue_times: of each NPU, when each node under way was issued, by id; by NPU, where known.
    """

    time: Ns
    processes: Sequence[NpuProcess]
    posted_receives: Sequence[Envelope]
    on_the_way: Mapping[Envelope, str]
    held: Collection[Envelope]
    handshake_offset: int | None
    stands_still: bool
    plans: Plans
    issue_times: Sequence[Mapping[int, Ns]] = ()

    def issued(self, npu: NpuId, node: int) -> Ns | None:
        """When a node under way was issued, in ns; None where that isn't known."""
        return self.issue_times[npu].get(node) if self.issue_times else None

    def on_its_way(self, envelope: Envelope) -> Cause:
        """Why a message isn't there that `whereabouts` finds."""
        return Cause.LINK_DOWN if envelope in self.held else Cause.UNDER_WAY

    def whereabouts(self, envelope: Envelope) -> str | None:
        """Where the next message of that kind is, or the handshake that calls for it, in words.

        None if neither has been sent; every message that has been sent and hasn't arrived is found.
        """
        place = self.on_the_way.get(envelope)
        if place is not None or self.handshake_offset is None:
            return place
        tag, src, dst, _ = envelope
        handshake = Envelope(tag + self.handshake_offset, dst, src, HANDSHAKE_SIZE)
        place = self.on_the_way.get(handshake)
        return None if place is None else f"called for by a handshake, which is {place}"


def situation(
    processes: Sequence[NpuProcess],
    mailbox: Mailbox,
    env: Environment,
    memberships: Memberships,
    issue_times: Sequence[Mapping[int, Ns]] = (),
    names: DeviceNames | None = None,
) -> Situation:
    """Look at a simulation, with the names that the network's file gives its devices."""
    names = names or DeviceNames(len(processes))
    held: set[Envelope] = set()
    on_the_way: dict[Envelope, str] = {}
    for message, place in _under_way(mailbox, env, names):
        on_the_way.setdefault(_envelope(message), place)
    for message, link, because in mailbox.network.held:
        envelope, arrow = _envelope(message), names.arrow(*link)
        if envelope not in on_the_way:
            held.add(envelope)
            on_the_way[envelope] = f"held at link {arrow}, which is down ({because})"
    for message, place in _waiting(mailbox, names):
        on_the_way.setdefault(_envelope(message), place)
    return Situation(
        env.now,
        processes,
        mailbox.posted_receives,
        on_the_way,
        held,
        mailbox.handshake_tag_offset,
        env.peek() == Infinity,
        Plans(processes, memberships),
        issue_times,
    )


def _envelope(message: Message) -> Envelope:
    return Envelope(message.tag, message.src, message.dst, message.size)


def _under_way(
    mailbox: Mailbox, env: Environment, names: DeviceNames
) -> Iterator[tuple[Message, str]]:
    """Messages that links carry, with their places; those nearest to their ends first."""
    flowing = _flowing(mailbox)
    for message, link in flowing.items():
        yield message, _shared(message, link, names)
    for time, call in env.pending():
        owner = owner_of(call)
        if isinstance(owner, Message) and owner not in flowing and not owner.is_lost:
            yield owner, f"on its way{_along(owner, names)} until {time:,} ns"


def _waiting(mailbox: Mailbox, names: DeviceNames) -> Iterator[tuple[Message, str]]:
    """Messages that wait at links, with their places; the oldest first at each."""
    for link in mailbox.network.links:
        for place, message in enumerate(link.items):
            yield message, _queued(link, place, names)


def _flowing(mailbox: Mailbox) -> dict[Message, NetworkLink]:
    """Messages that share links, each with the link that it shares with most."""
    most: dict[Message, NetworkLink] = {}
    for link in mailbox.network.links:
        for message, _ in link.shares:
            before = most.get(message)
            if before is None or len(before.shares) < len(link.shares):
                most[message] = link
    return dict(sorted(most.items(), key=lambda it: it[0].expected or 0))


def _shared(message: Message, link: NetworkLink, names: DeviceNames) -> str:
    others = len(link.shares) - 1
    until = "" if message.expected is None else f" until {message.expected:,} ns"
    if not others:
        return f"on its way{until}"
    arrow = names.arrow(link.src, link.dst)
    return (
        f"on its way{until} as things are: it shares link {arrow} with "
        f"{others} {'other message' if others == 1 else 'others'}"
    )


def _along(message: Message, names: DeviceNames) -> str:
    if not message.route:
        return ""
    link = message.route[message.hop]
    return f" on link {names.arrow(link.src, link.dst)}"


def _queued(link: NetworkLink, place: int, names: DeviceNames) -> str:
    ahead = place + 1  # the message on the wire included
    return (
        f"queued at link {names.arrow(link.src, link.dst)} behind {ahead} "
        f"{'message' if ahead == 1 else 'messages'}"
    )
