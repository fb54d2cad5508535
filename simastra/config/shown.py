"""Configurations as a notebook shows them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from simastra.network_graph.measures import LinkKind, link_kinds
from simastra.view.html import Markup, folded, joined, notebook_table, title
from simastra.view.phrases import left_out, ranges
from simastra.view.table import Table, left, right

if TYPE_CHECKING:
    from simastra.network_graph import NetworkGraph


class ConfigSource(NamedTuple):
    """What is configured, in a word, and the file that says so; the word again, where none does."""

    word: str
    file: object


def settings_html(
    source: ConfigSource, given: Mapping[str, object], others: Mapping[str, object]
) -> Markup:
    """Keys and values: those that were given, and those that have their defaults."""
    shown = [_title(f"{source.word[:1].upper()}{source.word[1:]}", source)]
    if given:
        shown.append(_settings(given))
    if others:
        left_over = "others have their defaults" if given else "all keys have their defaults"
        shown.append(folded(left_over, _settings(others)))
    return joined(*shown)


def network_html(source: ConfigSource, npus_count: Sequence[int], dimensions: Table) -> Markup:
    """A row for each dimension, and how many NPUs there are."""
    product = " x ".join(map(str, npus_count))
    npus = f" = {math.prod(npus_count):,}" if len(npus_count) > 1 else ""
    heading = _title("Network", source, f"{product}{npus} NPUs")
    return joined(heading, notebook_table(dimensions))


def dimension_table(
    topology: Sequence[str],
    npus_count: Sequence[int],
    bandwidth: Sequence[float],
    latency: Sequence[float],
) -> Table:
    """A row for each dimension of a network."""
    rows = zip(topology, npus_count, bandwidth, latency, strict=True)
    columns = (*right("dim"), *left("topology"), *right("NPUs", "GiB/s", "latency, ns"))
    return Table(
        columns,
        tuple(
            (str(number), name, *(f"{it:g}" for it in numbers))
            for number, (name, *numbers) in enumerate(rows)
        ),
    )


def order_table(topology: Sequence[str], npus_count: Sequence[int]) -> Table:
    """A row for each dimension in whose order collectives go through a graph's NPUs."""
    rows = enumerate(zip(topology, npus_count, strict=True))
    columns = (*right("dim"), *left("order of the NPUs"), *right("NPUs"))
    return Table(columns, tuple((str(number), *row) for number, row in rows))


def link_table(graph: NetworkGraph) -> Table:
    """A row for each kind of links of a graph; one that goes both ways counts once."""
    counts = link_kinds(graph)
    rows = tuple(
        (_ends(it), it.kind or "-", count, f"{it.bytes_per_ns:,g}", f"{it.latency:,g}")
        for it, count in counts.items()
    )
    columns = (*left("links", "kind"), *right("number", "GB/s each way", "latency, ns"))
    shown = rows[:_MOST_KINDS]
    if more := left_out(len(rows) - _MOST_KINDS, "kinds"):
        others = sum([*counts.values()][_MOST_KINDS:])
        shown += ((more, "", others, "", ""),)
    return Table(columns, shown)


_MOST_KINDS = 20


def _ends(links: LinkKind) -> str:
    return (" and " if links.both_ways else " to ").join(links.between)


def graph_html(source: ConfigSource, graph: NetworkGraph, order: Table) -> Markup:
    """What a network is that is a graph: its links, and the order of its NPUs."""
    aside = f"{graph.npus:,} NPUs, {graph.devices - graph.npus:,} other nodes"
    heading = _title("Network", source, f"{aside}, routing {graph.routing.name}")
    return joined(heading, notebook_table(link_table(graph)), notebook_table(order))


def groups_html(source: ConfigSource, groups: Mapping[str, Sequence[int]]) -> Markup:
    """A row for each process group, with its members."""
    rows = tuple((name, len(members), ranges(members)) for name, members in groups.items())
    table = Table((*left("group"), *right("NPUs"), *left("members")), rows)
    return joined(_title("Process groups", source), notebook_table(table))


def _title(heading: str, source: ConfigSource, aside: str = "") -> Markup:
    named = "" if str(source.file) == source.word else str(source.file)
    return title(heading, aside=", ".join(filter(None, (aside, named))))


def _settings(settings: Mapping[str, object]) -> Markup:
    rows = tuple((key, _plain(value)) for key, value in settings.items())
    return notebook_table(Table(left("key", "value"), rows), most=len(rows))


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_plain, value)) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{int(value):,}" if value.is_integer() else f"{value}"
    return "none" if value is None else str(value)
