"""What receives records of what the model does.

The model never prints, logs or counts. It tells a probe; reports, timelines and the debugger are
probes. All times are in ns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from simastra.promises import states
from simastra.units import Bytes, NpuId, Ns

if TYPE_CHECKING:
    from simastra.trace import Node


class WatchedLink(Protocol):
    """What a probe may rely on in a link; the link itself is a `simastra.network.Link`."""

    @property
    def src(self) -> int:
        """Device at its sending end: an NPU by its id, or a switch, numbered after the NPUs."""

    @property
    def dst(self) -> int:
        """Device at its receiving end."""

    @property
    def busy_time(self) -> Ns:
        """For how long its transmitter has been busy, transmissions under way in full."""

    @property
    def bytes_carried(self) -> Bytes:
        """Bytes put on the wire so far."""

    @property
    def messages_carried(self) -> int:
        """Messages put on the wire so far."""


class WatchedMessage(Protocol):
    """What a probe may rely on in a message; it is a `simastra.network.Message`."""

    @property
    def src(self) -> NpuId:
        """Sending NPU."""

    @property
    def dst(self) -> NpuId:
        """Receiving NPU."""

    @property
    def size(self) -> Bytes:
        """Payload."""

    @property
    def tag(self) -> int:
        """What the NPUs call it."""


class WatchedPhase(Protocol):
    """What all phases have; one is a `simastra.collectives.Phase`, or one that is played from ETs.

    The former also says what is done, how, among whom and on how many bytes.
    """

    @property
    def queue(self) -> int:
        """The NPU's logical queue in which it runs."""


class Probe:
    """Hears everything and does nothing with it: override what you want to hear.

    What no probe overrides costs the model nothing. A probe that overrides more than `npu_finished`
    has the simulation go event by event, unless it says that it can do without.
    """

    may_miss_events: bool = False
    """Whether it is content to hear of `npu_finished` alone, at the end, if a shortcut is taken."""

    def node_issued(self, npu: NpuId, node: Node, time: Ns) -> None:
        """`npu` began `node`. Nodes that take no time at all (skipped ones) are not told."""

    def node_finished(self, npu: NpuId, node: Node, time: Ns) -> None:
        """`npu` finished `node`."""

    def npu_finished(self, npu: NpuId, time: Ns) -> None:
        """`npu` has finished the last node of its trace."""

    def phase_begun(self, npu: NpuId, stream: int, phase: WatchedPhase, time: Ns) -> None:
        """The stream of that number began a phase on `npu`."""

    def phase_ended(self, npu: NpuId, stream: int, phase: WatchedPhase, time: Ns) -> None:
        """The stream of that number ended the phase on `npu`; told before anything follows."""

    def message_sent(self, src: NpuId, dst: NpuId, size: Bytes, tag: int, time: Ns) -> None:
        """NPU `src` handed a message for NPU `dst` to the network."""

    def message_arrived(self, src: NpuId, dst: NpuId, size: Bytes, tag: int, time: Ns) -> None:
        """A message from NPU `src` is at NPU `dst`, which may not have asked for it yet.

        Messages of the same four facts arrive in the order in which they were sent.
        """

    def receive_begun(self, src: NpuId, dst: NpuId, size: Bytes, tag: int, time: Ns) -> None:
        """NPU `dst` asks for a message from NPU `src`, which may be there already.

        The k-th message of the same four facts belongs to the k-th receive. Told before the
        receive has any effect.
        """

    def message_queued(self, link: WatchedLink, message: WatchedMessage, time: Ns) -> None:
        """`message` found `link` busy and waits for it; its `transmission` is told later."""

    def transmission(self, src: int, dst: int, size: Bytes, start: Ns, end: Ns) -> None:
        """The link from device `src` to device `dst` is busy with one message until `end`.

        Told at `start`. Devices are NPUs, by their ids, and switches, numbered after the NPUs.
        """

    def link_used(self, link: WatchedLink) -> None:
        """`link` puts its first message on the wire. It counts what it carries by itself."""


_Hear = TypeVar("_Hear", bound=Callable[..., None])
_Message: TypeAlias = Callable[[NpuId, NpuId, Bytes, int, Ns], None]
_Node: TypeAlias = "Callable[[NpuId, Node, Ns], None]"
_Phase: TypeAlias = Callable[[NpuId, int, WatchedPhase, Ns], None]


