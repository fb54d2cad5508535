"""What ``simastra generate pipeline`` is asked for."""

from simastra.config.converted import kept
from simastra.convert.generate.pipeline import PipelineShape, pipeline_trace
from simastra.units import MiB

from .base import GeneratedTrace, RequestForNpus
from .fields import Micros, Number, Size

_NODES_OF_A_MICROBATCH = 3  # it is received, computed and sent


class PipelineRequest(RequestForNpus):
    """Stages that send microbatches to each other."""

    microbatches: Number = 4
    """how many"""

    size: Size = kept(MiB)
    """bytes passed on for each"""

    forward_micros: Micros = kept(100)
    """microseconds of a stage for each"""

    backward_micros: Micros | None = None
    """likewise on the way back; there is none, if left out"""

    @property
    def nodes(self) -> int:
        """About how many nodes each NPU has."""
        passes = 1 if self.backward_micros is None else 2
        return _NODES_OF_A_MICROBATCH * passes * self.microbatches

    def _generated(self) -> GeneratedTrace:
        shape = PipelineShape(
            self.microbatches, self.size, self.forward_micros, self.backward_micros
        )
        return GeneratedTrace(pipeline_trace(self.size_of_machine, shape))
