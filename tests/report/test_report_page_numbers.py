"""The numbers on the report's page, each derived by hand."""

import re

import pytest
from support.recorded_runs import Run, collective_on, two_senders

from simastra.notices import Notice
from simastra.report.page import PageContents, html_report
from simastra.report.page.explained import costs_of, path_of


@pytest.fixture(scope="module")
def ring() -> Run:
    """1 MiB among 4: 24 messages a link, of 64 KiB, which are 1220 ns on the wire."""
    return collective_on(("Ring", 4))


@pytest.fixture(scope="module")
def switch() -> Run:
    return two_senders()


def section(run: Run, name: str, **more: object) -> str:
    contents = PageContents("a run", run.simulation, run.result, run.records, **more)  # type: ignore[arg-type]
    page = html_report(contents)
    return page[page.index(f'<section id="{name}"') :].partition("</section>")[0]


def cells(text: str) -> list[str]:
    return re.findall(r"<td[^>]*>([^<]*)</td>", text)


def test_the_summary_of_a_run(switch: Run) -> None:
    notice = Notice("code", "where", "message", "fix")
    found = cells(section(switch, "summary", notices=[notice]))
    assert dict(zip(found[::2], found[1::2], strict=True)) == {
        "makespan": "9,500 ns",
        "slowest": "NPU 2 at 9,500 ns",
        "fastest": "NPU 0 at 7,000 ns",
        "finish spread": "2,500 ns",
        "NPUs": "3, of which 3 finished",
        "nodes that took time": "4",
        "messages": "2",
        "links used": "3",
        "notices": "1",
        "busiest link": "switch 3 to NPU 2: 52.6 % of the time, 10,000 B",
    }


def test_a_collective_has_its_time_and_both_bandwidths(ring: Run) -> None:
    found = cells(section(ring, "collectives"))
    assert found[:10] == [
        *("ALL_REDUCE", "ALL_REDUCE", "0", "4", "1,048,576", "0", "0", "88.72", "11.82", "17.73"),
    ]
    assert found[10:] == ["0", "4", "0", "1", "1,048,576", "0", "88,720", "88,720", "17.73"]


def test_one_npu_has_a_collective_without_bandwidths() -> None:
    found = cells(section(collective_on(("Ring", 1)), "collectives"))
    assert (found[8:10], found[-1]) == (["-", "-"], "-")


def test_links_are_told_with_the_busiest_first(switch: Run) -> None:
    found = cells(section(switch, "tables"))
    rows = [found[start : start + 9] for start in range(27, len(found), 9)]
    assert rows[0] == ["3", "2", "switch 3", "NPU 2", "5,000", "0.5263", "10,000", "2", "1.053"]
    assert [row[:4] for row in rows[1:]] == [
        ["0", "3", "NPU 0", "switch 3"],
        ["1", "3", "NPU 1", "switch 3"],
    ]
    assert {tuple(row[4:]) for row in rows[1:]} == {("2,500", "0.2632", "5,000", "1", "0.5263")}


def test_a_link_bends_to_its_left_and_says_what_it_carried(ring: Run) -> None:
    picture = section(ring, "links")
    paths = re.findall(r'<path d="([^"]*)" stroke="[^"]*" stroke-width="([^"]*)"', picture)
    # NPU 0 on top, 1 on the right: from (320, 40) to (600, 320), bent by 0.12 of 280 each way.
    assert paths[0] == ("M320.0 40.0Q493.6 146.4 600.0 320.0", "1.99")
    assert [path.partition("Q")[0] for path, _ in paths] == [
        "M320.0 40.0",
        "M600.0 320.0",
        "M320.0 600.0",
        "M40.0 320.0",
    ]
    assert "NPU 0 to NPU 1: busy 33.0% of the time, 1,572,864 bytes, 24 messages" in picture
    assert '<text x="320.0" y="44.33" font-size="13.0">0</text>' in picture
    assert 'aria-label="4 NPUs and 4 links"' in picture


def test_a_switch_stands_amid_its_devices(switch: Run) -> None:
    picture = section(switch, "links")
    circles = re.findall(r'<circle cx="([^"]*)" cy="([^"]*)" r="13.0" class="(\w+)">', picture)
    assert circles == [
        ("320.0", "40.0", "npu"),
        ("562.49", "460.0", "npu"),
        ("77.51", "460.0", "npu"),
        ("320.0", "320.0", "switch"),
    ]
    assert ">S3</text>" in picture


def test_costs_are_drawn_as_parts_of_the_longest(switch: Run) -> None:
    costs = {0: {"compute": 30, "latency": 10, "memory": 0}, 2: {"compute": 20}}
    drawn = section(switch, "attribution", attribution=costs)
    assert re.findall(r'width:([0-9.]+)%" title="([^"]*)"', drawn) == [
        ("75.000", "compute: 30 ns, 75.0 %"),
        ("25.000", "latency: 10 ns, 25.0 %"),
        ("50.000", "compute: 20 ns, 100.0 %"),
    ]
    assert cells(drawn) == ["0", "40", "30", "10", "0", "2", "20", "20", "0", "0"]


def test_an_explanation_as_the_page_shows_it(ring: Run) -> None:
    explanation = ring.simulation.explain()
    assert costs_of(explanation) == {
        npu: {"endpoint": 280, "reduction": 47160, "latency": 12000, "serialisation": 29280}
        for npu in range(4)
    }
    first, second, third, *_ = path_of(explanation)
    assert (first.start, first.end, first.npu, first.what) == (0, 10, 0, "endpoint")
    assert (first.detail, first.node) == ("", "1: ALL_REDUCE")
    assert (second.start, second.end, second.what) == (10, 1230, "serialisation")
    assert second.detail == "to NPU 1, on the link from NPU 0 to NPU 1"
    assert (third.start, third.end, third.what) == (1230, 1730, "latency")
