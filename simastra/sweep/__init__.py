"""Design-space sweeps: a study names inputs, axes and objectives, and every point becomes a row.

study      what a study says: its file, checked; from a setting of its axes to the inputs of a point
columns    COLUMNS: what a row has beside its axes
pruning    which points can't be on the Pareto front, told before they run
modes      which points are run: all, some at random, those that Optuna suggests
points     from a point's number to its row, whatever comes of it
engines    ENGINES: where points are run
dataset    where rows go: read_table
driver     run_study: all that together; progress: how far it is; rows: the columns' kinds
replay     one row, run again; status: what rows tell of; digest: what points are known by

planning   the study of all parallelisms of a model that fit on a machine

and what came of it:

results      a table of rows for people: the best, the front, ties; reading: of a folder
comparison   which points are best, of all or of each part
repeats      points that differ in seeds alone, and how far they scatter
values       values as people read them, in the unit of their column
sensitivity  which axis moves which column
page         all that as one HTML file

Layer: above the simulation; knows nothing of the command line. (docs/sweeps.md)
"""

from typing import TYPE_CHECKING

from simastra.deferred import deferred_names

if TYPE_CHECKING:
    from .driver import run_study
    from .engines import EngineSettings
    from .reading import read_results
    from .results import SweepResults
    from .study import Study
else:  # the command line asks for few
    __getattr__ = deferred_names(
        __name__,
        {
            "driver": ("run_study",),
            "engines": ("EngineSettings",),
            "reading": ("read_results",),
            "results": ("SweepResults",),
            "study": ("Study",),
        },
    )

__all__ = ["EngineSettings", "Study", "SweepResults", "read_results", "run_study"]


def __dir__() -> list[str]:
    """The public names, those not imported yet among them, for completion at Tab."""
    return sorted({*__all__, *(it for it in globals() if it.startswith("__"))})
