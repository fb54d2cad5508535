"""Configurations as a notebook shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simastra.display import folded, numbers, table, title

if TYPE_CHECKING:
    from .comm_groups import CommGroups
    from .network import NetworkConfig


def settings_html(
    word: str, source: object, given: Mapping[str, object], others: Mapping[str, object]
) -> str:
    """Keys and values: those that were given, and those that have their defaults.

    Args:
        word: what is configured.
        source: the file; left out where it is `word`.
        given: by key.
        others: by key.
    """
    headings = ("key", "value")
    shown = _title(f"{word[:1].upper()}{word[1:]}", word, source)
    if given:
        shown += table(headings, _rows(given), most=len(given))
    if others:
        left = "others have their defaults" if given else "all keys have their defaults"
        shown += folded(left, table(headings, _rows(others), most=len(others)))
    return shown


def network_html(network: NetworkConfig) -> str:
    """A row for each dimension."""
    rows = zip(
        range(network.dimensions),
        network.topology,
        network.npus_count,
        map(_plain, network.bandwidth),
        map(_plain, network.latency),
        strict=True,
    )
    headings = ("#dimension", "topology", "#NPUs", "#bandwidth, GB/s", "#latency, ns")
    product = " x ".join(map(str, network.npus_count))
    shape = f"{product} = {network.npus:,} NPUs" if network.dimensions > 1 else f"{product} NPUs"
    return _title("Network", network.word, network.source, shape) + table(headings, rows)


def groups_html(groups: CommGroups) -> str:
    """A row for each process group."""
    rows = [(it.name, len(it.members), numbers(it.members)) for it in groups.groups]
    shown = _title("Process groups", groups.word, groups.source)
    return shown + table(("group", "#NPUs", "members"), rows)


def _title(heading: str, word: str, source: object, aside: str = "") -> str:
    named = "" if str(source) == word else str(source)
    return title(heading, aside=", ".join(filter(None, (aside, named))))


def _rows(settings: Mapping[str, object]) -> list[tuple[str, str]]:
    return [(key, _plain(value)) for key, value in settings.items()]


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_plain, value)) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{int(value):,}" if value.is_integer() else f"{value}"
    return "none" if value is None else str(value)
