"""What the page of a run made by hand draws: timeline, heat map, network."""

import math
import re
from xml.etree import ElementTree as ET

import pytest
from support.made_runs import made_records, made_result, node, phase, two_npus
from support.pages import Page, page_of, paths, text_of
from support.recorded_runs import collective_on

from simastra.report.run_records import Excerpt, LinkLoad, RunRecords
from simastra.result import LinkRecord


@pytest.fixture(scope="module")
def small() -> Page:
    return page_of(*two_npus())


def test_the_timeline_is_rows_of_bars(small: Page) -> None:
    assert small.data["timeline"] == {
        "end": 2000,
        "rows": [
            {"npu": 0, "label": "communication", "chunks": False, "bars": [1000, 500, 0, 0, 3]},
            {"npu": 0, "label": "compute", "chunks": False, "bars": [0, 1000, 1, 1, 1]},
            {"npu": 0, "label": "compute 2", "chunks": False, "bars": [500, 1500, 2, 1, 2]},
            {"npu": 0, "label": "chunks", "chunks": True, "bars": [1000, 500, 5, 4, 4]},
            {"npu": 0, "label": "chunks 2", "chunks": True, "bars": [1200, -1, 6, 4, 5]},
            {"npu": 1, "label": "cpu", "chunks": False, "bars": [0, 250, 3, 2, 1]},
            {"npu": 1, "label": "remote memory", "chunks": False, "bars": [1750, -1, 4, 3, 9]},
        ],
        "names": [
            *("sum é", "work", "node 2", "cpu", "node 9"),
            "ALL_REDUCE (Ring), chunk 4, phase 1",
            "ALL_REDUCE (Ring), chunk 5, phase 2",
        ],
        "kinds": ["communication", "compute", "cpu", "remote memory", "chunk"],
        "colours": ["#f58518", "#4c78a8", "#54a24b", "#b279a2", "#d8a32e"],
        "finishes": {"1": 250, "0": 2000},
        "notes": [],
    }


def test_of_phases_that_were_not_recorded_the_page_tells_how_many() -> None:
    result, records = two_npus()
    cut = RunRecords(
        2,
        records.messages,
        records.transmissions,
        Excerpt(records.phases.records, 1_234_567, 5),
        records.load,
    )
    page = page_of(result, cut)
    said = "2 of 1,234,567 phases of chunks are shown, the first."
    assert page.data["timeline"]["notes"] == [said]
    assert said in page.notes("timeline")


def test_60000_phases_are_shown_at_most() -> None:
    phases = [phase(0, it, it + 1, stream=1) for it in range(60_001)]
    page = page_of(made_result([node(1, 0, 9)]), made_records(1, phases=phases))
    assert page.data["timeline"]["notes"] == [
        "60,000 of 60,001 phases of chunks are shown, the first."
    ]
    rows = [row for row in page.data["timeline"]["rows"] if row["chunks"]]
    assert [len(row["bars"]) for row in rows] == [5 * 60_000]


def test_the_heat_map_is_in_per_mille_of_a_bin(small: Page) -> None:
    assert small.data["heat"] == {
        "width": 300,
        "bins": 4,
        "total": 2,
        "links": [
            {"from": "switch 2", "to": "NPU 1", "busy": [0, 333, 133, 0], "queue": [0, 833, 33, 0]},
            {"from": "NPU 0", "to": "switch 2", "busy": [0, 333, 110, 0], "queue": []},
        ],
    }


@pytest.mark.parametrize(("part", "shown"), [(0, 0), (1, 0), (2, 1), (1300, 501), (2594, 1000)])
def test_a_bin_that_is_busy_throughout_is_busy_for_1000_per_mille(part: int, shown: int) -> None:
    load = (2594, 1, [LinkLoad(0, 1, {0: part}, {0: part})])
    (link,) = page_of(made_result([], []), made_records(2, load=load)).data["heat"]["links"]
    assert (link["busy"], link["queue"]) == ([shown], [shown])


@pytest.mark.parametrize(("bins", "shown"), [(256, 256), (257, 129)])
def test_a_heat_map_has_256_bins_at_most(bins: int, shown: int) -> None:
    load = (2, bins, [LinkLoad(0, 1, {0: 1, bins - 1: 2}, {})])
    heat = page_of(made_result([], []), made_records(2, load=load)).data["heat"]
    assert (heat["bins"], len(heat["links"][0]["busy"])) == (shown, shown)


@pytest.mark.parametrize(
    ("count", "note"),
    [(511, ""), (512, ""), (513, " 512 of 513 links are shown, the busiest.")],
)
def test_512_links_are_in_the_heat_map_at_most(count: int, note: str) -> None:
    loads = [LinkLoad(it, it + 1, {0: 1 + it % 7}, {}) for it in range(count)]
    page = page_of(made_result([], []), made_records(2, load=(7, 1, loads)))
    links = page.data["heat"]["links"]
    assert len(links) == min(count, 512)
    assert page.notes("links")[0] == f"A row a link, darker where it was busier.{note}"
    wanted = sorted(loads, key=lambda it: (-it.busy[0], it.src))
    names = [f"NPU {it.src}" if it.src < 2 else f"switch {it.src}" for it in wanted[:512]]
    assert [it["from"] for it in links] == names


def colours_of(page: Page) -> list[str]:
    found = re.search(r"linear-gradient\(90deg,([^)]*)\)", page.html)
    assert found is not None
    return found[1].split(",")


def test_the_scale_goes_over_five_colours(small: Page) -> None:
    assert colours_of(small) == ["#ffedbe", "#fecc5c", "#fd8d3c", "#f03b20", "#960026"]


