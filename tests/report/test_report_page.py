"""The HTML report: one file, all text escaped, the same bytes each time, whatever the size."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from support.machines import network, system
from support.recorded_runs import Run, collective_on, hung, recorded

from simastra.config import MemoryConfig
from simastra.notices import Notice
from simastra.report.page import PageContents, PathStep, html_report
from simastra.simulation import Simulation
from simastra.trace import Node, Trace, TraceBuilder
from simastra.view.colours import heat_colour
from simastra.view.html import element

EMPTY = ("meta", "input", "path", "circle", "br")
LARGEST_FILE = 2_000_000


class Outline(HTMLParser):
    """What a page has: its sections, its text, and whatever it would load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sections: list[str] = []
        self.loads: list[str] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.data = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "section":
            self.sections.append(given["id"] or "")
        self.loads += [value or "" for key, value in attrs if key in {"src", "srcset", "data"}]
        self.loads += [value or "" for key, value in attrs if key == "href" and value[:1] != "#"]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag in EMPTY or self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script" and not self.data:
            self.data = data
        elif not self.open or self.open[-1] not in {"script", "style"}:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def page_of(run: Run, **more: Any) -> str:
    return html_report(PageContents("a run", run.simulation, run.result, run.records, **more))


def test_a_page_has_its_sections_and_loads_nothing() -> None:
    costs = {npu: {"compute": 0, "latency": 117_780} for npu in range(8)}
    path = [PathStep(0, 117_780, 3, "latency", "on the link from NPU 3 to NPU 4")]
    page = page_of(collective_on(("Ring", 8)), attribution=costs, critical_path=path)
    outline = Outline(page)
    assert outline.sections == [
        *("answer", "timeline", "links", "critical-path", "attribution", "operators"),
        *("collectives", "notices", "configuration"),
    ]
    assert outline.loads == []
    assert not outline.open
    assert not re.search(r"https?://|@import|url\(", page)
    assert "117.78" in outline.text
    assert "on the link from NPU 3 to NPU 4" in outline.data
    assert "localBWAware" in outline.text  # from the configuration


def test_whatever_comes_from_outside_is_escaped() -> None:
    evil = "</script><script>alert('x')</script><img src=x onerror=alert(1)>"
    trace = TraceBuilder()
    trace.all_reduce(evil, size=4096)
    run = recorded(Simulation(trace, system(), network(("Ring", 2))))
    page = page_of(
        run,
        notices=[Notice(evil, evil, evil, evil)],
        inputs={evil: evil},
        attribution={0: {evil: 5}},
        critical_path=[PathStep(0, 5, 0, evil, evil)],
    )
    outline = Outline(page)
    assert page.count("<script") == page.count("</script>") == 2
    assert "<img" not in page
    assert outline.text.count(evil) >= 8  # a reader sees it as it is
    assert f"0{evil}" in json.loads(outline.data)["timeline"]["names"]


@pytest.mark.parametrize("text", ["\0", "\ud800", "<&>\"'", "\u2028"])
def test_odd_characters_make_a_page_all_the_same(text: str) -> None:
    page = element("p", text, title=text)
    assert "\0" not in str(page.partition(">")[2])
    assert page.encode("utf-8", "replace")


def test_the_same_run_gives_the_same_page() -> None:
    assert page_of(collective_on(("Ring", 4))) == page_of(collective_on(("Ring", 4)))


def test_a_hang_is_told_first() -> None:
    run, error = hung()
    outline = Outline(page_of(run, deadlock=error))
    assert str(error) in outline.text
    assert "0 of 2 NPUs finished" not in outline.text
    assert "1 of 2 NPUs finished" in outline.text
    data = json.loads(outline.data)["timeline"]
    _, _, times = data["npus"][0][0]
    assert data["times"][times]["lasts"] == [-1]  # it never ended


def test_a_run_without_network_or_collectives_has_a_page() -> None:
    trace = TraceBuilder()
    trace.compute("alone", micros=5)
    run = recorded(Simulation(trace, system(), network(("Ring", 2)), MemoryConfig()))
    text = Outline(page_of(run)).text
    assert "No link was used" in text
    assert "No collective was finished" in text


@pytest.mark.parametrize(
    ("shape", "algorithms"),
    [((("FullyConnected", 64),), ("direct",)), ((("Ring", 8), ("Switch", 8)), ("ring", "ring"))],
    ids=["fully connected", "ring and switch"],
)
def test_a_run_of_64_npus_stays_under_2_mb(
    shape: tuple[tuple[str, int], ...], algorithms: tuple[str, ...]
) -> None:
    page = page_of(collective_on(*shape, algorithms=algorithms))
    assert len(page.encode()) < LARGEST_FILE
    assert len(json.loads(Outline(page).data)["timeline"]["finishes"]) == 64


def test_64_npus_that_all_do_something_else_stay_under_2_mb_with_64000_nodes() -> None:
    traces = []
    for npu in range(64):
        trace = TraceBuilder(npu)
        before: tuple[Node, ...] = ()
        for number in range(1000):
            name = f"{'forward' if number % 3 else 'backward'} {number} of {npu}"
            micros = 1 + (number * 7 + npu) % 50
            before = (trace.compute(name, micros=micros, after=before),)
        traces.append(trace)
    run = recorded(Simulation(Trace.of(traces), system(), network(("Ring", 64))))
    page = page_of(run)
    assert len(page.encode()) < LARGEST_FILE
    outline = Outline(page)
    assert re.search(r"Like nodes shorter than [0-9.]+ .s that follow each other", outline.text)


def test_colours_go_from_pale_to_dark() -> None:
    shades = [heat_colour(use / 20) for use in range(21)]
    brightness = [sum(int(it[k : k + 2], 16) for k in (1, 3, 5)) for it in shades]
    assert brightness == sorted(brightness, reverse=True)
    assert heat_colour(-1) == shades[0]
    assert heat_colour(2) == shades[-1]
