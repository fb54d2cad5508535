"""Durations of another machine: in proportion to what rooflines or calibrations say of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from simastra.calibration.prices import Prices
from simastra.cli.options.input_paths import InputPath
from simastra.config import SystemConfig
from simastra.errors import ConfigError, OptionError
from simastra.simulation.calibrated import read_prices
from simastra.simulation.inputs import read_system
from simastra.system.compute import roofline_duration
from simastra.trace import Node
from simastra.trace.edit import Grouped, Selection, scale_each
from simastra.units import Ns

_Times = Callable[[int, int], Ns | None]
"""How long so many operations on so many bytes take; None where that isn't known."""


def retimed(given: Grouped, where: Selection, value: Sequence[InputPath]) -> Grouped:
    """Do ``--retime``: durations times new over old time of their operations and bytes.

    Raises:
        InputError: a machine can't be read, or says nothing of computations; or no selected node
            has a duration and says what it computes.
    """
    names = [str(it) for it in value]
    old, new = map(_times, names)
    found = False

    def ratio(node: Node) -> Fraction | None:
        nonlocal found
        if not node.num_ops or not node.exact_duration:
            return None
        found = True
        before, after = (it(node.num_ops, node.tensor_size or 0) for it in (old, new))
        return Fraction(after, before) if before and after else None

    trace = scale_each(given.trace, ratio, where, "from {} to {}".format(*names))
    if not found:
        problem = "no selected computation has both a duration and num_ops; use --scale"
        raise OptionError("retime", problem)
    return given.with_trace(trace)


def _times(name: str) -> _Times:
    """What tells times, by its name."""
    if name.startswith("@") or Path(name).suffix:
        try:
            return _of_system(read_system(name, 1), name)
        except ConfigError:
            if name.startswith("@"):
                raise
            prices = _prices(name)
            if prices is None:
                raise
            return prices.roofline
    prices = read_prices(name)
    assert prices is not None  # a name was given
    if prices.roofline(1, 1) is None:
        raise OptionError("retime", f"{name} says nothing of computations; name another one")
    return prices.roofline


def _prices(name: str) -> Prices | None:
    """The prices of a calibration's file; None if it is none."""
    try:
        prices = read_prices(name)
    except ConfigError:
        return None
    return prices if prices is not None and prices.roofline(1, 1) is not None else None


def _of_system(system: SystemConfig, name: str) -> _Times:
    if not system.peak_perf or not system.local_mem_bw:
        problem = f"{name} has no peak-perf, or no local-mem-bw, so it has no roofline"
        raise OptionError("retime", problem)

    def time(operations: int, size: int) -> Ns:
        return roofline_duration(system, operations, size, si_rates=True)

    return time