def numbers(path: ET.Element) -> list[tuple[float, float]]:
    found = list(map(float, re.findall(r"-?[0-9.]+", path.attrib["d"])))
    return list(zip(found[::2], found[1::2], strict=True))


def circles(page: Page) -> dict[str, tuple[float, float]]:
    (picture,) = page.sections["links"].iter("svg")
    return {
        text_of(it): (float(it.attrib["cx"]), float(it.attrib["cy"]))
        for it in picture.iter("circle")
    }


@pytest.mark.parametrize(
    ("use", "colour", "width"),
    [
        (0, "#ffedbe", 1),
        (100, "#ffe097", 1.3),
        (125, "#fedc8d", 1.38),
        (250, "#fecc5c", 1.75),
        (375, "#feac4c", 2.12),
        (500, "#fd8d3c", 2.5),
        (625, "#f6642e", 2.88),
        (750, "#f03b20", 3.25),
        (875, "#c31e23", 3.62),
        (1000, "#960026", 4),
    ],
)
def test_a_link_has_the_colour_and_width_of_its_use(use: int, colour: str, width: float) -> None:
    links = [LinkRecord(0, 1, use, 12_345, 6)]
    load = (1000, 1, [LinkLoad(0, 1, {0: use}, {})])
    result = made_result([node(1, 0, 1000)], [], links=links)
    (path,) = paths(page_of(result, made_records(2, load=load)))
    assert path.attrib["stroke"] == colour
    assert float(path.attrib["stroke-width"]) == width
    assert text_of(path) == (
        f"NPU 0 to NPU 1: busy {use / 10:.1f}% of the time, 12,345 bytes, 6 messages"
    )


@pytest.mark.parametrize(
    "shape",
    [(("Ring", 5),), (("Switch", 3),), (("Ring", 3), ("Switch", 3))],
    ids=["ring", "switch", "both"],
)
def test_links_go_from_device_to_device_and_bend_to_their_left(
    shape: tuple[tuple[str, int], ...],
) -> None:
    run = collective_on(*shape, algorithms=("ring", "direct")[: len(shape)])
    page = page_of(run.result, run.records, run.simulation)
    places = circles(page)
    assert len(places) == len({it for link in run.result.links for it in (link.src, link.dst)})
    for path in paths(page):
        (x1, y1), bend, (x2, y2) = numbers(path)
        src, dst = text_of(path).partition(":")[0].split(" to ")
        assert ((x1, y1), (x2, y2)) == (places[src], places[dst])
        left = (y2 - y1, x1 - x2)  # as y grows downwards
        wanted = ((x1 + x2) / 2 + 0.12 * left[0], (y1 + y2) / 2 + 0.12 * left[1])
        assert bend == pytest.approx(wanted, abs=0.0051)
        assert bend == tuple(round(it, 2) for it in bend)
    middle = [math.dist(it, (320, 320)) for name, it in places.items() if name[0] == "N"]
    assert max(middle) == pytest.approx(280, abs=0.01)


@pytest.mark.parametrize(
    ("npus", "radius"), [(1, 13), (133, 13), (150, 12.25), (161, 11.82), (2499, 3), (2600, 3)]
)
def test_circles_shrink_and_of_more_than_160_none_is_labelled(npus: int, radius: float) -> None:
    load = (1, 1, [LinkLoad(0, 0, {0: 1}, {})])  # some link must have been used
    page = page_of(made_result(*([] for _ in range(npus))), made_records(npus, load=load))
    (picture,) = page.sections["links"].iter("svg")
    found = list(picture.iter("circle"))
    assert {it.attrib["r"] for it in found} == {str(float(radius))}
    assert len(found) == npus
    labels = list(picture.iter("text"))
    assert [it.text for it in labels] == ([str(it) for it in range(npus)] if npus <= 160 else [])
    for label, circle in zip(labels, found, strict=False):
        assert label.attrib["x"] == circle.attrib["cx"]
        below = float(label.attrib["y"]) - float(circle.attrib["cy"])
        assert below == pytest.approx(radius / 3, abs=0.011)
        assert label.attrib["y"] == str(round(float(label.attrib["y"]), 2))
        assert label.attrib["font-size"] == str(float(radius))
    assert picture.attrib["viewBox"] == "0 0 640 640"
    assert picture.attrib["aria-label"] == f"{npus} NPUs and 0 links"


def test_up_to_160_devices_are_labelled() -> None:
    load = (1, 1, [LinkLoad(0, 0, {0: 1}, {})])
    page = page_of(made_result(*([] for _ in range(160))), made_records(160, load=load))
    assert len(list(page.sections["links"].iter("text"))) == 160


def test_3000_links_are_drawn_at_most() -> None:
    pairs = [(a, b) for a in range(56) for b in range(56) if a != b][:3001]
    links = [LinkRecord(a, b, 1 + n, 1, 1) for n, (a, b) in enumerate(pairs)]
    result = made_result([node(1, 0, 4000)], *([] for _ in range(55)), links=links)
    load = (1, 1, [LinkLoad(0, 1, {0: 1}, {})])
    page = page_of(result, made_records(56, load=load))
    shown = paths(page)
    assert len(shown) == 3000
    assert text_of(shown[0]).startswith("NPU 0 to NPU 2: ")  # that to 1 is the least busy
    (by_link,) = [it for it in page.tables("tables") if it.headings[0] == "src"]
    assert len(by_link.rows) == 500
    assert "500 of 3,001 links are shown, the busiest." in page.notes("tables")
    assert by_link.rows[0][:2] == [str(it) for it in pairs[-1]]
    assert by_link.rows[-1][4] == "2,502"
