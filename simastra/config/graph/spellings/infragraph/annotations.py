"""What annotations add: ranks of NPUs, bandwidths and latencies of links and edges."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product

from simastra.config.graph.spellings.graph_attributes import unread_names
from simastra.config.graph.spellings.rate_texts import bandwidth, is_in_transfers, latency
from simastra.config.graph.wrong import KeyedError, refuse_more
from simastra.config.messages import show
from simastra.network_graph import MOST_NODES

from .documents import EdgeNote, InfraAnnotations, InfraAttribute, NodeNote
from .linking import MOST_EDGES, meant
from .links import InfraLinkRate, LinkRates
from .slices import Sliced, chosen

_STEPS = re.compile(r"([A-Za-z0-9_-]+)(?:\[([^\[\]]*)\])?")


class ComponentNames:
    """Components by their names and by what their names begin with: ``host.0`` is all of it.

    Args:
        names: of all components.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = dict.fromkeys(names)

    def __call__(self, text: str, key: str) -> list[str]:
        """The components that an annotation names, such as ``host[0:2]xpu[0]`` or ``host.0.xpu.0``.

        Raises:
            KeyedError: there is none.
        """
        if text in self._names:
            return [text]
        found: list[str] = []
        for name in self._expanded(text, key):
            if not (below := self._below.get(name)):
                begins = {it.partition(".")[0]: None for it in self._names}
                raise KeyedError(f"no component is called {show(name)}{meant(name, begins)}", key)
            found += below
        return found

    def _expanded(self, text: str, key: str) -> Iterator[str]:
        if "[" not in text:
            return iter([text])
        steps = [Sliced(*it.groups()) for it in _STEPS.finditer(text)]
        choices: list[list[str]] = [[""]]
        for step in steps:
            numbers = chosen(step, self._counts[step.name], key) if step.within is not None else ()
            choices.append([f"{step.name}.{it}" for it in numbers] or [step.name])
            refuse_more(len(choices[-1]) * len(choices[-2]), MOST_NODES, "names", key)
        return (".".join(it[1:]) for it in product(*choices))

    @cached_property
    def _counts(self) -> Counter[str]:
        """How many of a name there are at the most, wherever they are."""
        counts = Counter[str]()
        for it in self._names:
            steps = it.split(".")
            for part, number in zip(steps[::2], steps[1::2], strict=False):
                counts[part] = max(counts[part], int(number) + 1)
        return counts

    @cached_property
    def _below(self) -> Mapping[str, Sequence[str]]:
        """The components whose names are, or begin with, some steps of a name."""
        below: dict[str, list[str]] = {}
        for name in self._names:
            steps = name.split(".")
            for end in range(1, len(steps) + 1):
                below.setdefault(".".join(steps[:end]), []).append(name)
        return below


def ranks(
    notes: InfraAnnotations, named: ComponentNames, npus: Mapping[str, object]
) -> dict[str, object]:
    """Of NPUs that are annotated with a rank, what it is.

    Raises:
        KeyedError: a component isn't there.
    """
    found: dict[str, object] = {}
    for index, note in enumerate(notes.nodes):
        key = f"annotations.nodes[{index}].name"
        for it in note.attributes:
            if it.attribute == "rank":
                found.update((name, it.value) for name in named(note.name, key) if name in npus)
    return found


def edge_rates(
    notes: InfraAnnotations, named: ComponentNames, edges: Mapping[tuple[str, str], object]
) -> dict[tuple[str, str], InfraLinkRate]:
    """Of edges that are annotated with a bandwidth or latency, what they are.

    Args:
        notes: all annotations.
        named: finds components.
        edges: all that there are, by their ends, in one direction.

    Raises:
        KeyedError: a component isn't there, or bandwidth or latency is wrong.
    """
    found: dict[tuple[str, str], InfraLinkRate] = {}
    for index, note in enumerate(notes.edges):
        key = f"annotations.edges[{index}]"
        rate = noted_rate(note.attributes, key)
        if rate.bytes_per_ns is None and rate.latency is None:
            continue
        for ends in _ends(note, named, key):
            for edge in (ends, ends[::-1]):
                if edge in edges:
                    found[edge] = rate
    return found


def annotate(rates: LinkRates, notes: InfraAnnotations) -> None:
    """Set bandwidth and latency of all links of a name that is annotated with them.

    Raises:
        KeyedError: no link has the name, or bandwidth or latency is wrong.
    """
    for index, note in enumerate(notes.links):
        key = f"annotations.links[{index}]"
        names = [it for it in rates.by_name if it.name == note.name]
        if not names:
            known = [it.name for it in rates.by_name]
            text = f"no link is called {show(note.name)}{meant(note.name, known)}"
            raise KeyedError(text, f"{key}.name")
        noted = noted_rate(note.attributes, key)
        for name in names:
            if noted.bytes_per_ns is not None:
                rates.by_name[name].bytes_per_ns = noted.bytes_per_ns
                rates.by_name[name].in_transfers = noted.in_transfers
            if noted.latency is not None:
                rates.by_name[name].latency = noted.latency


def _ends(note: EdgeNote, named: ComponentNames, key: str) -> Iterator[tuple[str, str]]:
    first, second = named(note.ep1, f"{key}.ep1"), named(note.ep2, f"{key}.ep2")
    refuse_more(len(first) * len(second), MOST_EDGES, "edges", key)
    return product(first, second)


def noted_rate(attributes: Iterable[InfraAttribute], key: str) -> InfraLinkRate:
    """What attributes say of bandwidth and latency.

    Raises:
        KeyedError: one of them is wrong.
    """
    rate = InfraLinkRate()
    for index, it in enumerate(attributes):
        where = f"{key}.attributes[{index}].value"
        if it.attribute == "bandwidth":
            rate.bytes_per_ns = bandwidth(it.value, where)
            rate.in_transfers = is_in_transfers(it.value)
        elif it.attribute == "latency":
            rate.latency = latency(it.value, where)
    return rate


_READ = frozenset({"rank", "bandwidth", "latency"})
_DERIVED = frozenset({"type", "instance", "instance_idx", "device", "composed_device", "link"})
"""What InfraGraph's service makes of the description itself, and lets nobody change."""


def unread_attributes(notes: InfraAnnotations) -> set[str]:
    """Names of attributes of nodes, edges and links that mean nothing here."""
    entries: tuple[NodeNote | EdgeNote, ...] = (*notes.nodes, *notes.edges, *notes.links)
    names = {it.attribute for entry in entries for it in entry.attributes}
    return (names - _READ - _DERIVED) | unread_names(it.attribute for it in notes.graph)
