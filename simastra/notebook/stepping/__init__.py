"""Step through a simulation with buttons: `simastra.debug`'s stepper as a widget of Jupyter.

view      the widget: buttons, a slider over time, what they do
controls  the widgets themselves, made and named
shown     a state as HTML: NPUs, links, what happened
picture   a state as SVG: the network, with what each NPU and each link is at

ipywidgets comes with the extra: ``pip install 'simastra[notebook]'``.
"""

from simastra.requirement import require

require("ipywidgets", "notebook", "simastra.notebook.stepping")

from .view import SteppingView, step_through  # noqa: E402 - it imports ipywidgets

__all__ = ["SteppingView", "step_through"]
