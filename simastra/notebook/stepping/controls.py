"""The widgets of the stepping view, made and named; what they do is the view's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import ipywidgets  # type: ignore[import-untyped] # it has no types

from simastra.units import Ns

Widget: TypeAlias = Any
"""One of ipywidgets', which has no types."""

BUTTONS: Mapping[str, tuple[str, str]] = {
    "restart": ("|◀ restart", "back to the beginning"),
    "back": ("◀ event", "one event back"),
    "back_npu": ("◀ at NPU", "back to the last event that did something at the chosen NPU"),
    "step": ("event ▶", "execute one event"),
    "tick": ("tick ▶", "execute the rest of this nanosecond, or all of the next that has events"),
    "npu": ("at NPU ▶", "to the next event that does something at the chosen NPU"),
    "issued": ("node issued ▶", "to the next ET node that is issued"),
    "finished": ("node finished ▶", "to the next ET node that is finished"),
    "resume": ("continue ▶▶", "to the next breakpoint, or to the end"),
    "finish": ("end ▶|", "to the end, past all breakpoints"),
}
"""Label and explanation of each button, by its name."""


@dataclass(frozen=True, slots=True)
class Controls:
    """All widgets.

    Attributes:
        buttons: by their names in `BUTTONS`.
        npu: which NPU is looked at.
        time: the slider over simulated time, in ns.
        command: a line for the debugger's prompt.
        place: where the simulation is, and what has just happened.
        network: the picture of the network.
        tabs: the parts of the state, one of which is seen.
        pages: what is in the tabs, by title.
        answer: what the command has answered.
        box: all of them, laid out.
    """

    buttons: Mapping[str, Widget]
    npu: Widget
    time: Widget
    command: Widget
    place: Widget
    network: Widget
    tabs: Widget
    pages: Mapping[str, Widget]
    answer: Widget
    box: Widget


def make_controls(npus: int, end: Ns, titles: Sequence[str]) -> Controls:
    """Make them.

    Args:
        npus: number of NPUs.
        end: of the simulation, in ns.
        titles: of the tabs.
    """
    buttons = {
        name: ipywidgets.Button(description=label, tooltip=tip, layout={"width": "auto"})
        for name, (label, tip) in BUTTONS.items()
    }
    npu = ipywidgets.BoundedIntText(
        value=0, min=0, max=npus - 1, description="NPU", layout={"width": "150px"}
    )
    time = _slider(end)
    command = ipywidgets.Text(
        placeholder="a debugger's command, such as: break node All-Gather",
        continuous_update=False,
        layout={"width": "420px"},
    )
    pages = {title: ipywidgets.HTML() for title in titles}
    tabs = ipywidgets.Tab(children=list(pages.values()), titles=list(titles))
    place, network, answer = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
    above, below = _wrapping([*buttons.values(), npu]), _wrapping([network, tabs])
    box = ipywidgets.VBox([above, time, place, below, command, answer])
    return Controls(buttons, npu, time, command, place, network, tabs, pages, answer, box)


def _slider(end: Ns) -> Widget:
    return ipywidgets.IntSlider(
        value=0,
        min=0,
        max=end,
        step=max(1, end // 500),
        description="time, ns",
        continuous_update=False,
        layout={"width": "98%"},
    )


def _wrapping(widgets: Sequence[Widget]) -> Widget:
    """Side by side, in several rows where there is no room."""
    return ipywidgets.HBox(widgets, layout={"flex_flow": "row wrap"})
