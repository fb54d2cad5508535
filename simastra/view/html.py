"""HTML and SVG as text, with everything that isn't markup escaped: for pages and notebooks.

A class says what it shows in ``_repr_html_``, which Jupyter and its like call by themselves; nobody
has to import or to set anything. Colours and fonts are the notebook's, light or dark.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from importlib.resources import files
from typing import TypeAlias

from .phrases import left_out, part_shown
from .table import Table, shown

HtmlAttribute: TypeAlias = str | int | float | None

MOST_ROWS = 20
"""A table of a notebook is cut after that many rows, and says so."""

_EMPTY = frozenset({"line", "rect", "path", "circle", "meta", "br", "input"})  # closed at once
_CELL = "padding: 0.15em 0.8em; vertical-align: top; text-align:"


class Markup(str):
    """HTML that is inserted as it is; any other text is escaped."""

    __slots__ = ()


def element(tag: str, /, *content: str, **attributes: HtmlAttribute) -> Markup:
    """Return an element.

    Args:
        tag: its name.
        content: text, which is escaped, and `Markup`, which isn't.
        attributes: by name, with "class_" for class and underscores for dashes; those that are None
            are left out.

    >>> element("p", "1 < 2 ", element("b", "&"), id="it")
    '<p id="it">1 &lt; 2 <b>&amp;</b></p>'
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if tag in _EMPTY and not content:
        return Markup(f"<{tag}{given}/>")
    return Markup(f"<{tag}{given}>{joined(*content)}</{tag}>")


def joined(*content: str) -> Markup:
    """Return the pieces one after the other, texts escaped."""
    return Markup("".join(it if isinstance(it, Markup) else _escaped(it) for it in content))


def _escaped(text: str) -> str:
    # A page travels as UTF-8, which has no lone halves of characters, and HTML no null character.
    return escape(text.encode("utf-8", "replace").decode().replace("\0", "\ufffd"), quote=False)


def title(words: str, *, aside: str = "") -> Markup:
    """A line above what is shown; `aside` follows in smaller letters."""
    small = (" ", element("small", aside)) if aside else ()
    return element("div", element("b", words), *small)


def line(words: object) -> Markup:
    """A line of text."""
    return element("div", str(words))


def folded(words: str, content: str) -> Markup:
    """What is shown when the reader opens it."""
    return element("details", element("summary", words), content)


def notebook_table(table: Table, *, most: int = MOST_ROWS, total: int | None = None) -> Markup:
    """A table in a notebook, and below it how many rows were left out.

    Args:
        table: it; of a long one, enough of its rows.
        most: how many rows are shown.
        total: how many rows there are, if `table` doesn't have all of them.
    """
    sides = [
        {"style": f"{_CELL} {'right' if column.is_number else 'left'}"} for column in table.columns
    ]
    first = replace(table, rows=table.rows[:most])
    rest = left_out((len(table.rows) if total is None else total) - len(first.rows))
    drawn = _table(first, sides, style="width: auto; margin: 0.3em 0")
    return joined(drawn, line(rest)) if rest else drawn


def part_note(shown: int, total: int, what: str, which: str) -> tuple[Markup, ...]:
    """A paragraph of a page that says so, if not all is shown."""
    part = part_shown(shown, total, what, which)
    return (element("p", part, class_="note"),) if part else ()


def _table(table: Table, cells: list[dict[str, str]], **attributes: HtmlAttribute) -> Markup:
    """Draw it; `cells` are the attributes of the cells of each column."""

    def row(tag: str, values: tuple[str, ...]) -> Markup:
        parts = (element(tag, it, **given) for it, given in zip(values, cells, strict=True))
        return element("tr", *parts)

    body = (row("td", tuple(map(shown, values))) for values in table.rows)
    head = element("thead", row("th", table.names))
    return element("table", head, element("tbody", *body), **attributes)


def json_script(data: object) -> Markup:
    """Data for a page's scripts, which find it by the id "data"."""
    # Within a script nothing is escaped, but "</script" would end it.
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    return element("script", Markup(text), id="data", type="application/json")


def document(head: Sequence[str], body: Sequence[str]) -> str:
    """A whole file of HTML."""
    whole = element("html", element("head", *head), element("body", *body), lang="en")
    return f"<!DOCTYPE html>\n{whole}\n"


def picture(
    title: str,
    said: str,
    *drawn: Markup,
    style: Markup,
    size: tuple[int, int],
    class_: str,
    label: str | None = None,
) -> Markup:
    """Return an SVG picture that is a file of its own, on a ground.

    Args:
        title: what it is called.
        said: what there is to see, in words.
        drawn: the elements, title and words as texts among them.
        style: its style sheet.
        size: width and height.
        class_: for the style sheet.
        label: for who can't see it; `title` and `said`, if left out.
    """
    width, height = size
    return element(
        "svg",
        element("title", title),
        element("desc", said),
        element("style", style),
        element("rect", width=width, height=height, class_="ground"),
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        class_=class_,
        role="img",
        aria_label=f"{title}: {said}" if label is None else label,
    )


def resource(package: str, name: str) -> Markup:
    """A style sheet or a script that lies beside a package's modules."""
    return Markup(files(package).joinpath(name).read_text(encoding="utf-8"))
