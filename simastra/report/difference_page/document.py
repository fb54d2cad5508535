"""The page: one HTML file with its style and its script inside."""

from __future__ import annotations

from collections.abc import Iterator

from simastra.difference import Difference
from simastra.report.compared_metrics import compared_metrics
from simastra.view.html import Markup, document, element, joined, resource
from simastra.view.human import human_difference, human_time

from .contents import DifferenceContents
from .lanes import npu_groups, path_group
from .strips import strips
from .tables import difference_sections, scrolled
from .waterfall import waterfall

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""What the page may load: nothing. The browser enforces that the file needs no other."""


def html_difference(contents: DifferenceContents) -> str:
    """Return the page; the same contents give the same text."""
    parts = list(_parts(contents))
    answer = answer_words(contents.difference)
    style = joined(
        resource("simastra.report.page", "report.css"), resource(__package__, "difference.css")
    )
    head = (
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", answer),
        element("style", style),
    )
    links = (element("a", title, href=f"#{name}") for name, title, _ in parts)
    body = (
        element("header", element("nav", *links, aria_label="Sections")),
        element("main", _answer(contents, answer), *(_section(*part) for part in parts)),
        element("script", resource(__package__, "difference.js")),
    )
    return document(head, body)


def answer_words(difference: Difference) -> str:
    """Which run is slower, and by how much, in human units."""
    a, b, less = difference.a.makespan, difference.b.makespan, difference.makespan
    if difference.is_empty:
        return f"No difference: both take {human_time(a)}"
    if not less:
        return f"Both take {human_time(a)}, and don't spend it alike"
    part = f"{abs(100 * less / a):.1f} % " if a else ""
    word = "slower" if less > 0 else "faster"
    return f"B is {part}{word}: {human_time(b)}, not {human_time(a)} ({human_difference(less)})"


def _answer(contents: DifferenceContents, answer: str) -> Markup:
    names = (("A", contents.name_a), ("B", contents.name_b))
    _, *said = contents.difference.summary.splitlines()
    return element(
        "section",
        element("h1", answer, class_="difference"),
        element(
            "dl",
            *(element("div", element("dt", run), element("dd", name)) for run, name in names),
            class_="runs",
        ),
        *(element("p", f"{line[:1].upper()}{line[1:]}.") for line in said),
        id="answer",
    )


def _section(name: str, title: str, content: Markup) -> Markup:
    heading = element("h2", title, id=f"{name}-title")
    return element("section", heading, content, id=name, aria_labelledby=f"{name}-title")


def _parts(contents: DifferenceContents) -> Iterator[tuple[str, str, Markup]]:
    """The sections below the answer: id, title and content."""
    difference = contents.difference
    end = max(difference.a.makespan, difference.b.makespan)
    yield "causes", "From A to B", waterfall(difference)
    worth = compared_metrics(contents.a, contents.b)
    if worth.rows:
        yield "worth", "What they are worth", scrolled(worth)
    tables = difference_sections(difference)
    yield from tables[:1]
    paths = strips([path_group(contents)], end, "critical-paths")
    yield "paths", "Critical paths", joined(_note("What the ends waited for, by cause."), paths)
    groups, rest = npu_groups(contents)
    notes = [_note("What NPUs did, by kind of work; NPUs that did the same are shown once.")]
    if rest:
        notes.append(_note(f"{rest:,} NPUs more are not drawn."))
    yield "npus", "Timelines", joined(*notes, strips(groups, end, "timelines"))
    yield from tables[1:]


def _note(words: str) -> Markup:
    return element("p", words, class_="note")
