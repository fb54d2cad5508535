"""Tables of routes, as the network file has them, or a YAML or CSV file that it names.

An entry is a next hop (``at``, ``to``, ``via``) or a whole route (``from``, ``to``, ``by``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, TypeAlias

from pydantic import ConfigDict, Field, PlainValidator, WithJsonSchema

from simastra.config import ConfigModel, PartOptions
from simastra.config.fields import TextField
from simastra.config.graph.names import names_in
from simastra.config.graph.wrong import under
from simastra.config.lines import line_in, telling_lines
from simastra.config.load import read_text
from simastra.config.messages import problem, show
from simastra.config.mistakes import Mistake
from simastra.deferred import deferred
from simastra.errors import ConfigError, InputError
from simastra.network_graph import NetworkGraph
from simastra.suggestions import unknown_name

if TYPE_CHECKING:
    from simastra.config import yaml_file
else:  # a network that was made in Python needn't pay for PyYAML
    yaml_file = deferred("simastra.config.yaml_file")

_MOST_ENTRIES: Final = 2**20
"""More than a table has that somebody uses: who writes more made a slip in a slice."""

_KEY: Final = "graph.routing.routes"
"""Of the network file."""


def _entries(value: object) -> tuple[object, ...]:
    if isinstance(value, list | tuple):
        return tuple(value)
    raise problem(f"must be a list of routes, not {show(value)}")


_Routes: TypeAlias = Annotated[
    tuple[Any, ...],
    PlainValidator(_entries),
    WithJsonSchema({"type": "array", "items": {"type": "object"}}),
]


class StaticOptions(PartOptions):
    """Keys beside ``name: static``."""

    paths: ClassVar[tuple[str, ...]] = ("table",)

    table: TextField | None = None
    """file with routes, YAML or CSV; its path begins at the network file's folder"""

    routes: _Routes = ()
    """routes: next hops (at, to, via) and whole ones (from, to, by)"""

    @classmethod
    def _together(cls, values: Mapping[str, Any]) -> Iterator[Mistake]:
        if values.get("table") is None and values.get("routes") == ():
            yield Mistake("has no routes; write them as routes, or name their file as table")


class _TableFile(PartOptions):
    """Keys of a YAML file."""

    routes: _Routes
    """as in the network file"""


def _names(value: object) -> tuple[str, ...]:
    """The names in a list, or in a text between blanks."""
    names = value.split() if isinstance(value, str) else value
    if isinstance(names, list | tuple) and all(isinstance(it, str) for it in names):
        return tuple(names)
    raise problem(f"must be a list of devices' names, not {show(value)}")


class RouteKeys(ConfigModel):
    """An entry of a table."""

    model_config = ConfigDict(alias_generator=None)  # as a network file's keys are spelled

    word: ClassVar[str] = "route"

    at: TextField | None = None
    """the devices that send on"""

    via: TextField | None = None
    """the device that they send on to"""

    from_: Annotated[TextField | None, Field(alias="from")] = None
    """the NPUs where whole routes begin"""

    by: Annotated[tuple[str, ...] | None, PlainValidator(_names)] = None
    """the devices that they pass, in order; none if the ends are linked"""

    to: TextField
    """the NPUs where messages are going"""

    @classmethod
    def _together(cls, values: Mapping[str, Any]) -> Iterator[Mistake]:
        written = {it for it in values if values[it] is not None}
        pairs = {"at", "to", "via"}, {"from_", "to", "by"}
        if values.keys() >= cls.model_fields.keys() and written not in pairs:
            yield Mistake("must have at, to and via, or from, to and by")


