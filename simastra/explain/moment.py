"""Something that happened, with what it followed from.

Each moment points back twice. Its `cause` is the moment without which it would not have happened
when it did: the last one that it needed. Its `own` is the one before it in the same NPU's (or the
same message's) story; where these differ, something was waited for. Either way back ends at the
start of the simulation, and the times between sum to the time of the moment, since each interval
begins where the one before it ends.

A moment is held by those that follow from it, so that what no pending event follows from is freed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.engine import Category
from simastra.units import Bytes, NpuId, Ns

if TYPE_CHECKING:
    from simastra.trace import Node


class Moment:
    """Something that happened; by itself, the start of the simulation.

    Args:
        time: when, in ns.
        own: the moment before it in the same story, None at the start.
        cause: the last moment that it needed; `own` by default.

    Attributes:
        node: the ET node whose story it is, of the NPU whose story it is; None between nodes.
    """

    __slots__ = ("cause", "node", "own", "time")

    def __init__(self, time: Ns, own: Moment | None, cause: Moment | None = None) -> None:
        self.time = time
        self.own = own
        self.cause = own if cause is None else cause
        self.node: Node | None = None if own is None else own.node


class Spent(Moment):
    """A delay that a unit of an NPU set: its end. `npu` is None where it is nobody's."""

    __slots__ = ("category", "npu")

    def __init__(self, time: Ns, own: Moment, category: Category, npu: NpuId | None) -> None:
        super().__init__(time, own)
        self.category = category
        self.npu = npu


class Crossed(Moment):
    """A message at the end of a link, or at its receiver in a network without links.

    Its `own` is the moment in which the message came to the link, its `cause` the one in which it
    was put on the wire.

    Attributes:
        src: sending NPU.
        dst: receiving NPU.
        size: of the message.
        link: devices at the link's ends, None in a network without links.
        on_wire: time that serialisation took, in ns; the rest since the `cause` is latency.
    """

    __slots__ = ("dst", "link", "on_wire", "size", "src")

    def __init__(  # a message and a link
        self,
        time: Ns,
        own: Moment,
        cause: Moment,
        message: tuple[NpuId, NpuId, Bytes],
        link: tuple[int, int] | None,
        on_wire: Ns,
    ) -> None:
        super().__init__(time, own, cause)
        self.src, self.dst, self.size = message
        self.link = link
        self.on_wire = on_wire


class Released(Moment):
    """A link has put a message on the wire and is free for the next one."""

    __slots__ = ("link",)

    def __init__(self, time: Ns, own: Moment, link: tuple[int, int]) -> None:
        super().__init__(time, own)
        self.link = link


class Delivered(Moment):
    """A message is at its receiver, as the sender sees it: `own` is the moment of sending."""

    __slots__ = ("dst", "src")

    def __init__(self, sent: Moment, cause: Moment, src: NpuId, dst: NpuId) -> None:
        super().__init__(cause.time, sent, cause)
        self.src = src
        self.dst = dst


class Received(Moment):
    """A message that was waited for is here: `own` is the moment from which the NPU waited.

    Attributes:
        sent: the moment in which the partner sent it.
        src: the partner.
        dst: the NPU that waited.
    """

    __slots__ = ("dst", "sent", "src")

    def __init__(self, asked: Moment, cause: Moment, sent: Moment, src: NpuId, dst: NpuId) -> None:
        super().__init__(cause.time, asked, cause)
        self.sent = sent
        self.src = src
        self.dst = dst


class Served(Moment):
    """A shared unit has served an NPU; `own` is when it was asked, `begun` when the turn came."""

    __slots__ = ("begun", "npu")

    def __init__(self, asked: Moment, cause: Moment, begun: Ns, npu: NpuId) -> None:
        super().__init__(cause.time, asked, cause)
        self.begun = begun
        self.npu = npu


class Issued(Moment):
    """An NPU issued a node, in the moment that is its `own`."""

    __slots__ = ("npu",)

    def __init__(self, own: Moment, npu: NpuId, node: Node) -> None:
        super().__init__(own.time, own)
        self.npu = npu
        self.node = node


class Finished(Moment):
    """An NPU finished a node, in the moment that is its `own`."""

    __slots__ = ("npu",)

    def __init__(self, own: Moment, npu: NpuId) -> None:
        super().__init__(own.time, own)
        self.npu = npu
        self.node = None
