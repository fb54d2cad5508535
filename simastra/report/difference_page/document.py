"""The page: one HTML file with its style and its script inside."""

from __future__ import annotations

from collections.abc import Iterator

from simastra.difference import Difference
from simastra.report.compared_metrics import compared_metrics
from simastra.report.page_frame import PageSection, drawn_section, frame_style, links_to, page_head
from simastra.report.scrolled_table import scrolled
from simastra.view.html import Markup, document, element, joined, resource
from simastra.view.human import human_difference, human_time

from .contents import DifferenceContents
from .lanes import npu_groups, path_group
from .strips import strips
from .tables import difference_sections
from .waterfall import waterfall


def html_difference(contents: DifferenceContents) -> str:
    """Return the page; the same contents give the same text."""
    parts = list(_parts(contents))
    answer = answer_words(contents.difference)
    style = frame_style(resource(__package__, "difference.css"))
    body = (
        element("header", links_to(parts)),
        element("main", _answer(contents, answer), *map(drawn_section, parts)),
        element("script", resource(__package__, "difference.js")),
    )
    return document(page_head(answer, style), body)


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


def _parts(contents: DifferenceContents) -> Iterator[PageSection]:
    """The sections below the answer."""
    difference = contents.difference
    end = max(difference.a.makespan, difference.b.makespan)
    yield PageSection("causes", "From A to B", waterfall(difference))
    worth = compared_metrics(contents.a, contents.b)
    if worth.rows:
        yield PageSection("worth", "What they are worth", scrolled(worth))
    tables = difference_sections(difference)
    yield from tables[:1]
    paths = strips([path_group(contents)], end, "critical-paths")
    yield PageSection(
        "paths", "Critical paths", joined(_note("What the ends waited for, by cause."), paths)
    )
    groups, rest = npu_groups(contents)
    notes = [_note("What NPUs did, by kind of work; NPUs that did the same are shown once.")]
    if rest:
        notes.append(_note(f"{rest:,} NPUs more are not drawn."))
    yield PageSection("npus", "Timelines", joined(*notes, strips(groups, end, "timelines")))
    yield from tables[1:]


def _note(words: str) -> Markup:
    return element("p", words, class_="note")
