"""A state of the stepper as SVG: the network, with what each NPU and each link is at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simastra.debug import LinkState, State
from simastra.notebook.animation.picture import Curve, curve_between, places_of, radius
from simastra.report.layout import Point
from simastra.view.html import Markup, element
from simastra.workload import Activity, NpuProcess

_SIZE = 420
_MOST_DEVICES = 160
_IDLE, _BUSY = "#c3cbd5", "#d9572b"
_WAITING, _FINISHED, _SWITCH = "#f6f7f9", "#8fbf8f", "#c9d2e0"
_COLOURS = {
    Activity.COMPUTE: "#9db9d8",
    Activity.CPU: "#8fd3d0",
    Activity.REMOTE_MEMORY: "#d5b5d2",
    Activity.COMMUNICATION: "#f9c48f",
}
"""Of NPUs, by what they are at; of several, the first in this order."""


def network_svg(state: State) -> str:
    """Draw devices and the links used so far; an empty text, if there are too many to be seen.

    A busy link is red, with the length of its queue beside it, and thicker the longer it is.
    """
    links = state.links
    network = state.run.scenario.platform.network
    where = places_of(network.npus_count, ((it.src, it.dst) for it in links))
    if len(where) > _MOST_DEVICES:
        return ""
    drawn = [part for link in links for part in _link(link, where)]
    devices = [part for it in where.items() for part in _device(*it, state, radius(len(where)))]
    return element(
        "svg",
        *drawn,
        *devices,
        viewBox=f"0 0 {_SIZE} {_SIZE + 24}",
        width=_SIZE,
        height=_SIZE + 24,
        role="img",
        aria_label=f"the network at {state.now} ns",
        style="max-width: 100%",
    )


def legend_html() -> str:
    """What the colours mean."""
    names = {activity.value: colour for activity, colour in _COLOURS.items()}
    colours = {**names, "waiting": _WAITING, "finished": _FINISHED, "busy link": _BUSY}
    explained = (_explained(name, colour) for name, colour in colours.items())
    return element("div", *explained, style=f"max-width: {_SIZE}px")


def _explained(name: str, colour: str) -> Markup:
    style = f"background: {colour}; border: 1px solid #5d6778; padding: 0 0.6em"
    layout = "display: inline-block; margin-right: 1em"
    return element("span", element("span", style=style), f" {name}", style=layout)


def _link(link: LinkState, where: Mapping[int, Point]) -> Iterator[Markup]:
    curve: Curve = curve_between(where[link.src], where[link.dst])
    busy, queue = link.on_wire is not None, len(link.waiting)
    yield element(
        "path",
        element("title", f"{link.src} to {link.dst}: {link.on_wire or 'free'}, {queue} waiting"),
        d=curve.path,
        fill="none",
        stroke=_BUSY if busy else _IDLE,
        stroke_width=1 + busy + min(queue, 6),
    )
    if queue:
        middle = curve.middle
        yield element("text", str(queue), x=middle.x, y=middle.y, fill=_BUSY, font_size=12)


def _device(device: int, point: Point, state: State, size: float) -> Iterator[Markup]:
    is_npu = device < len(state.npus)
    colour = _colour(state.npus[device], state) if is_npu else _SWITCH
    yield element("circle", cx=point.x, cy=point.y, r=size, fill=colour, stroke="#5d6778")
    yield element(
        "text",
        str(device) if is_npu else f"S{device}",
        x=point.x,
        y=round(point.y + 4, 2),
        text_anchor="middle",
        font_size=11,
        fill="#27303c",
    )


def _colour(process: NpuProcess, state: State) -> str:
    if process.finish_time is not None:
        return _FINISHED
    nodes = process.program.graph.nodes
    activities = {state.run.scenario.rules.activity(nodes[index]) for index in process.running}
    return next((_COLOURS[it] for it in _COLOURS if it in activities), _WAITING)
