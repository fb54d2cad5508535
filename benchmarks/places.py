"""Places for tables in a page of the documentation, between two comments that name them."""

import re
from collections.abc import Iterable, Sequence


class PageError(Exception):
    """The page can't be written; the text says why."""


def markdown_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, a line for each row."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def filled(text: str, name: str, content: str, page: str) -> str:
    """The page with `content` between the two comments that hold a record's place.

    Raises:
        PageError: there are no such comments.
    """
    place = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    if not place.search(text):
        raise PageError(f"docs/{page} has no place for {name}: <!-- {name}: ... -->")
    return place.sub(lambda found: f"{found[1]}\n{content}\n\n{found[2]}", text)
