"""Plots that say more where the mouse points: an SVG whose shapes have titles.

A notebook's front end shows the richest form of a cell's figure that it can: a page shows the SVG,
anything else the PNG that matplotlib draws anyway. Nothing is fetched, and no kernel is needed
once a cell has run.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from simastra.legible import one_line

_MOST_TOLD = 3000
"""Shapes of a figure with words; one with more is a PNG alone, since pages get slow."""

_TOLD = "told:"
_SVG = "http://www.w3.org/2000/svg"
_PATH, _USE = f"{{{_SVG}}}path", f"{{{_SVG}}}use"
_STYLE = ".told :hover { stroke: #111 !important; stroke-width: 1.5 !important; }"


def tell(artist: Artist, words: Sequence[str]) -> None:
    """Say something about each shape of an artist where the mouse points at it.

    Args:
        artist: a collection, or a patch, which is one shape.
        words: for each of its shapes, in the order in which they are drawn.
    """
    # An artist's gid is the id of its group in an SVG, and the one thing of ours that it keeps.
    artist.set_gid(_TOLD + json.dumps([one_line(each) for each in words]))


def page_of(figure: Figure) -> str | None:
    """The figure as an SVG whose shapes have their words as titles.

    None if there are no words, or more than 3,000.
    """
    words = [json.loads(gid.removeprefix(_TOLD)) for gid in _gids(figure)]
    if not 0 < sum(map(len, words)) <= _MOST_TOLD:
        return None
    drawn = io.StringIO()
    with rc_context({"svg.hashsalt": "simastra"}):  # the same figure gives the same text
        figure.savefig(drawn, format="svg", bbox_inches="tight", metadata={"Date": None})
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    svg = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", drawn.getvalue()))
    for group in svg.iter(f"{{{_SVG}}}g"):
        if (gid := group.get("id", "")).startswith(_TOLD):
            _entitle(group, json.loads(gid.removeprefix(_TOLD)))
    ET.SubElement(svg, f"{{{_SVG}}}style").text = _STYLE
    return ET.tostring(svg, encoding="unicode")


def show_in_notebooks() -> None:
    """Have IPython, if it runs, show figures with words so; matplotlib's PNG stays beside it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None:
        shell.display_formatter.formatters["text/html"].for_type(Figure, page_of)


def _gids(figure: Figure) -> list[str]:
    gids = (artist.get_gid() for artist in figure.findobj(include_self=False))
    return [gid for gid in gids if gid is not None and gid.startswith(_TOLD)]


def _entitle(group: ET.Element, words: Sequence[str]) -> None:
    del group.attrib["id"]
    group.set("class", "told")
    # Of a collection of like shapes each is a use of the first, which is a definition.
    shapes = list(group.iter(_USE)) or list(group.iter(_PATH))
    # What lies outside the axes isn't drawn; then nobody knows which shape is which.
    if len(shapes) == len(words):
        for shape, each in zip(shapes, words, strict=True):
            ET.SubElement(shape, f"{{{_SVG}}}title").text = each
