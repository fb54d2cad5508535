"""The machine that one run happens on: NPUs, network and memory, with a clock."""

from __future__ import annotations

from simastra.engine import Environment
from simastra.memory import build_memory
from simastra.network import Mailbox
from simastra.system import Npu, NpuSetup
from simastra.units import NpuId

from .platform import Platform


class Machine:
    """NPUs, network and memory.

    Args:
        env: the environment.
        platform: what is built.
        mailbox: the network, with matching.
    """

    def __init__(self, env: Environment, platform: Platform, mailbox: Mailbox) -> None:
        options, network = platform.options, platform.network
        self._communicators = platform.communicators()
        self._setup = NpuSetup(
            env,
            platform.system,
            mailbox,
            build_memory(platform.memory, network.npus, options.tables.memories),
            npus=network.npus,
            dimensions=network.dimensions,
            custom=platform.custom,
            dialect=options.dialect,
            queues_per_dimension=options.queues_per_dimension,
            injection_scale=options.injection_scale,
        )

    def npu(self, npu: NpuId) -> Npu:
        """Make the units of an NPU."""
        return Npu(npu, self._setup, self._communicators[npu])
