"""Any network drawn from its file: NPUs, tiers of switches, links by kind and rate.

drawing  what is drawn and where, of a graph
lines    links as lines: what they look like, and what the legend says of them
boxes    devices as circles and boxes
svg      all of it as one SVG file
page     the same as one HTML file, with tables of its numbers
"""

from .page import network_page
from .svg import description, network_svg

__all__ = ["description", "network_page", "network_svg"]
