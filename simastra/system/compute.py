"""Computations: replayed from the trace, or estimated by a roofline (behaviour 2.3, 5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.config import SystemConfig
from simastra.engine import Agenda, Category, Completion
from simastra.units import NS_PER_SECOND, OPS_PER_TERAOP, Bytes, Ns

if TYPE_CHECKING:
    from simastra.calibration.prices import Prices


class ComputeUnit:
    """Runs the computations of one NPU; how many at once is the NPU process's business.

    Args:
        agenda: of the NPU.
        config: peak performance and local memory bandwidth.
        si_rates: whether the roofline computes in units a second, as later versions do.
    """

    def __init__(self, agenda: Agenda, config: SystemConfig, *, si_rates: bool) -> None:
        self.agenda = agenda
        self.config = config
        self.si_rates = si_rates

    def replay(self, duration: Ns, category: Category = Category.COMPUTE) -> Completion:
        """Take as long as the trace says, spent on `category`; the event fires at the end."""
        finished = Completion(self.agenda.env)
        self.agenda.call_later(duration, finished.fire, category)
        return finished

    def roofline(self, num_ops: int, tensor_size: Bytes) -> Completion:
        """Take as long as the roofline model says; the event fires at the end."""
        return self.replay(self.roofline_duration(num_ops, tensor_size))

    def roofline_duration(self, num_ops: int, tensor_size: Bytes) -> Ns:
        """How long that takes (see the function `roofline_duration`)."""
        return roofline_duration(self.config, num_ops, tensor_size, si_rates=self.si_rates)


class PricedComputeUnit(ComputeUnit):
    """Runs computations whose times have a band.

    Args:
        agenda: of the NPU.
        config: peak performance and local memory bandwidth.
        si_rates: as of any compute unit.
        prices: at which edge of the band.
    """

    def __init__(
        self, agenda: Agenda, config: SystemConfig, *, si_rates: bool, prices: Prices
    ) -> None:
        super().__init__(agenda, config, si_rates=si_rates)
        self._prices = prices

    def replay(self, duration: Ns, category: Category = Category.COMPUTE) -> Completion:
        """Take so much longer, or less long, than the trace says."""
        return super().replay(self._prices.computation(duration), category)


def roofline_duration(
    config: SystemConfig, num_ops: int, tensor_size: Bytes, *, si_rates: bool
) -> Ns:
    """Operations over attainable performance: the lower of peak, and bandwidth times intensity.

    The intensity of a computation on no bytes is infinite, so it attains the peak.

    hoti2024 takes bandwidth as a bare number of bytes a ns but the peak in operations a second,
    so that in effect every computation on some bytes is bound by memory and takes tensor size /
    bandwidth (behaviour 5.2).
    """
    per_second = NS_PER_SECOND if si_rates else 1
    attainable = config.peak_perf * OPS_PER_TERAOP
    if tensor_size:
        intensity = float(num_ops) / float(tensor_size)  # rounded as ASTRA-sim's doubles
        attainable = min(config.local_mem_bw * per_second * intensity, attainable)
    return int(num_ops / attainable * per_second) if attainable else 0
