"""Which degrees of parallelism can be changed in a trace, and why others can't."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from simastra.errors import OptionError
from simastra.suggestions import unknown_name
from simastra.trace.edit import Grouped, Selection, axis_of, resize

from .words import Resizing

_LACKING: Mapping[str, str] = {
    "dp": "",
    "tp": "how layers are cut",
    "cp": "how sequences are cut",
    "ep": "which experts are where",
    "pp": "what layers take",
}
"""Kinds of parallelism, and what is lacking to change them; nothing is for dp."""


def resized(given: Grouped, _where: Selection, value: Resizing) -> Grouped:
    """Do ``--resize``.

    Raises:
        OptionError: that kind of parallelism can't be changed.
        TraceError: as of `resize`.
    """
    name = value.name
    if name not in _LACKING:
        raise OptionError("resize", unknown_name("kind of parallelism", name, _LACKING))
    if _LACKING[name]:
        raise OptionError(
            "resize",
            f"{name} can't be changed: {_LACKING[name]} isn't in a trace; generate one anew "
            "(simastra generate transformer), or resize dp",
        )
    if value.degrees is None:
        return resize(given, value.degree)
    npus = len(given.trace.npus)
    if prod(value.degrees.values()) != npus:
        listed = " x ".join(map(str, value.degrees.values()))
        raise OptionError("resize", f"{listed} aren't the {npus} NPUs of the trace")
    return resize(given, value.degree, axis_of(value.degrees, name))
