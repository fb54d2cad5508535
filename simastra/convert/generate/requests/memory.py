"""What ``simastra generate memory`` is asked for."""

from simastra.config.converted import kept
from simastra.config.fields import Flag
from simastra.convert.generate.remote_memory import MemoryShape, memory_trace
from simastra.units import MiB

from .base import GeneratedTrace, RequestForNpus
from .fields import Micros, Number, Size

_NODES_OF_A_LAYER = 3  # it is loaded, computed and stored


class MemoryRequest(RequestForNpus):
    """Layers that lie in remote memory."""

    layers: Number = 4
    """how many"""

    size: Size = kept(MiB)
    """bytes loaded and stored"""

    micros: Micros = kept(100)
    """microseconds computed"""

    prefetch: Flag = False
    """load without waiting for the layer before"""

    @property
    def nodes(self) -> int:
        """About how many nodes each NPU has."""
        return _NODES_OF_A_LAYER * self.layers

    def _generated(self) -> GeneratedTrace:
        shape = MemoryShape(self.layers, self.size, self.micros, self.prefetch)
        return GeneratedTrace(memory_trace(self.size_of_machine, shape))
