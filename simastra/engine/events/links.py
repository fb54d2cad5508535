"""What links do: they make messages wait, carry them one by one, and fail."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from simastra.units import Bytes, NpuId, Ns
from simastra.view.ends import device_words

from .messages import Envelope


class WatchedLink(Protocol):
    """What a listener may rely on in a link; the link itself is a `simastra.network.Link`."""

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


class MessageQueued(NamedTuple):
    """A message found a link busy and waits for it; `Transmitting` is told later.

    Attributes:
        link_src: device at the link's sending end.
        link_dst: device at its receiving end.
        src: the NPU that sent the message.
        dst: the NPU to which it goes.
        size: its bytes.
        time: in ns.
    """

    link_src: int
    link_dst: int
    src: NpuId
    dst: NpuId
    size: Bytes
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Nobody: the network does it."""
        return ()

    def words(self, link: str) -> str:
        """What happened, with what to call the link, such as "0 -> 8"."""
        return (
            f"{self.size:,} B from {device_words(self.src)} to {device_words(self.dst)} wait for "
            f"link {link}"
        )

    def __str__(self) -> str:
        return self.words(f"{self.link_src} -> {self.link_dst}")


class Transmitting(NamedTuple):
    """The link from device `src` to device `dst` is busy with one message, from `time` to `until`.

    Told at its beginning. Devices are NPUs, by their ids, and switches, numbered after the NPUs.

    Attributes:
        src: device at the link's sending end.
        dst: device at its receiving end.
        size: bytes of the message.
        time: in ns.
        until: when the transmitter is free again.
        envelope: of the message, None where the link doesn't say. Messages of one envelope cross a
            link in the order in which they were sent.
    """

    src: int
    dst: int
    size: Bytes
    time: Ns
    until: Ns
    envelope: Envelope | None = None

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Nobody: the network does it."""
        return ()

    def words(self, link: str) -> str:
        """What happened, with what to call the link, such as "0 -> 8"."""
        return f"link {link} transmits {self.size:,} B until {self.until:,} ns"

    def __str__(self) -> str:
        return self.words(f"{self.src} -> {self.dst}")


class LinkUsed(NamedTuple):
    """`link` puts its first message on the wire. It counts what it carries by itself."""

    link: WatchedLink
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Nobody: the network does it."""
        return ()

    def words(self, link: str) -> str:
        """What happened, with what to call the link, such as "0 -> 8"."""
        return f"link {link} is used for the first time"

    def __str__(self) -> str:
        return self.words(f"{self.link.src} -> {self.link.dst}")


class LinkChanged(NamedTuple):
    """The link from device `src` to device `dst` is slower from now on, down, or as usual again.

    Attributes:
        src: device at the link's sending end.
        dst: device at its receiving end.
        what: how it is now, in words, such as "is down".
        because: names of the events that make it so; empty if it is as usual.
        time: in ns.
    """

    src: int
    dst: int
    what: str
    because: str
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Nobody: the network does it."""
        return ()

    def words(self, link: str) -> str:
        """What happened, with what to call the link, such as "0 -> 8"."""
        because = f" ({self.because})" if self.because else ""
        return f"link {link} {self.what}{because}"

    def __str__(self) -> str:
        return self.words(f"{self.src} -> {self.dst}")


class MessageLost(NamedTuple):
    """A message was on a link that has gone down, or before it, and is sent again.

    Attributes:
        link_src: device at the link's sending end.
        link_dst: device at its receiving end.
        src: the NPU that sent the message.
        dst: the NPU to which it goes.
        size: its bytes.
        tag: what tells it apart from others between the two.
        time: in ns.
        began: since when it was being put on the wire, in ns; None if it wasn't.
        place: its place in the line of those that wait for the link, from 0; None if it wasn't in
            it.
        is_rerouted: whether it takes another way; else it is sent again over this link.
        because: names of the events that took the link down.
    """

    link_src: int
    link_dst: int
    src: NpuId
    dst: NpuId
    size: Bytes
    tag: int
    time: Ns
    began: Ns | None
    place: int | None
    is_rerouted: bool
    because: str

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Nobody: the network does it."""
        return ()

    def words(self, link: str) -> str:
        """What happened, with what to call the link, such as "0 -> 8"."""
        what = "are lost on" if self.began is not None else "leave"
        then = "take another way" if self.is_rerouted else "are sent again over it"
        message = f"{self.size:,} B from {device_words(self.src)} to {device_words(self.dst)}"
        return f"{message} {what} link {link} ({self.because}), and {then}"

    def __str__(self) -> str:
        return self.words(f"{self.link_src} -> {self.link_dst}")
