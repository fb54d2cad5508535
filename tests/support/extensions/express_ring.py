"""A ring with express links, which have a rate and a latency of their own."""

from typing import final

from pydantic import Field

from simastra.config import PartOptions
from simastra.network import LinkTiming
from simastra.network.topology import BasicTopology, LineSymmetry


@final
class ExpressOptions(PartOptions):
    """Keys beside `name` in the network file."""

    stride: int = Field(default=4, ge=2, description="how many NPUs an express link passes")
    faster: float = Field(default=1.0, gt=0, description="rate of an express link, in a link's")
    express_latency: float | None = Field(default=None, ge=0, description="of it, in ns")


@final
class ExpressRing(BasicTopology):
    """Beside the links to the neighbours, one to the NPU `stride` places on, in both directions."""

    def __init__(self, npus: int, link: LinkTiming, options: ExpressOptions) -> None:
        super().__init__(npus, link)
        self.stride = options.stride
        latency = link.latency if options.express_latency is None else options.express_latency
        self.express = LinkTiming(latency, link.bytes_per_ns * options.faster)

    @property
    def symmetry(self) -> LineSymmetry:
        """Turning it changes nothing."""
        return LineSymmetry.ROTATIONS

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        """The shorter way round, express as far as that leads."""
        ahead = (dst - src) % self.npus
        sign, left = (1, ahead) if 2 * ahead <= self.npus else (-1, self.npus - ahead)
        way = [src]
        while left:
            step = self.stride if left >= self.stride else 1
            way.append((way[-1] + sign * step) % self.npus)
            left -= step
        return tuple(way)

    def link_between(self, src: int, dst: int) -> LinkTiming:
        """Express links are priced apart."""
        apart = min((dst - src) % self.npus, (src - dst) % self.npus)
        return self.express if apart == self.stride else self.link
