"""The page of a sweep in a real browser: choosing, limiting, sorting, and who can read it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.axe import find_axe, violations
from support.chromium import Page, chromium, find_chromium
from support.made_sweeps import made_results

from simastra.sweep.page import sweep_page, write_sweep_page
from simastra.sweep.results import SweepResults

PROGRAM = find_chromium()
AXE = find_axe()

pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="there is no chromium here; Debian's package is called that"
)
FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    assert PROGRAM is not None
    with chromium(PROGRAM, tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages: of one run each, of repeats by seeds, of 10,008 points, and of what failed alone."""
    made = tmp_path_factory.mktemp("pages")
    write_sweep_page(made / "sweep.html", made_results())
    write_sweep_page(made / "each.html", made_results(for_each=("algorithm",)))
    write_sweep_page(made / "seeds.html", made_results(seeds=3))
    write_sweep_page(made / "large.html", made_results(more=278))
    failed = {"number": [0], "status": ["error"], "error": ["it can't run"], "point": ["ab"]}
    (made / "failed.html").write_text(sweep_page(SweepResults(failed)), encoding="utf-8")
    (made / "none.html").write_text(sweep_page(SweepResults({})), encoding="utf-8")
    return made


def opened(browser: Page, path: Path, width: int = 1200, scheme: str = "light") -> Page:
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    browser.call("Emulation.setEmulatedMedia", {"features": features})
    browser.errors.clear()
    browser.requested.clear()
    browser.open(path, width)
    browser.evaluate(FRAMES)
    return browser


@pytest.fixture
def page(browser: Page, folder: Path) -> Page:
    return opened(browser, folder / "sweep.html")


def press(page: Page, key: str) -> None:
    words = {"key": key, "code": key, "text": key if len(key) == 1 else ""}
    page.call("Input.dispatchKeyEvent", {"type": "keyDown", **words})
    page.call("Input.dispatchKeyEvent", {"type": "keyUp", **words})


def chosen(page: Page) -> Any:
    return page.evaluate("simastraSweep.points.chosen")


def place_of(page: Page, canvas: str, inside: str) -> tuple[float, float]:
    """Where something within a canvas is on the screen; `inside` are two numbers there."""
    x, y = page.evaluate(
        f"(async () => {{ const it = document.querySelector('{canvas}');"
        "it.scrollIntoView({ block: 'center' });"
        f"await {FRAMES}; const box = it.getBoundingClientRect(); const [x, y] = {inside};"
        "return [box.left + x, box.top + y]; })()"
    )
    return x, y


def point_place(page: Page, row: int) -> tuple[float, float]:
    scatter = "simastraSweep.scatter"
    return place_of(page, "#scatter", f"[{scatter}.left({row}), {scatter}.top({row})]")


def set_field(page: Page, selector: str, value: str) -> None:
    page.evaluate(
        f"(() => {{ const it = document.querySelector({selector!r}); it.value = {value!r};"
        "it.dispatchEvent(new Event('change')); })()"
    )
    page.evaluate(FRAMES)


def test_it_opens_without_an_error_and_asks_for_nothing_else(page: Page) -> None:
    assert page.errors == []
    assert [it.rpartition("/")[2] for it in page.requested] == ["sweep.html"]
    assert page.text("h1") == "Ring or <switch>"
    assert "330.5 µs" in page.text("#answer")
    assert page.text("#scatter-said").startswith("32 of 36 points are drawn")


def test_the_browser_lets_no_script_load_anything(page: Page) -> None:
    outcome = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'loaded', () => 'refused')")
    assert outcome == "refused"


