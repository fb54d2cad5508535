"""All-reduces between two nodes by rings, as NCCL of 2022 ran them on A100s.

The package's formula for nodes that nobody measured is that of later versions, which join two
nodes by a tree: there S bytes cross once, in a ring of n members 2(n - 1)/n times.
"""

from collections.abc import Iterator

from simastra.calibration.calibration import Calibration
from simastra.calibration.document import CalibrationFile, Curve
from simastra.calibration.priced import USUAL_HALF_WIDTH, Knowledge
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import BUS_FACTORS, collective_name
from simastra.units import Bytes

_NODES = 2
_REACHED = 0.92  # of an adapter's bandwidth
_START_US = 30.0
_SIZES: tuple[Bytes, ...] = tuple(2**power for power in range(9, 35))
_KIND = CollectiveType.ALL_REDUCE


def with_rings(calibration: Calibration) -> CalibrationFile:
    """Return a calibration's file with curves of all-reduces between two nodes."""
    file, name = calibration.file, collective_name(_KIND)
    section = file.collectives[name]
    curves = (*section.curves, *_curves(calibration))
    told = {**file.collectives, name: section.model_copy(update={"curves": curves})}
    return file.model_copy(update={"collectives": told})


def _curves(calibration: Calibration) -> Iterator[Curve]:
    each, nic = calibration.gpus_per_node, calibration.file.system.nic_gb_s
    assert nic is not None  # whoever asks for nodes has adapters
    wide = 1 + USUAL_HALF_WIDTH[Knowledge.DATASHEET]
    members = 1
    while members <= each:
        npus = _NODES * members
        crosses = BUS_FACTORS[_KIND](npus) / (members * nic * 1000 * _REACHED)
        us = [
            _START_US + max(size * crosses, calibration.collective(_KIND, size, members).mid / 1000)
            for size in _SIZES
        ]
        yield Curve(
            npus=npus,
            nodes=_NODES,
            situation=Knowledge.RELATIVE,  # what says datasheet gives way to the formula
            bytes=_SIZES,
            us=tuple(us),
            low_us=tuple(it / wide for it in us),
            high_us=tuple(it * wide for it in us),
        )
        members *= 2
