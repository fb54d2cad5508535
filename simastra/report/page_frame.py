"""What the pages of reports have in common: a head that loads nothing, and sections with links."""

from collections.abc import Iterable
from typing import NamedTuple

from simastra.view.html import Markup, element

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""What a page may load: nothing. The browser enforces that the file needs no other."""


class Section(NamedTuple):
    """A part of a page: its id, its title and what is in it."""

    name: str
    title: str
    content: Markup


def page_head(title: str, style: Markup) -> tuple[Markup, ...]:
    """What stands in a page's head.

    Args:
        title: of the page.
        style: its style sheets.
    """
    return (
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", style),
    )


def links_to(sections: Iterable[Section]) -> Markup:
    """A link to each section."""
    links = (element("a", it.title, href=f"#{it.name}") for it in sections)
    return element("nav", *links, aria_label="Sections")


def drawn_section(section: Section) -> Markup:
    """A section under its title."""
    heading = element("h2", section.title, id=f"{section.name}-title")
    return element(
        "section",
        heading,
        section.content,
        id=section.name,
        aria_labelledby=f"{section.name}-title",
    )
