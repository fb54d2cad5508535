"""Design-space sweeps: a study names inputs, axes and objectives, and every point becomes a row.

study      what a study says: its file, checked; from a setting of its axes to the inputs of a point
columns    COLUMNS: what a row has beside its axes
pruning    which points can't be on the Pareto front, told before they run
modes      MODES: which points are run: all, some at random, those that Optuna suggests

and what came of it:

results      a table of rows for people: the best, the front, ties, scatter
sensitivity  which axis moves which column
page         all that as one HTML file

Layer: above the simulation; knows nothing of the command line. (docs/sweeps.md)
"""

from typing import TYPE_CHECKING

from simastra.deferred import imported

if TYPE_CHECKING:
    from .results import SweepResults
    from .study import Study

__all__ = ["Study", "SweepResults"]

_HOME_OF = {"Study": f"{__name__}.study", "SweepResults": f"{__name__}.results"}

if not TYPE_CHECKING:  # which would let any name pass otherwise

    def __getattr__(name: str) -> object:
        """Import a public name when it is asked for (PEP 562)."""
        if name not in _HOME_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(imported(_HOME_OF[name]), name)
        return value
