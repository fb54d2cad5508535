"""Pages of the HTML report, taken apart."""

import json
import re
from dataclasses import dataclass
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
class Shown:
    """A table: headings, rows, and the columns whose cells stand as numbers do."""

    headings: list[str]
    rows: list[list[str]]
    numeric: set[int]


def text_of(part: ET.Element) -> str:
    return "".join(part.itertext())


class Page:
    """A page, taken apart."""

    def __init__(self, contents: PageContents) -> None:
        html = html_report(contents)
        self.sections = {
            it[1]: ET.fromstring(it[0])
            for it in re.finditer(r'<section id="([^"]*)".*?</section>', html, re.DOTALL)
        }
        found = re.search(r'<script id="data"[^>]*>(.*?)</script>', html, re.DOTALL)
        assert found is not None
        self.data: dict[str, Any] = json.loads(found[1])
        self.links = re.findall(r'<a href="#([^"]*)">([^<]*)</a>', html)
        self.html = html

    def tables(self, section: str) -> list[Shown]:
        found = []
        for each in self.sections[section].iter("table"):
            head, *rows = list(each.iter("tr"))
            cells = [list(row) for row in rows]
            numeric = {
                column
                for row in cells
                for column, cell in enumerate(row)
                if cell.get("class") == "number"
            }
            found.append(
                Shown(
                    [text_of(it) for it in head],
                    [[text_of(it) for it in row] for row in cells],
                    numeric,
                )
            )
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