@pytest.mark.skipif(AXE is None, reason="there is no axe-core here; make test gets it where npm is")
@pytest.mark.parametrize("width", [400, 800, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Page, folder: Path, width: int, scheme: str) -> None:
    assert AXE is not None
    for name in ("sweep", "seeds", "failed", "none"):
        page = opened(browser, folder / f"{name}.html", width, scheme)
        if name != "none":
            page.evaluate("simastraSweep.points.choose(0)")
            page.evaluate("simastraSweep.limits.set('status', new Set(['ok', 'error']))")
        page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
        assert violations(page, AXE) == []
        assert page.errors == []


@pytest.mark.parametrize("width", [400, 800, 1280])
def test_nothing_is_wider_than_the_screen(browser: Page, folder: Path, width: int) -> None:
    for path in sorted(folder.iterdir()):
        page = opened(browser, path, width)
        assert page.errors == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_ground_is_that_of_the_system_or_the_one_chosen(browser: Page, folder: Path) -> None:
    page = opened(browser, folder / "sweep.html", scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(14, 17, 22)"
    page.click_on("#theme")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.evaluate("setTheme('system')")


def test_a_click_on_a_point_tells_all_of_it(page: Page) -> None:
    page.click(*point_place(page, 29))
    assert chosen(page) == 29
    told = " ".join(page.text("#point").split())
    assert "Point 29 ok" in told
    assert "330.5 µs" in told
    assert "compute 250 µs, 75.6 %" in told
    assert "exposed communication 80 µs, 24.2 %" in told
    assert "It can't be faster than 250 µs, bound by compute; slack 24.4 %." in told
    assert "simastra sweep --replay out 000000000000001d" in told
    widths = (
        "[...document.querySelectorAll('#point .stack i')].map((it) => parseFloat(it.style.width))"
    )
    assert sum(page.evaluate(widths)) == pytest.approx(100, abs=0.01)


def test_the_best_value_of_the_answer_leads_to_its_point(page: Page) -> None:
    page.click_on("#answer a[data-place]")
    assert chosen(page) == 29


def test_a_point_that_failed_says_why(page: Page) -> None:
    page.evaluate("simastraSweep.points.choose(8)")
    assert "a tree needs tp of 1 or 2; it is 4" in page.text("#point pre")
    assert page.evaluate("document.querySelectorAll('#point .stack').length") == 0


def test_an_error_that_all_points_share_is_told(browser: Page, folder: Path) -> None:
    page = opened(browser, folder / "failed.html")
    page.evaluate("simastraSweep.points.choose(0)")
    assert page.text("#point pre") == "it can't run"


def test_the_mouse_over_a_point_says_what_it_is(page: Page) -> None:
    page.move(*point_place(page, 29))
    assert page.text("#tip").splitlines() == [
        "Point 29: network.bandwidth[0] 200, algorithm ring, generate.tp 4",
        "makespan_ns: 330.5 µs",
        "cost: 260,000",
        "on the front",
    ]


def test_keys_walk_along_columns_and_the_front(page: Page) -> None:
    page.evaluate("document.getElementById('scatter').focus()")
    press(page, "Home")
    assert chosen(page) == 29
    assert "on the front" in page.evaluate("document.getElementById('said').textContent")
    press(page, "ArrowRight")
    slower = chosen(page)
    press(page, "ArrowLeft")
    assert (slower != 29, chosen(page)) == (True, 29)
    walked = []
    for _ in range(5):
        walked.append(chosen(page))
        press(page, "f")
    assert walked[:4] == page.evaluate("simastraSweep.scatter.front")
    assert walked[4] == walked[3]
    press(page, "Enter")
    assert page.evaluate("document.activeElement.id") == "point"
    page.evaluate("document.getElementById('scatter').focus()")
    press(page, "Escape")
    assert chosen(page) is None
    assert page.text("#point").startswith("Choose a point")


def test_other_columns_have_another_front(page: Page) -> None:
    assert len(page.evaluate("simastraSweep.scatter.front")) == 4
    set_field(page, "#x-column", "memory_per_npu")
    assert page.evaluate("document.getElementById('x-goal').value") == "min"
    assert page.evaluate("simastraSweep.scatter.front").count(2) == 1
    set_field(page, "#x-goal", "max")
    # The most memory is that of tp 1, the least cost that of 25: all three algorithms have both.
    assert page.evaluate("simastraSweep.scatter.front") == [0, 3, 6]
    assert "in memory_per_npu (most) and cost (least)" in page.text("#scatter-said")


def test_the_front_in_the_browser_is_that_of_python(page: Page) -> None:
    assert sorted(page.evaluate("simastraSweep.scatter.front")) == made_results().front_places


def test_each_part_has_a_front_and_a_best_point(browser: Page, folder: Path) -> None:
    page = opened(browser, folder / "each.html")
    results = made_results(for_each=("algorithm",))
    fronts = page.evaluate("simastraSweep.scatter.fronts")
    assert sorted(map(sorted, fronts)) == sorted(
        [at for at in results.front_places if results.columns["algorithm"][at] == it]
        for it in ("ring", "direct", "tree")
    )
    assert "the fronts for each algorithm" in page.text("#scatter-said")
    best = results.best_of_each_places("makespan_ns")
    page.evaluate("document.querySelectorAll('table.best a')[1].click()")
    assert chosen(page) == best[1]
    assert not page.errors


def test_colours_have_a_legend(page: Page) -> None:
    set_field(page, "#colour-column", "algorithm")
    assert page.text("#scatter-legend").split() == ["ring", "direct", "tree"]


def test_what_is_dragged_along_an_axis_limits_everything(page: Page) -> None:
    parallel = "simastraSweep.parallel"
    x, low = place_of(page, "#parallel", f"[{parallel}.left(0), {parallel}.top(0.2)]")
    _, high = place_of(page, "#parallel", f"[{parallel}.left(0), {parallel}.top(1)]")
    page.move(x, low)
    button = {"button": "left", "clickCount": 1}
    page.call("Input.dispatchMouseEvent", {"type": "mousePressed", "x": x, "y": low, **button})
    page.call("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": high, **button})
    page.call("Input.dispatchMouseEvent", {"type": "mouseReleased", "x": x, "y": high, **button})
    page.evaluate(FRAMES)
    assert page.text("#limits-said") == "18 of 36 points within the limits"
    assert page.evaluate("simastraSweep.table.order().length") == 18
    assert page.evaluate("simastraSweep.scatter.rows.length") == 16
    page.click(x, low)
    assert page.text("#limits-said") == "No limits: all points are shown."


def test_fields_limit_as_well(page: Page) -> None:
    page.evaluate("document.getElementById('limits-fields').open = true")
    set_field(page, "input[aria-label='generate.tp to']", "2")
    assert page.text("#limits-said") == "24 of 36 points within the limits"
    page.click_on("#limits input[type=checkbox]")  # the first algorithm, ring
    page.evaluate(FRAMES)
    assert page.text("#limits-said") == "16 of 36 points within the limits"
    page.click_on("#clear-limits")
    assert page.text("#limits-said") == "No limits: all points are shown."
    assert page.evaluate("document.querySelector('#limits input[type=checkbox]').checked")


def test_the_table_sorts_filters_and_chooses(page: Page) -> None:
    page.click_on("#point-table thead th:nth-child(6) button")
    page.click_on("#point-table thead th:nth-child(6) button")
    assert page.text("#point-table tbody tr th") == "29"
    page.click_on("#point-table tbody tr th button")
    assert chosen(page) == 29
    page.evaluate("simastraSweep.table.wanted = 'direct'; simastraSweep.table.fill()")
    assert page.evaluate("simastraSweep.table.order().length") == 12
    assert page.evaluate("simastraSweep.table.csv().split('\\n').length") == 12 + 2


def test_ten_thousand_points_are_shown_some_hundred_at_a_time(browser: Page, folder: Path) -> None:
    page = opened(browser, folder / "large.html")
    rows = "document.querySelectorAll('#point-table tbody tr').length"
    assert page.evaluate(rows) == 12
    assert page.text("#point-table .more") == "Show 500 more of 10,008 rows"
    page.click_on("#point-table .more")
    assert page.evaluate(rows) == 512
    assert page.text("#scatter-said").startswith("10,004 of 10,008 points are drawn")
