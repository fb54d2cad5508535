"""The HTML report in a real browser: what is shown, what a click and a key do, who can read it."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from support.axe import find_axe, violations
from support.chromium import Page, chromium, find_chromium
from support.machines import network, system
from support.made_runs import made_records, made_result, node
from support.pages import simulation_on
from support.recorded_runs import hung, recorded
from support.worth import BOUND, METRICS, Known

from simastra.report.page import PageContents, costs_of, path_of, write_html_report
from simastra.simulation import Simulation
from simastra.trace import Trace, TraceBuilder

PROGRAM = find_chromium()
AXE = find_axe()

pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="there is no chromium here; Debian's package is called that"
)
END = 137_780


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    assert PROGRAM is not None
    with chromium(PROGRAM, tmp_path_factory.mktemp("profile")) as page:
        yield page


def write_report(path: Path, trace: TraceBuilder | Trace, shape: tuple[str, int]) -> None:
    run = recorded(Simulation(trace, system(), network(shape)))
    why = run.simulation.explain()
    contents = PageContents(
        "a run",
        run.simulation,
        run.result,
        run.records,
        notices=run.simulation.notices,
        attribution=costs_of(why),
        critical_path=path_of(why),
    )
    write_html_report(path, contents)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A computation and an all-reduce on a ring of 8."""
    trace = TraceBuilder()
    work = trace.compute("work <b>hard</b>", micros=20)
    trace.all_reduce("gradients", size=2**20, after=work)
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(path, trace, ("Ring", 8))
    return path


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighteen stages in a ring, each of which receives, computes and sends."""
    traces = []
    for stage in range(18):
        trace = TraceBuilder(stage)
        got = (trace.recv("in", size=4096, source=stage - 1),) if stage else ()
        work = trace.compute("forward", micros=3, after=got)
        if stage < 17:
            trace.send("out", size=4096, to=stage + 1, after=work)
        traces.append(trace)
    path = tmp_path_factory.mktemp("pipeline") / "report.html"
    write_report(path, Trace.of(traces), ("Ring", 18))
    return path


def opened(browser: Page, path: Path, width: int = 1200, scheme: str = "light") -> Page:
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},  # what is clicked on stands still
    ]
    browser.call("Emulation.setEmulatedMedia", {"features": features})
    browser.errors.clear()
    browser.requested.clear()
    browser.open(path, width)
    return browser


@pytest.fixture
def page(browser: Page, report: Path) -> Page:
    return opened(browser, report)


def place_of(page: Page, npu: int, name: str) -> tuple[float, float]:
    page.evaluate("document.querySelector('#timeline').scrollIntoView()")
    place = page.evaluate(f"simastraReport.timeline.place({npu}, {name!r})")
    return place["x"], place["y"]


def axis(page: Page) -> tuple[float, float]:
    first, last = page.evaluate("[simastraReport.time.from, simastraReport.time.to]")
    return first, last


def press(page: Page, key: str, code: str = "") -> None:
    """Press a key where the focus is."""
    words = {"key": key, "code": code or key, "text": key if len(key) == 1 else ""}
    page.call("Input.dispatchKeyEvent", {"type": "keyDown", **words})
    page.call("Input.dispatchKeyEvent", {"type": "keyUp", **words})


def test_it_opens_without_an_error_and_asks_for_nothing_else(page: Page) -> None:
    assert page.errors == []
    assert [it.rpartition("/")[2] for it in page.requested] == ["report.html"]
    assert "137.78 µs" in page.text("#answer").replace("\n", " ")
    assert page.text("h1") == "a run"


def test_the_browser_lets_no_script_load_anything(page: Page) -> None:
    outcome = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'loaded', () => 'refused')")
    assert outcome == "refused"
    assert any("Content Security Policy" in error for error in page.errors)


@pytest.mark.skipif(AXE is None, reason="there is no axe-core here; make test gets it where npm is")
@pytest.mark.parametrize("width", [400, 800, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    browser: Page, report: Path, pipeline: Path, width: int, scheme: str
) -> None:
    assert AXE is not None
    for path in (report, pipeline):
        page = opened(browser, path, width, scheme)
        page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
        page.evaluate("simastraReport.time.measure(1000, 9000)")
        assert violations(page, AXE) == []
        assert page.errors == []


def test_a_hang_has_a_page_that_works(browser: Page, tmp_path: Path) -> None:
    run, error = hung()
    known = ("a hang", run.simulation, run.result, run.records)
    write_html_report(tmp_path / "hang.html", PageContents(*known, deadlock=error))
    page = opened(browser, tmp_path / "hang.html", 400)
    assert page.errors == []
    assert "Deadlock" in page.text("#answer")
    page.move(*place_of(page, 0, "never sent"))
    assert "never finished" in page.text("#tip")
    assert AXE is None or violations(page, AXE) == []


def test_memory_is_drawn_and_told(browser: Page, tmp_path: Path) -> None:
    nodes = [node(1, 0, 2_000_000)]
    result = replace(made_result(nodes, nodes), measures=Known(METRICS, BOUND))
    contents = PageContents("memory", simulation_on(("Ring", 2)), result, made_records(2))
    write_html_report(tmp_path / "memory.html", contents)
    page = opened(browser, tmp_path / "memory.html", 800, "dark")
    assert page.errors == []
    assert page.text("#memory-legend") == "NPUs 0, 1\npeak 1 GiB"
    place = page.evaluate(
        "(() => { const canvas = document.getElementById('memory-canvas');"
        " canvas.scrollIntoView({ block: 'center' }); const box = canvas.getBoundingClientRect();"
        " return [box.right - 50, box.top + 50]; })()"
    )
    page.move(*place)
    assert page.text("#tip").splitlines()[1] == "NPUs 0, 1: 1 GiB"
    assert AXE is None or violations(page, AXE) == []


@pytest.mark.parametrize("width", [400, 800, 1280])
def test_nothing_is_wider_than_the_screen(
    browser: Page, report: Path, pipeline: Path, width: int
) -> None:
    for path in (report, pipeline):
        page = opened(browser, path, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        ticks = page.evaluate(
            "(() => { const it = simastraReport.timeline; return simastraReport.time"
            ".ticks(it.pen, it.width - it.gutter)"
            ".map(([at, words]) => [it.xOf(at), it.pen.measureText(words).width]); })()"
        )
        assert len(ticks) >= 2
        for (x, wide), (following, _) in pairwise(ticks):
            assert x + wide < following


def test_the_ground_is_that_of_the_system_or_the_one_chosen(browser: Page, report: Path) -> None:
    page = opened(browser, report, scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(14, 17, 22)"
    page.click_on("#theme")
    assert page.text("#theme") == "Theme: light"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.evaluate("simastraReport.setTheme('system')")
    assert page.evaluate(ground) == "rgb(14, 17, 22)"


def test_a_bar_says_what_it_is_when_the_mouse_is_over_it(page: Page) -> None:
    page.move(*place_of(page, 3, "gradients"))
    assert page.text("#tip").splitlines() == [
        "gradients",
        "NPU 3 · node 2 · all-reduce",
        "20 µs to 137.78 µs: 117.78 µs",
        "exactly 20,000 ns to 137,780 ns: 117,780 ns",
    ]
    page.move(5, 5)
    assert page.evaluate("getComputedStyle(document.querySelector('#tip')).display") == "none"


def test_npus_that_did_the_same_are_one_row_until_they_are_unfolded(page: Page) -> None:
    assert page.evaluate("simastraReport.timeline.count") == 2
    x, y = place_of(page, 0, "gradients")
    page.move(x, y)
    assert "like NPUs 0\u20137" in page.text("#tip")
    left = page.evaluate("simastraReport.timeline.canvas.getBoundingClientRect().left")
    page.click(left + 20, y)
    assert page.evaluate("simastraReport.timeline.count") == 16
    page.click_on("#unfold")
    assert page.evaluate("simastraReport.timeline.count") == 2


def test_some_npus_are_picked(page: Page) -> None:
    rows = "simastraReport.timeline.rows.map((row) => row.npu)"
    page.evaluate("document.getElementById('npus').value = '1-2, 6'")
    page.evaluate("document.getElementById('npus').dispatchEvent(new Event('input'))")
    assert page.evaluate(rows) == [1, 1, 2, 2, 6, 6]
    page.evaluate("simastraReport.timeline.pick('')")
    assert page.evaluate(rows) == [0, 0]


def test_a_click_keeps_a_bar(page: Page) -> None:
    page.click(*place_of(page, 5, "work <b>hard</b>"))
    assert page.text("#detail").startswith(
        "work <b>hard</b> · NPU 5 · node 1 · compute · 0 ns to 20 µs: 20 µs"
    )


def test_buttons_zoom_and_move_in_time(page: Page) -> None:
    assert axis(page) == (0, END)
    page.click_on("#zoom-in")
    assert axis(page) == (END / 4, END * 3 / 4)
    page.click_on("#earlier")
    assert axis(page) == (END / 8, END * 5 / 8)
    page.click_on("#zoom-out")
    assert axis(page)[1] - axis(page)[0] == END
    page.click_on("#zoom-in")
    page.click_on("#zoom-whole")
    assert axis(page) == (0, END)


def test_keys_zoom_move_unfold_and_keep(page: Page) -> None:
    page.evaluate("simastraReport.timeline.canvas.focus()")
    press(page, "+")
    first, last = axis(page)
    assert last - first == pytest.approx(0.6 * END)
    press(page, "Home")
    assert axis(page)[0] == 0
    press(page, "ArrowRight")
    assert axis(page)[0] == pytest.approx(0.2 * 0.6 * END)
    press(page, "End")
    assert axis(page)[1] == END
    press(page, "0")
    assert axis(page) == (0, END)
    press(page, "ArrowDown")
    assert page.evaluate("document.getElementById('said').textContent") == (
        "NPUs 0\u20137, compute, 1 bar"
    )
    press(page, "n")
    assert page.text("#detail").startswith("work <b>hard</b>")
    press(page, "Enter")
    assert page.evaluate("simastraReport.timeline.count") == 16
    press(page, "s")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.text("#selection h3") == "Measured: 137.78 µs, from 0 ns to 137.78 µs"
    press(page, "Escape")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("document.querySelector('#selection').children.length") == 0


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
    assert last - first == pytest.approx(0.8 * END)
    assert first < before < last
    assert (before - first) / (last - first) == pytest.approx(before / END, abs=0.001)


def test_a_range_is_measured_by_kind_of_work(page: Page) -> None:
    page.evaluate("simastraReport.time.measure(10000, 50000)")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    rows = page.evaluate(
        "[...document.querySelectorAll('#selection tbody tr')].map((row) =>"
        " [...row.children].map((it) => it.textContent))"
    )
    assert rows == [
        ["NPUs 0\u20137", "all-reduce", "1", "30 µs", "75.0 %"],
        ["NPUs 0\u20137", "compute", "1", "10 µs", "25.0 %"],
    ]


def colour_at(page: Page, x: float, y: float) -> list[int]:
    pixel: list[int] = page.evaluate(
        "(() => { const canvas = simastraReport.timeline.canvas,"
        f" box = canvas.getBoundingClientRect(); simastraReport.timeline.draw();"
        ' return [...canvas.getContext("2d").getImageData('
        f"{x} - box.left, {y} - box.top + 6, 1, 1).data]; }})()"
    )
    return pixel


def test_a_legend_hides_kinds(page: Page) -> None:
    x, y = place_of(page, 2, "gradients")
    assert colour_at(page, x, y) == [0xAD, 0x66, 0x24, 255]  # all-reduce
    labels = page.evaluate("[...document.querySelectorAll('#kinds li')].map((it) => it.innerText)")
    assert labels == ["all-reduce", "compute"]
    page.click_on("#kinds button")
    assert page.evaluate("document.querySelector('#kinds button').ariaPressed") == "false"
    page.evaluate("document.querySelector('#timeline').scrollIntoView()")
    x, y = place_of(page, 2, "gradients")
    assert colour_at(page, x, y)[3] < 50  # faint


def test_chunks_come_on_demand(page: Page) -> None:
    rows = page.evaluate("simastraReport.timeline.count")
    page.click_on("#chunks")
    assert page.evaluate("simastraReport.timeline.count") == rows + 1
    page.click(*place_of(page, 7, "ALL_REDUCE (Ring), chunk 3, phase 1"))
    assert page.text("#detail").startswith(
        "ALL_REDUCE (Ring), chunk 3, phase 1 · NPU 7 · stream 3 · all-reduce"
    )


def test_arrows_lead_from_send_to_receive(browser: Page, pipeline: Path) -> None:
    page = opened(browser, pipeline)
    assert page.evaluate("document.querySelector('#messages').checked")
    picture = "simastraReport.timeline.draw(); simastraReport.timeline.canvas.toDataURL()"
    with_arrows = page.evaluate(picture)
    page.click_on("#messages")
    assert page.evaluate(picture) != with_arrows


def test_the_heat_map_follows_the_timeline_and_tells_how_busy_a_link_was(page: Page) -> None:
    page.evaluate("document.querySelector('#links').scrollIntoView()")
    script = """(() => {
        const heat = JSON.parse(document.getElementById("data").textContent).heat;
        const busy = heat.links[2].busy.match(/../g).map((it) => parseInt(it, 36));
        const busiest = Math.max(...busy), bin = busy.indexOf(busiest);
        return {...simastraReport.heat.place(2, bin), bin, busiest, width: heat.width};
    })()"""
    place = page.evaluate(script)
    page.move(place["x"], place["y"])
    ends, _, load = page.text("#tip").splitlines()
    assert ends == "NPU 2 → NPU 3, dimension 0"
    assert load.startswith(f"busy {place['busiest'] / 10:.1f} %")
    assert place["busiest"] > 500
    page.evaluate("simastraReport.time.zoom(0.5)")
    assert page.evaluate(script)["x"] != place["x"]


def test_the_critical_path_is_walked_and_shown_in_the_timeline(page: Page) -> None:
    page.click_on("#path-first")
    assert page.text("#path-card .title") == "work <b>hard</b> (node 1)"
    page.click_on("#path-next")
    assert page.text("#path-card .title") == "gradients (node 2)"
    page.evaluate("document.querySelector('#path-walk').focus()")
    press(page, "ArrowLeft")
    assert "1 of 2" in page.text("#path-card")
    press(page, "End")
    page.click_on("#path-show")
    assert page.evaluate("simastraReport.time.range") == [20_000, END]
    assert page.evaluate("document.activeElement === simastraReport.timeline.canvas")


def test_the_largest_cause_leads_to_its_place(page: Page) -> None:
    page.click_on("#path-first")
    page.click_on(".largest a")
    assert page.evaluate("location.hash") == "#critical-path"
    assert page.text("#path-card .title") == "gradients (node 2)"


def column(page: Page, place: int) -> list[str]:
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('#link-table tbody tr')]"
        f".map((row) => row.children[{place}].textContent)"
    )
    return found


def test_tables_are_sorted_filtered_and_written_as_csv(page: Page) -> None:
    heads = page.evaluate(
        "[...document.querySelectorAll('#link-table th[scope=col]')].map((it) => it.innerText)"
    )
    assert heads[0].startswith("from")
    assert page.evaluate("document.querySelectorAll('th:not([scope])').length") == 0
    tables = page.evaluate("document.querySelectorAll('table').length")
    assert page.evaluate("document.querySelectorAll('table > caption').length") == tables
    page.click_on("#link-table thead th button")
    assert column(page, 0) == [f"NPU {npu}" for npu in range(8)]
    page.click_on("#link-table thead th button")
    assert column(page, 0) == [f"NPU {npu}" for npu in reversed(range(8))]
    assert page.evaluate("document.querySelector('#link-table th').ariaSort") == "descending"
    page.evaluate("document.querySelector('#link-table input').value = 'npu 3'")
    page.evaluate("document.querySelector('#link-table input').dispatchEvent(new Event('input'))")
    assert column(page, 0) == ["NPU 3", "NPU 2"]
    written = page.evaluate("simastraReport.tables['link-table'].csv()")
    heading, *rows = csv.reader(io.StringIO(written))
    assert heading[3] == "busy (ns)"
    busy = next(it for it in json.loads(data(page))["tables"] if it["id"] == "link-table")
    assert rows[0][3] == str(busy["columns"][3]["values"][0])
    assert page.evaluate("document.querySelector('#link-table td[title]').title") == (
        f"{int(rows[0][3]):,} ns"
    )


def test_csv_is_downloaded(page: Page, tmp_path: Path) -> None:
    page.call("Page.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    page.click_on("#link-table button[aria-label^='Download']")
    for _ in range(100):
        if (tmp_path / "links.csv").exists():
            break
        page.evaluate("new Promise((done) => setTimeout(done, 50))")
    written = page.evaluate("simastraReport.tables['link-table'].csv()")
    assert (tmp_path / "links.csv").read_text(encoding="utf-8") == written


def data(page: Page) -> str:
    found: str = page.evaluate("document.getElementById('data').textContent")
    return found


def test_links_above_lead_to_the_sections_and_cover_nothing(page: Page) -> None:
    for name in ("critical-path", "timeline"):
        page.click_on(f"nav a[href='#{name}']")
        top = page.evaluate(f"document.getElementById('{name}').getBoundingClientRect().top")
        below = page.evaluate("document.querySelector('header').getBoundingClientRect().bottom")
        assert below <= top < 200


def test_a_search_dims_what_has_another_name(page: Page) -> None:
    x, y = place_of(page, 2, "gradients")
    assert colour_at(page, x, y)[3] == 255
    page.evaluate("document.getElementById('search').value = 'work'")
    page.evaluate("document.getElementById('search').dispatchEvent(new Event('input'))")
    assert colour_at(page, x, y)[3] < 50