class StaticTable:
    """Where the entries of a table send messages.

    Attributes:
        next_hops: by a device and the receiver.
        ways: by sender and receiver, both ends included.
        files: names of the files in which it is.
    """

    def __init__(self, graph: NetworkGraph) -> None:
        self.next_hops: dict[tuple[int, int], int] = {}
        self.ways: dict[tuple[int, int], tuple[int, ...]] = {}
        self.files: tuple[str, ...] = ()
        self._graph = graph

    def add(self, entry: RouteKeys) -> None:
        """Take an entry.

        Raises:
            InputError: if it names what there isn't, takes links that there aren't or passes a
                device twice, or says otherwise than one before.
        """
        starts = self._devices(entry.at or entry.from_ or "", only_npus=entry.at is None)
        receivers = self._devices(entry.to, only_npus=True)
        if len(starts) * len(receivers) + len(self.next_hops) + len(self.ways) > _MOST_ENTRIES:
            pairs_named = f"{len(starts):,} x {len(receivers):,}"
            raise InputError(
                f"is for {pairs_named} pairs; a table may have {_MOST_ENTRIES:,} in all"
            )
        pairs = [ends for ends in product(starts, receivers) if ends[0] != ends[1]]
        if not pairs:
            raise InputError(f"leads from {entry.to} to itself; name another device")
        if entry.via is not None:
            self._add_next_hops(pairs, entry.via)
        else:
            self._add_ways(pairs, [it for name in entry.by or () for it in self._devices(name)])

    def _add_next_hops(self, pairs: Iterable[tuple[int, int]], via: str) -> None:
        onward, *others = self._devices(via)
        if others:
            raise InputError(f"via {via} is several devices; write one")
        for at, to in pairs:
            self._check_link(at, onward)
            before = self.next_hops.setdefault((at, to), onward)
            if before != onward:
                raise InputError(
                    f"{self._name(at)} sends on what goes to {self._name(to)} to "
                    f"{self._name(onward)}, and by an entry before to {self._name(before)}; leave "
                    "one of them out"
                )

    def _add_ways(self, pairs: Iterable[tuple[int, int]], between: list[int]) -> None:
        for src, dst in pairs:
            way = (src, *between, dst)
            for ends in pairwise(way):
                self._check_link(*ends)
            if len(set(way)) < len(way):
                twice = next(device for device in way if way.count(device) > 1)
                raise InputError(f"passes {self._name(twice)} twice; once is enough")
            if self.ways.setdefault((src, dst), way) != way:
                named = f"from {self._name(src)} to {self._name(dst)}"
                raise InputError(f"an entry before has another route {named}; leave one out")

    def _devices(self, text: str, *, only_npus: bool = False) -> list[int]:
        numbers = self._graph.numbers
        names = names_in(text)
        for name in names:
            if name not in numbers:
                raise InputError(unknown_name("device", name, _first(numbers)))
            if only_npus and numbers[name] >= self._graph.npus:
                raise InputError(f"{name} is no NPU; messages begin and end at NPUs")
        return [numbers[name] for name in names]

    def _check_link(self, src: int, dst: int) -> None:
        if (src, dst) not in self._graph.link_between:
            onward = [self._name(link.dst) for link in self._graph.out_links[src]]
            shown = ", ".join(_first(onward)) or "none"
            raise InputError(
                f"no link leads from {self._name(src)} to {self._name(dst)}; links of "
                f"{self._name(src)} lead to {shown}"
            )

    def _name(self, device: int) -> str:
        return self._graph.nodes[device].name


_MOST_NAMED: Final = 8


def _first(names: Iterable[str]) -> list[str]:
    """Some names, and that there are more."""
    some = list(names)
    return some if len(some) <= _MOST_NAMED else [*some[:_MOST_NAMED], "..."]


def source_of_routing(graph: NetworkGraph) -> str:
    """The file that says how a graph is routed, for messages and for what it names."""
    return graph.routing.source or graph.source or "network"


def folder_of_routing(graph: NetworkGraph) -> Path:
    """Where the paths begin that its options name."""
    return Path(source_of_routing(graph)).parent


def read_table(graph: NetworkGraph, options: StaticOptions) -> StaticTable:
    """The routes of a network file and of the file that it names.

    Raises:
        ConfigError: if the file can't be read, or an entry is wrong.
    """
    table = StaticTable(graph)
    source = source_of_routing(graph)
    for index, entry in enumerate(options.routes):
        with under(f"{_KEY}[{index}]", source):
            table.add(RouteKeys.parse(entry, source))
    if options.table is not None:
        path = folder_of_routing(graph) / options.table
        add_all = _add_csv if path.suffix.lower() == ".csv" else _add_yaml
        add_all(table, read_text(path), path)
        table.files = (str(path),)
    return table


def _add_yaml(table: StaticTable, text: str, path: Path) -> None:
    mapping, lines = yaml_file.read_yaml(text, path, "the key routes, with a list")
    with telling_lines(line_in(lines)):
        for index, entry in enumerate(_TableFile.parse(mapping, path).routes):
            with under(f"routes[{index}]", path):
                table.add(RouteKeys.parse(entry, path))


def _add_csv(table: StaticTable, text: str, path: Path) -> None:
    """Columns are called as the keys are; devices in `by` stand between blanks."""
    rows = csv.reader(text.splitlines(), strict=True)
    header: list[str] = []
    try:
        for cells in rows:
            with under(f"line {rows.line_num}", path):
                if not header:
                    header = [cell.strip() for cell in cells]
                elif cells:
                    table.add(_entry_of(header, cells, path))
    except csv.Error as error:
        raise ConfigError(f"isn't CSV: {error}", source=path, key=f"line {rows.line_num}") from None
    if not header:
        raise ConfigError("is empty; it needs the columns at, to, via or from, to, by", source=path)


def _entry_of(header: list[str], cells: list[str], path: Path) -> RouteKeys:
    if len(cells) != len(header):
        raise InputError(f"has {len(cells)} cells, and the first line {len(header)}")
    row = dict(zip(header, map(str.strip, cells), strict=True))
    by = {"by": row.pop("by")} if row.get("from") and "by" in row else {}
    return RouteKeys.parse({key: cell for key, cell in row.items() if cell} | by, path)
