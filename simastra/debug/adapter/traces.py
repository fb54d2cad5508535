"""Traces as texts, a line for each node: what an editor shows, and sets breakpoints in."""

from __future__ import annotations

from collections.abc import Iterator

from simastra.debug.state import State
from simastra.debug.views import operation_words
from simastra.trace import Node
from simastra.units import NpuId
from simastra.view.phrases import listed

from .arguments import SourceNamed
from .framing import JsonObject
from .messages import RequestError

MIME_TYPE = "text/x-simastra-trace"
"""By which an editor knows that breakpoints can be set in it."""

_HEADING = 1  # lines before the first node
_MOST_LINES = 200_000  # of which an editor can be asked
_NAMED = 8  # dependencies on a line
_ENDING = ".trace"


class TraceTexts:
    """The traces of all NPUs as texts.

    Args:
        state: has the traces, which don't change.
    """

    def __init__(self, state: State) -> None:
        self._processes = state.npus

    @property
    def npus(self) -> int:
        """How many there are."""
        return len(self._processes)

    def nodes(self, npu: NpuId) -> int:
        """How many lines have nodes."""
        return min(len(self._processes[npu].program.graph.nodes), _MOST_LINES)

    def source(self, npu: NpuId) -> JsonObject:
        """What names a text to a client."""
        name = f"npu-{npu}{_ENDING}"
        return {"name": name, "path": name, "sourceReference": npu + 1, "origin": "execution trace"}

    def npu_of(self, source: SourceNamed) -> NpuId:
        """Whose trace is meant.

        Raises:
            RequestError: if it is none of these texts.
        """
        number = source.sourceReference or _number_in(source.name) or _number_in(source.path)
        if number is None or not 1 <= number <= self.npus:
            name = source.name or source.path or source.sourceReference
            last = f"npu-{self.npus - 1}{_ENDING}"
            problem = f"{name!r} is no trace's text; they are npu-0{_ENDING} to {last}"
            raise RequestError(problem)
        return number - 1

    def line(self, index: int) -> int | None:
        """The line of a node, from 1, by its place among its NPU's; None if it has none."""
        return index + 1 + _HEADING if index < _MOST_LINES else None

    def index(self, npu: NpuId, line: int) -> int:
        """The place of the node on a line, or on the first behind it that has one."""
        return max(0, min(line - 1 - _HEADING, self.nodes(npu) - 1))

    def node(self, npu: NpuId, line: int) -> Node | None:
        """The node on a line, or on the first behind it; None in a trace without nodes."""
        nodes = self._processes[npu].program.graph.nodes
        return nodes[self.index(npu, line)] if nodes else None

    def text(self, npu: NpuId) -> str:
        """A trace, as a text."""
        return "".join(f"{line}\n" for line in self._lines(npu))

    def _lines(self, npu: NpuId) -> Iterator[str]:
        program, count = self._processes[npu].program, self.nodes(npu)
        graph = program.graph
        yield f"# trace of NPU {npu}: each node, what it does, and which nodes it waits for"
        parents: list[list[int]] = [[] for _ in range(count)]
        for index, node in enumerate(graph.nodes):
            for child in graph.children[index]:
                if child < count:
                    parents[child].append(node.id)
        width = max((len(str(node.id)) for node in graph.nodes[:count]), default=1)
        for index, node in enumerate(graph.nodes[:count]):
            does = operation_words(program.operations[index])
            after = f"; after {listed(parents[index], _NAMED)}" if parents[index] else ""
            yield f"{node.id:>{width}}  {node.name!r}: {does}{after}"
        if count < len(graph.nodes):
            yield f"# {len(graph.nodes) - count:,} more"


def _number_in(name: str | None) -> int | None:
    """The number of the text that has a name, or whose name ends a path; None if none has."""
    word = (name or "").replace("\\", "/").rpartition("/")[2]
    digits = word.removeprefix("npu-").removesuffix(_ENDING)
    is_one = word == f"npu-{digits}{_ENDING}" and digits.isascii() and digits.isdigit()
    return int(digits) + 1 if is_one else None
