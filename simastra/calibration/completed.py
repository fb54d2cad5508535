"""A fitted calibration with what else is known: messages, and computations of that system."""

from collections.abc import Iterable

from .compute import ComputeSection
from .document import CalibrationFile, parse_calibration
from .fit.links import fitted_links
from .measurements import SendMeasurement
from .ready_files import ready_names, ready_text
from .systems import name_of


def completed(file: CalibrationFile, sends: Iterable[SendMeasurement]) -> CalibrationFile:
    """The file with links as measured, and with computations as the ready calibration has them.

    Args:
        file: what was fitted to collectives.
        sends: messages that were measured; of other links what the file has stays.
    """
    measured = fitted_links(sends)
    found = {it.link for it in measured}
    others = (it for it in file.p2p if it.link not in found)
    compute = file.compute or _known_computations(file.system.name)
    return file.model_copy(update={"p2p": (*measured, *others), "compute": compute})


def _known_computations(system: str) -> ComputeSection | None:
    """Those of a system that comes with the package; None for any other."""
    name = name_of(system)
    if name not in ready_names():
        return None
    return parse_calibration(ready_text(name), name).compute
