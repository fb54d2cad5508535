"""A difference in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.engine import Category
from simastra.explain import SpanRecord
from simastra.units import Ns
from simastra.view.phrases import time_words
from simastra.workload.kind_of_work import KindOfWork

from .changes import CostChange
from .compared import ComparedRuns
from .keys import AnyKey, LinkKey, NodeKey, node_of
from .tables import signed


def headline(difference: ComparedRuns) -> str:
    """Which run is slower, and by how much."""
    a, b, less = difference.a.makespan, difference.b.makespan, difference.makespan
    if difference.is_empty:
        return f"no difference: both take {time_words(a)}, and spend it alike"
    if not less:
        return f"A and B both take {time_words(a)}, but don't spend it alike"
    word = "slower" if less > 0 else "faster"
    part = f"{abs(100 * less / a):.1f} % " if a else ""
    return f"B is {part}{word}: {time_words(b)} rather than {time_words(a)}, {signed(less)} ns"


def reason(difference: ComparedRuns) -> str:
    """What most of the difference is spent on, and for what; empty if no path differs."""
    whole = difference.makespan
    towards = [it for it in difference.by_cause if it.difference * whole > 0]
    found = next(iter(towards or difference.by_cause), None)
    if found is None or not isinstance(found.what, Category) or not found.difference:
        return ""
    cause, less = found.what, found.difference
    part = f", {100 * less / whole:.1f} % of it" if whole and 0 < less / whole <= 1 else ""
    rows: tuple[Sequence[CostChange[AnyKey]], ...]
    rows = (difference.by_work, difference.by_node, difference.by_link)
    places = (_place(each, cause, less) for each in rows)
    return "".join((f"mostly {cause.value}: {signed(less)} ns{part}", *places))


def _place(rows: Sequence[CostChange[AnyKey]], cause: Category, less: Ns) -> str:
    """Where most of a cause's difference is; on how many, if it is on no single one."""
    parts = {
        it.what: it.causes[cause]
        for it in rows
        if it.what is not None and it.causes.get(cause, 0) * less > 0
    }
    if not parts:
        return ""
    largest = max(parts, key=lambda key: abs(parts[key]))
    if 2 * abs(parts[largest]) >= abs(less):
        return f"; {largest}: {signed(parts[largest])} ns"
    kinds = {NodeKey: "nodes", LinkKey: "links", KindOfWork: "kinds of work"}
    return f"; over {len(parts):,} {kinds[type(largest)]}"


def divergence_words(difference: ComparedRuns) -> str:
    """Where the critical paths first differ, and in what; empty if they don't."""
    found = difference.first_divergence
    if found is None:
        return ""
    begins = f"the critical paths first differ at {time_words(found.time)}"
    if found.is_same and found.a is not None and found.b is not None:
        a, b = time_words(found.a.duration), time_words(found.b.duration)
        return f"{begins}: {_what(found.a, found.link_a)} takes {a} in A and {b} in B"
    a, b = (
        "the end" if span is None else f"{_what(span, link)} for {time_words(span.duration)}"
        for span, link in ((found.a, found.link_a), (found.b, found.link_b))
    )
    return f"{begins}: A has {a}, B has {b}"


def _what(span: SpanRecord, link: LinkKey | None) -> str:
    """A span in words: the node, the cause and the link."""
    where = "" if link is None else f" on the {link}"
    return f"{span.category.value} of {node_of(span) or 'no node'}{where}"
