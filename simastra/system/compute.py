"""Computations: replayed from the trace, or estimated by a roofline (behaviour 2.3, 5.2)."""

from simastra.config import SystemConfig
from simastra.engine import Agenda, Completion
from simastra.units import Bytes, Ns

_OPS_PER_TERAOP = 1_000_000_000_000


class ComputeUnit:
    """Runs the computations of one NPU; how many at once is the NPU process's business.

    Args:
        agenda: of the NPU.
        config: peak performance and local memory bandwidth.
    """

    def __init__(self, agenda: Agenda, config: SystemConfig) -> None:
        self.agenda = agenda
        self.config = config

    def replay(self, duration: Ns) -> Completion:
        """Take as long as the trace says; the event fires at the end."""
        finished = Completion(self.agenda.env)
        self.agenda.call_later(duration, finished.fire)
        return finished

    def roofline(self, num_ops: int, tensor_size: Bytes) -> Completion:
        """Take as long as the roofline model says; the event fires at the end."""
        return self.replay(self.roofline_duration(num_ops, tensor_size))

    def roofline_duration(self, num_ops: int, tensor_size: Bytes) -> Ns:
        """Operations over attainable performance: the lower of peak, and bandwidth times intensity.

        As hoti2024 computes it: bandwidth is a bare number of bytes a ns while the peak is in
        operations a second, so that in effect every computation is bound by memory and takes
        tensor size / bandwidth (behaviour 5.2).
        """
        if not tensor_size or not num_ops:
            return 0
        attainable = min(
            self.config.local_mem_bw * (num_ops / tensor_size),
            self.config.peak_perf * _OPS_PER_TERAOP,
        )
        return int(num_ops / attainable) if attainable else 0
