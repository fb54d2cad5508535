"""The calibrated backend: a message takes what was measured between its two NPUs' places."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, final

from simastra.engine import Environment, Probe
from simastra.errors import InputError
from simastra.units import Bytes, NpuId

from .base import Network
from .link import Link
from .message import Message
from .topology import Topology

if TYPE_CHECKING:
    from simastra.calibration.prices import Prices


@final
class CalibratedNetwork(Network):
    """No queues: latency and size over bandwidth, in a node, or over NICs.

    Collectives never come here: they are priced as a whole (`simastra.system.PricedCollectives`).

    Args:
        env: the environment.
        topology: of no account: what was measured has it in it.
        probe: hears nothing: there are no links.
        prices: what messages take.
    """

    def __init__(
        self, env: Environment, topology: Topology, probe: Probe, prices: "Prices"
    ) -> None:
        self.env = env
        self.topology = topology
        self._prices = prices

    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Message:
        """Send; nothing else in the network matters.

        Where nothing is known of that kind of link, that error ends the simulation in this tick.
        """
        message = Message(self.env, src, dst, size, tag)
        try:
            time = self._prices.send(src, dst, size)
        except InputError as error:
            self.env.fail(error)
        else:
            self.env.call_later(time, message.arrive)
        return message

    @property
    def links(self) -> Iterable[Link]:
        """None: this backend has no links."""
        return ()
