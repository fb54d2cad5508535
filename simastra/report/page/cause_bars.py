"""Where the time went: one bar of all NPUs, and one for each that fared differently."""

from collections.abc import Iterable, Mapping, Sequence

from simastra.palette.categories import shades_of
from simastra.units import NpuId, Ns
from simastra.view.html import Markup, element, joined, part_note
from simastra.view.human import human_time
from simastra.view.phrases import part_words

from .causes import fared_alike, in_words
from .contents import PageContents
from .words import npu_words, share_words

_MOST_BARS = 64

Costs = Mapping[str, Ns]


def all_costs(contents: PageContents) -> dict[str, Ns]:
    """What the time of all NPUs together went to, the most first."""
    sums: dict[str, Ns] = {}
    for parts in contents.attribution.values():
        for cause, time in parts.items():
            sums[cause] = sums.get(cause, 0) + time
    used = {cause: time for cause, time in sums.items() if time}
    return dict(sorted(used.items(), key=lambda it: (-it[1], it[0])))


def colour_of(cause: str, causes: Iterable[str]) -> str:
    """A cause's colour, as CSS that heeds the page's ground."""
    return shades_of(causes)[cause].css


def whole_bar(costs: Costs, mean_of: int) -> Markup:
    """One stacked bar with its legend.

    Args:
        costs: in ns, of so many NPUs together.
        mean_of: how many.
    """
    whole = sum(costs.values())
    bar = element("div", *_pieces(costs, whole), class_="stack large", aria_hidden="true")
    items = (
        element(
            "li",
            element("i", style=f"background:{colour_of(cause, costs)}"),
            element("b", cause),
            element("span", share_words(time, whole), class_="share"),
            element(
                "span",
                human_time(round(time / mean_of)),
                title=f"{round(time / mean_of):,} ns of each NPU, on average",
                class_="dim",
            ),
            element("span", in_words(cause), class_="dim meaning"),
        )
        for cause, time in costs.items()
    )
    return joined(bar, element("ul", *items, class_="causes"))


def npu_bars(contents: PageContents) -> Markup:
    """A bar for each NPU, one for those that fared alike."""
    causes = list(all_costs(contents))
    groups = fared_alike(contents.attribution, causes)
    longest = max(map(sum, groups), default=0)
    shown = list(groups.items())[:_MOST_BARS]
    rows = (_npu_row(npus, dict(zip(causes, key, strict=True)), longest) for key, npus in shown)
    return joined(
        *part_note(len(shown), len(groups), "bars", "the first"),
        element("ul", *rows, class_="npu-bars"),
    )


def _npu_row(npus: Sequence[NpuId], costs: Costs, longest: Ns) -> Markup:
    whole = sum(costs.values())
    words = ", ".join(f"{cause} {part_words(time, whole)}" for cause, time in costs.items() if time)
    return element(
        "li",
        element("span", npu_words(npus), class_="who"),
        element("span", *_pieces(costs, longest), class_="stack", role="img", aria_label=words),
    )


def _pieces(costs: Costs, longest: Ns) -> Iterable[Markup]:
    whole = sum(costs.values())
    for cause, time in costs.items():
        if time > 0 and longest:
            yield element(
                "i",
                style=f"background:{colour_of(cause, costs)};width:{100 * time / longest:.3f}%",
                title=f"{cause}: {human_time(time)} ({time:,} ns), {part_words(time, whole)}",
            )
