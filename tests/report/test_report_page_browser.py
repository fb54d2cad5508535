"""The HTML report in a real browser: what is shown, and what a click does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.chromium import Page, chromium, find_chromium
from support.machines import network, system
from support.recorded_runs import collective_on, recorded

from simastra.report.page import PageContents, PathStep, write_html_report
from simastra.simulation import Simulation
from simastra.trace import TraceBuilder

PROGRAM = find_chromium()

pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="there is no chromium here; Debian's package is called that"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    assert PROGRAM is not None
    with chromium(PROGRAM, tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture
def page(browser: Page, tmp_path: Path) -> Page:
    """The report of a computation and an all-reduce on a ring of 8, opened."""
    trace = TraceBuilder()
    work = trace.compute("work <b>hard</b>", micros=20)
    trace.all_reduce("gradients", size=2**20, after=work)
    run = recorded(Simulation(trace, system(), network(("Ring", 8))))
    contents = PageContents(
        "a run",
        run.simulation,
        run.result,
        run.records,
        notices=run.simulation.notices,
        attribution={npu: {"compute": 20_000, "latency": 117_780} for npu in range(8)},
        critical_path=[PathStep(0, 20_000, 0, "compute", "node 1")],
    )
    write_html_report(tmp_path / "report.html", contents)
    browser.errors.clear()
    browser.requested.clear()
    browser.open(tmp_path / "report.html")
    return browser


def place_of(page: Page, npu: int, name: str) -> tuple[float, float]:
    page.evaluate("document.querySelector('#timeline').scrollIntoView()")
    place = page.evaluate(f"simastraReport.timeline.place({npu}, {name!r})")
    return place["x"], place["y"]


def axis(page: Page) -> tuple[float, float]:
    first, last = page.evaluate("[simastraReport.timeline.from, simastraReport.timeline.to]")
    return first, last


def test_it_opens_without_an_error_and_asks_for_nothing_else(page: Page) -> None:
    assert page.errors == []
    assert [it.rpartition("/")[2] for it in page.requested] == ["report.html"]
    assert "137,780 ns" in page.text("#summary")
    assert page.text("h1") == "a run"


def test_the_browser_lets_no_script_load_anything(page: Page) -> None:
    outcome = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'loaded', () => 'refused')")
    assert outcome == "refused"
    assert any("Content Security Policy" in error for error in page.errors)


def test_a_bar_says_what_it_is_when_the_mouse_is_over_it(page: Page) -> None:
    page.move(*place_of(page, 3, "gradients"))
    assert page.text("#tip").splitlines() == [
        "gradients",
        "NPU 3, node 2, communication",
        "20,000 ns to 137,780 ns: 117,780 ns",
    ]
    page.move(5, 5)
    assert page.evaluate("getComputedStyle(document.querySelector('#tip')).display") == "none"


def test_a_click_keeps_a_bar(page: Page) -> None:
    page.click(*place_of(page, 5, "work <b>hard</b>"))
    assert page.text("#detail") == (
        "work <b>hard</b> · NPU 5, node 1, compute · 0 ns to 20,000 ns: 20,000 ns"
    )


def test_buttons_zoom_and_move_in_time(page: Page) -> None:
    assert axis(page) == (0, 137_780)
    page.click_on("#zoom-in")
    assert axis(page) == (137_780 / 4, 137_780 * 3 / 4)
    page.click_on("#earlier")
    assert axis(page) == (137_780 / 8, 137_780 * 5 / 8)
    page.click_on("#zoom-out")
    assert axis(page)[1] - axis(page)[0] == 137_780
    page.click_on("#zoom-in")
    page.click_on("#zoom-whole")
    assert axis(page) == (0, 137_780)


def test_the_wheel_zooms_around_the_mouse(page: Page) -> None:
    x, y = place_of(page, 0, "gradients")
    before = page.evaluate(
        f"simastraReport.timeline.timeAt({x} - simastraReport.timeline.canvas"
        ".getBoundingClientRect().left)"
    )
    page.call(
        "Input.dispatchMouseEvent",
        {"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": -120, "modifiers": 2},
    )
    first, last = axis(page)
    assert last - first == pytest.approx(0.8 * 137_780)
    assert first < before < last
    assert (before - first) / (last - first) == pytest.approx(before / 137_780, abs=0.001)


def test_the_timeline_is_painted_in_the_colours_of_its_kinds(page: Page) -> None:
    x, y = place_of(page, 2, "gradients")
    script = """(() => {{
        const canvas = simastraReport.timeline.canvas, box = canvas.getBoundingClientRect();
        return [...canvas.getContext("2d").getImageData(
            {x} - box.left, {y} - box.top + 5, 1, 1).data];
    }})()"""
    red, green, blue, _ = page.evaluate(script.format(x=x, y=y))
    assert red > green > blue  # orange: communication


def test_chunks_come_on_demand(page: Page) -> None:
    rows = page.evaluate("simastraReport.timeline.count")
    page.click_on("#chunks")
    assert page.evaluate("simastraReport.timeline.count") == rows + 8
    page.click(*place_of(page, 7, "ALL_REDUCE (Ring), chunk 3, phase 1"))
    assert page.text("#detail").startswith("ALL_REDUCE (Ring), chunk 3, phase 1 · NPU 7, stream 3")


def test_the_heat_map_tells_how_busy_a_link_was(page: Page) -> None:
    page.evaluate("document.querySelector('#links').scrollIntoView()")
    script = """(() => {
        const links = JSON.parse(document.getElementById("data").textContent).heat.links;
        const busiest = Math.max(...links[2].busy), bin = links[2].busy.indexOf(busiest);
        return {...simastraReport.heat.place(2, bin), bin, busiest};
    })()"""
    place = page.evaluate(script)
    page.move(place["x"], place["y"])
    ends, times, load = page.text("#tip").splitlines()
    assert ends == "NPU 2 → NPU 3"
    width = page.evaluate("JSON.parse(document.getElementById('data').textContent).heat.width")
    assert times == f"{place['bin'] * width:,} ns to {(place['bin'] + 1) * width:,} ns"
    assert load.startswith(f"busy {place['busiest'] / 10:.1f} %")
    assert place["busiest"] > 500


def test_links_above_lead_to_the_sections(page: Page) -> None:
    for name in ("critical-path", "configuration"):
        page.click_on(f"nav a[href='#{name}']")
        top = page.evaluate(f"document.getElementById('{name}').getBoundingClientRect().top")
        assert -5 < top < 900


def test_the_report_of_64_npus_opens(browser: Page, tmp_path: Path) -> None:
    run = collective_on(("FullyConnected", 64), algorithms=("direct",))
    contents = PageContents("many", run.simulation, run.result, run.records)
    write_html_report(tmp_path / "many.html", contents)
    browser.errors.clear()
    browser.open(tmp_path / "many.html")
    assert browser.errors == []
    browser.click(*place_of(browser, 63, "ALL_REDUCE"))
    assert browser.text("#detail").startswith("ALL_REDUCE · NPU 63, node 1, communication")
