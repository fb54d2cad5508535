"""The topology files of packet simulators: ns-3's of ASTRA-sim's network frontend, and SimAI's.

All text is words between blanks. ns-3's: the numbers of nodes, switches and links; the numbers of
those nodes that are switches; of each link two nodes, rate, delay and error rate. (ASTRA-sim's
ns-3 frontend, `topology.txt`; astra-sim issue #299.) SimAI's begins otherwise: nodes, NPUs of a
server, NVSwitches, switches, links and the NPUs' type, then NVSwitches before the switches.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from simastra.config.graph.wrong import KeyedError, naming_file, refuse_more
from simastra.config.messages import show
from simastra.network_graph import (
    MOST_LINKS,
    MOST_NODES,
    GraphAssembly,
    LinkAttributes,
    NetworkGraph,
)
from simastra.network_graph.model import NPU, SWITCH
from simastra.notices import Notice, Severity

from .numbering import MOST_DIGITS
from .rate_texts import bandwidth, latency

NVSWITCH = "nvswitch"
"""The kind of SimAI's switches within a server."""

_NS3_HEAD = ("nodes", "switches", "links")
_SIMAI_HEAD = ("nodes", "NPUs of a server", "NVSwitches", "switches", "links")


class _Word(NamedTuple):
    text: str
    line: int


def read_packet_topology(text: str, source: Path | str) -> NetworkGraph:
    """Read nodes, switches and links; nodes that are no switches are NPUs, in their order.

    Raises:
        ConfigError: the first mistake.
    """
    with naming_file(source):
        return _Reading(text, str(source)).graph()


class _Reading:
    def __init__(self, text: str, source: str) -> None:
        self._source = source
        self._words = list(_words(text))
        self._at = 0
        self._lossy = 0

    def graph(self) -> NetworkGraph:
        nodes, nvswitches, switches, links = self._head()
        kinds = dict.fromkeys(range(nodes), NPU)
        for kind, count in ((NVSWITCH, nvswitches), (SWITCH, switches)):
            for _ in range(count):
                line = self._line()
                number = self._node(nodes, "a switch")
                if kinds[number] != NPU:
                    raise KeyedError(f"names node {number} twice as a switch", line)
                kinds[number] = kind
        assembly = GraphAssembly()
        npus = [number for number, kind in kinds.items() if kind == NPU]
        names = {number: f"npu.{rank}" for rank, number in enumerate(npus)}
        names |= {number: f"{kind}.{number}" for number, kind in kinds.items() if kind != NPU}
        for number, kind in kinds.items():
            assembly.add_node(names[number], kind)
        for _ in range(links):
            src, dst, attributes = self._link(nodes)
            assembly.add_link(names[src], names[dst], attributes)
        if self._at < len(self._words):
            text = f"goes on behind its {links} links; write how many there are into the first line"
            raise KeyedError(text, self._line())
        return assembly.graph(source=self._source, remarks=self._remarks())

    def _head(self) -> tuple[int, int, int, int]:
        first = [word for word in self._words[:6] if word.line == self._words[0].line]
        if len(first) <= len(_NS3_HEAD):
            nodes, switches, links = (self._number(what) for what in _NS3_HEAD)
            counts = nodes, 0, switches, links
        else:
            nodes, _, nvswitches, switches, links = (self._number(what) for what in _SIMAI_HEAD)
            self._word("the NPUs' type")
            counts = nodes, nvswitches, switches, links
        refuse_more(nodes, MOST_NODES, "nodes", "line 1")
        refuse_more(links, MOST_LINKS, "links", "line 1")
        if counts[1] + counts[2] > nodes:
            raise KeyedError(f"has {counts[1] + counts[2]} switches among {nodes} nodes", "line 1")
        return counts

    def _link(self, nodes: int) -> tuple[int, int, LinkAttributes]:
        line = self._line()
        src, dst = self._node(nodes, "a link"), self._node(nodes, "a link")
        if src == dst:
            raise KeyedError(f"links node {src} to itself; a link needs two nodes", line)
        rate, delay = self._word("a rate"), self._word("a delay")
        error = self._word("an error rate")
        if error.text.strip("0.") != "":
            self._lossy += 1
        for word, example in ((rate, "400Gbps"), (delay, "0.0005ms")):
            if word.text.replace(".", "", 1).isdigit() and word.text.strip("0."):
                raise KeyedError(
                    f"has {show(word.text)} without a unit; write one, as {example}", line
                )
        return src, dst, LinkAttributes(bandwidth(rate.text, line), latency(delay.text, line))

    def _node(self, nodes: int, what: str) -> int:
        line = self._line()
        number = self._number(f"a node of {what}")
        if number >= nodes:
            raise KeyedError(f"names node {number}; there are 0 to {nodes - 1}", line)
        return number

    def _number(self, what: str) -> int:
        word = self._word(f"a number ({what})")
        if not (word.text.isascii() and word.text.isdigit() and len(word.text) <= MOST_DIGITS):
            text = f"must have a whole number here ({what}), not {show(word.text)}"
            raise KeyedError(text, f"line {word.line}")
        return int(word.text)

    def _word(self, what: str) -> _Word:
        if self._at == len(self._words):
            raise KeyedError(f"ends where {what} is wanted; is it cut off?")
        self._at += 1
        return self._words[self._at - 1]

    def _line(self) -> str:
        at = min(self._at, len(self._words) - 1)
        return f"line {self._words[at].line}"

    def _remarks(self) -> Iterator[Notice]:
        if self._lossy:
            yield Notice(
                code="not-read",
                where=self._source,
                message=f"{self._lossy} links have an error rate, and no message is lost here",
                fix="nothing, if losses are rare",
                severity=Severity.INFO,
            )


def _words(text: str) -> Iterator[_Word]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.lstrip().startswith("#"):
            yield from (_Word(word, number) for word in line.split())
