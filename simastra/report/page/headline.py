"""The first screen: how long the step takes, what that is worth, and what it went to."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from simastra.metrics import Band, Bound, BoundPart, Metrics, limit_words
from simastra.units import Ns
from simastra.view.html import Markup, element, joined
from simastra.view.human import human_size, human_time
from simastra.view.phrases import part_words

from .cause_bars import all_costs, colour_of, whole_bar
from .causes import in_words
from .contents import PageContents, PathStep
from .places import Places
from .words import node_words

_MOST_CAUSES = 3
_NS_PER_MS, _MOST_MS = 1_000_000, 100_000


class Figure(NamedTuple):
    """A number of the first screen: what it is, its value, what belongs to it, the exact one."""

    name: str
    value: str
    aside: str = ""
    exact: str = ""
    href: str = ""


def headline(contents: PageContents, places: Places) -> Markup:
    """The answer."""
    lead = _step_time(contents) if contents.deadlock is None else _standstill(contents)
    tiles = [_tile(it) for it in figures(contents, places)]
    return joined(
        element(
            "div",
            element("div", lead, class_="lead"),
            *((element("dl", *tiles, class_="tiles"),) if tiles else ()),
            class_="answer",
        ),
        *_standing(contents),
        *_went(contents),
    )


def _step_time(contents: PageContents) -> Markup:
    step = contents.result.makespan
    number, _, unit = _step_words(step).partition(" ")
    value = (element("span", number), element("small", f" {unit}"))
    return joined(
        element("p", "Step time", class_="eyebrow"),
        element("p", *value, class_="step", title=f"{step:,} ns"),
        element("p", _finishes(contents), class_="dim"),
    )


def _went(contents: PageContents) -> tuple[Markup, ...]:
    """What the time went to; nothing where that isn't known."""
    costs = all_costs(contents)
    if not costs:
        return ()
    words = "All NPUs' time, each nanosecond by what it was spent on or waited for."
    return (
        element("h2", "Where the time went"),
        element("p", words, class_="note"),
        whole_bar(costs, len(contents.attribution)),
        element("h3", "The largest causes"),
        element("ol", *_largest(contents, costs), class_="largest"),
    )


def _step_words(step: Ns) -> str:
    """A step's time in ms, as people compare them; one that is shorter, or far longer, else."""
    in_ms = step / _NS_PER_MS
    return f"{in_ms:,.2f} ms" if 1 <= in_ms < _MOST_MS else human_time(step)


def _standstill(contents: PageContents) -> Markup:
    npus = contents.simulation.network.npus
    finished = len(contents.result.finishes)
    return joined(
        element("p", "It can't finish", class_="eyebrow bad"),
        element("p", "Deadlock", class_="step"),
        element("p", f"{finished:,} of {npus:,} NPUs finished.", class_="dim"),
    )


def _standing(contents: PageContents) -> tuple[Markup, ...]:
    """What is probably wrong, and who waits for what; nothing where all have finished."""
    if contents.deadlock is None:
        return ()
    words, cause = str(contents.deadlock), contents.deadlock.likely_cause
    said = (element("p", element("b", "Likely cause: "), f"{cause}."),) if cause else ()
    return *said, element("pre", words, class_="warning", id="deadlock", tabindex="0")


def _finishes(contents: PageContents) -> str:
    finishes = contents.result.finishes
    if not finishes:
        return "No NPU finished."
    spread = finishes[-1].cycles - finishes[0].cycles
    if not spread:
        return f"All {len(finishes):,} NPUs finish together."
    return (
        f"NPU {finishes[0].npu} finishes first, NPU {finishes[-1].npu} last, "
        f"{human_time(spread)} later."
    )


def figures(contents: PageContents, places: Places) -> Iterator[Figure]:
    """The numbers of the first screen; those that aren't known are left out."""
    result = contents.result
    if contents.deadlock is None and result.measures is not None:
        if result.band is not None:
            yield _band(result.band)
        yield from _worth(result.metrics)
        yield from _bound(result.bound)
    busiest = max(result.links, key=lambda it: (it.busy, -it.src, -it.dst), default=None)
    if busiest is not None and result.makespan:
        ends = f"{places.device(busiest.src)} to {places.device(busiest.dst)}"
        use = part_words(busiest.busy, result.makespan)
        exact = f"busy for {busiest.busy:,} ns; it carried {busiest.size:,} bytes"
        yield Figure("Limiting link", use, f"{ends}, {human_size(busiest.size)}", exact, "#links")


