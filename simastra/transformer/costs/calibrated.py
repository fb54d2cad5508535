"""How long computations of a step take on a measured GPU."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from simastra.calibration.calibration import Calibration
from simastra.calibration.compute import ComputeModel
from simastra.calibration.prices import Prices
from simastra.transformer.graph import Computation, Segment, TensorCommunication, Work
from simastra.units import Ns

Extent: TypeAlias = Callable[[tuple[str, ...]], tuple[int, int]]
"""Of a group along some axes: how many NPUs it has, and of how many nodes they are."""


@dataclass(frozen=True, slots=True)
class CalibratedCosts:
    """Times from a calibration.

    Attributes:
        calibration: of the GPU; it says how long computations take.
        training: whether they are amid a training step.
    """

    calibration: Calibration
    training: bool = True

    @property
    def model(self) -> ComputeModel:
        """Of the GPU's computations."""
        section = self.calibration.file.compute
        assert section is not None  # whoever makes this has looked
        return ComputeModel(section, self.training)

    def durations(self, steps: Sequence[Computation], *, backward: bool, least: Ns = 0) -> list[Ns]:
        """How long computations take that follow each other.

        Args:
            steps: the computations.
            backward: whether they are of a backward pass.
            least: of all of them together: what the host takes to launch them.
        """
        model = self.model
        times = [_time(model, step, backward=backward) for step in steps]
        total = sum(times)
        # Where the host is the limit, the NPU waits between kernels.
        return times if total >= least else [-(-time * least // total) for time in times]

    def launched(self, layer: Segment, extent: Extent, *, backward: bool) -> Ns:
        """The least that a layer's computations take, as its host launches them.

        While kernels of collectives run, the host launches what follows them.
        """
        host = self.model.host(backward=backward)
        if not host:
            return 0
        waits = (step for step in layer.steps if isinstance(step, TensorCommunication))
        return max(0, host - sum(self._price(step, *extent(step.axes)) for step in waits))

    def _price(self, step: TensorCommunication, npus: int, nodes: int) -> Ns:
        prices = Prices(self.calibration, computes=True)
        return prices.collective(step.collective, step.size, npus, nodes).total


def _time(model: ComputeModel, step: Computation, *, backward: bool) -> Ns:
    match step.work:
        case Work.ATTENTION if step.products:
            return model.unfused(step.operations, step.size)
        case Work.ATTENTION:
            return model.attention(step.operations, backward=backward)
        case Work.OPTIMIZER:
            return model.optimizer(step.size)
        case _ if step.products:
            (product,) = step.products
            shape = (product.m, product.n, product.k)
            return model.gemm(*shape, count=product.count, size=step.size)
        case _:
            return model.elementwise(step.size)
