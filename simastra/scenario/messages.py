"""How long an NPU's messages are held back before the network has them."""

from __future__ import annotations

from simastra.draws import uniform
from simastra.units import Bytes, NpuId, Ns

from .draws import Draw


class MessageDelays:
    """Draws how long messages are held back, each by what tells it from all others.

    Args:
        seed: of the draws.
        mean: of the delays, in ns.
        draw: how often the mean a delay is.
    """

    def __init__(self, seed: int, mean: Ns, draw: Draw) -> None:
        self._seed = seed
        self._mean = mean
        self._draw = draw

    def of(self, facts: tuple[int, NpuId, NpuId, Bytes], number: int) -> Ns:
        """How long a message is held back, in whole ns, halves rounded up.

        Args:
            facts: its tag, sender, receiver and size.
            number: how many messages of the same four have been before.
        """
        uniforms = uniform(self._seed, "message", *facts, number)
        return int(self._mean * self._draw(uniforms) + 0.5)
