"""Answers the loop where it asks for the way of a message of a tag, while it runs."""

from __future__ import annotations

from ctypes import CFUNCTYPE, c_int64, c_void_p, cast

from .arrays import MachineArrays
from .route_tables import RouteTables


class AskedWays:
    """Has a machine's loop ask the topology, and its arrays grow by what that says.

    Args:
        machine: whose.
        tables: asks the topology.

    Attributes:
        problem: what the topology has raised, if it has; the loop then ends.
    """

    def __init__(self, machine: MachineArrays, tables: RouteTables) -> None:
        self._machine = machine
        self._tables = tables
        self._routes = self._links = 0
        self.problem: BaseException | None = None
        self._function = CFUNCTYPE(c_int64, c_int64)(self._answer)  # for as long as it may ask
        machine.answer_ways_at(cast(self._function, c_void_p).value or 0)

    def _answer(self, number: int) -> int:
        try:
            self._note(number)
        except BaseException as problem:  # nothing can be raised through the loop
            self.problem = problem
            return 1
        return 0

    def _note(self, number: int) -> None:
        machine, tables = self._machine, self._tables
        way = machine["ways"][number]
        pair = machine["pairs"][way["pair"]]
        ends = int(pair["src"]), int(pair["dst"])
        way["first"], way["latency"], way["bytes_per_ns"] = tables.way(*ends, int(way["tag"]))
        routes, links = tables.routes(self._routes), tables.links(self._links)
        machine.extend("routes", self._routes, routes)
        machine.extend("links", self._links, links)
        self._routes += len(routes)
        self._links += len(links)
        machine.extend("links_used", self._links, machine["links_used"][:0])
