"""The head and the sections of pages, and what a page with scripts has around them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from simastra.view.html import Markup, document, element, joined, json_script, resource

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""What a page may load: nothing. The browser enforces that the file needs no other."""


class PageSection(NamedTuple):
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


def links_to(sections: Iterable[PageSection]) -> Markup:
    """A link to each section."""
    links = (element("a", it.title, href=f"#{it.name}") for it in sections)
    return element("nav", *links, aria_label="Sections")


def drawn_section(section: PageSection) -> Markup:
    """A section under its title."""
    heading = element("h2", section.title, id=f"{section.name}-title")
    return element(
        "section",
        heading,
        section.content,
        id=section.name,
        aria_labelledby=f"{section.name}-title",
    )


def frame_style(*more: Markup) -> Markup:
    """The style sheet of all pages, and behind it a page's own."""
    return joined(resource(__package__, "frame.css"), *more)


def scripted_page(
    title: str,
    answer: Markup,
    parts: Sequence[PageSection],
    data: object,
    style: Markup,
    scripts: Iterable[Markup],
) -> str:
    """A page whose scripts draw its data.

    Args:
        title: of the page.
        answer: its first section.
        parts: the sections below it, each with a link in the header.
        data: what scripts find as ``data``.
        style: its own style sheet, which comes behind the common one.
        scripts: its own; they see what is in base.js and tables.js.
    """
    script = joined(_script("base"), _script("tables"), *scripts, _script("theme"))
    theme = element("button", "Theme: system", id="theme", type="button")
    body = (
        element("a", "Skip to the answer", href="#answer", class_="skip"),
        element("header", links_to(parts), theme),
        element(
            "main",
            answer,
            *map(drawn_section, parts),
            element("div", id="tip", role="tooltip", hidden=""),
            element("div", id="said", class_="unseen", role="status"),
        ),
        json_script(data),
        element("script", script),
    )
    return document(page_head(title, frame_style(style)), body)


def _script(name: str) -> Markup:
    return resource(__package__, f"scripts/{name}.js")
