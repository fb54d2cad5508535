"""Tables in HTML: what objects of simastra look like in a notebook.

A class says what it shows in ``_repr_html_``, which Jupyter and its like call by themselves; nobody
has to import or to set anything. Colours and fonts are the notebook's, light or dark.
"""

from collections.abc import Iterable, Sequence
from html import escape

_CELL = "padding: 0.15em 0.8em; vertical-align: top; text-align:"
MOST_ROWS = 20
"""A table of a notebook is cut after that many rows, and says so."""


def text(words: object) -> str:
    """Words as HTML, with everything that could be taken for markup escaped."""
    # What is shown travels as UTF-8, which has no lone halves of characters.
    return escape(str(words).encode("utf-8", "replace").decode().replace("\0", "\ufffd"))


def title(words: object, *, aside: object = "") -> str:
    """A line above what is shown; `aside` follows in smaller letters."""
    small = f" <small>{text(aside)}</small>" if aside else ""
    return f"<div><b>{text(words)}</b>{small}</div>"


def line(words: object) -> str:
    """A line of text."""
    return f"<div>{text(words)}</div>"


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    most: int = MOST_ROWS,
    total: int | None = None,
) -> str:
    """A table, and below it how many rows were left out.

    Args:
        headings: of its columns; a column whose heading begins with "#" holds numbers.
        rows: each as long as `headings`; whole numbers get thousands separators.
        most: how many rows are shown.
        total: how many rows there are, if `rows` doesn't have all of them.

    >>> table(("name", "#size"), [("a < b", 4096)]).count("a &lt; b")
    1
    """
    listed = list(rows)
    sides = ["right" if heading.startswith("#") else "left" for heading in headings]
    head = _row("th", [heading.lstrip("#") for heading in headings], sides)
    body = "".join(_row("td", row, sides) for row in listed[:most])
    left_out = (len(listed) if total is None else total) - min(len(listed), most)
    rest = line(f"and {left_out:,} more") if left_out > 0 else ""
    return f'<table style="width: auto; margin: 0.3em 0"><thead>{head}</thead>{body}</table>{rest}'


def folded(words: object, content: str) -> str:
    """HTML that is shown when the reader opens it."""
    return f"<details><summary>{text(words)}</summary>{content}</details>"


def numbers(values: Sequence[int]) -> str:
    """Whole numbers in words, such as NPUs: ranges where they follow each other.

    >>> numbers([0, 1, 2, 3, 7, 9, 10])
    '0 to 3, 7, 9, 10'
    """
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    words = [_run(run) for run in runs[:_MOST_RUNS]]
    more = [f"... ({len(values):,} in all)"] if len(runs) > _MOST_RUNS else []
    return ", ".join([*words, *more])


_MOST_RUNS = 8
_SHORTEST_RANGE = 3


def _run(run: list[int]) -> str:
    if len(run) >= _SHORTEST_RANGE:
        return f"{run[0]} to {run[-1]}"
    return ", ".join(map(str, run))


def _row(tag: str, cells: Sequence[object], sides: Sequence[str]) -> str:
    shown = "".join(
        f'<{tag} style="{_CELL} {side}">{text(_cell(cell))}</{tag}>'
        for cell, side in zip(cells, sides, strict=True)
    )
    return f"<tr>{shown}</tr>"


def _cell(value: object) -> object:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value
