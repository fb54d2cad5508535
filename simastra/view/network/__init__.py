"""Where a network's devices and links are drawn: one geometry for pages, plots and animations.

shapes   points, curves, and what is drawn on
layout   where the devices lie, and what is made of that
product  of dimensions: circles within circles
device_graph  any other network, as a picture wants it
graph    its devices, by what it is made of
plane    NPUs of two dimensions, or a hypercube's, without switches
tiers    rows of switches above the NPUs, by their distance from these
hosts    which NPUs belong together
blocks   the NPUs of tiers, in blocks side by side
rows     places in a row, each as near as can be to where it should be
hubs     switches on a circle that are linked to each other, their NPUs outside
"""

from .device_graph import DeviceGraph
from .graph import graph_layout
from .layout import MOST_LABELS, NetworkLayout
from .product import network_layout
from .shapes import UNIT, BezierCurve, Canvas, Point

__all__ = [
    "MOST_LABELS",
    "UNIT",
    "BezierCurve",
    "Canvas",
    "DeviceGraph",
    "NetworkLayout",
    "Point",
    "graph_layout",
    "network_layout",
]
