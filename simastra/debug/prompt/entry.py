"""The prompt from a Python program or session, as ``pdb.set_trace`` opens pdb's."""

from __future__ import annotations

import shutil
import sys

from simastra.debug.stepper import Stepper
from simastra.simulation import Simulation

from .screen import Screen
from .session import Session
from .terminal import run_prompt


def debug(simulation: Simulation | Stepper) -> Stepper:
    """Ask for commands on this terminal until one of them quits.

    Args:
        simulation: a simulation, from its start; or a stepper, to go on from where it is.

    Returns:
        The stepper, where it was left.
    """
    stepper = simulation if isinstance(simulation, Stepper) else Stepper(simulation)
    run_prompt(Session(stepper, Screen(_write, _columns, colour=sys.stdout.isatty())))
    return stepper


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _columns() -> int:
    return shutil.get_terminal_size().columns
