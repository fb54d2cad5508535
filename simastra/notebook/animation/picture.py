"""Devices and links as SVG, on which the player moves messages."""

from __future__ import annotations

from collections.abc import Collection

from simastra.view.colours import EDGE, FINISHED, SWITCH
from simastra.view.html import Markup, element
from simastra.view.network import BezierCurve, Canvas, NetworkLayout

SIZE = 420
_FONT = 11  # of labels, as the style sheet has it
SMALL = Canvas(middle=SIZE / 2, reach=176, bow=0.14, radius=90, largest=15.0, digits=2)
"""What an animation is drawn on, and the stepper's network."""


WIDE = 1.7
"""How many times as wide as high it is, with rows of switches."""


def picture(layout: NetworkLayout, links: Collection[BezierCurve]) -> Markup:
    """Draw it, with an empty layer for what moves and for how full each NPU is."""
    devices = [part for device in layout.places for part in _device(device, layout)]
    return element(
        "svg",
        element(
            "g", *(element("path", d=curve.path) for curve in links), fill="none", stroke="#aab4c0"
        ),
        element("g", *devices),
        element("g", id="moving"),
        viewBox=f"0 0 {SIZE * layout.canvas.stretch:g} {SIZE}",
        width=f"{SIZE * layout.canvas.stretch:g}",
        height=SIZE,
        role="img",
        aria_label=f"{layout.npus} NPUs and {len(links)} links",
    )


def _device(device: int, layout: NetworkLayout) -> list[Markup]:
    is_npu = layout.is_npu(device)
    told = [element("title", layout.names[device])] if layout.names else []
    parts = [layout.circle(device, *told, fill="#eef1f5" if is_npu else SWITCH, stroke=EDGE)]
    if is_npu:
        parts.append(layout.circle(device, r=0, fill=FINISHED, class_="received"))
    font = layout.font(device, _FONT)
    if layout.is_labelled and font:
        style = None if font == _FONT else f"font-size: {font}px"
        parts.append(layout.text(device, layout.radius / 3, style=style))
    return parts