class ProbeFan(Probe):
    """Tells each of several probes, in their order.

    For each kind of record it holds the methods that want to hear it. Where records are frequent,
    the model looks at that list (a live one: `add` works during a run) and does nothing more where
    it is empty.

    Args:
        probes: those to tell from the start.
    """

    def __init__(self, probes: Iterable[Probe] = ()) -> None:
        self.probes: list[Probe] = []
        self.hear_node_issued: list[_Node] = []
        self.hear_node_finished: list[_Node] = []
        self.hear_npu_finished: list[Callable[[NpuId, Ns], None]] = []
        self.hear_phase_begun: list[_Phase] = []
        self.hear_phase_ended: list[_Phase] = []
        self.hear_message_sent: list[_Message] = []
        self.hear_message_arrived: list[_Message] = []
        self.hear_receive_begun: list[_Message] = []
        self.hear_message_queued: list[Callable[[WatchedLink, WatchedMessage, Ns], None]] = []
        self.hear_transmission: list[Callable[[int, int, Bytes, Ns, Ns], None]] = []
        self.hear_link_used: list[Callable[[WatchedLink], None]] = []
        for probe in probes:
            self.add(probe)

    @classmethod
    def of(cls, probe: Probe) -> ProbeFan:
        """`probe` itself if it is a fan already, otherwise a fan with it alone."""
        return probe if isinstance(probe, cls) else cls((probe,))

    def add(self, probe: Probe) -> None:
        """Tell `probe` too, from now on."""
        self.probes.append(probe)
        _listen(self.hear_node_issued, probe.node_issued, Probe.node_issued)
        _listen(self.hear_node_finished, probe.node_finished, Probe.node_finished)
        _listen(self.hear_npu_finished, probe.npu_finished, Probe.npu_finished)
        _listen(self.hear_phase_begun, probe.phase_begun, Probe.phase_begun)
        _listen(self.hear_phase_ended, probe.phase_ended, Probe.phase_ended)
        _listen(self.hear_message_sent, probe.message_sent, Probe.message_sent)
        _listen(self.hear_message_arrived, probe.message_arrived, Probe.message_arrived)
        _listen(self.hear_receive_begun, probe.receive_begun, Probe.receive_begun)
        _listen(self.hear_message_queued, probe.message_queued, Probe.message_queued)
        _listen(self.hear_transmission, probe.transmission, Probe.transmission)
        _listen(self.hear_link_used, probe.link_used, Probe.link_used)

    def node_issued(self, npu: NpuId, node: Node, time: Ns) -> None:
        """Tell all."""
        for hear in self.hear_node_issued:
            hear(npu, node, time)

    def node_finished(self, npu: NpuId, node: Node, time: Ns) -> None:
        """Tell all."""
        for hear in self.hear_node_finished:
            hear(npu, node, time)

    def npu_finished(self, npu: NpuId, time: Ns) -> None:
        """Tell all."""
        for hear in self.hear_npu_finished:
            hear(npu, time)

    def phase_begun(self, npu: NpuId, stream: int, phase: WatchedPhase, time: Ns) -> None:
        """Tell all."""
        for hear in self.hear_phase_begun:
            hear(npu, stream, phase, time)

    def phase_ended(self, npu: NpuId, stream: int, phase: WatchedPhase, time: Ns) -> None:
        """Tell all."""
        for hear in self.hear_phase_ended:
            hear(npu, stream, phase, time)

    def message_sent(self, src: NpuId, dst: NpuId, size: Bytes, tag: int, time: Ns) -> None:
        """Tell all."""
        for hear in self.hear_message_sent:
            hear(src, dst, size, tag, time)

    def message_arrived(self, src: NpuId, dst: NpuId, size: Bytes, tag: int, time: Ns) -> None:
        """Tell all."""
        for hear in self.hear_message_arrived:
            hear(src, dst, size, tag, time)

    def receive_begun(self, src: NpuId, dst: NpuId, size: Bytes, tag: int, time: Ns) -> None:
        """Tell all."""
        for hear in self.hear_receive_begun:
            hear(src, dst, size, tag, time)

    def message_queued(self, link: WatchedLink, message: WatchedMessage, time: Ns) -> None:
        """Tell all."""
        for hear in self.hear_message_queued:
            hear(link, message, time)

    def transmission(self, src: int, dst: int, size: Bytes, start: Ns, end: Ns) -> None:
        """Tell all."""
        for hear in self.hear_transmission:
            hear(src, dst, size, start, end)

    def link_used(self, link: WatchedLink) -> None:
        """Tell all."""
        for hear in self.hear_link_used:
            hear(link)


def _listen(listeners: list[_Hear], heard: _Hear, silent: object) -> None:
    """List a probe's method, unless it is `silent`: the one that it inherits from `Probe`."""
    if getattr(heard, "__func__", heard) is not silent:
        listeners.append(heard)


def needs_events(probe: Probe) -> bool:
    """Whether `probe` hears of more than the NPUs' ends, and can't do without."""
    heard = ProbeFan((probe,))
    may_miss_events = probe.may_miss_events and states(probe, "may_miss_events")
    return not may_miss_events and any(
        (
            heard.hear_node_issued,
            heard.hear_node_finished,
            heard.hear_phase_begun,
            heard.hear_phase_ended,
            heard.hear_message_sent,
            heard.hear_receive_begun,
            heard.hear_message_arrived,
            heard.hear_message_queued,
            heard.hear_transmission,
            heard.hear_link_used,
        )
    )
