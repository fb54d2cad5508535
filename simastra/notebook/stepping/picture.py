"""A state of the stepper as SVG: the network, with what each NPU and each link is at."""

from __future__ import annotations

from collections.abc import Iterator

from simastra.debug import LinkState, State
from simastra.notebook.animation.picture import SIZE, SMALL, WIDE
from simastra.palette.activities import ACTIVITIES, OTHER
from simastra.report.network_layouts import layout_of
from simastra.view.colours import EDGE, FINISHED, SWITCH
from simastra.view.html import Markup, element
from simastra.view.network import MOST_LABELS, NetworkLayout
from simastra.workload import NpuProcess

_IDLE, _BUSY, _WAITING = "#c3cbd5", "#d9572b", "#f6f7f9"


def state_svg(state: State) -> str:
    """Draw devices and the links used so far; an empty text, if there are too many to be seen.

    A busy link is red, with the length of its queue beside it, and thicker the longer it is.
    """
    links = state.links
    network = state.run.experiment.platform.network
    ends = ((it.src, it.dst) for it in links)
    if network.graph is not None and network.graph.devices > MOST_LABELS:
        return ""
    layout = layout_of(network, ends, SMALL, wide=WIDE)
    if not layout.is_labelled:
        return ""
    drawn = [part for link in links for part in _link(link, layout)]
    devices = [part for device in layout.places for part in _device(device, state, layout)]
    return element(
        "svg",
        *drawn,
        *devices,
        viewBox=f"0 0 {SIZE * layout.canvas.stretch:g} {SIZE + 24}",
        width=f"{SIZE * layout.canvas.stretch:g}",
        height=SIZE + 24,
        role="img",
        aria_label=f"the network at {state.now} ns",
        style="max-width: 100%",
    )


def legend_html() -> str:
    """What the colours mean."""
    names = {str(activity): look.pale for activity, look in ACTIVITIES.items()}
    colours = {**names, "waiting": _WAITING, "finished": FINISHED, "busy link": _BUSY}
    explained = (_explained(name, colour) for name, colour in colours.items())
    return element("div", *explained, style=f"max-width: {SIZE}px")


def _explained(name: str, colour: str) -> Markup:
    style = f"background: {colour}; border: 1px solid {EDGE}; padding: 0 0.6em"
    layout = "display: inline-block; margin-right: 1em"
    return element("span", element("span", style=style), f" {name}", style=layout)


def _link(link: LinkState, layout: NetworkLayout) -> Iterator[Markup]:
    curve = layout.curve(link.src, link.dst)
    busy, queue = link.on_wire is not None, len(link.waiting)
    ends = str(link).replace(" -> ", " to ")
    yield element(
        "path",
        element(
            "title",
            f"{ends}: {link.on_wire or 'free'}, {queue} waiting",
        ),
        d=curve.path,
        fill="none",
        stroke=_BUSY if busy else _IDLE,
        stroke_width=1 + busy + min(queue, 6),
    )
    if queue:
        middle = curve.middle
        yield element("text", str(queue), x=middle.x, y=middle.y, fill=_BUSY, font_size=12)


def _device(device: int, state: State, layout: NetworkLayout) -> Iterator[Markup]:
    colour = _colour(state.npus[device], state) if layout.is_npu(device) else SWITCH
    names = state.device_names
    told = [element("title", names.in_full(device))] if names.given else []
    yield layout.circle(device, *told, fill=colour, stroke=EDGE)
    font = layout.font(device, 11)
    if font:
        yield layout.text(device, 4, text_anchor="middle", font_size=font, fill="#27303c")


def _colour(process: NpuProcess, state: State) -> str:
    if process.finish_time is not None:
        return FINISHED
    nodes = process.program.graph.nodes
    activities = {state.run.experiment.rules.activity(nodes[index]) for index in process.running}
    pale = (look.pale for activity, look in ACTIVITIES.items() if activity in activities)
    return next(pale, OTHER.pale if activities else _WAITING)
