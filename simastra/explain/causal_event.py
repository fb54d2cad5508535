"""Something that happened, with what it followed from.

Each event points back twice. Its `cause` is the event without which it would not have happened
when it did: the last one that it needed. Its `previous` is the one before it in the same NPU's (or
the same message's) story; where these differ, something was waited for. Either way back ends at the
start of the simulation, and the times between sum to the time of the event, since each interval
begins where the one before it ends.

An event is held by those that follow from it, so that what no pending event follows from is freed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.engine import Category, Lapse
from simastra.network import LinkFault, MessageAccount
from simastra.units import Bytes, NpuId, Ns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simastra.trace import Node


class CausalEvent:
    """Something that happened; by itself, the start of the simulation.

    Args:
        time: when, in ns.
        previous: the event before it in the same story, None at the start.
        cause: the last event that it needed; `previous` by default.

    Attributes:
        node: the ET node whose story it is, of the NPU whose story it is; None between nodes.
    """

    __slots__ = ("cause", "node", "previous", "time")

    def __init__(
        self, time: Ns, previous: CausalEvent | None, cause: CausalEvent | None = None
    ) -> None:
        self.time = time
        self.previous = previous
        self.cause = previous if cause is None else cause
        self.node: Node | None = None if previous is None else previous.node


class Spent(CausalEvent):
    """A delay that a unit of an NPU set: its end. `npu` is None where it is nobody's."""

    __slots__ = ("category", "npu")

    def __init__(
        self, time: Ns, previous: CausalEvent, category: Category, npu: NpuId | None
    ) -> None:
        super().__init__(time, previous)
        self.category = category
        self.npu = npu


class Lapsed(Spent):
    """The end of a part of a delay that a unit of an NPU set.

    Attributes:
        because: names of the scenario's events that it is lost to; empty for none.
    """

    __slots__ = ("because",)

    def __init__(self, time: Ns, previous: CausalEvent, lapse: Lapse, npu: NpuId) -> None:
        super().__init__(time, previous, lapse.spent_on, npu)
        self.because = lapse.because


class Held(Spent):
    """A message that a link held up which was down, or lost: it goes on, or sets out anew.

    Attributes:
        link: devices at the link's ends.
        because: names of the events that took the link down.
    """

    __slots__ = ("because", "link")

    def __init__(
        self, time: Ns, previous: CausalEvent, link: tuple[int, int] | None, because: str
    ) -> None:
        super().__init__(time, previous, Category.FAULT, None)
        self.link = link
        self.because = because


class Crossed(CausalEvent):
    """A message at the end of a link, or at its receiver in a network without links.

    Its `previous` is the event in which the message came to the link, its `cause` the one in which
    it was put on the wire.

    Attributes:
        src: sending NPU.
        dst: receiving NPU.
        size: of the message.
        tag: of the message, which may have chosen its way.
        link: devices at the link's ends, None in a network without links.
        on_wire: time that serialisation took, in ns; the rest since the `cause` is latency.
        account: what the time since then went to, where the network says that; None elsewhere.
        fault: what a link that isn't as usual has cost it; None for nothing.
    """

    __slots__ = ("account", "dst", "fault", "link", "on_wire", "size", "src", "tag")

    def __init__(  # a message and a link
        self,
        time: Ns,
        previous: CausalEvent,
        cause: CausalEvent,
        message: tuple[NpuId, NpuId, Bytes, int],
        link: tuple[int, int] | None,
        spent: Ns | MessageAccount,
    ) -> None:
        super().__init__(time, previous, cause)
        self.src, self.dst, self.size, self.tag = message
        self.link = link
        self.fault: LinkFault | None = None
        self.account = spent if isinstance(spent, MessageAccount) else None
        self.on_wire = spent.on_wire if isinstance(spent, MessageAccount) else spent


class Released(CausalEvent):
    """A link has put a message on the wire and is free for the next one."""

    __slots__ = ("link",)

    def __init__(self, time: Ns, previous: CausalEvent, link: tuple[int, int]) -> None:
        super().__init__(time, previous)
        self.link = link


class Delivered(CausalEvent):
    """A message is at its receiver, as the sender sees it: `previous` is the event of sending."""

    __slots__ = ("dst", "src")

    def __init__(self, sent: CausalEvent, cause: CausalEvent, src: NpuId, dst: NpuId) -> None:
        super().__init__(cause.time, sent, cause)
        self.src = src
        self.dst = dst


class Received(CausalEvent):
    """A message that was waited for is here: `previous` is the event from which the NPU waited.

    Attributes:
        sent: the event in which the partner sent it.
        src: the partner.
        dst: the NPU that waited.
    """

    __slots__ = ("dst", "sent", "src")

    def __init__(
        self, asked: CausalEvent, cause: CausalEvent, sent: CausalEvent, src: NpuId, dst: NpuId
    ) -> None:
        super().__init__(cause.time, asked, cause)
        self.sent = sent
        self.src = src
        self.dst = dst


class Met(CausalEvent):
    """A priced collective has ended: `previous` is its NPU's coming, `cause` the last member's.

    Attributes:
        npu: the member.
        last: the one that came last.
        parts: what the time since then went to, in this order; the times sum to it.
    """

    __slots__ = ("last", "npu", "parts")

    def __init__(
        self,
        came: CausalEvent,
        cause: CausalEvent,
        npu: NpuId,
        last: NpuId,
        parts: Sequence[tuple[Category, Ns]],
    ) -> None:
        super().__init__(cause.time + sum(time for _, time in parts), came, cause)
        self.npu = npu
        self.last = last
        self.parts = parts

    @property
    def met(self) -> Ns:
        """When the last member came, in ns."""
        return self.time - sum(time for _, time in self.parts)


class Served(CausalEvent):
    """A shared unit has served an NPU: `previous` is when it was asked, `begun` its turn."""

    __slots__ = ("begun", "npu")

    def __init__(self, asked: CausalEvent, cause: CausalEvent, begun: Ns, npu: NpuId) -> None:
        super().__init__(cause.time, asked, cause)
        self.begun = begun
        self.npu = npu


class Issued(CausalEvent):
    """An NPU issued a node, in the event that is its `previous`."""

    __slots__ = ("npu",)

    def __init__(self, previous: CausalEvent, npu: NpuId, node: Node) -> None:
        super().__init__(previous.time, previous)
        self.npu = npu
        self.node = node


class Finished(CausalEvent):
    """An NPU finished a node, in the event that is its `previous`."""

    __slots__ = ("npu",)

    def __init__(self, previous: CausalEvent, npu: NpuId) -> None:
        super().__init__(previous.time, previous)
        self.npu = npu
        self.node = None
