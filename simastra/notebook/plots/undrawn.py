"""Where a picture would be, if matplotlib were here: a line that says so, and the cell goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, reload
from typing import Any, TypeAlias

from simastra.errors import MissingPackageError
from simastra.notices import Notice, warn_of
from simastra.requirement import require

Grid: TypeAlias = "Undrawn | tuple[Grid, ...]"
"""Axes as `subplots` gives them: one, a row or a column of them, or rows."""


@dataclass(frozen=True, slots=True)
class Undrawn:
    """Stands for Axes, a Figure or anything of theirs: takes whatever is asked of it.

    Attributes:
        why: what is missing, and what to do, in a line.
    """

    why: str

    def __repr__(self) -> str:
        return f"(no picture: {self.why})"

    def _ipython_display_(self) -> None:
        """As a cell's value: nothing, since the line is there already."""

    def __getattr__(self, name: str) -> Undrawn:
        if name.startswith("_"):  # what Python and notebooks ask any object
            raise AttributeError(name)
        return self

    def __call__(self, *_: object, **__: object) -> Undrawn:
        """Do nothing."""
        return self

    def __getitem__(self, _: object) -> Undrawn:
        return self

    def __iter__(self) -> Iterator[Undrawn]:
        yield self  # as in (line,) = ax.plot(...)


def once_there(name: str, instead: Callable[..., object] | None = None) -> Callable[..., Any]:
    """Stand for a function of this package; each call looks whether matplotlib has come meanwhile.

    Args:
        name: of the function.
        instead: what to return without matplotlib, of an `Undrawn` and the function's arguments;
            the `Undrawn` itself, if left out.
    """

    def draw(*arguments: Any, **options: Any) -> Any:
        try:
            require("matplotlib", "notebook", f"plots.{name}")
        except MissingPackageError as error:
            undrawn = _told(str(error), options.get("ax"))
            return undrawn if instead is None else instead(undrawn, *arguments, **options)
        plots = reload(import_module(__package__))
        return getattr(plots, name)(*arguments, **options)

    draw.__name__ = name
    return draw


def undrawn_grid(
    undrawn: Undrawn, nrows: int = 1, ncols: int = 1, **_: object
) -> tuple[Undrawn, Grid]:
    """What `matplotlib.pyplot.subplots` returns, with nothing in it: as many Axes, as nested."""
    row: Grid = (undrawn,) * ncols if ncols > 1 else undrawn
    return undrawn, ((row,) * nrows if nrows > 1 else row)


def _told(why: str, ax: object) -> Undrawn:
    """Of a picture that isn't drawn: in a notebook below the cell, elsewhere as a warning."""
    if isinstance(ax, Undrawn):
        return ax  # of which that has been said
    undrawn = Undrawn(why)
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        ipython.display.display({"text/plain": repr(undrawn)}, raw=True)
    else:
        warn_of([Notice("undrawn", "plots", "no picture is drawn", why)])
    return undrawn
