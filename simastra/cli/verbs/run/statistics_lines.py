"""``--statistics``: what each NPU's time went to, a line an NPU on stderr (behaviour 6)."""

from simastra.cli.output import tell
from simastra.report import roofline_statistics, statistics
from simastra.result import Result
from simastra.simulation import Simulation


def tell_statistics(simulation: Simulation, result: Result) -> None:
    """Tell them; times in ns. With the roofline model, tell where the computations lie under it."""
    for npu, figures in enumerate(statistics(result)):
        times = ", ".join(
            f"{name.replace('_', ' ')} {time}" for name, time in figures.to_dict().items()
        )
        tell(f"statistics: sys[{npu}]: {times}")
    if not simulation.system.roofline_enabled:
        return
    for npu, roofline in enumerate(roofline_statistics(simulation, result)):
        if roofline is not None:
            tell(
                f"statistics: sys[{npu}]: compute bound {roofline.compute_bound:.3f} %, "
                f"compute utilization {roofline.compute_utilization:.3f} %, "
                f"memory utilization {roofline.memory_utilization:.3f} %, "
                f"operation intensity {roofline.operation_intensity:.3f}"
            )
