"""HTML as text, with everything that isn't markup escaped."""

from collections.abc import Sequence
from html import escape


class Markup(str):
    """HTML that is inserted as it is; any other text is escaped."""

    __slots__ = ()


_EMPTY = (
    "line",
    "rect",
    "path",
    "circle",
    "meta",
    "br",
    "input",
)  # elements that are closed at once


def element(tag: str, /, *content: str, **attributes: str | int | float | None) -> Markup:
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
    return Markup("".join(it if isinstance(it, Markup) else _text(it) for it in content))


def _text(text: str) -> str:
    # A page is a file in UTF-8, which has no lone halves of characters, and HTML no null character.
    return escape(text.encode("utf-8", "replace").decode().replace("\0", "\ufffd"), quote=False)


def table(
    headings: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    *,
    numbers: frozenset[int] | None = None,
) -> Markup:
    """Return a table.

    Args:
        headings: of the columns.
        rows: each as long as `headings`.
        numbers: indices of columns that hold numbers; all but the first, if None.
    """
    numeric = frozenset(range(1, len(headings))) if numbers is None else numbers

    def cells(kind: str, row: tuple[str, ...]) -> Markup:
        listed = (
            element(kind, cell, class_="number" if index in numeric else None)
            for index, cell in enumerate(row)
        )
        return element("tr", *listed)

    head = element("thead", cells("th", headings))
    return element("table", head, element("tbody", *(cells("td", row) for row in rows)))


def cut_note(shown: int, total: int, what: str, which: str) -> tuple[Markup, ...]:
    """A paragraph that says so, if not all is shown."""
    if shown == total:
        return ()
    return (element("p", f"{shown:,} of {total:,} {what} are shown, {which}.", class_="note"),)
