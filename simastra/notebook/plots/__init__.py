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

hover        words where the mouse points
style        colours and axes

matplotlib comes with the extra: ``pip install 'simastra[notebook]'``.
"""

from simastra.requirement import require

require("matplotlib", "notebook", "simastra.notebook.plots")

from .attribution import attribution  # noqa: E402 - these import matplotlib
from .chunks import chunks  # noqa: E402
from .gantt import gantt  # noqa: E402
from .hover import show_in_notebooks  # noqa: E402
from .link_use import link_use  # noqa: E402
from .memory import memory  # noqa: E402
from .network import network  # noqa: E402
from .parallel_coordinates import parallel_coordinates  # noqa: E402
from .pareto import pareto  # noqa: E402
from .sensitivity import sensitivity  # noqa: E402

show_in_notebooks()

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
]
