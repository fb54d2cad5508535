"""The page of a difference in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.axe import find_axe, violations
from support.chromium import Page, chromium, find_chromium
from support.machines import all_reduce_on_ring_of_8

from simastra.report.difference_page import DifferenceContents, html_difference

PROGRAM = find_chromium()
AXE = find_axe()

pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="there is no chromium here; Debian's package is called that"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    assert PROGRAM is not None
    with chromium(PROGRAM, tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    a = all_reduce_on_ring_of_8().run(explain=True)
    b = all_reduce_on_ring_of_8(endpoint_delay=500).run(explain=True)
    path = tmp_path_factory.mktemp("page") / "difference.html"
    contents = DifferenceContents(a.diff(b), a, b, "a.json", "b.json")
    path.write_text(html_difference(contents), encoding="utf-8")
    return path


def test_it_opens_without_an_error_and_asks_for_nothing_else(browser: Page, file: Path) -> None:
    browser.requested.clear()
    browser.open(file)
    assert browser.errors == []
    assert [it.rpartition("/")[2] for it in browser.requested] == ["difference.html"]
    assert browser.text("h1").startswith("B is ")
    assert browser.text("h1") == browser.evaluate("document.title")


def test_a_slider_makes_both_runs_wider_and_keeps_them_aligned(browser: Page, file: Path) -> None:
    browser.open(file)
    measure = (
        "[...document.querySelectorAll('#critical-paths svg')]"
        ".map((it) => [it.getBoundingClientRect().left, it.getBoundingClientRect().width])"
    )
    before_a, before_b = browser.evaluate(measure)
    assert before_a == before_b
    browser.evaluate(
        "(() => { const it = document.querySelector('#critical-paths-zoom'); it.value = 3;"
        "it.dispatchEvent(new Event('input')); })()"
    )
    after_a, after_b = browser.evaluate(measure)
    assert after_a == after_b
    assert after_a[1] == pytest.approx(8 * before_a[1], rel=0.02)
    middle = (before_a[0] + before_a[1] / 2, after_a[0] + after_a[1] / 2)
    assert middle[0] == pytest.approx(middle[1], abs=20)


@pytest.mark.skipif(AXE is None, reason="there is no axe-core here; make test gets it where npm is")
@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Page, file: Path, width: int, scheme: str) -> None:
    assert AXE is not None
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.call("Emulation.setEmulatedMedia", {"features": features})
    browser.open(file, width)
    assert violations(browser, AXE) == []
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
