"""Plots of simulations and sweeps with matplotlib; each returns the Axes that it has drawn on.

A notebook shows them with words where the mouse points: a node's name, a link's use, exact times.

gantt        what each NPU did when
link_use     how busy links were over time
network      the network with its links' load
attribution  what each NPU's time went to
chunks       how the chunks of collectives went through their phases
memory       what memory holds over time

and of a sweep's results:

pareto                points in two columns, with their front
parallel_coordinates  a line for each point over all axes
sensitivity           which axis moves an objective

subplots     matplotlib's own, for pictures of yours

hover        words where the mouse points
style        colours and axes
undrawn      what there is without matplotlib: a line for each picture, and the program goes on

matplotlib comes with the extra: ``pip install 'simastra[notebook]'``.
"""

from typing import TYPE_CHECKING

from simastra.errors import MissingPackageError
from simastra.requirement import require

from .undrawn import once_there, undrawn_grid


def _is_here() -> bool:
    try:
        require("matplotlib", "notebook", "simastra.notebook.plots")
    except MissingPackageError:
        return False
    return True


if TYPE_CHECKING or _is_here():
    from matplotlib.pyplot import subplots

    from .attribution import attribution
    from .chunks import chunks
    from .gantt import gantt
    from .hover import show_in_notebooks
    from .link_use import link_use
    from .memory import memory
    from .network import network
    from .parallel_coordinates import parallel_coordinates
    from .pareto import pareto
    from .sensitivity import sensitivity

    show_in_notebooks()
else:
    attribution = once_there("attribution")
    chunks = once_there("chunks")
    gantt = once_there("gantt")
    link_use = once_there("link_use")
    memory = once_there("memory")
    network = once_there("network")
    parallel_coordinates = once_there("parallel_coordinates")
    pareto = once_there("pareto")
    sensitivity = once_there("sensitivity")
    subplots = once_there("subplots", undrawn_grid)

__all__ = [
    "attribution",
    "chunks",
    "gantt",
    "link_use",
    "memory",
    "network",
    "parallel_coordinates",
    "pareto",
    "sensitivity",
    "subplots",
]
