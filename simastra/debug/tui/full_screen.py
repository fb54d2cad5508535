"""Opens the full screen, where Textual is installed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from simastra.debug.stepper import Stepper
from simastra.deferred import deferred
from simastra.errors import InputError
from simastra.requirement import require

if TYPE_CHECKING:
    from . import app
else:  # Textual is an extra
    app = deferred("simastra.debug.tui.app")


def check_full_screen() -> None:
    """See whether the full screen can be opened here, before work is done for it.

    Raises:
        MissingPackageError: if Textual isn't installed.
        InputError: if there is no terminal.
    """
    require("textual", "debug", "the full screen of the debugger")
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise InputError("--tui needs a terminal as standard input and output; -c needs none")


def open_full_screen(stepper: Stepper) -> None:
    """Step through a simulation on the whole terminal, until the user leaves.

    Args:
        stepper: the simulation; it stays where it was left.
    """
    app.DebuggerApp(stepper).run()