def _band(band: Band) -> Figure:
    """Between what the step time is expected to lie."""
    words = f"{_step_words(band.low)} to {_step_words(band.high)}"
    return Figure("90 % band", words, "of the step time, as calibrated", f"{band} (low, mid, high)")


def _worth(metrics: Metrics) -> Iterator[Figure]:
    if metrics.mfu is not None:
        hfu = "" if metrics.hfu is None else f"HFU {100 * metrics.hfu:.1f} %"
        peak = f"of {metrics.peak_tflops:,g} TFLOP/s an NPU"
        yield Figure(
            "MFU", f"{100 * metrics.mfu:.1f} %", f"{hfu} {peak}".strip(), f"{metrics.mfu:.6f}"
        )
    if metrics.tokens_per_s is not None:
        exact = f"{metrics.tokens_per_s:,.3f} tokens a second on all NPUs"
        yield Figure(
            "Tokens/s", f"{metrics.tokens_per_s:,.0f}", f"{metrics.tokens:,} a step", exact
        )
    if metrics.tflops_per_npu is not None:
        value = f"{metrics.tflops_per_npu:,.1f} TFLOP/s"
        yield Figure("Achieved by an NPU", value, "of the model's operations")
    exposed = metrics.exposed_communication
    if exposed and metrics.step_time:
        mean = round(sum(exposed) / len(exposed))
        aside = f"{human_time(mean)} of an NPU's step, on average"
        words = part_words(mean, metrics.step_time)
        yield Figure("Exposed communication", words, aside, f"{mean:,} ns", "#under-way-table")
    yield from _goodput(metrics)
    yield from _memory(metrics)


def _goodput(metrics: Metrics) -> Iterator[Figure]:
    found = metrics.goodput
    if found is None or not found.time:
        return
    exact = (
        f"checkpoints {found.writing:,} ns, lost work {found.lost:,} ns, "
        f"restarts {found.restarting:,} ns"
    )
    aside = f"of {human_time(found.time)}, with {found.failures:,} failures"
    yield Figure("Goodput", f"{100 * found.share:.1f} %", aside, exact)


def _memory(metrics: Metrics) -> Iterator[Figure]:
    most = metrics.peak_memory
    if most is None:
        return
    peak, capacity = most.peak.size, metrics.capacity
    exact = f"{peak:,} B at {most.peak.time:,} ns"
    if capacity:
        aside = f"{part_words(peak, capacity)} of {human_size(capacity)}"
        if peak > capacity:
            aside += ": it doesn't fit"
    else:
        aside = "of the NPU that needs most"
    yield Figure("Memory at its peak", human_size(peak), aside, exact, "#memory")


def _bound(bound: Bound) -> Iterator[Figure]:
    if bound.parts and bound.makespan:
        beaten = f"but the run is {bound.overload:.3g} times as fast"
        slack = f"slack {part_words(bound.slack, bound.makespan)}"
        yield Figure(
            "Can't be faster than",
            human_time(bound.time),
            f"bound by {limit_words(bound)}; {beaten if bound.is_beaten else slack}",
            "; ".join(_part(bound, part) for part in bound.parts),
        )


def _part(bound: Bound, part: BoundPart) -> str:
    place = bound.places.get(part)
    whose = "" if place is None else f" of {place.name}"
    return f"{part.value}{whose}: {bound.parts[part]:,} ns"


def _tile(it: Figure) -> Markup:
    value = element("a", it.value, href=it.href) if it.href else it.value
    return element(
        "div",
        element("dt", it.name),
        element("dd", value, class_="value", title=it.exact or None),
        *((element("dd", it.aside, class_="dim"),) if it.aside else ()),
    )


def _largest(contents: PageContents, costs: dict[str, Ns]) -> Iterable[Markup]:
    """The three largest causes, each with a link to its longest place."""
    whole = sum(costs.values())
    for cause, time in list(costs.items())[:_MOST_CAUSES]:
        mark = element("i", style=f"background:{colour_of(cause, costs)}")
        share = element("span", part_words(time, whole), class_="share")
        yield element(
            "li",
            *(mark, element("b", cause), share, element("span", in_words(cause), class_="dim")),
            _place(contents.critical_path, cause),
        )


def _place(path: Iterable[PathStep], cause: str) -> Markup:
    steps = [step for step in path if step.what == cause]
    if not steps:
        words = "not on the critical path; by NPU"
        return element("a", words, href="#attribution")
    longest = max(steps, key=lambda it: (it.end - it.start, -it.start))
    lasts = human_time(longest.end - longest.start)
    words = f"longest on the critical path: {node_words(longest.node)}, {lasts}"
    return element("a", words, href="#critical-path", data_at=longest.start)
