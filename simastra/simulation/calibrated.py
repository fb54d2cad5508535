"""What a calibration makes of a simulation: its prices, its options, and a system if none is given.

(docs/calibration.md)
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.config import SystemConfig
from simastra.deferred import deferred
from simastra.dialect import Dialect
from simastra.errors import ArgumentError, OptionError
from simastra.network import Backend
from simastra.trace import NodeType, Trace

from .options import Options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simastra import calibration as calibrations
    from simastra.calibration import prices
    from simastra.calibration.prices import Prices
    from simastra.network import MakeNetwork
else:  # few simulations are calibrated
    calibrations = deferred("simastra.calibration")
    prices = deferred("simastra.calibration.prices")

_USUAL = Options().backend
_OPTION = "network-backend"


def read_prices(calibration: object) -> Prices | None:
    """What a calibration says: one in memory, a file's, or a ready one's by its name.

    Raises:
        InputError: if it can't be read or is wrong.
    """
    match calibration:
        case None:
            return None
        case str() | Path():
            return prices.Prices(calibrations.Calibration.load(calibration))
        case _ if isinstance(calibration, prices.PricedTimes):
            return prices.Prices(calibration)
        case _:
            wanted = "a Calibration, the path of its file, or the name of a ready one"
            raise ArgumentError("calibration", wanted, calibration)


def prices_amid(known: Prices, trace: Trace) -> Prices:
    """Prices where a trace is simulated: amid computations, if it has any."""
    computes = any(node.type is NodeType.COMP for nodes in trace.distinct for node in nodes)
    return replace(known, computes=computes)


def calibrated_options(options: Options, *, is_calibrated: bool) -> Options:
    """The options, with the backend that a calibration asks for.

    Raises:
        OptionError: if the backend needs a calibration and there is none, or takes none and there
            is one.
    """
    backends = options.tables.backends
    if Backend.of(backends[options.backend]).is_calibrated:
        if not is_calibrated:
            raise OptionError(_OPTION, _how_to_get_one(options.backend))
        return options
    if not is_calibrated:
        return options
    name = next((it for it in backends if Backend.of(backends[it]).is_calibrated), None)
    if options.backend != _USUAL or name is None:
        raise OptionError(_OPTION, _takes_none(options.backend, backends))
    return replace(options, backend=name)


def calibrated_dialect(dialect: Dialect) -> Dialect:
    """A dialect as what is calibrated reads it: nothing is left out that hardware does.

    Broadcasts and barriers take their time, durations count to the nanosecond, and a receive that
    waits is in nobody's way.
    """
    return replace(
        dialect, extended_collectives=True, exact_durations=True, receive_takes_unit=False
    )


def usual_system() -> SystemConfig:
    """The system where none is given: nothing of it decides what a price covers."""
    return SystemConfig(preferred_dataset_splits=1)


def _how_to_get_one(backend: str) -> str:
    return (
        f"{backend} needs a calibration: give --calibration FILE, as 'simastra calibrate' makes "
        "one of nccl-tests' logs, or the name of a ready one, such as h100; in Python "
        'Simulation(..., calibration="h100")'
    )


def _takes_none(backend: str, backends: Mapping[str, Backend | MakeNetwork]) -> str:
    calibrated = [it for it in backends if Backend.of(backends[it]).is_calibrated]
    wanted = f"leave it out, or say {calibrated[0]}" if calibrated else "leave the calibration out"
    return f"{backend} takes its times from the network file, not from a calibration; {wanted}"
