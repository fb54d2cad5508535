"""Plots of a simulation with matplotlib; each returns the Axes that it has drawn on.

gantt        what each NPU did when
link_use     how busy links were over time
network      the network with its links' load
attribution  what each NPU's time went to
chunks       how the chunks of collectives went through their phases
style        colours and axes

matplotlib comes with the extra: ``pip install 'simastra[notebook]'``.
"""

from simastra.requirement import require

require("matplotlib", "notebook", "simastra.notebook.plots")

from .attribution import attribution  # noqa: E402 - these import matplotlib
from .chunks import chunks  # noqa: E402
from .gantt import gantt  # noqa: E402
from .link_use import link_use  # noqa: E402
from .network import network  # noqa: E402

__all__ = ["attribution", "chunks", "gantt", "link_use", "network"]
