"""Equal-cost multi-path: each device hashes a message to one of the links that lead on as well.

(RFC 2992 for the idea; the hash is SplitMix64, Steele, Lea and Flood 2014.)
"""

from __future__ import annotations

from typing import Final, final

from pydantic import Field

from simastra.config import PartOptions
from simastra.network_graph import NetworkGraph

from .base import Router
from .way_finder import WayFinder

_WORD: Final = 2**64 - 1


class EcmpOptions(PartOptions):
    """Keys beside ``name: ecmp``."""

    seed: int = Field(default=0, ge=0, le=_WORD)
    """of the hash: another seed spreads the same messages otherwise"""

    least_latency: bool = True
    """whether, of the paths with the fewest hops, only those with the least latency are used"""


def mixed(state: int, word: int) -> int:
    """The hash of all that a state stands for and a word more, as 64 bits (SplitMix64).

    >>> mixed(0, 0) != mixed(0, 1)
    True
    """
    mix = ((state ^ (word & _WORD)) + 0x9E3779B97F4A7C15) & _WORD
    mix = ((mix ^ (mix >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    mix = ((mix ^ (mix >> 27)) * 0x94D049BB133111EB) & _WORD
    return mix ^ (mix >> 31)


@final
class Ecmp(Router):
    """Of the paths with the fewest hops, and then the least latency, one by a hash.

    At each device where they part, the hash of seed, sender, receiver, tag and the device chooses
    among the links that they take. So messages of one pair and tag keep to one way, and in order.
    """

    multipath = True

    def __init__(self, graph: NetworkGraph, options: EcmpOptions) -> None:
        super().__init__(graph)
        self._seed = options.seed
        self._ways = WayFinder(graph, least_latency=options.least_latency)

    def route(self, src: int, dst: int, tag: int = 0) -> tuple[int, ...]:
        """As in the base class."""
        flow = 0
        for word in (self._seed, src, dst, tag):
            flow = mixed(flow, word)

        def choose(at: int, onward: tuple[int, ...]) -> int:
            return onward[mixed(flow, at) * len(onward) >> 64]

        return self._ways.way(src, dst, choose)
