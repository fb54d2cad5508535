"""Pages of the HTML report, taken apart."""

import json
import re
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from xml.etree import ElementTree as ET

from simastra.report.page import PageContents, html_report
from simastra.report.run_records import RunRecords
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.trace import TraceBuilder
from support.machines import network, system


def simulation_on(*shape: tuple[str, int], **options: Any) -> Simulation:
    trace = TraceBuilder()
    trace.compute("work", micros=1)
    return Simulation(trace, system(), network(*shape), **options)


@dataclass
class Bar:
    """A bar of the timeline, as the page's script reads it."""

    start: int
    lasts: int
    name: str
    kind: str
    id: int
    nodes: int = 1
    busy: int | None = None


@dataclass
class Shown:
    """A table: its headings, their units, its rows."""

    headings: list[str]
    units: list[str]
    rows: list[list[Any]]
    note: str
    sort: int | None


def text_of(part: ET.Element) -> str:
    return "".join(part.itertext())


def undone(coded: list[str]) -> list[str]:
    """Names, of front-coded ones."""
    names = [""]
    for name in coded:
        names.append(names[-1][: int(name[0], 36)] + name[1:])
    return names[1:]


class Page:
    """A page, taken apart."""

    def __init__(self, contents: PageContents) -> None:
        self.html = html_report(contents)
        self.sections = {
            it[1]: ET.fromstring(it[0])
            for it in re.finditer(r'<section id="([^"]*)".*?</section>', self.html, re.DOTALL)
        }
        answer = re.search(r'<section id="answer".*?</section>', self.html, re.DOTALL)
        assert answer is not None
        self.answer = ET.fromstring(answer[0])
        found = re.search(r'<script id="data"[^>]*>(.*?)</script>', self.html, re.DOTALL)
        assert found is not None
        self.data: dict[str, Any] = json.loads(found[1])
        self.links = re.findall(r'<a href="#([^"]*)">([^<]*)</a>', self.html)

    def lanes(self, npu: int, *, chunks: bool = False) -> dict[str, list[Bar]]:
        """The bars of an NPU by the names of its lanes."""
        data = self.data["timeline"]
        rows = data["chunks" if chunks else "npus"][npu]
        return {name: self._bars(content, times) for name, content, times in rows}

    def _bars(self, content: int, times: int) -> list[Bar]:
        data = self.data["timeline"]
        names, kinds = undone(data["names"]), data["kinds"]
        what, when = data["contents"][content], data["times"][times]
        joined = {at: (nodes, busy) for at, nodes, busy in when.get("joined", ())}
        columns = (
            accumulate(when["starts"]),
            when["lasts"],
            accumulate(what["items"]),
            accumulate(what["ids"]),
        )
        return [
            Bar(
                start,
                lasts,
                names[item],
                kinds[data["itemKinds"][item]],
                number,
                *joined.get(at, ()),
            )
            for at, (start, lasts, item, number) in enumerate(zip(*columns, strict=True))
        ]

    def table(self, name: str) -> Shown:
        """The table that the script draws at that place."""
        (data,) = (it for it in self.data["tables"] if it["id"] == name)
        columns = [
            [it["texts"][place] for place in it["places"]] if "texts" in it else it["values"]
            for it in data["columns"]
        ]
        return Shown(
            [it["name"] for it in data["columns"]],
            [it["unit"] for it in data["columns"]],
            [list(row) for row in zip(*columns, strict=True)],
            data["note"],
            data["sort"],
        )

    def figures(self) -> dict[str, tuple[str, str]]:
        """The numbers of the first screen: name to value and what stands below it."""
        found = {}
        for tile in self.answer.iter("dl"):
            for each in tile:
                words = [text_of(it) for it in each]
                found[words[0]] = (words[1], words[2] if len(words) > 2 else "")
        return found

    def notes(self, section: str) -> list[str]:
        return [text_of(it) for it in self.sections[section].iter("p")]


def page_of(
    result: Result, records: RunRecords, simulation: Simulation | None = None, **more: Any
) -> Page:
    shape = simulation or simulation_on(("Ring", len(result.nodes)))
    return Page(PageContents("a run", shape, result, records, **more))


def paths(page: Page) -> list[ET.Element]:
    """Links in the picture of the network."""
    (picture,) = page.sections["links"].iter("svg")
    return list(picture.iter("path"))
